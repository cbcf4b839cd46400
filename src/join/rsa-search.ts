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

/** Bits of the filter for each number in it: one in 64 that could not be goes on to the table. */
const FILTER_RATIO = 64;
const MIN_FILTER_BITS = 12;
const MAX_FILTER_BITS = 24;

/**
 * Tells the indexes of numbers by their lowest 32 bits. The lowest one, which odd numbers share, tells nothing. The loops
 * are functions of their own, without a `yield`: V8 makes them several times faster.
 */
class LowTable {
  readonly #mask: number;
  readonly #filter: Uint8Array;
  readonly #byLow = new Map<number, number[]>();

  constructor(lows: Int32Array) {
    const bits = Math.ceil(Math.log2(lows.length * FILTER_RATIO));
    this.#mask = (1 << Math.min(MAX_FILTER_BITS, Math.max(MIN_FILTER_BITS, bits))) - 1;
    this.#filter = new Uint8Array((this.#mask + 1) >> 3);
    for (let i = 0; i < lows.length; i++) {
      const low = lows[i]!;
      const same = this.#byLow.get(low);
      if (same) same.push(i);
      else this.#byLow.set(low, [i]);
      const at = (low >>> 1) & this.#mask;
      this.#filter[at >> 3]! |= 1 << (at & 7);
    }
  }

  get(low: number): readonly number[] {
    return this.#byLow.get(low) ?? [];
  }

  /** Indexes i for which `numbers[i]` times `numbers[i + apart]` is in the table. */
  findProducts(numbers: Int32Array, apart: number): number[] {
    const filter = this.#filter;
    const mask = this.#mask;
    const found: number[] = [];
    for (let i = 0, j = apart; j < numbers.length; i++, j++) {
      const low = Math.imul(numbers[i]!, numbers[j]!);
      const at = (low >>> 1) & mask;
      if ((filter[at >> 3]! & (1 << (at & 7))) !== 0 && this.#byLow.has(low)) found.push(i);
    }
    return found;
  }

  /** Indexes i for which `numbers[i]` times `factor` is in the table. */
  findMultiples(numbers: Int32Array, factor: number): number[] {
    const filter = this.#filter;
    const mask = this.#mask;
    const found: number[] = [];
    for (let i = 0; i < numbers.length; i++) {
      const low = Math.imul(numbers[i]!, factor);
      const at = (low >>> 1) & mask;
      if ((filter[at >> 3]! & (1 << (at & 7))) !== 0 && this.#byLow.has(low)) found.push(i);
    }
    return found;
  }
}

/** Products between two breaths. */
const PRODUCTS_PER_STEP = 4_000_000;
/** What a match costs, in products. Numbers that are much alike match by the million. */
const MATCH_COST = 64;

/** Indexes of two primes and a modulus whose lowest 32 bits fit together. */
export interface LowMatch {
  readonly p: number;
  readonly q: number;
  readonly n: number;
}

/**
 * Pairs of primes whose product could be one of the moduli, by the lowest 32 bits of each, nearest first: nearly all
 * pairs cost one multiplication and one look into a bitmap. Takes the cheaper of two ways: all products of two primes, looked
 * up among the moduli; or all quotients of a modulus and a prime, looked up among the primes.
 * @param maxApart pairs with more primes between them are not tried; undefined: all are
 */
export function* matchLows(
  moduli: Int32Array,
  primes: Int32Array,
  budget: Budget,
  maxApart?: number,
): Generator<LowMatch | undefined> {
  if (moduli.length === 0 || primes.length < 2) return;
  if (maxApart === undefined && moduli.length < primes.length / 2) yield* matchQuotients(moduli, primes, budget);
  else yield* matchProducts(moduli, primes, budget, maxApart ?? primes.length);
}

function* matchProducts(
  moduli: Int32Array,
  primes: Int32Array,
  budget: Budget,
  maxApart: number,
): Generator<LowMatch | undefined> {
  const table = new LowTable(moduli);
  let done = 0;
  for (let apart = 1; apart <= maxApart && apart < primes.length; apart++) {
    if (!budget.take(primes.length - apart)) return;
    for (const p of table.findProducts(primes, apart)) {
      for (const n of table.get(Math.imul(primes[p]!, primes[p + apart]!))) {
        yield { p, q: p + apart, n };
        done += MATCH_COST;
        if (done < PRODUCTS_PER_STEP) continue;
        done = 0;
        yield;
      }
    }
    done += primes.length - apart;
    if (done < PRODUCTS_PER_STEP) continue;
    done = 0;
    yield;
  }
}

function* matchQuotients(moduli: Int32Array, primes: Int32Array, budget: Budget): Generator<LowMatch | undefined> {
  const table = new LowTable(primes);
  const inverses = primes.map(inverseOfLow);
  let done = 0;
  for (let n = 0; n < moduli.length; n++) {
    if (!budget.take(primes.length)) return;
    for (const p of table.findMultiples(inverses, moduli[n]!)) {
      for (const q of table.get(Math.imul(moduli[n]!, inverses[p]!))) {
        if (q > p) yield { p, q, n };
        done += MATCH_COST;
        if (done < PRODUCTS_PER_STEP) continue;
        done = 0;
        yield;
      }
    }
    done += primes.length;
    if (done < PRODUCTS_PER_STEP) continue;
    done = 0;
    yield;
  }
}

/** Bits 32 to 63 of a product, from the two lowest words of both factors. */
export function nextOfProduct(low1: number, next1: number, low2: number, next2: number): number {
  const [a, b] = [low1 & 0xffff, low1 >>> 16];
  const [c, d] = [low2 & 0xffff, low2 >>> 16];
  const middle = b * c + Math.floor((a * c) / 0x10000);
  const carry = b * d + Math.floor(middle / 0x10000) + Math.floor((a * d + (middle % 0x10000)) / 0x10000);
  return (carry + Math.imul(low1, next2) + Math.imul(next1, low2)) | 0;
}

/** Inverse of an odd number modulo 2^32: each step of Newton's doubles the right bits, three at first. */
function inverseOfLow(low: number): number {
  let inverse = low;
  for (let i = 0; i < 4; i++) inverse = Math.imul(inverse, 2 - Math.imul(low, inverse));
  return inverse;
}

/** Pairs of primes whose product is one of `moduli`. */
export function* searchProducts(
  moduli: readonly Candidate[],
  primes: readonly Candidate[],
  budget: Budget,
): Generator<RsaFound & { readonly p: bigint }> {
  const lowsOf = (numbers: readonly Candidate[]): Int32Array => Int32Array.from(numbers, ({ number }) => low32(number));
  for (const match of matchLows(lowsOf(moduli), lowsOf(primes), budget)) {
    if (!match) continue;
    const [p, q, n] = [primes[match.p]!.number, primes[match.q]!.number, moduli[match.n]!.number];
    if (p * q === n) yield { n, p };
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

/** d modulo φ(n) and modulo λ(n), and the CRT exponents, for a public exponent. */
export function privateExponents(primes: readonly bigint[], e: bigint): bigint[] {
  const orders = primes.map((prime) => prime - 1n);
  const d = modInverse(
    e,
    orders.reduce((phi, order) => phi * order),
  );
  if (d === undefined) return [];
  const lambda = orders.reduce((multiple, order) => (multiple / gcd(multiple, order)) * order);
  return [d, d % lambda, ...orders.map((order) => d % order)];
}

/** Inverses of primes modulo the others, and of all others together: the coefficients of CRT (RFC 8017, 3.2). */
export function crtCoefficients(primes: readonly bigint[]): bigint[] {
  return primes.flatMap((prime) => {
    const others = primes.filter((other) => other !== prime);
    const together = others.length > 1 ? [others.reduce((product, other) => product * other)] : [];
    return [...others, ...together].flatMap((other) => modInverse(other, prime) ?? []);
  });
}
