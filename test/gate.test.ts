/** The gate as a child process: for each thing that can go wrong its documented outcome, and the command never runs when it must not. */
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { runCli } from './support/run-cli.ts';

let root: string;
let dirty: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-gate-'));
  const make = createMake('gate');
  dirty = `${'x'.repeat(5000)}${make.pem('RSA PRIVATE KEY', make.pkcs1(make.rsa()))}${'y'.repeat(100)}`;
  writeFileSync(join(root, 'clean.bin'), 'nothing to see\n'.repeat(1000));
  writeFileSync(join(root, 'dirty.bin'), dirty);
  const pair = generateKeyPairSync('ed25519');
  writeFileSync(join(root, 'sign.pem'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(root, 'sign.pub'), pair.publicKey.export({ type: 'spki', format: 'pem' }));
});
beforeEach(() => rmSync(join(root, 'ran'), { force: true }));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function dumpsieve(args: readonly string[], input?: string, env?: Record<string, string>) {
  const { code, stdout, stderr } = await runCli(args, { cwd: root, input, env });
  return { code, stdout, stderr, ran: existsSync(join(root, 'ran')) };
}

/** A command that leaves a mark, copies its input when there is one, and exits with 7. */
const MARK = [
  '--',
  process.execPath,
  '-e',
  `require('fs').writeFileSync('ran', ''); process.stdin.pipe(process.stdout).on('unpipe', () => process.exit(7))`,
];

describe('gate', () => {
  it('runs the command when all is clean, and exits with its code', async () => {
    expect(await dumpsieve(['gate', 'clean.bin', ...MARK])).toMatchObject({ code: 7, ran: true });
  });

  it('opens without a command', async () => {
    expect(await dumpsieve(['gate', 'clean.bin'])).toMatchObject({ code: 0, stdout: '' });
  });

  it('stays closed for a key, and tells which', async () => {
    const { code, ran, stderr, stdout } = await dumpsieve(['gate', 'clean.bin', 'dirty.bin', ...MARK]);
    expect({ code, ran, stdout }).toEqual({ code: 1, ran: false, stdout: '' });
    expect(stderr).toContain('RSA 2048-bit private key');
  });

  it('opens for what the policy lets pass', async () => {
    expect(await dumpsieve(['gate', 'dirty.bin', '--fail-on', 'none', ...MARK])).toMatchObject({ code: 7, ran: true });
  });

  it.each([
    ['a missing file', 'absent.bin', 'does not exist'],
    ['a directory', '.', 'is no regular file'],
  ])('refuses %s', async (_, path, message) => {
    const { code, ran, stderr } = await dumpsieve(['gate', path, ...MARK]);
    expect({ code, ran }).toEqual({ code: 2, ran: false });
    expect(stderr).toContain(message);
  });

  it('says when the command can not be started', async () => {
    const { code, stderr } = await dumpsieve(['gate', 'clean.bin', '--', './absent-program']);
    expect(code).toBe(2);
    expect(stderr).toContain(`can't be run`);
  });

  it('stays closed when the scan takes too long, whatever gaps are allowed', async () => {
    const path = join(root, 'large.bin');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 33);
    const { code, ran, stderr } = await dumpsieve([
      'gate',
      'large.bin',
      '--max-time',
      '300ms',
      '--allow-gaps',
      'all',
      ...MARK,
    ]);
    rmSync(path);
    expect({ code, ran }).toEqual({ code: 3, ran: false });
    expect(stderr).toContain('longer than --max-time');
  });

  it('stays closed when a file changes meanwhile', async () => {
    const path = join(root, 'changing.bin');
    writeFileSync(path, 'x'.repeat(1 << 26));
    const timer = setInterval(() => appendFileSync(path, 'y'), 5);
    const { code, ran } = await dumpsieve(['gate', 'changing.bin', '--allow-gaps', 'all', ...MARK]);
    clearInterval(timer);
    expect({ code, ran }).toEqual({ code: 3, ran: false });
  });
});

describe('gate -', () => {
  const text = 'all is well\n'.repeat(200_000);

  it('hands standard input on when it is clean', async () => {
    const { code, stdout } = await dumpsieve(['gate', '-'], text);
    expect(code).toBe(0);
    expect(stdout === text).toBe(true);
  });

  it('gives it to the command', async () => {
    const { code, stdout, ran } = await dumpsieve(['gate', '-', ...MARK], text);
    expect({ code, ran }).toEqual({ code: 7, ran: true });
    expect(stdout === text).toBe(true);
  });

  it('hands on nothing else', async () => {
    expect(await dumpsieve(['gate', '-', ...MARK], dirty)).toMatchObject({ code: 1, ran: false, stdout: '' });
    expect(await dumpsieve(['gate', '-'], dirty)).toMatchObject({ code: 1, stdout: '' });
  });

  it('survives a command that does not read', async () => {
    expect(await dumpsieve(['gate', '-', '--', process.execPath, '-e', 'process.exit(5)'], text)).toMatchObject({
      code: 5,
    });
  });
});

describe('suppressions', () => {
  it('let pass what a baseline accepts, and nothing else', async () => {
    const written = await dumpsieve(['baseline', 'write', 'dirty.bin', '--reason', 'accepted', '--output', 'b.json']);
    expect(written).toMatchObject({ code: 0, stdout: 'b.json: 1 suppression\n' });
    expect(await dumpsieve(['gate', 'dirty.bin', '--suppress', 'b.json', ...MARK])).toMatchObject({
      code: 7,
      ran: true,
    });
    const { code, stdout } = await dumpsieve(['scan', 'dirty.bin', '--suppress', 'b.json', '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ suppressed: { reason: 'accepted' } }] });
    const expired = readFileSync(join(root, 'b.json'), 'utf8').replace('"reason"', '"expires": "2020-01-01", "reason"');
    writeFileSync(join(root, 'old.json'), expired);
    const after = await dumpsieve(['scan', 'dirty.bin', '--suppress', 'old.json']);
    expect(after.code).toBe(1);
    expect(after.stderr).toContain('suppression ended on 2020-01-01');
  });

  it('needs a reason', async () => {
    const { code, stderr } = await dumpsieve(['baseline', 'write', 'dirty.bin']);
    expect(code).toBe(2);
    expect(stderr).toContain('--reason is missing');
  });
});

describe('verdict', () => {
  it('is signed, about exact bytes, and checked by verify', async () => {
    const args = ['gate', 'clean.bin', '--verdict', 'v.json', '--verdict-key', 'sign.pem'];
    expect(await dumpsieve(args)).toMatchObject({ code: 0 });
    const verdict = JSON.parse(readFileSync(join(root, 'v.json'), 'utf8')) as { signature: { algorithm: string } };
    expect(verdict).toMatchObject({ open: true, verdict: 'clean', files: [{ name: 'clean.bin', size: 15_000 }] });
    expect(verdict.signature.algorithm).toBe('Ed25519');
    const verify = ['verify', 'clean.bin', '--verdict', 'v.json', '--public-key', 'sign.pub'];
    expect(await dumpsieve(verify)).toMatchObject({ code: 0 });
    expect(await dumpsieve(['verify', 'dirty.bin', ...verify.slice(2)])).toMatchObject({ code: 1 });
  });

  it('says closed for what was closed', async () => {
    expect(await dumpsieve(['gate', 'dirty.bin', '--verdict', 'v.json'])).toMatchObject({ code: 1 });
    expect(JSON.parse(readFileSync(join(root, 'v.json'), 'utf8'))).toMatchObject({ open: false, verdict: 'findings' });
    const { code, stdout } = await dumpsieve(['verify', 'dirty.bin', '--verdict', 'v.json']);
    expect(code).toBe(1);
    expect(stdout).toContain('the gate was closed: findings');
  });

  it('keeps the command from running when it can not be written', async () => {
    const { code, ran, stderr } = await dumpsieve(['gate', 'clean.bin', '--verdict', 'absent/v.json', ...MARK]);
    expect({ code, ran }).toEqual({ code: 2, ran: false });
    expect(stderr).toContain(`can't be written`);
  });
});
