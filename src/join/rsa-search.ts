/**
 * RSA keys among numbers of which nothing is known but their size: all pairs, nearest first, whatever their distance.
 * The cheapest test of a pair comes first: the low 32 bits of p·q against those of all moduli.
 */
import { gcd, modInverse } from '../proof/modular.ts';
import { createPrivateExponentTest } from '../proof/private-exponent.ts';
import type { Budget } from './budget.ts';

export interface Candidate {
  readonly number: bigint;
  /** Offset of its first place: near ones are tried first. */
  readonly start: number;
}

/** Numbers of fitting size for one size of modulus, each list in order of `start`. */
export interface RsaCandidates {
  /** Odd, one of the two top bits set. */
  readonly moduli: readonly Candidate[];
  /** Odd, half as long as the moduli, top bit set. */
  readonly primes: readonly Candidate[];
  /** As long as the moduli, or a little shorter. */
  readonly exponents: readonly Candidate[];
}

export interface RsaBudgets {
  /** Pairs of primes: some hundred million a second. */
  readonly products: Budget;
  /** Moduli with one prime or one exponent: about half a million a second. */
  readonly divisions: Budget;
}

/** A modulus and what breaks it; the proof is the caller's. */
export interface RsaFound {
  readonly n: bigint;
  readonly p?: bigint;
  readonly d?: bigint;
}

/** Each modulus at most once. */
export function* searchRsa({ moduli, primes, exponents }: RsaCandidates, budgets: RsaBudgets): Generator<RsaFound> {
  const open = new Map(moduli.map((candidate) => [candidate.number, candidate]));
  for (const found of searchProducts(moduli, primes, budgets.products)) {
    if (open.delete(found.n)) yield found;
  }
  for (const [modulus, prime] of nearestPairs([...open.values()], primes, budgets.divisions)) {
    if (modulus.number % prime.number !== 0n) continue;
    if (open.delete(modulus.number)) yield { n: modulus.number, p: prime.number };
  }
  const rest = [...open.values()];
  const tests = new Map(rest.map(({ number }) => [number, createPrivateExponentTest(number)]));
  for (const [modulus, exponent] of nearestPairs(rest, exponents, budgets.divisions)) {
    if (exponent.number >= modulus.number || !tests.get(modulus.number)!(exponent.number)) continue;
    if (open.delete(modulus.number)) yield { n: modulus.number, d: exponent.number };
  }
}

const low32 = (value: bigint): number => Number(BigInt.asIntN(32, value));

/** Bits of the filter for each modulus: one pair in 64 that could not be goes on to the table. */
const FILTER_RATIO = 64;
const MIN_FILTER_BITS = 12;
const MAX_FILTER_BITS = 24;

/**
 * Pairs of primes whose product is one of `moduli`, neighbours first. Nearly all pairs cost one multiplication of 32 bits
 * and one look into a bitmap.
 * @param maxApart pairs with more candidates between them are not tried
 */
export function* searchProducts(
  moduli: readonly Candidate[],
  primes: readonly Candidate[],
  budget: Budget,
  maxApart = primes.length,
): Generator<RsaFound & { readonly p: bigint }> {
  if (moduli.length === 0) return;
  const byLow = new Map<number, bigint[]>();
  const bits = Math.ceil(Math.log2(moduli.length * FILTER_RATIO));
  const mask = (1 << Math.min(MAX_FILTER_BITS, Math.max(MIN_FILTER_BITS, bits))) - 1;
  const filter = new Uint8Array((mask + 1) >> 3);
  for (const { number } of moduli) {
    const low = low32(number);
    const same = byLow.get(low);
    if (same) same.push(number);
    else byLow.set(low, [number]);
    // The lowest bit of odd numbers tells nothing.
    const at = (low >>> 1) & mask;
    filter[at >> 3]! |= 1 << (at & 7);
  }
  const lows = Int32Array.from(primes, ({ number }) => low32(number));
  for (let apart = 1; apart <= maxApart && apart < primes.length; apart++) {
    if (!budget.take(primes.length - apart)) return;
    for (let i = 0, j = apart; j < lows.length; i++, j++) {
      const low = Math.imul(lows[i]!, lows[j]!);
      const at = (low >>> 1) & mask;
      if ((filter[at >> 3]! & (1 << (at & 7))) === 0) continue;
      const same = byLow.get(low);
      if (!same) continue;
      const [p, q] = [primes[i]!.number, primes[j]!.number];
      for (const n of same) if (p * q === n) yield { n, p };
    }
  }
}

/** All pairs of one from each list, those with the fewest others between them first, while the budget lasts. */
export function* nearestPairs<A extends Candidate, B extends Candidate>(
  as: readonly A[],
  bs: readonly B[],
  budget: Budget,
): Generator<readonly [A, B]> {
  if (as.length === 0 || bs.length === 0) return;
  // Rank of each `a` among the `bs`: both lists are in order of `start`.
  let rank = 0;
  const ranks = as.map(({ start }) => {
    while (rank < bs.length && bs[rank]!.start < start) rank++;
    return rank;
  });
  for (let apart = 0; apart < bs.length; apart++) {
    for (const [i, a] of as.entries()) {
      const after = bs[ranks[i]! + apart];
      const before = bs[ranks[i]! - apart - 1];
      if (after && !budget.take()) return;
      if (after) yield [a, after];
      if (before && !budget.take()) return;
      if (before) yield [a, before];
    }
  }
}

/** d modulo λ(n) and modulo φ(n), and the CRT exponents, for a public exponent. */
export function privateExponents(p: bigint, q: bigint, e: bigint): (bigint | undefined)[] {
  const phi = (p - 1n) * (q - 1n);
  const d = modInverse(e, phi);
  return d === undefined ? [] : [d, d % (phi / gcd(p - 1n, q - 1n)), d % (p - 1n), d % (q - 1n)];
}
