/**
 * The private values of a key: each of them alone gives the key away to somebody who has the public half. RFC 8017 3.2;
 * RFC 8032 5.1.5; FIPS 204; OpenSSL's Montgomery contexts (2^2k mod p is as good as p).
 */
import { looksRandom } from '../bytes/entropy.ts';
import { bigintFromBe, bitLength } from '../bytes/limbs.ts';
import { type Form, isLocked, type Traits } from '../model/finding.ts';
import type { PublicKeyNumbers } from '../model/inventory.ts';
import { digest } from '../proof/hash.ts';
import { ML_DSA_Q, ML_DSA_SIZES, type MlDsaSet, mlDsaShortVectors } from '../proof/ml-dsa.ts';
import { gcd, modInverse, modPow } from '../proof/modular.ts';
import { rsaNumbersOf } from '../proof/public-inventory.ts';
import { orderOf, SHORT_CURVES } from '../proof/short-curves.ts';
import { type Spelling, spellBytes, spellNumber } from './spellings.ts';

/** Shorter values are everywhere by chance, or are words. */
const MIN_VALUE_BYTES = 16;

const NUMBERS: readonly Traits['algorithm'][] = ['EC', 'DSA', 'DH', 'ElGamal'];
const OCTET_FORMS: Partial<Record<Traits['algorithm'], Form>> = {
  Ed25519: 'seed',
  Ed448: 'seed',
  X25519: 'scalar',
  X448: 'scalar',
};

/** All spellings of all private values. @param secret as `Claim.secret` */
export function* spellKey(traits: Traits, secret: Uint8Array, publicKey?: PublicKeyNumbers): Generator<Spelling> {
  if (isLocked(traits)) return;
  const { algorithm } = traits;
  if (algorithm === 'RSA') {
    if (publicKey?.kty === 'RSA') for (const value of rsaValues(secret, publicKey)) yield* spellNumber(value, 'limbs');
    else yield* spellNumber(bigintFromBe(secret), 'limbs');
  } else if (NUMBERS.includes(algorithm)) {
    if (secret.length >= MIN_VALUE_BYTES)
      for (const value of scalarValues(traits, secret)) yield* spellNumber(value, 'scalar');
  } else if (algorithm.startsWith('ML-DSA')) {
    yield* spellBytes(secret, secret.length === ML_DSA_SIZES[algorithm as MlDsaSet].seed ? 'seed' : 'expanded');
    yield* spellVectors(algorithm as MlDsaSet, secret);
  } else if (secret.length >= MIN_VALUE_BYTES && looksRandom(secret)) {
    for (const value of octetValues(algorithm, secret)) yield* spellBytes(value, OCTET_FORMS[algorithm] ?? traits.form);
  }
}

function rsaValues(secret: Uint8Array, publicKey: PublicKeyNumbers & { kty: 'RSA' }): ReadonlySet<bigint> {
  const { n, e } = rsaNumbersOf(publicKey);
  const p = bigintFromBe(secret);
  const q = n / p;
  const values: (bigint | undefined)[] = [p, q, modInverse(q, p), modInverse(p, q)];
  const phi = (p - 1n) * (q - 1n);
  values.push(
    modInverse(e, phi / gcd(p - 1n, q - 1n)),
    modInverse(e, phi),
    modInverse(e, p - 1n),
    modInverse(e, q - 1n),
  );
  for (const prime of [p, q]) {
    for (const word of [32, 64, 52]) {
      const bits = BigInt(Math.ceil(bitLength(prime) / word) * word);
      values.push(modPow(2n, 2n * bits, prime), modPow(2n, bits, prime));
    }
  }
  // Small ones are no secret: 2^k mod p is 2^k - p when p fills its words, and that is as long as p.
  return new Set(values.filter((value): value is bigint => value !== undefined && bitLength(value) > 128));
}

/** Polynomials of s1 and s2 modulo q in words of 32 bits, as OpenSSL keeps them. Only whole ones: a few small numbers are everywhere. */
function* spellVectors(set: MlDsaSet, secret: Uint8Array): Generator<Spelling> {
  for (const polynomial of mlDsaShortVectors(set, secret)) {
    const bytes = new Uint8Array(polynomial.length * 4);
    const view = new DataView(bytes.buffer);
    for (const [i, value] of polynomial.entries()) view.setUint32(4 * i, value < 0 ? value + ML_DSA_Q : value, true);
    polynomial.fill(0);
    yield { bytes, form: 'expanded', encoding: 'bytes', least: bytes.length, step: bytes.length };
  }
}

/** The scalar, and as libraries hold it while they sign. */
function scalarValues({ curve }: Traits, secret: Uint8Array): readonly bigint[] {
  const value = bigintFromBe(secret);
  const short = SHORT_CURVES.find((name) => name === curve);
  const order = short && orderOf(short);
  if (!order) return [value];
  const bits = BigInt(Math.ceil(bitLength(order) / 64) * 64);
  return [value, (value << bits) % order];
}

function octetValues(algorithm: Traits['algorithm'], secret: Uint8Array): readonly Uint8Array[] {
  const clamp = (scalar: Uint8Array): Uint8Array => {
    const clamped = scalar.slice();
    clamped[0]! &= 248;
    clamped[31] = (clamped[31]! & 127) | 64;
    return clamped;
  };
  if (algorithm === 'X25519') return [secret, clamp(secret)];
  const expanded = algorithm === 'Ed25519' ? digest('sha512', secret) : undefined;
  if (!expanded) return [secret];
  const scalar = expanded.subarray(0, 32);
  return [secret, scalar, clamp(scalar), expanded.subarray(32)];
}
