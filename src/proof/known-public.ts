/**
 * Tests of one candidate against all public keys of an inventory, made so that the cost of a candidate hardly depends
 * on how many keys there are. All are total: any bytes give an answer. Costs are processor time on one core of a server.
 */
import { checkPrimeSync } from 'node:crypto';
import { bigintFromBe } from '../bytes/limbs.ts';
import type { Curve } from '../model/finding.ts';
import { CURVE_BY_NAME, ecPublicPoint, OKP_CURVES, type OkpCurve } from './curves.ts';
import { okpPublicKey } from './ec.ts';
import { ed25519PublicKey, ed25519PublicKeyOf, x25519PublicKey } from './edwards25519.ts';
import { createPrivateExponentTest, DIVISOR_MULTIPLE } from './private-exponent.ts';
import { createSieve } from './small-factors.ts';

export interface RsaPublicKey {
  readonly n: bigint;
  readonly e: bigint;
}

/** Below this many keys, dividing all moduli is faster than asking first whether the candidate is a prime. */
const MIN_KEYS_FOR_PRIMALITY = 128;
/** Moduli multiplied into one dividend: more of them make single divisions no cheaper. */
const MODULI_PER_PRODUCT = 64;

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

/** With larger exponents the quotient has more digits than are reserved for it. */
const MAX_QUICK_EXPONENT = 1n << 17n;
/** Digits of 24 bits, whose products are exact as doubles, even several added. */
const DIGIT_BITS = 24;
const DIGIT = 2 ** DIGIT_BITS;
/** Leading digits of d, and digits of e·multiple/n: seven before the point, two behind it. */
const DIGITS = 9;
const FRACTION_DIGITS = 2;
/** Candidates below n·2^-32 are no private exponents that anybody generates: their first digit is 0, the second below this. */
const LEAST_SECOND_DIGIT = 2 ** 16;
/** A random number is nearer to an integer with a chance of 2^-29. */
const NEAR_INTEGER = 2 ** -30;
const NEARLY_NEAR = 2 ** -20;

export interface ExponentTest {
  /** The key whose exponent `size` big-endian bytes are. */
  find(candidate: Uint8Array): RsaPublicKey | undefined;
  /** Whether `find` could find one for the number at `at`, big-endian or else little-endian, by its leading bits alone. */
  couldFind(bytes: Uint8Array, at: number, isLittleEndian: boolean): boolean;
}

/**
 * A test of whether a number is the private exponent of one of `keys`, whose moduli all have `size` bytes.
 * `proveRsa` has the last word: one wrong candidate in 2^40 passes.
 *
 * With e·d·g = g + k·(n - p - q + 1), where g divides gcd(p-1, q-1), the leading bits of e·g·d/n are an integer's, and so are
 * those with any multiple of g (see `private-exponent.ts`). Some digits of the product decide that: 20 ns for each key.
 */
export function createExponentTest(keys: readonly RsaPublicKey[], size: number): ExponentTest {
  const quotients = new Float64Array(keys.length * DIGITS);
  for (const [i, { n, e }] of keys.entries()) {
    // What is not a number could be anything: the exact test decides.
    const digits = e <= MAX_QUICK_EXPONENT ? quotientOf(n, e, size) : undefined;
    quotients.subarray(i * DIGITS, (i + 1) * DIGITS).set(digits ?? new Array<number>(DIGITS).fill(Number.NaN));
  }
  const exactTests = new Map<RsaPublicKey, (d: bigint) => boolean>();
  const isExponentOf = (d: bigint, key: RsaPublicKey): boolean => {
    let test = exactTests.get(key);
    if (!test) exactTests.set(key, (test = createPrivateExponentTest(key.n, key.e)));
    return d < key.n && test(d);
  };
  const leading = new Float64Array(DIGITS);
  return {
    find(candidate) {
      if (candidate.length !== size || (candidate[size - 1]! & 1) === 0) return undefined;
      readLeadingDigits(candidate, 0, size, false, leading);
      let d: bigint | undefined;
      for (let i = nextNearInteger(leading, quotients, 0); i >= 0; i = nextNearInteger(leading, quotients, i + 1)) {
        d ??= bigintFromBe(candidate);
        if (isExponentOf(d, keys[i]!)) return keys[i];
      }
      return undefined;
    },
    couldFind(bytes, at, isLittleEndian) {
      readLeadingDigits(bytes, at, size, isLittleEndian, leading);
      return nextNearInteger(leading, quotients, 0) >= 0;
    },
  };
}

/** Digits of e·multiple/n, for n as a fraction of 256^size, highest first; undefined when they are more than there is room for. */
function quotientOf(n: bigint, e: bigint, size: number): number[] | undefined {
  let rest = ((e * DIVISOR_MULTIPLE) << BigInt(size * 8 + FRACTION_DIGITS * DIGIT_BITS)) / (n || 1n);
  const digits = new Array<number>(DIGITS);
  for (let i = DIGITS - 1; i >= 0; i--, rest >>= BigInt(DIGIT_BITS))
    digits[i] = Number(BigInt.asUintN(DIGIT_BITS, rest));
  return rest === 0n ? digits : undefined;
}

/** Highest digits of the number of `size` bytes at `at`, big-endian or else little-endian. */
function readLeadingDigits(
  bytes: Uint8Array,
  at: number,
  size: number,
  isLittleEndian: boolean,
  out: Float64Array,
): void {
  let [from, step] = isLittleEndian ? [at + size - 1, -1] : [at, 1];
  for (let i = 0; i < DIGITS; i++, from += 3 * step) {
    out[i] = (bytes[from]! << 16) | (bytes[from + step]! << 8) | bytes[from + 2 * step]!;
  }
}

/** Index, from `first` on, of a quotient whose product with the fraction d is nearly an integer; -1 without. */
function nextNearInteger(d: Float64Array, quotients: Float64Array, first: number): number {
  const [d0, d1, d2] = [d[0]!, d[1]!, d[2]!];
  if (d0 === 0 && d1 < LEAST_SECOND_DIGIT) return -1;
  const [d3, d4, d5] = [d[3]!, d[4]!, d[5]!];
  const [d6, d7, d8] = [d[6]!, d[7]!, d[8]!];
  for (let at = first * DIGITS; at < quotients.length; at += DIGITS) {
    const [q0, q1, q2] = [quotients[at]!, quotients[at + 1]!, quotients[at + 2]!];
    const [q3, q4, q5] = [quotients[at + 3]!, quotients[at + 4]!, quotients[at + 5]!];
    const [q6, q7, q8] = [quotients[at + 6]!, quotients[at + 7]!, quotients[at + 8]!];
    // The three columns of the product behind the point.
    const first24 = d0 * q6 + d1 * q5 + d2 * q4 + d3 * q3 + d4 * q2 + d5 * q1 + d6 * q0;
    const second24 = d0 * q7 + d1 * q6 + d2 * q5 + d3 * q4 + d4 * q3 + d5 * q2 + d6 * q1 + d7 * q0;
    const whole = Math.floor(first24 / DIGIT) * DIGIT;
    // Two of them turn nearly all away; the third adds less than 9·2^-24.
    const roughly = (first24 - whole + second24 / DIGIT) / DIGIT;
    const roughFraction = roughly - Math.floor(roughly);
    if (roughFraction > NEARLY_NEAR && roughFraction < 1 - NEARLY_NEAR) continue;
    const third24 = d0 * q8 + d1 * q7 + d2 * q6 + d3 * q5 + d4 * q4 + d5 * q3 + d6 * q2 + d7 * q1 + d8 * q0;
    const carried = (second24 + third24 / DIGIT) / DIGIT;
    const sum = (first24 - whole + carried) / DIGIT;
    const fraction = sum - Math.floor(sum);
    if (!(fraction > NEAR_INTEGER && fraction < 1 - NEAR_INTEGER)) return at / DIGITS;
  }
  return -1;
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
  return createOctetsTest(curve, publicKeys, QUICK_DERIVATIONS[curve] ?? ((seed) => okpPublicKey(curve, seed)));
}

/** The same of the scalar that a seed of Ed25519 is hashed to, or any other, little-endian. */
export function createEd25519ScalarTest(publicKeys: readonly Uint8Array[]): (scalar: Uint8Array) => number | undefined {
  return createOctetsTest('Ed25519', publicKeys, ed25519PublicKeyOf);
}

function createOctetsTest(
  curve: OkpCurve,
  publicKeys: readonly Uint8Array[],
  derive: (privateKey: Uint8Array) => Uint8Array | undefined,
): (privateKey: Uint8Array) => number | undefined {
  const { size } = OKP_CURVES.find(({ name }) => name === curve)!;
  const indexes = new Map(publicKeys.map((publicKey, i) => [textOf(publicKey), i]));
  return (privateKey) => {
    const publicKey = privateKey.length === size ? derive(privateKey) : undefined;
    return publicKey && indexes.get(textOf(publicKey));
  };
}
