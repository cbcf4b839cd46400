import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { Budget } from './budget.ts';
import { type Candidate, matchLows, nearestPairs, nextOfProduct, searchRsa } from './rsa-search.ts';

const make = createMake('rsa-search');
const candidates = (...numbers: readonly bigint[]): Candidate[] =>
  numbers.map((number, i) => ({ number, start: 1000 * i }));
const budgets = (products = 1e6, divisions = 1e6) => ({
  products: new Budget(products),
  divisions: new Budget(divisions),
});
const odd = (size: number): bigint => bigintFromBe(make.bytes(size)) | 1n | (1n << BigInt(8 * size - 1));

describe('Budget', () => {
  it('gives what it has, and nothing after it refused once', () => {
    const budget = new Budget(3);
    expect([budget.take(), budget.take(2), budget.exhausted]).toEqual([true, true, false]);
    expect([budget.take(), budget.exhausted, budget.take(0)]).toEqual([false, true, false]);
  });
});

describe('nearestPairs', () => {
  const at = (...starts: readonly number[]): Candidate[] => starts.map((start) => ({ start, number: BigInt(start) }));

  it('gives every pair once, near ones first', () => {
    const pairs = [...nearestPairs(at(10, 50), at(1, 11, 49, 99), new Budget(100))].map(([a, b]) => [a.start, b.start]);
    expect(new Set(pairs.slice(0, 4).map(String))).toEqual(new Set(['10,1', '10,11', '50,49', '50,99']));
    expect(new Set(pairs.map(String)).size).toBe(8);
    expect(pairs).toHaveLength(8);
  });

  it('ends with its budget, and without pairs', () => {
    const budget = new Budget(3);
    expect([...nearestPairs(at(10, 50), at(1, 11), budget)]).toHaveLength(3);
    expect(budget.exhausted).toBe(true);
    const untouched = new Budget(0);
    expect([...nearestPairs([], at(1), untouched), ...nearestPairs(at(1), [], untouched)]).toEqual([]);
    expect(untouched.exhausted).toBe(false);
  });
});

describe('searchRsa', () => {
  const { n, d, p, q } = make.rsa(1024);

  it('finds a modulus by both primes, by one, by its exponent: once', () => {
    const noise = [odd(64), odd(64)];
    const moduli = candidates(odd(128), n);
    expect([...searchRsa({ moduli, primes: candidates(p, ...noise, q), exponents: candidates(d) }, budgets())]).toEqual(
      [{ n, p }],
    );
    expect([...searchRsa({ moduli, primes: candidates(...noise, q), exponents: candidates(d) }, budgets())]).toEqual([
      { n, p: q },
    ]);
    expect([
      ...searchRsa({ moduli, primes: candidates(...noise), exponents: candidates(odd(128), d) }, budgets()),
    ]).toEqual([{ n, d }]);
  });

  it('does not take equal low halves for a product', () => {
    const low = (value: bigint): bigint => (odd(64) << 64n) | BigInt.asUintN(64, value);
    const primes = candidates(low(p), low(q));
    expect([...searchRsa({ moduli: candidates(n), primes, exponents: [] }, budgets())]).toEqual([]);
  });

  it('finds two keys with one prime in common', () => {
    const r = make.rsa(1024).p;
    const found = [
      ...searchRsa({ moduli: candidates(n, p * r), primes: candidates(q, p, r), exponents: [] }, budgets()),
    ];
    expect(new Set(found.map((key) => key.n))).toEqual(new Set([n, p * r]));
  });

  it('ends with each budget', () => {
    const primes = candidates(...Array.from({ length: 50 }, () => odd(64)));
    const exhausted = budgets(40, 10);
    expect([...searchRsa({ moduli: candidates(n), primes, exponents: candidates(d) }, exhausted)]).toEqual([]);
    expect([exhausted.products.exhausted, exhausted.divisions.exhausted]).toEqual([true, true]);
  });
});

describe('nextOfProduct', () => {
  it('gives bits 32 to 63 of a product', () => {
    const numbers = [1n, 0xffffffffffffffffn, 0x80000000ffffffffn, ...Array.from({ length: 30 }, () => odd(8))];
    const words = (value: bigint) =>
      [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))] as const;
    for (const a of numbers) {
      for (const b of numbers) expect(nextOfProduct(...words(a), ...words(b))).toBe(words(a * b)[1]);
    }
  });
});

describe('matchLows', () => {
  // Digits of a heap, most of them alike, once kept a worker busy for minutes without a sign of life.
  it.each([undefined, 256])('breathes among numbers that all match, at most %s apart', (maxApart) => {
    let matches = 0;
    let most = 0;
    for (const match of matchLows(
      new Int32Array(100).fill(1),
      new Int32Array(100).fill(1),
      new Budget(1e9),
      maxApart,
    )) {
      matches = match ? matches + 1 : 0;
      most = Math.max(most, matches);
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(100_000);
  });
});
