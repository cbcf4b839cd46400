import { generatePrimeSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bigintFromBe } from '../bytes/limbs.ts';
import { costOfDivisor, findDivisors } from './divisors.ts';

const prime = (bits: number): bigint => generatePrimeSync(bits, { bigint: true });
const random = (bytes: number): bigint => bigintFromBe(randomBytes(bytes)) | 1n | (1n << BigInt(bytes * 8 - 1));
const randoms = (count: number, bytes: number): bigint[] => Array.from({ length: count }, () => random(bytes));

describe('findDivisors', () => {
  test.each([
    [1, 1],
    [3, 40],
    [40, 3],
    [17, 16],
    [50, 1],
    [40, 35],
    [200, 40],
    [70, 2100],
    [2100, 70],
  ])('%i dividends, %i divisors', (dividends, divisors) => {
    const [ns, ps] = [randoms(dividends, 16), randoms(divisors, 8)];
    const [first, last] = [prime(64), prime(64)];
    ps[0] = first;
    ns[dividends - 1] = first * random(8);
    const expected = [{ dividend: ns[dividends - 1]!, divisor: first }];
    if (divisors > 1) {
      ps[divisors - 1] = last;
      ns[0] = dividends > 1 ? last * prime(64) : first * last;
      if (dividends === 1) expected[0] = { dividend: ns[0], divisor: first };
      expected.push({ dividend: ns[0], divisor: last });
    }
    const found = [...findDivisors(ns, ps)].filter((pair) => pair !== undefined);
    expect(found).toEqual(expect.arrayContaining(expected));
    expect(found.every(({ dividend, divisor }) => dividend % divisor === 0n)).toBe(true);
  });

  test('a divisor of several dividends is found in each', () => {
    const p = prime(128);
    const ns = randoms(40, 32);
    for (const i of [0, 7, 39]) ns[i] = p * random(16);
    const found = [...findDivisors(ns, [...randoms(30, 16), p])].filter((pair) => pair !== undefined);
    expect(found.filter(({ divisor }) => divisor === p).map(({ dividend }) => dividend)).toEqual([
      ns[0],
      ns[7],
      ns[39],
    ]);
  });

  test('nothing of nothing', () => {
    expect([...findDivisors([], randoms(3, 8))].filter(Boolean)).toEqual([]);
    expect([...findDivisors(randoms(3, 8), [])].filter(Boolean)).toEqual([]);
  });

  test('breathes', () => {
    expect([...findDivisors(randoms(64, 16), randoms(64, 8))].length).toBeGreaterThan(8);
    expect([...findDivisors(randoms(8, 16), randoms(512, 8))].length).toBeGreaterThan(3);
  });
});

test('a pair costs less when there are many of both', () => {
  expect(costOfDivisor(1000, 1000)).toBe(167);
  expect(costOfDivisor(1000, 3)).toBe(1000);
  expect(costOfDivisor(3, 1000)).toBe(3);
});
