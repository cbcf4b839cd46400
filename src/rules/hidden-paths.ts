/**
 * What the paths of a global allow-list hide. Such lists are written for source repositories, where binaries and installed
 * packages are noise; a dump is such a binary, and a system image is full of such trees.
 */
import { createRegex } from '../regex/regex.ts';

/** Of each kind one that people scan: dumps, what carries them, and trees of a system. */
const SCANNED: readonly string[] = [
  ...['core', 'core.1234', 'app.core', 'app.dmp', 'app.mdmp', 'MEMORY.DMP', 'crash.bin', 'memory.raw', 'memory.lime'],
  ...['guest.vmem', 'guest.vmss', 'hiberfil.sys', 'java_pid1.hprof', 'recording.jfr', 'hs_err_pid1.log', 'app.crash'],
  ...['Heap.heapsnapshot', 'report.json', 'app.ips', 'tombstone_00', 'trace.nettrace', 'capture.pcap', 'data.sqlite'],
  ...['dumps/core.zst', 'dumps/core.gz', 'dumps/core.xz', 'dumps/core.lz4', 'dumps.tar.gz', 'dumps.zip', 'dumps.7z'],
  ...['app.exe', 'app.dll', 'app.so', 'app.pdb', 'app.jar', 'app.js.map', 'app.wasm', 'report.docx', 'disk.iso'],
  ...['/proc/1/environ', '/var/crash/app.crash', '/var/lib/systemd/coredump/core.app.zst', '/tmp/core', '/root/core'],
  ...['/etc/ssl/private/server.key', '/home/user/.ssh/id_ed25519', '/opt/app/config.yaml', '/srv/app/.env'],
  ...['/usr/lib/app/config.ini', '/usr/share/app/config.ini', '/usr/local/lib/app/config.ini', '/var/log/app.log'],
  ...[
    '/usr/lib/python3/dist-packages/app/settings.py',
    '/app/node_modules/app/config.js',
    '/app/vendor/app/config.php',
  ],
  'C:\\Windows\\Minidump\\1.dmp',
];

/** A path of a global allow-list that alone lets a file pass. */
export interface GlobalPath {
  /** The file of rules. */
  readonly file: string;
  readonly regex: string;
}

/** A line for each that hides what is scanned here; members of containers are meant as well, by the names behind `!`. */
export function describeHiddenPaths(paths: readonly GlobalPath[]): readonly string[] {
  return paths.flatMap(({ file, regex: source }) => {
    const regex = createRegex(source);
    // An expression that can't be read is a rejected rule already.
    if (typeof regex === 'string') return [];
    const hidden = SCANNED.filter((path) => regex.test(new TextEncoder().encode(path)));
    if (hidden.length === 0) return [];
    const named = hidden.length === SCANNED.length ? 'every file' : `files such as ${hidden.slice(0, 4).join(', ')}`;
    return [`the allow-list of "${file}" hides ${named} from its rules: ${source}`];
  });
}
