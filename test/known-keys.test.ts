/** Lists of published keys, through every command that takes them; keys and lists are made when the test runs. */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { runCli } from './support/run-cli.ts';

const make = createMake('known-keys');
const pems = {
  rsa: make.pem('PRIVATE KEY', make.pkcs8(make.rsa(1024))),
  ec: make.pem('PRIVATE KEY', make.pkcs8(make.ec('P-256'))),
  ed25519: make.pem('PRIVATE KEY', make.pkcs8(make.okp('Ed25519'))),
};
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** By node:crypto, not by our own code. */
const spkiOf = (pem: string): Buffer => createPublicKey(createPrivateKey(pem)).export({ format: 'der', type: 'spki' });

/** What badkeys' BLOCKLISTFORMAT.md says: SHA-256 of one number, without leading zeros. */
function badkeysHash(pem: string): Buffer {
  const { n, x } = createPublicKey(createPrivateKey(pem)).export({ format: 'jwk' });
  const bytes = Buffer.from((n ?? x)!, 'base64url');
  return sha256(bytes.subarray(bytes.findIndex((byte) => byte !== 0)));
}

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-known-'));
  for (const [name, pem] of Object.entries(pems)) writeFileSync(join(root, `${name}.pem`), `x\n${pem}y\n`);
  writeFileSync(join(root, 'company.txt'), `# demo keys\n${sha256(spkiOf(pems.rsa)).toString('hex')} demo server\n`);
  mkdirSync(join(root, 'badkeys'));
  const records = [pems.rsa, pems.ec, pems.ed25519].map((pem, i) =>
    Buffer.concat([badkeysHash(pem).subarray(0, 15), Uint8Array.of(i)]),
  );
  for (let i = 0; i < 500; i++) records.push(Buffer.from(make.bytes(16)));
  const blocklist = Buffer.concat(records.sort(Buffer.compare));
  writeFileSync(join(root, 'badkeys/blocklist.dat'), blocklist);
  const blocklists = ['debianssl', 'rfc', 'documentation'].map((name, id) => ({ id, name, type: 'github' }));
  const metadata = { bkformat: 0, blocklist_sha256: sha256(blocklist).toString('hex'), blocklists };
  writeFileSync(join(root, 'badkeys/badkeysdata.json'), JSON.stringify(metadata));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const dumpsieve = (...args: string[]) => runCli(args, { cwd: root });

async function knownOf(...args: string[]): Promise<{ code: number | null; known: string[] }> {
  const { code, stdout } = await dumpsieve('scan', ...args, '--format', 'json', '--quiet');
  const { findings } = JSON.parse(stdout) as { findings: { verdict: string; traits: Record<string, unknown> }[] };
  expect(stdout).not.toContain('publicValueSha256');
  return {
    code,
    known: findings.map(({ verdict, traits }) => (verdict === 'known' ? String(traits['known']) : verdict)),
  };
}

describe('scan', () => {
  it('names keys of a list of ours', async () => {
    expect(await knownOf('rsa.pem')).toEqual({ code: 1, known: ['proven'] });
    expect(await knownOf('rsa.pem', '--known-keys', 'company.txt')).toEqual({
      code: 0,
      known: ['company.txt: demo server'],
    });
    expect(await knownOf('ec.pem', '--known-keys', 'company.txt')).toEqual({ code: 1, known: ['proven'] });
    const failing = await knownOf('rsa.pem', '--known-keys', 'company.txt', '--fail-on-known');
    expect(failing).toEqual({ code: 1, known: ['company.txt: demo server'] });
  });

  it('names keys of a list that a configuration names, from beside it', async () => {
    mkdirSync(join(root, 'policy'), { recursive: true });
    writeFileSync(join(root, 'policy/dumpsieve.config.toml'), 'knownKeys = ["../company.txt"]\n');
    const config = ['--config', 'policy/dumpsieve.config.toml'];
    expect(await knownOf('rsa.pem', ...config)).toEqual({ code: 0, known: ['company.txt: demo server'] });
    writeFileSync(join(root, 'policy/dumpsieve.config.toml'), 'knownKeys = ["absent.txt"]\n');
    expect((await dumpsieve('scan', 'rsa.pem', ...config)).code).toBe(2);
    const { code } = await dumpsieve('redact', 'rsa.pem', 'clean.pem', ...config);
    expect(code).toBe(2);
  });

  it.each(['badkeys/blocklist.dat', 'badkeys/badkeysdata.json'])("names keys of badkeys' list: %s", async (list) => {
    const { code, known } = await knownOf('rsa.pem', 'ec.pem', 'ed25519.pem', '--known-keys', list);
    expect(code).toBe(0);
    expect(known.sort()).toEqual(['debianssl', 'documentation', 'rfc'].map((name) => `blocklist.dat: ${name}`));
  });

  it('refuses lists that are broken, absent, or of another version', async () => {
    const blocklist = readFileSync(join(root, 'badkeys/blocklist.dat'));
    writeFileSync(join(root, 'short.dat'), blocklist.subarray(0, -3));
    mkdirSync(join(root, 'stale'));
    writeFileSync(join(root, 'stale/blocklist.dat'), blocklist.subarray(0, -16));
    writeFileSync(join(root, 'stale/badkeysdata.json'), readFileSync(join(root, 'badkeys/badkeysdata.json')));
    for (const [list, message] of [
      ['short.dat', "is neither text nor badkeys' blocklist.dat"],
      ['stale/blocklist.dat', 'is not the list that badkeysdata.json beside it describes'],
      ['absent.txt', '"absent.txt" can\'t be read'],
      ['rsa.pem', 'line 1: must begin with 64 hex digits'],
    ] as const) {
      const { code, stdout, stderr } = await dumpsieve('scan', 'rsa.pem', '--known-keys', list);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(message);
    }
  });
});

it('opens a gate, unless known keys fail', async () => {
  const lists = ['--known-keys', 'company.txt', '--known-keys', 'badkeys/blocklist.dat'];
  expect(await dumpsieve('gate', 'rsa.pem', ...lists)).toMatchObject({ code: 0 });
  expect(await dumpsieve('gate', 'rsa.pem', ...lists, '--fail-on-known')).toMatchObject({ code: 1 });
  expect(await dumpsieve('gate', 'rsa.pem', ...lists, '--fail-on', 'none', '--fail-on-known')).toMatchObject({
    code: 1,
  });
});

it('leaves known keys in a redacted copy, unless they are to be overwritten', async () => {
  const text = (name: string): string => readFileSync(join(root, name), 'utf8');
  const redact = (...options: string[]) =>
    dumpsieve('redact', 'rsa.pem', 'out', '--known-keys', 'company.txt', ...options);
  expect(await redact()).toMatchObject({ code: 0 });
  expect(text('out')).toBe(text('rsa.pem'));
  expect(await redact('--known')).toMatchObject({ code: 0 });
  expect(text('out')).not.toBe(text('rsa.pem'));
});

it('reaches the threads of a watch, whose copies are made by the same policy', async () => {
  const watched = join(root, 'watched');
  mkdirSync(watched);
  const watch = async (...options: string[]) => {
    writeFileSync(join(watched, 'dump'), readFileSync(join(root, 'rsa.pem')));
    const given = ['--once', '--settle', '50ms', '--known-keys', 'badkeys/blocklist.dat', ...options];
    return dumpsieve('watch', 'watched', ...given);
  };
  expect(await watch()).toMatchObject({ code: 0 });
  expect(await watch('--fail-on-known')).toMatchObject({ code: 1 });
  expect(await watch('--fail-on-known', '--redact')).toMatchObject({ code: 0 });
  expect(readFileSync(join(watched, 'dump'), 'utf8')).not.toContain(pems.rsa.slice(100, 160));
});
