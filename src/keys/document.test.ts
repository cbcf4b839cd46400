/** Key files as OpenSSL, ssh-keygen and puttygen write them, from PEM text to the proof. */
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { readBody, readMarker } from '../bytes/pem.ts';
import { readPemDocument } from './document.ts';
import { proveKey } from './key-parts.ts';

const make = createMake('document');
const folder = mkdtempSync(join(tmpdir(), 'document-'));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const bytes = make.ascii(text);
  const marker = readMarker(bytes, text.indexOf('PRIVATE KEY'))!;
  const parts = readPemDocument(marker.label, readBody(bytes, marker));
  return parts && proveKey(parts);
}

const isInstalled = (tool: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe('OpenSSL', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const passphrase = make.text(12);
  const publicKeySha256 = createHash('sha256')
    .update(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }))
    .digest('hex');

  it.each(['pkcs1', 'pkcs8'] as const)('%s', (type) => {
    const text = privateKey.export({ format: 'pem', type }).toString();
    expect(read(text)).toMatchObject({ verdict: 'proven', traits: { proof: 'p*q=n', publicKeySha256 } });
  });

  it.each(['aes-256-cbc', 'des-ede3-cbc'])('traditional encryption with %s', (cipher) => {
    const text = privateKey.export({ format: 'pem', type: 'pkcs1', cipher, passphrase }).toString();
    const expected = { verdict: 'proven', traits: { protection: 'openssl-pem', proof: 'document' } };
    expect(read(text)).toMatchObject(expected);
    expect(read(text.replaceAll('\n', '\\n'))).toMatchObject(expected);
    expect(read(text.slice(0, -80))).toBeUndefined();
  });

  it('encrypted PKCS#8', () => {
    const text = privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-128-cbc', passphrase }).toString();
    expect(read(text)).toMatchObject({ verdict: 'proven', traits: { protection: 'pbes2' } });
  });
});

const fingerprintOf = (file: string): string =>
  execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' }).split(' ')[1]!;
const keygen = (name: string, ...options: string[]): string => {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-C', 'test', '-f', file, ...options]);
  return file;
};

describe.runIf(isInstalled('ssh-keygen'))('ssh-keygen', () => {
  it.each([
    ['rsa', ['-t', 'rsa', '-b', '2048'], 'p*q=n'],
    ['ed25519', ['-t', 'ed25519'], 'd*G=Q'],
    ['p256', ['-t', 'ecdsa', '-b', '256'], 'd*G=Q'],
    ['p384', ['-t', 'ecdsa', '-b', '384'], 'd*G=Q'],
    ['p521', ['-t', 'ecdsa', '-b', '521'], 'd*G=Q'],
    ['rsa-pem', ['-t', 'rsa', '-b', '2048', '-m', 'PEM'], 'p*q=n'],
    ['p256-pkcs8', ['-t', 'ecdsa', '-b', '256', '-m', 'PKCS8'], 'd*G=Q'],
  ])('%s', (name, options, proof) => {
    const file = keygen(name, '-N', '', ...options);
    const sshFingerprint = fingerprintOf(file);
    expect(read(readFileSync(file, 'latin1'))).toMatchObject({ verdict: 'proven', traits: { proof, sshFingerprint } });
  });

  it.each([
    ['ed25519-locked', ['-t', 'ed25519'], 'openssh'],
    ['gcm-locked', ['-t', 'ed25519', '-Z', 'aes256-gcm@openssh.com'], 'openssh'],
    ['pem-locked', ['-t', 'rsa', '-b', '2048', '-m', 'PEM'], 'openssl-pem'],
    ['pkcs8-locked', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8'], 'pbes2'],
  ])('%s', (name, options, protection) => {
    const file = keygen(name, '-N', make.text(12), ...options);
    expect(read(readFileSync(file, 'latin1'))).toMatchObject({ verdict: 'proven', traits: { protection } });
  });
});

describe.runIf(isInstalled('puttygen') && isInstalled('ssh-keygen'))('puttygen in the format of SSH.COM', () => {
  const source = (): string => keygen(`source-${make.int(1e9)}`, '-t', 'rsa', '-b', '2048', '-N', '', '-m', 'PEM');

  it('clear', () => {
    const file = source();
    execFileSync('puttygen', [file, '-O', 'private-sshcom', '-o', `${file}.com`]);
    const text = readFileSync(`${file}.com`, 'latin1');
    expect(read(text)).toMatchObject({ traits: { proof: 'p*q=n', sshFingerprint: fingerprintOf(file) } });
  });

  it('encrypted', () => {
    const file = source();
    const password = join(folder, 'password');
    writeFileSync(password, make.text(12));
    execFileSync('puttygen', [file, '-O', 'private-sshcom', '-o', `${file}.com`, '--new-passphrase', password]);
    expect(read(readFileSync(`${file}.com`, 'latin1'))).toMatchObject({ traits: { protection: 'unknown' } });
  });
});

describe('bare octets', () => {
  const [ed, x] = [make.okp('Ed25519'), make.okp('X25519')];
  it.each([
    ['Ed25519', 'NEBULA ED25519 PRIVATE KEY', make.concat(ed.d, ed.x), 'proven', ed],
    ['X25519', 'NEBULA X25519 PRIVATE KEY', x.d, 'likely', x],
  ] as const)('%s', (_, label, bytes, verdict, key) => {
    expect(read(make.pem(label, bytes))).toMatchObject({ verdict, secret: key.d });
  });

  it.each([
    ['another public key', 'ED25519 PRIVATE KEY', make.concat(ed.d, x.x)],
    ['zeros', 'X25519 PRIVATE KEY', new Uint8Array(32)],
    ['a label without curve', 'PRIVATE KEY', x.d],
  ])('refuses: %s', (_, label, bytes) => {
    expect(read(make.pem(label, bytes))).toBeUndefined();
  });
});
