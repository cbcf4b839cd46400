/**
 * Keys as the real tools write them, through the real engine: GnuPG, age, WireGuard, BIND, Dropbear, minisign, signify.
 * Each is compared with the public key that the tool itself prints. A tool that isn't installed shows as skipped.
 */
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import detectors from '../patterns/index.ts';
import type { Finding } from '../src/model/finding.ts';
import { createScanner, type Scanner } from './support/scan-bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'key-tools-'));
chmodSync(folder, 0o700);
const path = (name: string): string => join(folder, name);
const env = { ...process.env, GNUPGHOME: folder, LC_ALL: 'C' };

const run = (tool: string, args: readonly string[], options: ExecFileSyncOptions = {}): Buffer =>
  execFileSync(tool, args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'ignore'], ...options }) as Buffer;
const lines = (tool: string, ...args: readonly string[]): string[] => run(tool, args).toString().trimEnd().split('\n');

/** Whether the tool is there at all; what it says to its arguments doesn't matter. */
const exists = (tool: string): boolean => {
  try {
    run(tool, ['--version'], { input: '' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
};

afterAll(() => {
  if (exists('gpgconf')) run('gpgconf', ['--kill', 'gpg-agent']);
  rmSync(folder, { recursive: true });
});

const IDS = [
  'pgp-secret-key',
  'libgcrypt-sexp',
  'age-secret-key',
  'wireguard-private-key',
  'dnssec-private-key',
  'dropbear-key',
  'minisign-secret-key',
  'signify-secret-key',
];
let scanner: Scanner;
beforeAll(async () => {
  scanner = await createScanner(detectors.filter(({ id }) => IDS.includes(id)));
});

/** Findings in the file's bytes, with something before and behind them as in a dump. */
async function scan(file: Uint8Array): Promise<readonly Finding[]> {
  const bytes = new Uint8Array(file.length + 9001).fill(0xa5);
  bytes.set(file, 4099);
  const { findings, gaps } = await scanner.scan(bytes);
  expect(gaps).toEqual([]);
  return findings;
}

/** SHA-256 of the SubjectPublicKeyInfo of a raw key of RFC 8410; `oid` is the last byte of 1.3.101.x. */
const okpDigest = (oid: number, raw: Uint8Array): string =>
  createHash('sha256')
    .update(Buffer.from([0x30, 10 + raw.length, 0x30, 5, 6, 3, 0x2b, 0x65, oid, 3, raw.length + 1, 0]))
    .update(raw)
    .digest('hex');
const [X25519, ED25519] = [0x6e, 0x70];

describe.runIf(exists('gpg') && exists('gpgconf'))('GnuPG', () => {
  const gpg = (...args: readonly string[]): Buffer =>
    run('gpg', ['--batch', '--pinentry-mode', 'loopback', '--passphrase', '', ...args]);
  const fingerprints = (user: string): string[] =>
    lines('gpg', '--batch', '--list-secret-keys', '--with-colons', '--with-subkey-fingerprint', user)
      .filter((line) => line.startsWith('fpr:'))
      .map((line) => line.split(':')[9]!.toLowerCase());
  const found = (findings: readonly Finding[]): string[] =>
    findings.map(({ verdict, traits }) => `${verdict} ${traits.pgpFingerprint}`).sort();

  it.each(['rsa2048', 'future-default', 'nistp256', 'nistp521', 'brainpoolP384r1', 'secp256k1'])(
    '%s: packets, armour and the agent’s file',
    async (algorithm) => {
      const user = `${algorithm}@example.org`;
      const before = new Set(
        readdirSync(folder).includes('private-keys-v1.d') ? readdirSync(path('private-keys-v1.d')) : [],
      );
      gpg('--quick-gen-key', user, algorithm, 'default', 'never');
      const expected = fingerprints(user)
        .map((fingerprint) => `proven ${fingerprint}`)
        .sort();
      expect(found(await scan(gpg('--export-secret-keys', user)))).toEqual(expected);
      expect(found(await scan(gpg('--export-secret-keys', '--armor', user)))).toEqual(expected);
      const files = readdirSync(path('private-keys-v1.d')).filter((name) => !before.has(name));
      expect(files).toHaveLength(expected.length);
      for (const file of files) {
        const findings = await scan(readFileSync(join(path('private-keys-v1.d'), file)));
        expect(findings).toMatchObject([{ verdict: 'proven', traits: { form: 'sexp' } }]);
      }
    },
  );

  it('DSA and ElGamal, in armour', async () => {
    const input =
      'Key-Type: DSA\nKey-Length: 1024\nSubkey-Type: ELG\nSubkey-Length: 1024\nName-Email: dsa@example.org\n';
    run('gpg', ['--batch', '--gen-key'], { input: `${input}%no-protection\n%commit\n` });
    const findings = await scan(gpg('--export-secret-keys', '--armor', 'dsa@example.org'));
    expect(findings.map(({ traits }) => traits.algorithm).sort()).toEqual(['DSA', 'ElGamal']);
    expect(found(findings)).toEqual(
      fingerprints('dsa@example.org')
        .map((print) => `proven ${print}`)
        .sort(),
    );
  });

  it('protected keys are of medium severity; stubs are none', async () => {
    const password = ['a', 'b', String(process.pid)].join('-');
    const withPassword = ['--batch', '--pinentry-mode', 'loopback', '--passphrase', password];
    run('gpg', [...withPassword, '--quick-gen-key', 'locked@example.org', 'rsa2048', 'default', 'never']);
    const exported = run('gpg', [...withPassword, '--export-secret-keys', 'locked@example.org']);
    const findings = await scan(exported);
    expect(found(findings)).toEqual(fingerprints('locked@example.org').map((print) => `proven ${print}`));
    expect(findings).toMatchObject([{ severity: 'medium', traits: { bits: 2048, protection: 'pgp-s2k' } }]);
    const subkeys = gpg('--export-secret-subkeys', 'future-default@example.org');
    expect(found(await scan(subkeys))).toEqual([`proven ${fingerprints('future-default@example.org')[1]}`]);
  });
});

it.runIf(exists('age-keygen'))('age', async () => {
  const findings = await scan(run('age-keygen', []));
  expect(findings).toMatchObject([{ verdict: 'proven', traits: { algorithm: 'age', proof: 'checksum' } }]);
});

it.runIf(exists('wg'))('WireGuard', async () => {
  const key = run('wg', ['genkey']).toString().trim();
  const publicKey = run('wg', ['pubkey'], { input: key }).toString().trim();
  const publicKeySha256 = okpDigest(X25519, Buffer.from(publicKey, 'base64'));
  const traits = { algorithm: 'WireGuard', publicKeySha256 } as const;
  const config = await scan(Buffer.from(`[Interface]\nListenPort = 51820\nPrivateKey = ${key}\n`));
  expect(config).toMatchObject([{ verdict: 'proven', traits: { ...traits, proof: 'document' } }]);
  const dump = await scan(Buffer.from(`${key}\t${publicKey}\t51820\toff\n`));
  expect(dump).toMatchObject([{ verdict: 'proven', traits: { ...traits, proof: 'd*G=Q' } }]);
});

describe.runIf(exists('dnssec-keygen'))('BIND', () => {
  const generate = (algorithm: string): string =>
    lines('dnssec-keygen', '-q', '-a', algorithm, '-b', '2048', 'example.org').at(-1)!;

  it.each([
    ['RSASHA256', { algorithm: 'RSA', bits: 2048, proof: 'p*q=n' }],
    ['ECDSAP256SHA256', { algorithm: 'EC', curve: 'P-256' }],
    ['ECDSAP384SHA384', { algorithm: 'EC', curve: 'P-384' }],
    ['ED448', { algorithm: 'Ed448' }],
  ])('%s', async (algorithm, traits) => {
    const findings = await scan(readFileSync(path(`${generate(algorithm)}.private`)));
    expect(findings).toMatchObject([{ verdict: 'proven', traits: { form: 'dnssec', ...traits } }]);
  });

  it('ED25519, whose public key is that of the DNSKEY record', async () => {
    const name = generate('ED25519');
    const record = readFileSync(path(`${name}.key`), 'utf8')
      .trim()
      .split(/\s/)
      .slice(-1)[0]!;
    const publicKeySha256 = okpDigest(ED25519, Buffer.from(record, 'base64'));
    expect(await scan(readFileSync(path(`${name}.private`)))).toMatchObject([{ traits: { publicKeySha256 } }]);
  });
});

describe.runIf(exists('dropbearkey'))('Dropbear', () => {
  it.each(['rsa', 'ecdsa', 'ed25519'])('%s', async (type) => {
    run('dropbearkey', ['-t', type, '-f', path(type)]);
    const publicKey = lines('dropbearkey', '-y', '-f', path(type)).find((line) => /^(ssh|ecdsa)-/.test(line))!;
    const digest = createHash('sha256')
      .update(Buffer.from(publicKey.split(' ')[1]!, 'base64'))
      .digest('base64');
    const sshFingerprint = `SHA256:${digest.replace(/=+$/, '')}`;
    const findings = await scan(readFileSync(path(type)));
    expect(findings).toMatchObject([{ verdict: 'proven', traits: { form: 'dropbear', sshFingerprint } }]);
  });
});

/** The second line of the tool's public key file: `Ed`, key number, key. */
const signingDigest = (name: string): string =>
  okpDigest(ED25519, Buffer.from(readFileSync(path(name), 'utf8').split('\n')[1]!, 'base64').subarray(10));

it.runIf(exists('minisign'))('minisign', async () => {
  run('minisign', ['-G', '-W', '-f', '-p', 'mini.pub', '-s', 'mini.key']);
  const clear = await scan(readFileSync(path('mini.key')));
  const publicKeySha256 = signingDigest('mini.pub');
  expect(clear).toMatchObject([{ verdict: 'proven', traits: { form: 'minisign', publicKeySha256 } }]);
});

it.runIf(exists('signify-openbsd'))('signify', async () => {
  run('signify-openbsd', ['-G', '-n', '-p', 'signify.pub', '-s', 'signify.sec']);
  const publicKeySha256 = signingDigest('signify.pub');
  const clear = await scan(readFileSync(path('signify.sec')));
  expect(clear).toMatchObject([{ verdict: 'proven', traits: { form: 'signify', publicKeySha256 } }]);
});
