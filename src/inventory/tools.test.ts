/** Files of the tools that people have: OpenSSL, OpenSSH, GnuPG. Skipped where one is missing. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPublicKeyFile } from './public-key-file.ts';

const root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const hasTool = (name: string, ...args: string[]): boolean => spawnSync(name, args).error === undefined;
const run = (tool: string, ...args: string[]): Buffer =>
  execFileSync(tool, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, GNUPGHOME: root },
  });
const read = (name: string) => readPublicKeyFile(new Uint8Array(readFileSync(join(root, name))), name);
const digestOf = (pem: string | Buffer): string =>
  createHash('sha256')
    .update(createPublicKey(pem).export({ format: 'der', type: 'spki' }))
    .digest('hex');

describe.runIf(hasTool('openssl', 'version'))('OpenSSL', () => {
  it.each([
    ['rsa', 'rsa:2048'],
    ['p384', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
    ['ed25519', 'ed25519'],
  ])('%s', (name, ...algorithm) => {
    const subject = ['-subj', `/O=Co/CN=${name} signing`, '-days', '30'];
    run(
      'openssl',
      'req',
      '-x509',
      '-newkey',
      ...algorithm,
      '-nodes',
      '-keyout',
      'key.pem',
      '-out',
      'crt.pem',
      ...subject,
    );
    run('openssl', 'x509', '-in', 'crt.pem', '-outform', 'der', '-out', 'crt.der');
    run('openssl', 'x509', '-in', 'crt.pem', '-trustout', '-addtrust', 'serverAuth', '-out', 'trusted.pem');
    run('openssl', 'x509', '-in', 'crt.pem', '-text', '-out', 'text.pem');
    run('openssl', 'crl2pkcs7', '-nocrl', '-certfile', 'crt.pem', '-out', 'p7.pem');
    run('openssl', 'crl2pkcs7', '-nocrl', '-certfile', 'crt.pem', '-outform', 'der', '-out', 'p7.der');
    const publicKeySha256 = digestOf(readFileSync(join(root, 'crt.pem')));
    const described = { publicKeySha256, source: 'certificate', name: `${name} signing`, key: expect.anything() };
    for (const file of ['crt.pem', 'crt.der', 'trusted.pem', 'text.pem', 'p7.pem', 'p7.der']) {
      expect(read(file).keys).toMatchObject([described]);
    }
    run('openssl', 'req', '-new', '-key', 'key.pem', '-out', 'csr.pem', '-subj', '/CN=x');
    run('openssl', 'pkey', '-in', 'key.pem', '-pubout', '-outform', 'der', '-out', 'pub.der');
    for (const file of ['csr.pem', 'pub.der']) expect(read(file).keys).toMatchObject([{ publicKeySha256 }]);

    run('openssl', 'pkey', '-in', 'key.pem', '-outform', 'der', '-out', 'key.der');
    run('openssl', 'pkcs8', '-topk8', '-in', 'key.pem', '-outform', 'der', '-passout', 'pass:x', '-out', 'locked.der');
    run('openssl', 'pkcs12', '-export', '-in', 'crt.pem', '-inkey', 'key.pem', '-passout', 'pass:', '-out', 'key.p12');
    for (const file of ['key.pem', 'key.der', 'locked.der', 'key.p12']) {
      expect(() => read(file)).toThrow('an inventory is for public keys only');
    }
  });
});

describe.runIf(hasTool('ssh-keygen', '-?'))('OpenSSH', () => {
  it.each(['rsa', 'ecdsa', 'ed25519'])('%s', (type) => {
    run('ssh-keygen', '-q', '-t', type, '-N', '', '-C', 'me@host', '-f', `id_${type}`);
    const { keys } = read(`id_${type}.pub`);
    expect(keys).toMatchObject([{ source: 'ssh', name: 'me@host', key: expect.anything() }]);
    expect(readPublicKeyFile(run('ssh-keygen', '-e', '-f', `id_${type}.pub`), 'rfc4716').keys).toMatchObject([
      { publicKeySha256: keys[0]!.publicKeySha256 },
    ]);
    if (type !== 'ed25519') {
      const pem = run('ssh-keygen', '-e', '-m', 'PKCS8', '-f', `id_${type}.pub`);
      expect(digestOf(pem)).toBe(keys[0]!.publicKeySha256);
    }
    run('ssh-keygen', '-q', '-s', `id_${type}`, '-I', 'id', `id_${type}.pub`);
    expect(read(`id_${type}-cert.pub`).keys).toMatchObject([{ publicKeySha256: keys[0]!.publicKeySha256 }]);
    expect(() => read(`id_${type}`)).toThrow('an inventory is for public keys only');
  });
});

describe.runIf(hasTool('gpg', '--version'))('GnuPG', () => {
  it.each([
    ['rsa2048', 'RSA'],
    ['ed25519', 'OKP'],
    ['nistp256', 'EC'],
  ])(
    '%s',
    (algorithm, kty) => {
      const user = `${algorithm} <me@host>`;
      run('gpg', '--batch', '--passphrase', '', '--quick-gen-key', user, algorithm, 'sign');
      const armour = run('gpg', '--export', '--armor', user);
      const found = readPublicKeyFile(armour, 'armour').keys;
      expect(found).toMatchObject([{ source: 'openpgp', comment: user, key: { kty } }]);
      expect(readPublicKeyFile(run('gpg', '--export', user), 'binary').keys).toEqual(found);
      for (const args of [[], ['--armor']]) {
        const secret = run(
          'gpg',
          '--batch',
          '--passphrase',
          '',
          '--pinentry-mode',
          'loopback',
          '--export-secret-keys',
          ...args,
          user,
        );
        expect(() => readPublicKeyFile(secret, 'secret')).toThrow('private key');
      }
    },
    60_000,
  );
});
