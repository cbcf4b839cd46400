/** The gate when something breaks: input that can't be read to its end, a full disk, lost workers, signals. The command never runs. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeZip } from '../corpus/containers/zip.ts';
import { samples as elfCores } from '../corpus/formats/elf-core.ts';
import { createMake } from '../corpus/make.ts';
import { canBeBound, type RunOptions, runCli } from './support/run-cli.ts';

const MIB = 1024 * 1024;
const make = createMake('gate-faults');

let root: string;
/** A file system of 64 KiB, when we may make one. */
let tiny: string;
let hasTiny = false;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-gate-faults-'));
  writeFileSync(join(root, 'clean.bin'), 'nothing to see\n'.repeat(20_000));
  writeFileSync(join(root, 'dirty.bin'), make.pem('RSA PRIVATE KEY', make.pkcs1(make.rsa())).padEnd(200_000, '.'));
  tiny = join(root, 'tiny');
  mkdirSync(tiny);
  hasTiny = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', tiny]).status === 0;
});
beforeEach(() => rmSync(join(root, 'ran'), { force: true }));
afterAll(() => {
  if (hasTiny) spawnSync('umount', [tiny]);
  rmSync(root, { recursive: true, force: true });
});

/** Until the program has the file open: then it has looked at it, and handles signals. */
async function untilOpen(child: ChildProcess, name: string): Promise<void> {
  const folder = `/proc/${child.pid}/fd`;
  const isOpen = (): boolean => {
    try {
      return readdirSync(folder).some((fd) => readlinkSync(join(folder, fd)) === join(root, name));
    } catch {
      // A descriptor, or the process, is gone since.
      return false;
    }
  };
  while (child.exitCode === null && !isOpen()) await sleep(5);
}

async function gate(args: readonly string[], options?: Partial<RunOptions>) {
  const script = `require('fs').writeFileSync(${JSON.stringify(join(root, 'ran'))}, '')`;
  const mark = ['--', process.execPath, '-e', script, '{}'];
  const { code, signal, stderr } = await runCli(['gate', ...args, ...mark], { cwd: root, ...options });
  return { code, signal, stderr, ran: existsSync(join(root, 'ran')) };
}

const CLOSED = { code: 3, ran: false };

describe('input that is not all there', () => {
  const [core] = elfCores();
  const truncated = {
    'cut.gz': gzipSync(make.bytes(50_000)).subarray(0, 30_000),
    'cut.zip': writeZip([{ name: 'a', content: make.bytes(5000) }]).subarray(0, 4000),
    'cut.core': core!.bytes.subarray(0, Math.floor(core!.bytes.length * 0.7)),
  };
  it.each(Object.entries(truncated))('%s: closed, and told why', async (name, bytes) => {
    writeFileSync(join(root, name), bytes);
    const { stderr, ...outcome } = await gate([name]);
    expect(outcome).toMatchObject(CLOSED);
    expect(stderr).toMatch(/truncated|damaged|incomplete/);
    expect(await gate([name, '--allow-gaps', 'encrypted'])).toMatchObject(CLOSED);
  });

  it('an encrypted member: closed unless that is allowed', async () => {
    const content = make.bytes(5000);
    writeFileSync(join(root, 'locked.zip'), writeZip([{ name: 'a', content, flags: 1 }]));
    const { stderr, ...outcome } = await gate(['locked.zip']);
    expect(outcome).toMatchObject(CLOSED);
    expect(stderr).toContain('encrypted');
    expect(await gate(['locked.zip', '--allow-gaps', 'encrypted'])).toMatchObject({ code: 0, ran: true });
  });

  it.runIf(canBeBound)('a file that may not be read', async () => {
    writeFileSync(join(root, 'secret.bin'), 'x', { mode: 0 });
    const { stderr, ...outcome } = await gate(['secret.bin'], { bound: true });
    expect(outcome).toMatchObject(CLOSED);
    expect(stderr).toContain('EACCES');
  });
});

describe('a file that is another one at the end', () => {
  const path = (): string => join(root, 'other.bin');
  const changes: readonly (readonly [string, () => void])[] = [
    ['replaced', () => renameSync(join(root, 'twin.bin'), path())],
    ['touched', () => utimesSync(path(), new Date(0), new Date(0))],
    ['cut', () => truncateSync(path(), 10)],
    ['deleted', () => rmSync(path())],
  ];
  it.each(changes)('%s: closed, whatever gaps are allowed', async (_, change) => {
    for (const name of ['other.bin', 'twin.bin']) writeFileSync(join(root, name), make.bytes(24 * MIB));
    const outcome = await gate(['other.bin', '--allow-gaps', 'all', '--fail-on', 'none'], {
      async during(child) {
        child.stdin!.end();
        await untilOpen(child, 'other.bin');
        change();
      },
    });
    expect(outcome).toMatchObject(CLOSED);
  });
});

describe('no room', () => {
  it('for the verdict: nothing is handed on', async ({ skip }) => {
    if (!hasTiny) skip('needs leave to mount a tmpfs');
    writeFileSync(join(tiny, 'filler'), Buffer.alloc(65_536));
    const { code, ran, stderr } = await gate(['clean.bin', '--verdict', join(tiny, 'v.json')]);
    rmSync(join(tiny, 'filler'));
    expect({ code, ran }).toEqual({ code: 2, ran: false });
    expect(stderr).toContain("can't be written");
    expect(readdirSync(tiny)).toEqual([]);
  });

  it('for the report: nothing is handed on', async () => {
    const { code, ran, stderr } = await gate(['clean.bin', '--format', 'json', '--output', '/dev/full']);
    expect({ code, ran }).toEqual({ code: 2, ran: false });
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it('for the redacted copy: nothing is handed on, and no draft stays', async ({ skip }) => {
    if (!hasTiny) skip('needs leave to mount a tmpfs');
    const { code, ran } = await gate(['dirty.bin', '--redact'], { env: { TMPDIR: tiny } });
    expect({ code, ran }).toEqual({ code: 2, ran: false });
    expect(readdirSync(tiny)).toEqual([]);
  });

  it('for standard input: nothing is handed on', async ({ skip }) => {
    if (!hasTiny) skip('needs leave to mount a tmpfs');
    const { code, ran, stderr } = await gate(['-'], {
      env: { TMPDIR: tiny },
      async during(child) {
        const block = Buffer.alloc(MIB, 'text');
        // Beyond what is kept in memory.
        for (let i = 0; i < 300 && child.exitCode === null; i++) {
          await new Promise((resolve) => child.stdin!.write(block, resolve));
        }
        child.stdin!.end();
      },
    });
    expect({ code, ran }).toEqual({ code: 2, ran: false });
    expect(stderr).toContain('ENOSPC');
    expect(readdirSync(tiny)).toEqual([]);
  });
});

describe('killed', () => {
  /** Holes: read by workers for long enough. */
  const writeLarge = (): void => {
    writeFileSync(join(root, 'large.bin'), '');
    truncateSync(join(root, 'large.bin'), 2 ** 35);
  };

  it.each([
    ['while it works', 'setTimeout(() => process.exit(7), 50)'],
    ['at its start', 'process.exit(7)'],
  ])('a worker %s: closed, even if lost ones are only a gap', async (_, end) => {
    writeFileSync(join(root, 'lost.bin'), '');
    truncateSync(join(root, 'lost.bin'), 2 ** 30);
    const preload = join(root, 'crash.cjs');
    writeFileSync(preload, `if (!require('node:worker_threads').isMainThread) ${end};`);
    const { stderr, ...outcome } = await gate(['lost.bin'], { env: { NODE_OPTIONS: `--require ${preload}` } });
    expect(outcome).toMatchObject(CLOSED);
    expect(stderr).toContain('worker-lost');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('%s while it scans: closed, whatever gaps are allowed', async (name) => {
    writeLarge();
    const outcome = await gate(['large.bin', '--allow-gaps', 'all'], {
      async during(child) {
        child.stdin!.end();
        await untilOpen(child, 'large.bin');
        child.kill(name);
      },
    });
    expect(outcome).toMatchObject(CLOSED);
  });

  it('SIGKILL while it scans: nothing runs', async () => {
    writeLarge();
    const outcome = await gate(['large.bin'], {
      async during(child) {
        child.stdin!.end();
        await untilOpen(child, 'large.bin');
        child.kill('SIGKILL');
      },
    });
    expect(outcome).toMatchObject({ code: null, signal: 'SIGKILL', ran: false });
  });

  it.each([
    ['SIGTERM', []],
    ['--max-time', ['--max-time', '1s']],
  ])('%s while standard input is still open: closed, and it does not wait for the rest', async (name, args) => {
    const started = Date.now();
    const { stderr, ...outcome } = await gate(['-', '--allow-gaps', 'all', ...args], {
      async during(child) {
        // More than a pipe holds: written means that the program reads, and handles signals.
        await new Promise((written) => child.stdin!.write(Buffer.alloc(MIB, 'text'), written));
        if (name !== 'SIGTERM') return;
        child.kill(name);
      },
    });
    expect(outcome).toMatchObject(CLOSED);
    expect(stderr).toMatch(/closed/);
    expect(Date.now() - started).toBeLessThan(25_000);
  });
});
