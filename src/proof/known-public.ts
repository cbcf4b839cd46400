/**
 * Tests of one candidate against all public keys of an inventory, made so that the cost of a candidate hardly depends
 * on how many keys there are. All are total: any bytes give an answer. Costs are processor time on one core of a server.
 */
import { checkPrimeSync } from 'node:crypto';
import { bigintFromBe } from '../bytes/limbs.ts';
import type { Curve } from '../model/finding.ts';
import { CURVE_BY_NAME, ecPublicPoint, OKP_CURVES, type OkpCurve } from './curves.ts';
import { okpPublicKey } from './ec.ts';
import { ed25519PublicKey, x25519PublicKey } from './edwards25519.ts';
import { createPrivateExponentTest } from './private-exponent.ts';

export interface RsaPublicKey {
  readonly n: bigint;
  readonly e: bigint;
}

/** Odd primes whose product is small enough for exact sums of 16-bit words times residues, up to 8192-bit numbers. */
const SIEVES = [
  [3, 5, 7, 11, 13, 17, 19, 23],
  [29, 31, 37, 41, 43],
] as const;

/** Below this many keys, dividing all moduli is faster than asking first whether the candidate is a prime. */
const MIN_KEYS_FOR_PRIMALITY = 128;
/** Moduli multiplied into one dividend: more of them make single divisions no cheaper. */
const MODULI_PER_PRODUCT = 64;

/** Tells numbers with a small factor, from their big-endian bytes. About 70 % of random odd numbers have one. */
export function createSieve(size: number): (bytes: Uint8Array) => boolean {
  const words = Math.ceil(size / 2);
  const products = SIEVES.map((primes) => primes.reduce<number>((product, prime) => product * prime, 1));
  const weights = products.map((product) => {
    const residues = new Float64Array(words);
    for (let i = words - 1, residue = 1; i >= 0; i--, residue = (residue * 65_536) % product) residues[i] = residue;
    return residues;
  });
  return (bytes) => {
    for (const [i, primes] of SIEVES.entries()) {
      const residues = weights[i]!;
      let sum = (size & 1) === 1 ? bytes[0]! * residues[0]! : 0;
      for (let word = size & 1, at = size & 1; at < size; word++, at += 2) {
        sum += ((bytes[at]! << 8) | bytes[at + 1]!) * residues[word]!;
      }
      const rest = sum % products[i]!;
      for (const prime of primes) if (rest % prime === 0) return true;
    }
    return false;
  };
}

/**
 * A test of whether a number is a prime factor of one of `moduli`: gives that modulus. Candidates are `size` big-endian
 * bytes, half as long as the moduli; those that are even or have their top bit clear are refused, for two such
 * numbers would not multiply to a modulus of twice their length.
 *
 * Cost of a candidate of 1024 bits: 4 us with one key, 25 us with 50; with 128 or more, 70 us, and 0.6 us more for each
 * prime and key.
 */
export function createFactorTest(
  moduli: readonly bigint[],
  size: number,
): (candidate: Uint8Array) => bigint | undefined {
  const hasSmallFactor = createSieve(size);
  const products: { readonly product: bigint; readonly moduli: readonly bigint[] }[] = [];
  for (let i = 0; i < moduli.length; i += MODULI_PER_PRODUCT) {
    const some = moduli.slice(i, i + MODULI_PER_PRODUCT);
    products.push({ product: some.reduce((a, b) => a * b, 1n), moduli: some });
  }
  return (candidate) => {
    if (candidate.length !== size || !isPrimeShaped(candidate) || hasSmallFactor(candidate)) return undefined;
    if (moduli.length >= MIN_KEYS_FOR_PRIMALITY && !checkPrimeSync(candidate, { checks: 1 })) return undefined;
    const factor = bigintFromBe(candidate);
    for (const some of products) {
      // The product is 0 modulo a composite as well, when its factors belong to several moduli.
      if (some.product % factor === 0n) return some.moduli.find((n) => n % factor === 0n);
    }
    return undefined;
  };
}

const isPrimeShaped = (bytes: Uint8Array): boolean => bytes[0]! >= 0x80 && (bytes[bytes.length - 1]! & 1) === 1;

/**
 * Multiples of what gcd(p-1, q-1) may be: together they cover all divisors up to 64 and most up to 1000. Larger ones
 * would leave too few bits of a double for the fraction.
 */
const DIVISOR_MULTIPLES = [
  2 ** 6 * 3 ** 2 * 5 * 7 * 11 * 13,
  2 ** 3 * 3 ** 2 * 5 * 17 * 19 * 23,
  2 ** 3 * 3 * 5 * 29 * 31 * 37,
  2 ** 3 * 3 * 41 * 43 * 47,
  2 ** 3 * 3 * 53 * 59 * 61,
  2 ** 2 * 3 * 67 * 71 * 73,
  2 ** 10 * 3 * 5 * 7,
  2 ** 3 * 3 ** 3 * 5 ** 2 * 7 ** 2,
];
/** Above the rounding error of e·multiple, 2^-12. A random number is nearer to an integer with a chance of 2^-9. */
const NEAR_INTEGER = 2 ** -10;
/** With larger exponents a double holds too few bits of the fraction. */
const MAX_QUICK_EXPONENT = 1n << 17n;
/** Candidates below n·2^-32 are no private exponents that anybody generates. */
const MIN_LEADING = 2 ** -32;

/** The number divided by 256^length, to the precision of a double. */
function leadingFraction(bytes: Uint8Array): number {
  let value = 0;
  for (let at = 0, weight = 1 / 256; at < Math.min(12, bytes.length); at++, weight /= 256) value += bytes[at]! * weight;
  return value;
}

/**
 * A test of whether a number is the private exponent of one of `keys`, whose moduli all have `size` bytes: gives the
 * key. Candidates are `size` big-endian bytes. `proveRsa` has the last word: one wrong candidate in 2^40 passes.
 *
 * With e·d·g = g + k·(n - p - q + 1), where g divides gcd(p-1, q-1), the leading bits of e·g·d/n are an integer's
 * (see `private-exponent.ts`). Doubles decide that for nearly all candidates: 1 us with one key of 2048 bits, 40 us with
 * a thousand. Keys whose primes share a divisor that `DIVISOR_MULTIPLES` doesn't cover are missed: one in a thousand.
 */
export function createExponentTest(
  keys: readonly RsaPublicKey[],
  size: number,
): (candidate: Uint8Array) => RsaPublicKey | undefined {
  const scale = 1n << BigInt(size * 8 - 64);
  const moduli = Float64Array.from(keys, ({ n }) => Number(n / scale) / 2 ** 64);
  const ratios = Float64Array.from(keys, ({ e }, i) => (e <= MAX_QUICK_EXPONENT ? Number(e) / moduli[i]! : Number.NaN));
  const exactTests = new Map<RsaPublicKey, (d: bigint) => boolean>();
  const isExponentOf = (d: bigint, key: RsaPublicKey): boolean => {
    let test = exactTests.get(key);
    if (!test) exactTests.set(key, (test = createPrivateExponentTest(key.n, key.e)));
    return d < key.n && test(d);
  };
  return (candidate) => {
    if (candidate.length !== size || (candidate[size - 1]! & 1) === 0) return undefined;
    const leading = leadingFraction(candidate);
    if (leading < MIN_LEADING) return undefined;
    let d: bigint | undefined;
    for (let i = 0; i < ratios.length; i++) {
      const quotient = leading * ratios[i]!;
      if (!isNearFraction(quotient)) continue;
      d ??= bigintFromBe(candidate);
      if (isExponentOf(d, keys[i]!)) return keys[i];
    }
    return undefined;
  };
}

/** Whether a quotient could be a fraction with one of the small denominators; NaN could be anything. */
function isNearFraction(quotient: number): boolean {
  for (const multiple of DIVISOR_MULTIPLES) {
    const value = quotient * multiple;
    if (!(Math.abs(value - Math.round(value)) > NEAR_INTEGER)) return true;
  }
  return false;
}

/** Public points and keys are no secrets: they may be strings. */
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/**
 * A test of whether d·G is one of `points` (uncompressed, `04‖X‖Y`): gives its index. Candidates are big-endian scalars
 * as long as the field. However many points there are, a candidate costs one multiplication: 24 us on P-256, 310 us on
 * secp256k1, 630 us on P-384, 1.5 ms on P-521.
 */
export function createScalarTest(
  curve: Curve,
  points: readonly Uint8Array[],
): (scalar: Uint8Array) => number | undefined {
  const parameters = CURVE_BY_NAME.get(curve);
  const indexes = new Map(points.map((point, i) => [textOf(point), i]));
  return (scalar) => {
    if (!parameters || scalar.length !== parameters.size) return undefined;
    const point = ecPublicPoint(parameters, scalar);
    return point && indexes.get(textOf(point));
  };
}

/** Four times faster than OpenSSL, which decodes a document for each candidate. */
const QUICK_DERIVATIONS: Partial<Record<OkpCurve, (seed: Uint8Array) => Uint8Array>> = {
  Ed25519: ed25519PublicKey,
  X25519: x25519PublicKey,
};

/**
 * A test of whether the public key of an RFC 8032 seed or RFC 7748 scalar is one of `publicKeys`: gives its index.
 * However many keys there are, a candidate costs one derivation: 110 us on Curve25519, 600 us on Curve448, where most of
 * it is OpenSSL's decoding.
 */
export function createSeedTest(
  curve: OkpCurve,
  publicKeys: readonly Uint8Array[],
): (seed: Uint8Array) => number | undefined {
  const { size } = OKP_CURVES.find(({ name }) => name === curve)!;
  const derive = QUICK_DERIVATIONS[curve] ?? ((seed: Uint8Array) => okpPublicKey(curve, seed));
  const indexes = new Map(publicKeys.map((publicKey, i) => [textOf(publicKey), i]));
  return (seed) => {
    const publicKey = seed.length === size ? derive(seed) : undefined;
    return publicKey && indexes.get(textOf(publicKey));
  };
}
