/** Archives of the real tools, opened and compared with what went in. A tool that isn't installed is skipped visibly. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import containers from '../src/containers/index.ts';
import type { Container } from '../src/model/container.ts';
import { HEAD_BYTES } from '../src/model/format.ts';
import { openFile } from '../src/sources/file-input.ts';

const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-archives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tree = join(folder, 'tree');
mkdirSync(join(tree, 'sub'), { recursive: true });
// Machine code, for the filters; text; a hole; something small.
copyFileSync(process.execPath, join(tree, 'program'));
truncateSync(join(tree, 'program'), 2_000_000);
writeFileSync(join(tree, 'sub', 'numbers.txt'), Array.from({ length: 30_000 }, (_, i) => `${i * 7919}\n`).join(''));
writeFileSync(join(tree, 'small'), 'small\n');
writeFileSync(join(tree, 'hole'), '');
truncateSync(join(tree, 'hole'), 600_000);
const FILES = ['program', 'sub/numbers.txt', 'small', 'hole'];

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const digests = new Map(FILES.map((name) => [name, sha256(readFileSync(join(tree, name)))]));
const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;
const run = (tool: string, ...args: string[]): void => {
  execFileSync(tool, args, { cwd: tree, stdio: 'ignore' });
};

/** The container that takes the file, and digests of its members by name; gaps as `gap <code>`. */
async function open(path: string): Promise<{ id: string; members: Map<string, string> }> {
  const input = openFile(path);
  const head = new Uint8Array(HEAD_BYTES);
  const length = await input.read(head, 0);
  const container = containers.find((candidate: Container) => candidate.recognise(head.subarray(0, length)));
  if (!container) throw new Error(`nothing opens ${path}`);
  const members = new Map<string, string>();
  for await (const entry of container.open(input)) {
    if ('code' in entry) {
      members.set(`gap ${entry.code}`, entry.detail ?? '');
      continue;
    }
    const hash = createHash('sha256');
    for await (const piece of entry.content()) hash.update(piece);
    members.set(entry.name.replaceAll('\\', '/'), hash.digest('hex'));
  }
  await input.close();
  return { id: container.id, members };
}

describe('compressed files', () => {
  const cases: [string, string, string[]][] = [
    ['zstd', 'zstd', ['-3']],
    ['zstd', 'zstd', ['-12', '--long=26']],
    ['zstd', 'zstd', ['-1', '-T2', '--no-check']],
    ['xz', 'xz', ['-1']],
    ['xz', 'xz', ['-9e', '-C', 'sha256']],
    ['xz', 'xz', ['-T2', '--block-size=1MiB', '-C', 'crc32']],
    ['xz', 'xz', ['--x86', '--delta=dist=4', '--lzma2=preset=4,lc=0,lp=4,pb=0']],
    ['xz', 'xz', ['--arm', '--powerpc', '--sparc', '--lzma2=preset=1']],
    ['xz', 'xz', ['--armthumb', '--lzma2=preset=1,dict=8KiB,pb=4']],
    ['lzma', 'xz', ['--format=lzma', '-6']],
    ['bzip2', 'bzip2', ['-9']],
    ['bzip2', 'bzip2', ['-1']],
    ['lzip', 'lzip', ['-6']],
  ];
  it.for(cases)('%s: %s %j', async ([id, tool, options], { skip }) => {
    skip(!has(tool), `${tool} is not installed`);
    for (const name of FILES) {
      const packed = join(folder, 'packed');
      writeFileSync(packed, execFileSync(tool, [...options, '-c', join(tree, name)], { maxBuffer: 2 ** 28 }));
      expect(await open(packed)).toEqual({ id, members: new Map([['', digests.get(name)]]) });
    }
  });

  it.skipIf(!has('zstd'))('zstd --long=31 is a gap, not a hang', async () => {
    const packed = join(folder, 'long.zst');
    // From a pipe: of known size, the window would be no larger than the file.
    const content = readFileSync(join(tree, 'program'));
    writeFileSync(packed, execFileSync('zstd', ['-1', '--long=31', '-c'], { input: content, maxBuffer: 2 ** 28 }));
    const input = openFile(packed);
    const zstd = containers.find(({ id }) => id === 'zstd')!;
    await expect(async () => {
      for await (const entry of zstd.open(input)) if (!('code' in entry)) for await (const _ of entry.content());
    }).rejects.toThrow('zstd.window');
  });
});

describe('archives', () => {
  const cases: [string, string, (file: string) => void][] = [
    ['iso', 'genisoimage', (file) => run('genisoimage', '-quiet', '-R', '-J', '-o', file, '.')],
    ['iso', 'genisoimage', (file) => run('genisoimage', '-quiet', '-R', '-l', '-o', file, '.')],
    ['cab', 'gcab', (file) => run('gcab', '-c', '-z', file, ...FILES)],
    ['cab', 'gcab', (file) => run('gcab', '-c', file, ...FILES)],
    ...['gzip', 'xz', 'lz4', 'zstd', 'lzma'].map((method): [string, string, (file: string) => void] => [
      'squashfs',
      'mksquashfs',
      (file) => run('mksquashfs', '.', file, '-comp', method, '-noappend', '-quiet', '-no-progress'),
    ]),
    [
      'squashfs',
      'mksquashfs',
      (file) => run('mksquashfs', '.', file, '-no-fragments', '-b', '4096', '-noappend', '-quiet'),
    ],
    ...[
      ['-mx1'],
      ['-mx9'],
      ['-m0=bzip2'],
      ['-m0=deflate'],
      ['-m0=copy'],
      ['-m0=ppmd'],
      ['-m0=lzma', '-mf=off'],
      ['-ms=off', '-mhc=off'],
    ].map((options): [string, string, (file: string) => void] => [
      '7z',
      '7z',
      (file) => run('7z', 'a', ...options, file, '.'),
    ]),
    ['wim', '7z', (file) => run('7z', 'a', '-twim', file, '.')],
  ];
  it.for(cases.map(([id, tool, make], i) => [id, tool, i, make] as const))(
    '%s of %s, %i',
    async ([id, tool, i, make], { skip }) => {
      skip(!has(tool), `${tool} is not installed`);
      const file = join(folder, `archive-${i}.${id}`);
      make(file);
      const opened = await open(file);
      expect(opened.id).toBe(id);
      expect(new Map([...opened.members].filter(([name]) => digests.has(name)))).toEqual(digests);
      expect([...opened.members.keys()].filter((name) => name.startsWith('gap'))).toEqual([]);
    },
  );

  it.skipIf(!has('7z'))('7z with a password is encrypted', async () => {
    const file = join(folder, 'secret.7z');
    run('7z', 'a', '-pword', file, 'small');
    const input = openFile(file);
    const sevenZip = containers.find(({ id }) => id === '7z')!;
    await expect(async () => {
      for await (const entry of sevenZip.open(input)) if (!('code' in entry)) for await (const _ of entry.content());
    }).rejects.toThrow('encrypted');
  });
});

describe('structured files', () => {
  it.skipIf(!has('sqlite3'))('SQLite: a value over many pages is found whole', async () => {
    const file = join(folder, 'values.db');
    const value = Array.from({ length: 4000 }, (_, i) => `line ${i * 31}`).join('\n');
    const script = `create table t(a, b); insert into t values (1, '${value}'); insert into t values (2, 'short');`;
    execFileSync('sqlite3', [file], { input: script });
    const input = openFile(file);
    const sqlite = containers.find(({ id }) => id === 'sqlite')!;
    let found = 0;
    for await (const entry of sqlite.open(input)) {
      if ('code' in entry) continue;
      const parts: Uint8Array[] = [];
      for await (const piece of entry.content()) parts.push(new Uint8Array(piece));
      if (Buffer.concat(parts).includes(value)) found++;
    }
    expect(found).toBe(1);
  });

  it.skipIf(!has('python3'))('pyc: the constants of a module', async () => {
    const source = join(folder, 'module.py');
    writeFileSync(source, `N = ${2n ** 256n - 189n}\ndef f():\n    return 'text of f', b'bytes'\n`);
    const file = join(folder, 'module.pyc');
    execFileSync('python3', [
      '-c',
      `import py_compile; py_compile.compile(${JSON.stringify(source)}, ${JSON.stringify(file)})`,
    ]);
    const input = openFile(file);
    const pyc = containers.find(({ id }) => id === 'pyc')!;
    const parts: Uint8Array[] = [];
    for await (const entry of pyc.open(input)) {
      if (!('code' in entry)) for await (const piece of entry.content()) parts.push(new Uint8Array(piece));
    }
    const lines = Buffer.concat(parts).toString('latin1').split('\n');
    expect(lines).toContain((2n ** 256n - 189n).toString(16));
    expect(lines).toContain('text of f');
    expect(lines).toContain('bytes');
  });
});
