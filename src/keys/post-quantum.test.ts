import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { readFlatObject } from '../bytes/json.ts';
import { sha256 } from '../proof/hash.ts';
import { readPrivateKey } from './asn1.ts';
import { proveJwk } from './jwk.ts';
import { proveKey } from './key-parts.ts';

const make = createMake('keys/post-quantum');
const { der } = make;

const LATTICES = [
  ['ML-DSA-44', '2.16.840.1.101.3.4.3.17', ml_dsa44, 32],
  ['ML-DSA-65', '2.16.840.1.101.3.4.3.18', ml_dsa65, 32],
  ['ML-DSA-87', '2.16.840.1.101.3.4.3.19', ml_dsa87, 32],
  ['ML-KEM-512', '2.16.840.1.101.3.4.4.1', ml_kem512, 64],
  ['ML-KEM-768', '2.16.840.1.101.3.4.4.2', ml_kem768, 64],
  ['ML-KEM-1024', '2.16.840.1.101.3.4.4.3', ml_kem1024, 64],
] as const;

const pkcs8 = (dotted: string, privateKey: Uint8Array): Uint8Array =>
  der.seq(der.int(0), der.seq(der.oid(dotted)), der.oct(privateKey));
const prove = (document: Uint8Array) => {
  const read = readPrivateKey(document, 0);
  return read && proveKey(read.parts);
};
const spkiSha256 = (dotted: string, publicKey: Uint8Array): string =>
  make.hex(sha256(der.seq(der.seq(der.oid(dotted)), der.bits(publicKey))));
const jwk = (members: Record<string, string>) => {
  const bytes = make.ascii(JSON.stringify(members));
  const object = readFlatObject(bytes, 2, 5)!;
  return proveJwk(bytes, object, 'AKP');
};

describe.each(LATTICES)('%s', (algorithm, dotted, noble, seedBytes) => {
  const seed = make.bytes(seedBytes);
  const { secretKey: expanded, publicKey } = noble.keygen(seed);
  const traits = { algorithm, publicKeySha256: spkiSha256(dotted, publicKey) };

  it('is proven in every form of its document', () => {
    const document = { verdict: 'proven', traits: { ...traits, proof: 'document' } };
    const computed = { verdict: 'proven', traits: { ...traits, proof: 'd*G=Q' } };
    expect(prove(pkcs8(dotted, der.prim(0, seed)))).toMatchObject({ ...document, secret: seed });
    expect(prove(pkcs8(dotted, der.oct(expanded)))).toMatchObject({ ...computed, secret: new Uint8Array(expanded) });
    const both = der.seq(der.oct(seed), der.oct(expanded));
    expect(prove(pkcs8(dotted, both))).toMatchObject({ ...computed, secret: seed });
    expect(prove(pkcs8(dotted, der.oct(make.concat(expanded, publicKey))))).toMatchObject(computed);
  });

  it('is none when its parts contradict each other, or are too short, or no key', () => {
    const other = make.bytes(seedBytes);
    expect(prove(pkcs8(dotted, der.seq(der.oct(other), der.oct(expanded))))).toBeUndefined();
    expect(prove(pkcs8(dotted, der.oct(make.concat(expanded, make.bytes(publicKey.length)))))).toBeUndefined();
    expect(prove(pkcs8(dotted, der.prim(0, seed.subarray(1))))).toBeUndefined();
    expect(prove(pkcs8(dotted, der.prim(0, new Uint8Array(seedBytes))))).toBeUndefined();
    expect(prove(pkcs8(dotted, der.oct(expanded.subarray(1))))).toBeUndefined();
    expect(prove(pkcs8(dotted, der.oct(make.bytes(expanded.length))))).toBeUndefined();
    expect(prove(pkcs8(dotted, der.prim(0, seed)).subarray(0, -1))).toBeUndefined();
  });

  it('is proven as a JWK by its public key', () => {
    const members = { kty: 'AKP', alg: algorithm, pub: make.base64url(publicKey), priv: make.base64url(seed) };
    expect(jwk(members)).toMatchObject({ verdict: 'proven', secret: seed, traits: { ...traits, proof: 'd*G=Q' } });
    expect(jwk({ ...members, priv: make.base64url(make.bytes(seedBytes)) })).toBeUndefined();
    expect(jwk({ ...members, alg: 'ML-DSA-1' })).toBeUndefined();
  });
});

describe.each([
  ['SLH-DSA-SHA2-128s', '2.16.840.1.101.3.4.3.20', 64],
  ['SLH-DSA-SHAKE-256f', '2.16.840.1.101.3.4.3.31', 128],
] as const)('%s', (algorithm, dotted, size) => {
  const key = make.bytes(size);
  const publicKey = key.subarray(size / 2);

  it('is proven by its document, or by the public key beside it', () => {
    const traits = { algorithm, publicKeySha256: spkiSha256(dotted, publicKey) };
    expect(prove(pkcs8(dotted, key))).toMatchObject({ secret: key, traits: { ...traits, proof: 'document' } });
    const members = { kty: 'AKP', alg: algorithm, pub: make.base64url(publicKey), priv: make.base64url(key) };
    expect(jwk(members)).toMatchObject({ secret: key, traits: { ...traits, proof: 'd*G=Q' } });
  });

  it('is none of another size', () => {
    expect(prove(pkcs8(dotted, key.subarray(1)))).toBeUndefined();
  });
});
