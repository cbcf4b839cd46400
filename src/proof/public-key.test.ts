/** The names of a public key, against node:crypto and ssh-keygen. */
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import type { AnyKey } from '../model/make.ts';
import { OKP_CURVES } from './curves.ts';
import { dsaPublicIds, ecPublicIds, okpPublicIds, type PublicIds, rsaPublicIds } from './public-key.ts';

const make = createMake('public-key');
const hasSshKeygen = ((): boolean => {
  try {
    execFileSync('ssh-keygen', ['-l', '-f', '/dev/null'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== 'ENOENT';
  }
})();

function idsOf(key: AnyKey): PublicIds {
  switch (key.type) {
    case 'rsa':
      return rsaPublicIds(key.n, key.e);
    case 'ec':
      return ecPublicIds(key.curve, make.concat(Uint8Array.of(4), key.x, key.y));
    case 'okp':
      return okpPublicIds(key.curve, key.x, OKP_CURVES.find(({ name }) => name === key.curve)!.oidLastByte);
    case 'dsa':
      return dsaPublicIds(key.p, key.q, key.g, key.y);
  }
}

const publicKey = (key: AnyKey): KeyObject =>
  createPublicKey({ key: Buffer.from(make.spki(key)), format: 'der', type: 'spki' });

const keys: readonly (readonly [string, AnyKey])[] = [
  ['RSA-1024', make.rsa(1024)],
  ['RSA-2048', make.rsa(2048)],
  ...(['P-256', 'P-384', 'P-521', 'secp256k1', 'brainpoolP256r1', 'P-224'] as const).map(
    (curve) => [curve, make.ec(curve)] as const,
  ),
  ...(['Ed25519', 'Ed448', 'X25519', 'X448'] as const).map((curve) => [curve, make.okp(curve)] as const),
  ['DSA', make.dsa()],
];

describe.each(keys)('%s', (_, key) => {
  const ids = idsOf(key);

  it('has the SPKI that node:crypto exports', () => {
    const spki = publicKey(key).export({ format: 'der', type: 'spki' });
    expect(ids.publicKeySha256).toBe(createHash('sha256').update(spki).digest('hex'));
  });

  it("has the number that badkeys' lists know it by", () => {
    if (key.type === 'dsa') {
      expect(ids.publicValueSha256).toMatch(/^[0-9a-f]{64}$/);
      return;
    }
    const number = key.type === 'rsa' ? Buffer.from(key.n.toString(16), 'hex') : Buffer.from(key.x);
    const bytes = number.subarray(number.findIndex((byte) => byte !== 0));
    expect(ids.publicValueSha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('has the RFC 7638 thumbprint of the JWK that node:crypto exports, where there is one', () => {
    let members: Record<string, unknown>;
    try {
      members = publicKey(key).export({ format: 'jwk' }) as Record<string, unknown>;
    } catch {
      expect(ids.jwkThumbprint).toBeUndefined();
      return;
    }
    const sorted = JSON.stringify(Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1))));
    expect(ids.jwkThumbprint).toBe(createHash('sha256').update(sorted).digest('base64url'));
  });
});

it('has the thumbprint of RFC 7638, 3.1', () => {
  const n = Buffer.from(
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMst' +
      'n64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1' +
      'n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    'base64url',
  );
  expect(rsaPublicIds(BigInt(`0x${n.toString('hex')}`), 65_537n).jwkThumbprint).toBe(
    'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  );
});

describe.runIf(hasSshKeygen)('ssh-keygen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'public-key-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const supported = keys.filter(([name]) => /^(RSA|P-256|P-384|P-521|DSA)/.test(name));

  it.each(supported)('prints the same fingerprint: %s', (_, key) => {
    const file = join(folder, 'public.pem');
    writeFileSync(file, publicKey(key).export({ format: 'pem', type: 'spki' }));
    const line = execFileSync('ssh-keygen', ['-i', '-m', 'PKCS8', '-f', file]);
    const printed = execFileSync('ssh-keygen', ['-l', '-f', '-'], { input: line, encoding: 'utf8' });
    expect(idsOf(key).sshFingerprint).toBe(printed.split(' ')[1]);
  });

  it('prints the same fingerprint: Ed25519', () => {
    const key = make.okp('Ed25519');
    const wire = make.concat(make.be(11n, 4), 'ssh-ed25519', make.be(32n, 4), key.x);
    const input = `ssh-ed25519 ${make.base64(wire)}\n`;
    const printed = execFileSync('ssh-keygen', ['-l', '-f', '-'], { input, encoding: 'utf8' });
    expect(idsOf(key).sshFingerprint).toBe(printed.split(' ')[1]);
  });
});

it('gives no fingerprint that SSH has no algorithm for', () => {
  expect(idsOf(make.ec('secp256k1')).sshFingerprint).toBeUndefined();
  expect(idsOf(make.okp('X25519')).sshFingerprint).toBeUndefined();
});
