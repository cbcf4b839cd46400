import { describe, expect, it } from 'vitest';
import { Buckets, SETS } from '../buckets.ts';
import { teddyTables } from '../tables.ts';
import { createSimdBits } from './bits.ts';
import { acceptedShare, trainPlacements } from './place.ts';
import { createRandom, openBytes, takeGrams } from './sample.ts';

const gramOf = (text: string, offset: number) => ({
  offset,
  gram: text.charCodeAt(offset) | (text.charCodeAt(offset + 1) << 8) | (text.charCodeAt(offset + 2) << 16),
});
const choicesOf = (text: string) => Array.from({ length: text.length - 2 }, (_, i) => gramOf(text, i));

const text = 'the quick brown fox jumps over the lazy dog; '.repeat(1000);
const ascii = Uint8Array.from(text, (c) => c.charCodeAt(0));

describe('takeGrams', () => {
  it('takes grams that lie in the memory', () => {
    const grams = takeGrams(openBytes('text', ascii), 1000, createRandom(1));
    expect(grams).toHaveLength(1000);
    const lie = grams.filter((gram) => text.includes(String.fromCharCode(gram & 255, (gram >> 8) & 255, gram >> 16)));
    expect(lie.length).toBeGreaterThan(980);
  });

  it('ends when all pages are empty', () => {
    expect(takeGrams(openBytes('zeros', new Uint8Array(20_000)), 100, createRandom(1))).toEqual([]);
  });
});

describe('trainPlacements', () => {
  it('avoids grams that memory is full of, and agrees with the tables about what passes', () => {
    const random = createRandom(2);
    const sample = Uint32Array.from(takeGrams(openBytes('text', ascii), 8000, random));
    const words = ['the QK', 'quick#1', 'brownXY', 'over_Z', 'lazy00'];
    const placements = trainPlacements(words.map(choicesOf), sample, 0.2, random);
    expect(acceptedShare(teddyTables(placements), sample)).toBe(0);

    const buckets = new Buckets(sample);
    const common = { ...gramOf('the', 0), bucket: 3 };
    buckets.add(common);
    expect(buckets.cost).toBeGreaterThan(0);
    expect(acceptedShare(teddyTables([common]), sample)).toBeCloseTo(buckets.frequency(common.gram) / sample.length);
    buckets.remove(common);
    expect(buckets.cost).toBe(0);
  });

  it('counts in WebAssembly what it counts without', () => {
    const random = createRandom(3);
    const sample = Uint32Array.from(
      { length: 5000 },
      () => 0x202020 + random(64) + 256 * random(64) + 65536 * random(64),
    );
    const [plain, simd] = [new Buckets(sample), new Buckets(sample, createSimdBits(sample.length, SETS))];
    for (let i = 0; i < 100; i++) {
      const grams = Array.from({ length: 4 }, () => ({ offset: 0, gram: sample[random(sample.length)]! }));
      const placement = plain.cheapest(grams);
      expect(simd.cheapest(grams)).toEqual(placement);
      plain.add(placement);
      simd.add(placement);
      if (i % 3 === 0) for (const buckets of [plain, simd]) buckets.remove(placement);
      expect(simd.cost).toBe(plain.cost);
    }
  });
});
