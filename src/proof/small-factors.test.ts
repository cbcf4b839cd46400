import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { BlockSieve, createSieve } from './small-factors.ts';

const make = createMake('small-factors');
const FACTORS = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n];

describe.each([true, false])('little-endian: %s', (isLittleEndian) => {
  it.each([32, 33, 64, 65, 256, 1024])('tells numbers of %i bytes with a factor up to 43', (size) => {
    const block = make.bytes(size + 200);
    const isDivided = createSieve(size);
    const sieve = new BlockSieve();
    let count = 0;
    for (let at = 0; at <= 200; at++) {
      const bytes = block.slice(at, at + size);
      const number = bigintFromBe(isLittleEndian ? bytes.reverse() : bytes);
      const expected = FACTORS.some((factor) => number % factor === 0n);
      expect(isDivided(block, at, isLittleEndian)).toBe(expected);
      expect(sieve.hasSmallFactor(block, at, size, isLittleEndian)).toBe(expected);
      if (expected) count++;
    }
    expect(count).toBeGreaterThan(100);
    expect(count).toBeLessThan(200);
  });
});

it('is exact for the largest block, and after a smaller one', () => {
  const sieve = new BlockSieve();
  for (const length of [100, 2 ** 18 - 1]) {
    const block = new Uint8Array(length).fill(0xff);
    for (let at = length - 64; at < length - 40; at++) {
      for (const isLittleEndian of [true, false]) {
        const expected = createSieve(40)(block, at, isLittleEndian);
        expect(sieve.hasSmallFactor(block, at, 40, isLittleEndian)).toBe(expected);
      }
    }
  }
});
