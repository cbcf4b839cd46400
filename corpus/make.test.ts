import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CURVES, type Curve } from '../src/model/finding.ts';
import type { AnyKey, OkpKey } from '../src/model/make.ts';
import { createMake } from './make.ts';

const make = createMake('make.test');
const okpCurves: readonly OkpKey['curve'][] = ['Ed25519', 'Ed448', 'X25519', 'X448'];
/** Their orders have a byte more or less than their fields, and so have OpenSSL's private keys. */
const OTHER_ORDERS: readonly Curve[] = ['secp160k1', 'secp160r1', 'secp160r2', 'secp224k1', 'sect233k1', 'sect409k1'];
const ecCurves = CURVES.filter((curve) => !curve.startsWith('Curve') && !OTHER_ORDERS.includes(curve));

const keys: readonly (readonly [string, AnyKey])[] = [
  ['RSA-1024', make.rsa(1024)],
  ['RSA-2048', make.rsa()],
  ['RSA-3072', make.rsa(3072)],
  ['DSA', make.dsa()],
  ...ecCurves.map((curve) => [curve, make.ec(curve)] as const),
  ...okpCurves.map((curve) => [curve, make.okp(curve)] as const),
];

function importDer(bytes: Uint8Array, type: 'pkcs1' | 'pkcs8' | 'sec1'): KeyObject {
  return createPrivateKey({ key: Buffer.from(bytes), format: 'der', type });
}

function exportPkcs8(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: 'der', type: 'pkcs8' }));
}

function spkiSha256(key: KeyObject): string {
  return createHash('sha256')
    .update(createPublicKey(key).export({ format: 'der', type: 'spki' }))
    .digest('hex');
}

describe.each(keys)('%s', (name, key) => {
  test('PKCS#8 is read by OpenSSL and written back byte for byte', () => {
    const imported = importDer(make.pkcs8(key), 'pkcs8');
    expect(exportPkcs8(imported)).toEqual(make.pkcs8(key));
  });

  test('the public key is the one that OpenSSL derives', () => {
    const imported = importDer(make.pkcs8(key, { publicKey: false }), 'pkcs8');
    expect(make.publicKeySha256(key)).toBe(spkiSha256(imported));
  });

  test('PEM is read by OpenSSL', () => {
    const text = make.pem('PRIVATE KEY', make.pkcs8(key));
    expect(exportPkcs8(createPrivateKey(text))).toEqual(make.pkcs8(key));
    expect(createPrivateKey(text).export({ format: 'pem', type: 'pkcs8' })).toBe(text);
  });

  test('the same seed gives the same key', () => {
    const again = createMake('make.test');
    const all = [
      again.rsa(1024),
      again.rsa(),
      again.rsa(3072),
      again.dsa(),
      ...ecCurves.map((curve) => again.ec(curve)),
      ...okpCurves.map((curve) => again.okp(curve)),
    ];
    expect(all[keys.findIndex(([other]) => other === name)]).toEqual(key);
  });
});

test.each(OTHER_ORDERS)('the public key of %s is the one that OpenSSL derives', (curve) => {
  const key = make.ec(curve);
  const imported = importDer(make.pkcs8(key, { publicKey: false }), 'pkcs8');
  expect(make.publicKeySha256(key)).toBe(spkiSha256(imported));
});

test('PKCS#1 is read by OpenSSL and written back byte for byte', () => {
  const key = make.rsa();
  const imported = importDer(make.pkcs1(key), 'pkcs1');
  expect(new Uint8Array(imported.export({ format: 'der', type: 'pkcs1' }))).toEqual(make.pkcs1(key));
  expect(imported.asymmetricKeyDetails?.modulusLength).toBe(2048);
});

// Node aborts when it exports SM2 as SEC1.
test.each(ecCurves.filter((curve) => curve !== 'SM2'))(
  'SEC1 of %s is read by OpenSSL and written back byte for byte',
  (curve) => {
    const key = make.ec(curve);
    const imported = importDer(make.sec1(key), 'sec1');
    expect(new Uint8Array(imported.export({ format: 'der', type: 'sec1' }))).toEqual(make.sec1(key));
  },
);

test('JWK is read by OpenSSL and written back', () => {
  for (const key of [
    make.rsa(),
    make.ec('P-256'),
    make.ec('P-521'),
    make.ec('secp256k1'),
    make.okp(),
    make.okp('X448'),
  ]) {
    const jwk = make.jwk(key);
    const imported = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
    expect(imported.export({ format: 'jwk' })).toEqual(jwk);
  }
  expect(Object.keys(make.jwk(make.rsa(), { crt: false }))).toEqual(['kty', 'n', 'e', 'd']);
});

test('RSA numbers agree and n has exactly the bits asked for', () => {
  for (const bits of [512, 1024, 2048, 4096]) {
    const { n, e, d, p, q, dp, dq, qi } = make.rsa(bits);
    expect(n.toString(2).length).toBe(bits);
    expect(p * q).toBe(n);
    expect(p > q).toBe(true);
    expect((e * d) % (p - 1n)).toBe(1n);
    expect((e * d) % (q - 1n)).toBe(1n);
    expect([dp, dq]).toEqual([d % (p - 1n), d % (q - 1n)]);
    expect((qi * q) % p).toBe(1n);
  }
});

test('calls in one toolbox give different keys, other seeds too', () => {
  const other = createMake('make.test/other');
  const digests = [make.ec(), make.ec(), other.ec(), make.okp(), other.okp()].map((key) => make.publicKeySha256(key));
  expect(new Set(digests).size).toBe(5);
});

test('randomness does not depend on the keys made in between', () => {
  const one = createMake('s');
  const two = createMake('s');
  two.ec();
  expect(one.bytes(100_000)).toEqual(two.bytes(100_000));
  expect(one.text(20)).toBe(two.text(20));
  expect(Array.from({ length: 50 }, () => one.int(7)).every((value) => value >= 0 && value < 7)).toBe(true);
});

test('PEM options: line ends, width, headers', () => {
  const der = make.bytes(48);
  const body = make.base64(der);
  const dashes = '-'.repeat(5);
  expect(make.pem('X', der, { eol: '\\n', width: 0 })).toBe(
    `${dashes}BEGIN X${dashes}\\n${body}\\n${dashes}END X${dashes}\\n`,
  );
  expect(make.pem('X', der, { width: 32, headers: 'A: 1\nB: 2\n', eol: '\r\n' })).toBe(
    [
      `${dashes}BEGIN X${dashes}`,
      'A: 1',
      'B: 2',
      '',
      body.slice(0, 32),
      body.slice(32),
      `${dashes}END X${dashes}`,
      '',
    ].join('\r\n'),
  );
});

test('bytes of numbers and characters', () => {
  expect(make.be(0x0102n, 4)).toEqual(Uint8Array.of(0, 0, 1, 2));
  expect(make.le(0x0102n, 4)).toEqual(Uint8Array.of(2, 1, 0, 0));
  expect(make.utf16be('A€')).toEqual(Uint8Array.of(0, 0x41, 0x20, 0xac));
  expect(make.utf16le('A')).toEqual(Uint8Array.of(0x41, 0));
  expect(make.utf32le('A')).toEqual(Uint8Array.of(0x41, 0, 0, 0));
  expect(make.concat('ab', Uint8Array.of(1))).toEqual(Uint8Array.of(0x61, 0x62, 1));
  expect(make.der.oid('1.2.840.113549.1.1.1')).toEqual(
    Uint8Array.of(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1),
  );
});

test('no result shares memory with the Buffer pool', () => {
  const key = make.ec();
  for (const bytes of [make.pkcs8(key), make.be(5n), make.hash('sha256', key.d), make.bytes(3), make.der.bmp('a')]) {
    expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
  }
});
