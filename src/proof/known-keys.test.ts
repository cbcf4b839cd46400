import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { KNOWN_KEYS } from './known-keys.ts';

it('is keyed by the digest of a SubjectPublicKeyInfo', () => {
  for (const [digest, name] of KNOWN_KEYS) {
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(name).toMatch(/^[\x20-\x7e]{4,64}$/);
  }
});

const okp = (crv: string, hex: string): JsonWebKey => ({
  kty: 'OKP',
  crv,
  x: Buffer.from(hex, 'hex').toString('base64url'),
});
const ec = (x: string, y: string): JsonWebKey => ({ kty: 'EC', crv: 'P-256', x, y });

/** Public values as the specifications print them; the digest is node:crypto's. */
it.each([
  ['RFC 8032', okp('Ed25519', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')],
  ['RFC 8032', okp('Ed25519', '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')],
  ['RFC 8032', okp('Ed25519', 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025')],
  ['RFC 7748', okp('X25519', '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a')],
  ['RFC 7748', okp('X25519', 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f')],
  ['RFC 8410', okp('Ed25519', '19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1')],
  ['RFC 7515', ec('f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU', 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0')],
  ['RFC 7517', ec('MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM')],
])('knows a key of %s', (name, jwk) => {
  const spki = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  expect(KNOWN_KEYS.get(createHash('sha256').update(spki).digest('hex'))).toContain(name);
});

it('knows keys of the projects whose tests and manuals most programs carry', () => {
  const names = [...KNOWN_KEYS.values()];
  for (const origin of [
    ...['OpenSSL tests', 'OpenSSH regress', 'Node.js tests', 'CPython tests', 'Go testdata', 'GnuTLS tests'],
    ...[
      'Mbed TLS tests',
      'wolfSSL tests',
      'NSS tests',
      'Bouncy Castle tests',
      'curl tests',
      'OpenJDK tests',
      'RFC 9500',
      'Vagrant',
    ],
  ]) {
    expect([origin, names.some((name) => name.startsWith(origin))]).toEqual([origin, true]);
  }
});
