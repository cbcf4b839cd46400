/**
 * RSA keys of which no modulus is in the artifact (libgcrypt's agents drop it first): primes that fit together by a
 * coefficient or a private exponent, or one prime and the private exponent, which give the other prime.
 */
import { bigintFromBe, bigintToBe, bitLength } from '../bytes/limbs.ts';
import { costOfDivisor, findDivisors } from '../proof/divisors.ts';
import { gcd, invertAll, isProbablePrime, modInverse } from '../proof/modular.ts';
import { EXPONENTS } from '../proof/rsa.ts';
import type { Budget } from './budget.ts';
import type { LeadWindow } from './join.ts';
import { findNumbers } from './number-places.ts';
import { FIT, layoutsIn, readNumbers } from './number-reader.ts';

/** Of larger numbers a test takes too long: they are most often moduli of root certificates. They are found by their exponent. */
export const MAX_TESTED_BYTES = 256;
/** Microseconds for what a pair would have, written in each layout: primes are paired all with all, but a process holds some dozen. */
const PAIR_COST = 400;
/** What p - 1 and q - 1 may have in common, when d is taken modulo their least common multiple. */
const COMMON_FACTORS = [1n, 2n, 4n, 6n, 8n, 10n, 12n, 14n, 16n, 18n, 20n, 22n, 24n, 26n, 28n, 30n];

export interface PrimePair {
  readonly p: bigint;
  readonly q: bigint;
}

/**
 * Both primes, with the inverse of one modulo the other (PKCS#1's qi, libgcrypt's u), or with d. Nothing else makes such a
 * number of a pair: it is as good a proof as a modulus.
 */
export function* findPairsOfPrimes(
  windows: readonly LeadWindow[],
  primes: readonly bigint[],
  budget: Budget,
): Generator<undefined, PrimePair[]> {
  const pairs: PrimePair[] = [];
  const numbers: Uint8Array[] = [];
  for (const [i, p] of primes.entries()) {
    const others = primes
      .slice(i + 1)
      .filter((q) => Math.abs(bitLength(p) - bitLength(q)) <= 8 && p !== q && budget.take(PAIR_COST));
    const inverses = invertAll(others, p);
    for (const [j, q] of others.entries()) {
      const inverse = inverses[j]!;
      const phi = (p - 1n) * (q - 1n);
      const d = modInverse(EXPONENTS[0]!, phi);
      // q times its inverse is 1 more than a multiple of p.
      const telling = [inverse, q - (q * inverse) / p, d, d && d % (phi / gcd(p - 1n, q - 1n))];
      for (const number of telling) {
        if (number === undefined) continue;
        pairs.push({ p, q });
        numbers.push(bigintToBe(number));
      }
    }
    yield;
  }
  const found = new Set(findNumbers(windows, numbers, layoutsIn(windows)).map(({ number }) => number));
  for (const bytes of numbers) bytes.fill(0);
  return [...found].map((number) => pairs[number]!);
}

/**
 * One prime, with d: p - 1 divides e·d - 1, and what is left of that, but for a factor below e, is q - 1.
 * @param possible numbers that may be primes: none but a prime fits, so that most need no test
 */
export function* findPrimesWithExponent(
  windows: readonly LeadWindow[],
  possible: readonly bigint[],
  budget: Budget,
): Generator<undefined, PrimePair[]> {
  const pairs: PrimePair[] = [];
  const there = new Set(possible);
  const e = EXPONENTS[0]!;
  for (const size of new Set(possible.map((number) => Math.ceil(bitLength(number) / 8)))) {
    const same = possible.filter((number) => Math.ceil(bitLength(number) / 8) === size);
    const multiples: bigint[] = [];
    const onNumber = (bytes: Uint8Array): void => {
      multiples.push(e * bigintFromBe(bytes) - 1n);
    };
    // Of numbers that were not tested for being prime there are many, and of such keys few.
    const fit = size > MAX_TESTED_BYTES ? FIT.start : FIT.end;
    yield* readNumbers(windows, 2 * size, onNumber, { oddOnly: true, unaligned: true, fit });
    const orders = same.map((number) => number - 1n);
    const affordable = budget.takeMost(multiples.length, costOfDivisor(orders.length, multiples.length));
    for (const found of findDivisors(multiples.slice(0, affordable), orders)) {
      if (found) {
        const p = found.divisor + 1n;
        const q = isProbablePrime(p) ? otherPrime(found.dividend / found.divisor, p, e, there) : undefined;
        if (q) pairs.push({ p, q });
      } else yield;
    }
  }
  return pairs;
}

/**
 * q, of which q - 1 is `rest` over k, times what p - 1 and q - 1 have in common; k is below e. In one key of a hundred, another prime
 * fits as well: q - 1 times 3/4 or the like, plus 1. Then it's the one that is `there`, or not known.
 */
function otherPrime(rest: bigint, p: bigint, e: bigint, there: ReadonlySet<bigint>): bigint | undefined {
  const bits = bitLength(p);
  const fitting = new Set<bigint>();
  for (const common of COMMON_FACTORS) {
    const product = rest * common;
    // q is as long as p, so k is known but for its last bits.
    const least = product >> BigInt(bits);
    const most = product >> BigInt(bits - 1);
    for (let k = least > 1n ? least : 1n; k <= most && k < e * common; k++) {
      if (product % k !== 0n) continue;
      const q = product / k + 1n;
      if (q === p || bitLength(q) !== bits || gcd(p - 1n, q - 1n) % common !== 0n) continue;
      if (fitting.has(q) || !isProbablePrime(q, 4)) continue;
      if (there.has(q)) return q;
      fitting.add(q);
    }
  }
  return fitting.size === 1 ? [...fitting][0] : undefined;
}
