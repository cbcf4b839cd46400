/** Documents as OpenSSL writes them (through node:crypto), and variants that it doesn't write. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import type { AnyKey } from '../model/make.ts';
import { readPrivateKey, readPrivateKeyTail } from './asn1.ts';
import { type KeyParts, proveKey } from './key-parts.ts';

const make = createMake('asn1');
const { der } = make;
const prove = (parts: KeyParts | undefined) => parts && proveKey(parts);
const read = (bytes: Uint8Array) => prove(readPrivateKey(bytes, 0)?.parts);
const spkiSha256 = (key: KeyObject): string =>
  createHash('sha256')
    .update(createPublicKey(key).export({ format: 'der', type: 'spki' }))
    .digest('hex');

/** The types of Node 20 lack some of its algorithms. */
const generate = generateKeyPairSync as unknown as (type: string, options?: object) => { privateKey: KeyObject };
const rsa = generate('rsa', { modulusLength: 1024 }).privateKey;
const pss = { modulusLength: 1024, hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength: 32 };
const ec = generate('ec', { namedCurve: 'prime256v1' }).privateKey;
const encrypted = { cipher: 'aes-256-cbc', passphrase: make.text(12) };

describe('what OpenSSL writes', () => {
  it.each([
    ['PKCS#1', rsa, 'pkcs1', 'p*q=n'],
    ['PKCS#8 RSA', rsa, 'pkcs8', 'p*q=n'],
    ['PSS', generate('rsa-pss', { modulusLength: 1024 }).privateKey, 'pkcs8', 'p*q=n'],
    ['PSS with parameters', generate('rsa-pss', pss).privateKey, 'pkcs8', 'p*q=n'],
    ['SEC1', ec, 'sec1', 'd*G=Q'],
    ['PKCS#8 EC', ec, 'pkcs8', 'd*G=Q'],
    [
      'explicit parameters',
      generate('ec', { namedCurve: 'secp384r1', paramEncoding: 'explicit' }).privateKey,
      'pkcs8',
      'd*G=Q',
    ],
    ['DSA', generate('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey, 'pkcs8', 'document'],
    ['DH', generate('dh', { group: 'modp14' }).privateKey, 'pkcs8', 'document'],
    ['Ed25519', generate('ed25519').privateKey, 'pkcs8', 'document'],
    ['Ed448', generate('ed448').privateKey, 'pkcs8', 'document'],
    ['X25519', generate('x25519').privateKey, 'pkcs8', 'document'],
    ['X448', generate('x448').privateKey, 'pkcs8', 'document'],
  ] as const)('%s', (name, key, type, proof) => {
    const bytes = new Uint8Array(key.export({ format: 'der', type: type as 'pkcs8' }));
    expect(readPrivateKey(bytes, 0)).toMatchObject({ start: 0, end: bytes.length });
    const proven = read(bytes);
    expect(proven).toMatchObject({ verdict: 'proven', traits: { proof } });
    // With explicit parameters the public key is named as everyone else names it: by the curve's identifier.
    if (name !== 'explicit parameters') expect(proven?.traits.publicKeySha256).toBe(spkiSha256(key));
    else expect(proven?.traits.curve).toBe('P-384');
  });

  it('encrypted PKCS#8', () => {
    const bytes = new Uint8Array(rsa.export({ format: 'der', type: 'pkcs8', ...encrypted }));
    expect(read(bytes)).toMatchObject({ verdict: 'proven', traits: { protection: 'pbes2', proof: 'document' } });
    expect(read(bytes.subarray(0, -1))).toBeUndefined();
  });
});

describe('other writers', () => {
  const key = make.rsa(1024);
  const [p256, ed] = [make.ec('P-256'), make.okp('Ed25519')];
  const edOid = der.seq(der.oid('1.3.101.112'));
  const attribute = der.seq(der.oid('2.5.29.15'), der.set(der.bits(Uint8Array.of(0x80))));
  const p256Algorithm = der.seq(der.oid('1.2.840.10045.2.1'), der.oid('1.2.840.10045.3.1.7'));
  const oneAsymmetric = (publicKey: Uint8Array): Uint8Array =>
    der.seq(der.int(1), edOid, der.oct(der.oct(ed.d)), der.ctx(0, attribute), publicKey);
  it.each<[string, Uint8Array, AnyKey, string]>([
    ['version 1 with public key', oneAsymmetric(der.prim(1, make.concat(Uint8Array.of(0), ed.x))), ed, 'd*G=Q'],
    ['attributes', der.seq(der.int(0), edOid, der.oct(der.oct(ed.d)), der.ctx(0, attribute)), ed, 'document'],
    [
      'Ed25519 with NULL',
      der.seq(der.int(0), der.seq(der.oid('1.3.101.112'), der.nul()), der.oct(der.oct(ed.d))),
      ed,
      'document',
    ],
    ['Java EC', make.pkcs8(p256, { publicKey: false }), p256, 'document'],
    ['curve inside as well', der.seq(der.int(0), p256Algorithm, der.oct(make.sec1(p256))), p256, 'd*G=Q'],
    [
      'RSA without NULL',
      der.seq(der.int(0), der.seq(der.oid('1.2.840.113549.1.1.1')), der.oct(make.pkcs1(key))),
      key,
      'p*q=n',
    ],
    [
      'CRT numbers left out',
      der.seq(...[0n, key.n, key.e, key.d, 0n, 0n, 0n, 0n, 0n].map((value) => der.int(value))),
      key,
      'd*e=1',
    ],
  ])('%s', (_, bytes, expected, proof) => {
    expect(read(bytes)).toMatchObject({
      verdict: 'proven',
      secret: make.secret(expected),
      traits: { proof, publicKeySha256: make.publicKeySha256(expected) },
    });
  });

  it('can only guess the curve of a bare scalar', () => {
    expect(read(der.seq(der.int(1), der.oct(p256.d)))).toMatchObject({ verdict: 'likely', secret: p256.d });
  });
});

describe('documents that are cut off', () => {
  const key = make.rsa(1024);
  const bytes = make.pkcs1(key);
  const numberEnd = (index: number): number =>
    4 +
    [0n, key.n, key.e, key.d, key.p, key.q].slice(0, index + 1).reduce((sum, value) => sum + der.int(value).length, 0);

  it.each([
    ['after q', 5, 'p*q=n'],
    ['after p', 4, 'n%p=0'],
    ['after d', 3, 'd*e=1'],
  ])('%s', (_, last, proof) => {
    expect(read(bytes.subarray(0, numberEnd(last)))).toMatchObject({ secret: make.secret(key), traits: { proof } });
    expect(read(bytes.subarray(0, numberEnd(last) + 5))).toMatchObject({ secret: make.secret(key), traits: { proof } });
  });

  it('inside d: nothing', () => {
    expect(read(bytes.subarray(0, numberEnd(3) - 1))).toBeUndefined();
  });

  it('EC and Ed25519 behind the private value: likely', () => {
    const [p256, ed] = [make.ec('P-256'), make.okp('Ed25519')];
    const withPublic = der.seq(
      der.int(1),
      der.seq(der.oid('1.3.101.112')),
      der.oct(der.oct(ed.d)),
      der.prim(1, make.concat(Uint8Array.of(0), ed.x)),
    );
    expect(read(make.pkcs8(p256).subarray(0, 80))).toMatchObject({ verdict: 'likely', secret: p256.d });
    expect(read(withPublic.subarray(0, 60))).toMatchObject({ verdict: 'likely', secret: ed.d });
  });
});

describe('readPrivateKeyTail', () => {
  const key = make.rsa(1024);
  it.each([
    ['PKCS#1 from d on', make.pkcs1(key).slice(150), 'crt'],
    ['PKCS#1 from p on', make.pkcs1(key).slice(250), 'crt'],
    ['PKCS#8', make.pkcs8(key).slice(200), 'crt'],
    ['PKCS#1 with its modulus', make.pkcs1(key).slice(6), 'p*q=n'],
  ])('reads: %s', (_, tail, proof) => {
    expect(prove(readPrivateKeyTail(tail)?.parts)).toMatchObject({ secret: make.secret(key), traits: { proof } });
  });

  it.each(['P-256', 'P-384', 'P-521', 'secp256k1'] as const)('reads: %s', (curve) => {
    const ecKey = make.ec(curve);
    const tail = make.pkcs8(ecKey).slice(22);
    expect(prove(readPrivateKeyTail(tail)?.parts)).toMatchObject({ secret: ecKey.d, traits: { curve } });
  });

  it.each([
    ['q only', make.pkcs1(key).slice(-220)],
    ['noise', make.bytes(900)],
    ['public key', make.spki(key)],
    ['nothing', new Uint8Array(0)],
  ])('proves nothing with: %s', (_, tail) => {
    expect(prove(readPrivateKeyTail(tail)?.parts)).toBeUndefined();
  });
});

describe('readPrivateKey refuses', () => {
  it.each([
    ['an empty SEQUENCE', der.seq()],
    ['an INTEGER', der.int(5)],
    ['a public key', make.spki(make.rsa(1024))],
    ['PKCS#12', der.seq(der.int(3), der.seq(der.oid('1.2.840.113549.1.7.1')))],
    ['an unknown algorithm', der.seq(der.int(0), der.seq(der.oid('1.2.3.4')), der.oct(make.bytes(40)))],
    ['an unknown encryption', der.seq(der.seq(der.oid('1.2.3.4')), der.oct(make.bytes(40)))],
    ['version 2', der.seq(der.int(2), der.int(5), der.int(7))],
    ['a short Ed25519 key', der.seq(der.int(0), der.seq(der.oid('1.3.101.112')), der.oct(make.bytes(32)))],
  ])('%s', (_, bytes) => {
    expect(read(bytes)).toBeUndefined();
  });

  it('nothing with an error, whatever is damaged', () => {
    const documents = [
      make.pkcs8(make.rsa(512)),
      make.sec1(make.ec()),
      make.pkcs8(make.okp()),
      make.dsaKey(make.dsa()),
    ];
    for (let round = 0; round < 4000; round++) {
      const bytes = make.pick(documents).slice();
      for (let flips = 1 + make.int(4); flips > 0; flips--) bytes[make.int(bytes.length)] = make.int(256);
      expect(() => readPrivateKey(bytes.subarray(0, make.int(bytes.length + 1)), 0)).not.toThrow();
      expect(() => readPrivateKeyTail(bytes.subarray(make.int(60)))).not.toThrow();
    }
  });
});
