/** The built program as a child process, on inputs that make scanners lie: each gets its clear outcome. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { canBeBound, type RunOptions, runCli } from './support/run-cli.ts';

const posix = process.platform !== 'win32';
const MIB = 1024 * 1024;

let root: string;
let pem: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
  const make = createMake('cli');
  const key = make.rsa();
  pem = make.pem('RSA PRIVATE KEY', make.pkcs1(key));
  writeFileSync(join(root, 'plain.bin'), 'nothing to see\n'.repeat(1000));
  writeFileSync(join(root, 'dirty.bin'), `${'x'.repeat(5000)}${pem}${'y'.repeat(100)}`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Options = Partial<RunOptions>;

const dumpsieve = (args: readonly string[], options?: Options) => runCli(args, { cwd: root, ...options });

async function scanJson(args: readonly string[], options?: Options) {
  const { code, stdout, stderr } = await dumpsieve(['scan', '--format', 'json', ...args], options);
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as {
    findings: { verdict: string; traits: Record<string, unknown>; places: { start: number; end: number }[] }[];
    gaps: { code: string; input: string; detail?: string }[];
    inputs: number;
    stats: { bytes: number };
    verdict: string;
    exitCode: number;
  };
  expect(report.exitCode).toBe(code);
  return { ...report, gapCodes: report.gaps.map((gap) => gap.code) };
}

/** Long enough that a scan is still running when something happens to the file: all holes. */
const LONG_BYTES = 64 * 1024 * MIB;

const parseLines = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });

describe('findings', () => {
  it('is found, proven and placed: exit 1', async () => {
    const { findings, exitCode } = await scanJson(['dirty.bin']);
    expect(exitCode).toBe(1);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      verdict: 'proven',
      traits: { algorithm: 'RSA', bits: 2048, publicKeySha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      places: [{ start: 5000 }],
    });
  });

  it('comes from standard input as well', async () => {
    const input = readFileSync(join(root, 'dirty.bin'));
    expect(await scanJson(['-'], { input })).toMatchObject({
      exitCode: 1,
      inputs: 1,
      findings: [{ verdict: 'proven' }],
    });
    expect(await scanJson(['--', '-'], { input })).toMatchObject({ exitCode: 1 });
  });

  it('comes in pieces of any size', async () => {
    const bytes = readFileSync(join(root, 'dirty.bin'));
    const { findings } = await scanJson(['-'], {
      async during(child) {
        for (let at = 0; at < bytes.length; at += 997) {
          child.stdin!.write(bytes.subarray(at, at + 997));
          if (at % 3 === 0) await sleep(2);
        }
        child.stdin!.end();
      },
    });
    expect(findings).toMatchObject([{ places: [{ start: 5000 }] }]);
  });

  it('says for people what it is, and what to do', async () => {
    const { stdout, code } = await dumpsieve(['scan', 'dirty.bin']);
    expect(code).toBe(1);
    for (const part of ['RSA 2048-bit private key', 'proven', 'SPKI SHA-256', 'SHA256:', '0x1388 (5000)', 'do ']) {
      expect(stdout).toContain(part);
    }
    expect(stdout).not.toContain('\u001b');
  });

  it('obeys the policy', async () => {
    expect(await scanJson(['dirty.bin', '--fail-on', 'none'])).toMatchObject({ exitCode: 0, verdict: 'clean' });
  });

  it('counts what only looks random at level likely', async () => {
    writeFileSync(join(root, 'app.env'), `DB_PASSWORD=${createMake('level').text(32)}\n`);
    const likely = { findings: [{ detector: 'secret-keyword', verdict: 'likely' }] };
    expect(await scanJson(['app.env'])).toMatchObject({ exitCode: 0, ...likely });
    expect(await scanJson(['app.env', '--level', 'likely'])).toMatchObject({ exitCode: 1, ...likely });
    expect(await scanJson(['dirty.bin', '--level', 'proven'])).toMatchObject({ exitCode: 1 });
  });

  it('has the same fingerprint under the same key', async () => {
    const env = { DUMPSIEVE_FINGERPRINT_KEY: 'k'.repeat(40) };
    const first = await scanJson(['dirty.bin'], { env });
    const second = await scanJson(['dirty.bin'], { env });
    const random = await scanJson(['dirty.bin']);
    expect(first.findings).toEqual(second.findings);
    expect(random.findings).not.toEqual(first.findings);
  });

  it('is one for all places, in workers as in the main thread, with SIMD as without', async () => {
    const folder = join(root, 'many');
    mkdirSync(folder);
    const large = openSync(join(folder, 'large.bin'), 'w');
    const at = 130 * MIB - 700;
    for (const start of [0, at]) writeSync(large, pem, start);
    closeSync(large);
    truncateSync(join(folder, 'large.bin'), 140 * MIB);
    cpSync(join(folder, 'large.bin'), join(folder, 'copy.bin'));
    const small = await scanJson(['many']);
    // Enough zeros to make the work large.
    writeFileSync(join(folder, 'zeros-2'), '');
    truncateSync(join(folder, 'zeros-2'), 400 * MIB);
    const large2 = await scanJson(['many', '--threads', '2', '--max-memory', '256M']);
    const off = await scanJson(['many/large.bin', '--simd', 'off']);
    rmSync(folder, { recursive: true });
    for (const { findings, exitCode } of [small, large2]) {
      expect(exitCode).toBe(1);
      expect(findings).toHaveLength(1);
      expect(findings[0]!.places.map(({ start }) => start)).toEqual([0, at, 0, at]);
    }
    expect(off.findings[0]!.places.map(({ start }) => start)).toEqual([0, at]);
  }, 60_000);
});

describe('inputs', () => {
  it('an empty file is clean, and counted', async () => {
    writeFileSync(join(root, 'empty'), '');
    expect(await scanJson(['empty'])).toMatchObject({ exitCode: 0, inputs: 1, verdict: 'clean', stats: { bytes: 0 } });
    expect(await scanJson(['-'], { input: '' })).toMatchObject({ exitCode: 0, inputs: 1 });
  });

  it('a missing file alone is a mistake: exit 2', async () => {
    const { code, stdout, stderr } = await dumpsieve(['scan', 'absent.dmp']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'dumpsieve: nothing to scan: "absent.dmp" does not exist; check the path and the working directory\n',
    );
    expect(await dumpsieve(['scan', '*.absent'])).toMatchObject({ code: 2 });
  });

  it('a missing file beside others is a gap', async () => {
    expect(await scanJson(['plain.bin', 'absent.dmp'])).toMatchObject({
      exitCode: 3,
      gapCodes: ['not-found'],
      inputs: 1,
    });
  });

  it.runIf(canBeBound)('an unreadable file or directory is a gap, and the rest is scanned', async () => {
    const folder = join(root, 'locked');
    mkdirSync(join(folder, 'inside'), { recursive: true });
    writeFileSync(join(folder, 'secret'), pem);
    writeFileSync(join(folder, 'open'), pem);
    writeFileSync(join(folder, 'inside/hidden'), pem);
    execFileSync('chmod', ['000', join(folder, 'secret'), join(folder, 'inside')]);
    const report = await scanJson(['locked'], { bound: true });
    execFileSync('chmod', ['755', join(folder, 'inside')]);
    expect(report.gaps).toMatchObject([
      { code: 'unreadable', input: 'locked/inside', detail: 'EACCES' },
      { code: 'unreadable', input: 'locked/secret', detail: 'EACCES' },
    ]);
    expect(report).toMatchObject({ exitCode: 1, findings: [{ places: [{ input: 'locked/open' }] }] });
  });

  it.runIf(process.platform === 'linux')('a file whose reads fail is a gap', async () => {
    expect(await scanJson(['/proc/self/mem'])).toMatchObject({ exitCode: 3, gapCodes: ['unreadable'] });
  });

  it.runIf(posix)('a directory loop ends', async () => {
    const folder = join(root, 'loop/a/b');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'file'), 'x');
    symlinkSync('../..', join(folder, 'up'));
    symlinkSync('self', join(folder, 'self'));
    expect(await scanJson(['loop'])).toMatchObject({ exitCode: 0, inputs: 1 });
    expect(await scanJson(['loop', '--follow'])).toMatchObject({ exitCode: 0, inputs: 1 });
  });

  it.runIf(posix)('a FIFO is not opened', async () => {
    mkdirSync(join(root, 'fifo'));
    execFileSync('mkfifo', [join(root, 'fifo/pipe')]);
    expect(await scanJson(['fifo'])).toMatchObject({ exitCode: 3, gapCodes: ['special-file'] });
    expect(await scanJson(['fifo/pipe', '--allow-gaps', 'special-file'])).toMatchObject({ exitCode: 0 });
  });

  it.runIf(posix)('a name with newline and ANSI codes is opened as it is, and printed without', async () => {
    const name = 'evil\n\u001b[2Jname\u202e';
    writeFileSync(join(root, name), pem);
    const report = await scanJson([name]);
    expect(report.findings).toMatchObject([{ places: [{ input: 'evil\ufffd\ufffd[2Jname\ufffd' }] }]);
    const { stdout } = await dumpsieve(['scan', name]);
    rmSync(join(root, name));
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(stdout).not.toContain('evil\n');
  });

  it('a file that shrinks while it is read is a gap', async () => {
    const path = join(root, 'shrinking');
    writeFileSync(path, pem);
    truncateSync(path, LONG_BYTES);
    const { code, stdout } = await dumpsieve(['scan', 'shrinking', '--format', 'jsonl'], {
      async during(child) {
        await once(child.stdout!, 'data');
        truncateSync(path, 10);
      },
    });
    rmSync(path);
    const gaps = parseLines(stdout).filter(({ type }) => type === 'gap');
    expect(gaps).toContainEqual({ type: 'gap', code: 'truncated', input: 'shrinking' });
    expect(code).toBe(1);
  }, 60_000);
});

describe('Ctrl-C', () => {
  it('once: a partial report', async () => {
    writeFileSync(join(root, 'long'), pem);
    truncateSync(join(root, 'long'), LONG_BYTES);
    const { code, stdout, stderr } = await dumpsieve(['scan', 'long', '--format', 'jsonl'], {
      async during(child) {
        await once(child.stdout!, 'data');
        child.kill('SIGINT');
      },
    });
    rmSync(join(root, 'long'));
    expect(parseLines(stdout).at(-1)).toMatchObject({
      type: 'summary',
      interrupted: true,
      findings: 1,
      gapCounts: { interrupted: expect.any(Number) },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('interrupted');
  }, 60_000);

  it('while standard input is silent: exit 3', async () => {
    const { code, stdout } = await dumpsieve(['scan', '-', '--format', 'json'], {
      async during(child) {
        await sleep(3000);
        child.kill('SIGINT');
      },
    });
    expect(JSON.parse(stdout)).toMatchObject({ interrupted: true, gaps: [{ code: 'interrupted', input: 'stdin' }] });
    expect(code).toBe(3);
  }, 60_000);

  it.runIf(posix)(
    'twice: ends at once',
    async () => {
      const started = Date.now();
      const { code, stdout } = await dumpsieve(['scan', '-'], {
        async during(child) {
          await sleep(1000);
          child.kill('SIGINT');
          await sleep(200);
          child.kill('SIGINT');
        },
      });
      expect([code, stdout]).toEqual([null, '']);
      expect(Date.now() - started).toBeLessThan(10_000);
    },
    60_000,
  );
});

describe('output', () => {
  it('goes to a file, with a summary beside', async () => {
    const { code, stdout, stderr } = await dumpsieve([
      'scan',
      'dirty.bin',
      '--format',
      'sarif',
      '--output',
      'out.sarif',
    ]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^findings: 1 input, .*1 finding; 0 gaps\n$/);
    const log = JSON.parse(readFileSync(join(root, 'out.sarif'), 'utf8')) as { version: string; runs: unknown[] };
    expect(log).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleIndex: expect.any(Number) }] }] });
    expect(readdirSync(root).filter((name) => name.startsWith('.dumpsieve'))).toEqual([]);
    expect((await dumpsieve(['scan', 'plain.bin', '--output', 'out.txt', '--quiet'])).stderr).toBe('');
  });

  it('is refused before the scan when it can not be written', async () => {
    const { code, stderr } = await dumpsieve(['scan', 'dirty.bin', '--output', 'absent/out.json']);
    expect(code).toBe(2);
    expect(stderr).toContain('--output');
  });

  it('is lines in JSONL, the summary last', async () => {
    const { stdout } = await dumpsieve(['scan', 'dirty.bin', 'plain.bin', 'absent', '--format', 'jsonl']);
    const types = parseLines(stdout).map(({ type }) => type);
    expect(types.toSorted()).toEqual(['finding', 'gap', 'summary']);
    expect(types.at(-1)).toBe('summary');
  });

  it.runIf(posix)('may be closed by its reader', async () => {
    const { code, stderr } = await dumpsieve(['scan', 'dirty.bin'], {
      during: (child) => void child.stdout!.destroy(),
    });
    expect(code).toBe(1);
    expect(stderr).toBe('');
  });
});

describe('usage', () => {
  it.each([
    ['nothing', [], 'say what to do'],
    ['no path', ['scan'], 'nothing to scan'],
    ['an unknown option', ['scan', 'x', '--nonsense'], 'nonsense'],
    ['a wrong value', ['scan', 'x', '--fail-on', 'loud'], '--fail-on must be one of: critical'],
    ['little memory', ['scan', 'plain.bin', '--max-memory', '1M'], 'max-memory must be at least 64M'],
    ['an unknown detector', ['patterns', 'explain', 'nonsense'], 'patterns list'],
  ])('%s: exit 2 and one clear message', async (_, args, message) => {
    const { code, stdout, stderr } = await dumpsieve(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^dumpsieve: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it('help, version and patterns: exit 0', async () => {
    expect(await dumpsieve(['--help'])).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('scan') });
    expect(await dumpsieve(['scan', '--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Exit codes'),
    });
    expect((await dumpsieve(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { stdout } = await dumpsieve(['patterns', 'list', '--json']);
    const [{ id }] = JSON.parse(stdout) as [{ id: string }];
    expect(await dumpsieve(['patterns', 'explain', id])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(id),
    });
  });
});
