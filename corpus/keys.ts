/**
 * Private keys from a seeded source: RSA, EC, OKP and DSA. node:crypto only tests primes and computes public points,
 * so the keys themselves depend on nothing but the seed.
 */
import { checkPrimeSync, createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import type { Curve } from '../src/model/finding.ts';
import type { DsaKey, EcKey, OkpKey, RsaKey } from '../src/model/make.ts';
import { pkcs8 } from './encode/documents.ts';
import type { Rng } from './rng.ts';

/** OpenSSL's names of the curves, and the length of a field element in bits. */
const EC_CURVES: Partial<Record<Curve, { readonly openssl: string; readonly bits: number }>> = {
  'P-192': { openssl: 'prime192v1', bits: 192 },
  'P-224': { openssl: 'secp224r1', bits: 224 },
  'P-256': { openssl: 'prime256v1', bits: 256 },
  'P-384': { openssl: 'secp384r1', bits: 384 },
  'P-521': { openssl: 'secp521r1', bits: 521 },
};

/** RFC 8032 and RFC 7748: length of a private key in bytes. */
const OKP_BYTES: Record<OkpKey['curve'], number> = { Ed25519: 32, Ed448: 57, X25519: 32, X448: 56 };

const SMALL_PRIMES = primesBelow(8192);
const PUBLIC_EXPONENT = 65_537n;

export function makeRsa(rng: Rng, bits: number): RsaKey {
  if (bits % 2 !== 0 || bits < 256) throw new RangeError(`rsa(${bits})`);
  const e = PUBLIC_EXPONENT;
  const one = makePrime(rng, bits / 2, 2n, (prime) => (prime - 1n) % e !== 0n);
  const two = makePrime(rng, bits / 2, 2n, (prime) => (prime - 1n) % e !== 0n && prime !== one);
  return one > two ? rsaFromPrimes(one, two, e) : rsaFromPrimes(two, one, e);
}

/** RFC 8017 section 3.2, with d modulo the least common multiple, as OpenSSL has it. */
export function rsaFromPrimes(p: bigint, q: bigint, e: bigint): RsaKey {
  const [n, d] = [p * q, invert(e, lcm(p - 1n, q - 1n))];
  const bits = n.toString(2).length;
  return { type: 'rsa', bits, n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: invert(q, p) };
}

export function makeEc(rng: Rng, curve: Curve): EcKey {
  const { openssl, bits } = ecCurve(curve);
  const bytes = Math.ceil(bits / 8);
  const ecdh = createECDH(openssl);
  for (;;) {
    const d = rng.bytes(bytes);
    d[0] = d[0]! & (0xff >> (8 * bytes - bits));
    try {
      ecdh.setPrivateKey(d);
    } catch {
      continue; // zero, or not below the order
    }
    const point = new Uint8Array(ecdh.getPublicKey());
    return { type: 'ec', curve, d, x: point.slice(1, 1 + bytes), y: point.slice(1 + bytes) };
  }
}

export function makeOkp(rng: Rng, curve: OkpKey['curve']): OkpKey {
  const d = rng.bytes(OKP_BYTES[curve]);
  // RFC 7748 section 5: generators store the clamped scalar.
  if (curve === 'X25519') {
    d[0] = d[0]! & 248;
    d[31] = (d[31]! & 127) | 64;
  } else if (curve === 'X448') {
    d[0] = d[0]! & 252;
    d[55] = d[55]! | 128;
  }
  const document = pkcs8({ type: 'okp', curve, d, x: new Uint8Array(0) });
  const key = createPublicKey(createPrivateKey({ key: Buffer.from(document), format: 'der', type: 'pkcs8' }));
  const x = new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'));
  return { type: 'okp', curve, d, x };
}

/** 1024-bit p and 160-bit q, as FIPS 186-2 and OpenSSH had them. */
export function makeDsa(rng: Rng): DsaKey {
  const q = makePrime(rng, 160, 2n, () => true);
  const start = rng.bigint(1024) | (3n << 1022n);
  const p = searchPrime(start - (start % (2n * q)) + 1n, 2n * q, 1024, () => true) ?? 0n;
  if (p === 0n) return makeDsa(rng);
  const g = power(2n, (p - 1n) / q, p);
  const x = 1n + (rng.bigint(224) % (q - 1n));
  return { type: 'dsa', p, q, g, x, y: power(g, x, p) };
}

/** All but NIST's have the same name in OpenSSL, with the number of bits in it. */
export function ecCurve(curve: Curve): { readonly openssl: string; readonly bits: number } {
  const found = EC_CURVES[curve];
  if (found) return found;
  if (curve === 'SM2') return { openssl: curve, bits: 256 };
  const bits = /^(?:secp|sect|prime|brainpoolP)(\d+)/.exec(curve)?.[1];
  if (!bits) throw new RangeError(`${curve} is not a curve of ECDH`);
  return { openssl: curve, bits: Number(bits) };
}

/** A prime with its two top bits set, so that the product of two has exactly twice as many bits. */
function makePrime(rng: Rng, bits: number, step: bigint, accept: (prime: bigint) => boolean): bigint {
  for (;;) {
    const start = rng.bigint(bits) | (3n << BigInt(bits - 2)) | 1n;
    const prime = searchPrime(start, step, bits, accept);
    if (prime !== undefined) return prime;
  }
}

/** The first accepted prime in `start, start + step, …`; empty when none of the first 8192 with `bits` bits is. */
function searchPrime(
  start: bigint,
  step: bigint,
  bits: number,
  accept: (prime: bigint) => boolean,
): bigint | undefined {
  const count = 8192;
  const composite = new Uint8Array(count);
  for (const prime of SMALL_PRIMES) {
    const stride = Number(step % BigInt(prime));
    if (stride === 0) continue;
    let residue = Number(start % BigInt(prime));
    for (let i = 0; i < count; i++) {
      if (residue === 0) composite[i] = 1;
      residue = (residue + stride) % prime;
    }
  }
  for (let i = 0; i < count; i++) {
    if (composite[i]) continue;
    const candidate = start + BigInt(i) * step;
    if (candidate >> BigInt(bits) !== 0n) return undefined;
    if (checkPrimeSync(candidate) && accept(candidate)) return candidate;
  }
  return undefined;
}

function primesBelow(limit: number): readonly number[] {
  const composite = new Uint8Array(limit);
  const primes: number[] = [];
  for (let i = 3; i < limit; i += 2) {
    if (composite[i]) continue;
    primes.push(i);
    for (let j = i * i; j < limit; j += 2 * i) composite[j] = 1;
  }
  return primes;
}

function invert(value: bigint, modulus: bigint): bigint {
  let [r0, r1] = [modulus, value % modulus];
  let [t0, t1] = [0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  return ((t0 % modulus) + modulus) % modulus;
}

function lcm(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
