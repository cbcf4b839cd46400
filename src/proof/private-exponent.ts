/**
 * A quick test of whether a number is the private exponent of an RSA modulus, for joins that try every pair: two short
 * multiplications instead of a modular exponentiation.
 *
 * With e·d = 1 + k·φ/g, where g divides gcd(p-1, q-1) (1 when d was made modulo φ), e·d·g = g + k·n - k·(p+q-1): just
 * below a multiple of n, by less than a 2^-200th of n for 1024 bits. The same holds for any multiple of e·g, so one product
 * of all usual e and all small g serves them all.
 */
import { bitLength } from '../bytes/limbs.ts';
import { EXPONENTS } from './rsa.ts';

/** Leading bits of n and d that are looked at. */
const LEADING_BITS = 512n;
/** Fraction bits of the quotient. */
const FRACTION_BITS = 640n;
/** Bits behind the point that must all be ones (or zeros, by rounding). A random d has them with a chance of 2^-47. */
const ONES = 48n;
/** gcd(p-1, q-1) has a prime power above this for less than one key in 200. */
const MAX_DIVISOR = 100n;

/** Of every divisor up to there. */
export const DIVISOR_MULTIPLE = leastCommonMultipleUpTo(MAX_DIVISOR);
const MULTIPLE = EXPONENTS.reduce((product, e) => product * e, DIVISOR_MULTIPLE);
/**
 * As e is odd, and e·d = 1 + k·φ/g says that it doesn't divide k, no number whose product with this is nearly a multiple of n is d.
 * It's n itself, of which part is overwritten, or what is left of a division by a power of two.
 */
const POWER_OF_TWO = 256n;

/**
 * Whether a number could be the private exponent for `n`; `proveRsa` has the last word.
 * @param e the public exponent where it is known; the usual ones are tried in any case
 */
export function createPrivateExponentTest(n: bigint, e = 1n): (d: bigint) => boolean {
  const bits = BigInt(bitLength(n));
  const shift = bits > LEADING_BITS ? bits - LEADING_BITS : 0n;
  const multiple = EXPONENTS.includes(e) ? MULTIPLE : MULTIPLE * e;
  const reciprocalOf = (factor: bigint): bigint => (factor << FRACTION_BITS) / (n >> shift || 1n);
  const [ofMultiple, ofPower] = [reciprocalOf(multiple), reciprocalOf(POWER_OF_TWO)];
  const mask = (1n << ONES) - 1n;
  const isNearInteger = (d: bigint, reciprocal: bigint): boolean => {
    const fraction = BigInt.asUintN(Number(FRACTION_BITS), (d >> shift) * reciprocal) >> (FRACTION_BITS - ONES);
    return fraction === mask || fraction === 0n;
  };
  return (d) => isNearInteger(d, ofMultiple) && !isNearInteger(d, ofPower);
}

function leastCommonMultipleUpTo(most: bigint): bigint {
  let product = 1n;
  for (let value = 2n; value <= most; value++) {
    let [a, b] = [product, value];
    while (b > 0n) [a, b] = [b, a % b];
    product *= value / a;
  }
  return product;
}
