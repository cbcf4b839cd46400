import { expect, it } from 'vitest';
import { createRng } from '../../../corpus/rng.ts';
import { flatten, type Ranked } from './flatten.ts';

type Span = Ranked<number> & { readonly name: number };

/** What has each place, by looking at all. */
function ownerOf(spans: readonly Span[], at: number): number | undefined {
  const covering = spans.filter(({ start, end }) => start <= at && at < end);
  return covering.sort((a, b) => a.rank - b.rank || a.name - b.name)[0]?.name;
}

it('gives every place to the lowest rank, then to the earliest', () => {
  const rng = createRng('flatten.test');
  for (let round = 0; round < 300; round++) {
    const spans = Array.from({ length: round % 12 }, (_, name): Span => {
      const [start = 0, length = 0, rank = 0] = rng.bytes(3);
      return { start: start % 64, end: (start % 64) + (length % 24) - 2, rank: rank % 3, name };
    });
    const pieces = flatten<number, Span>(spans);
    const found = Array.from(
      { length: 90 },
      (_, at) => pieces.find(({ start, end }) => start <= at && at < end)?.of.name,
    );
    expect(found).toEqual(Array.from({ length: 90 }, (_, at) => ownerOf(spans, at)));
    for (const [i, { start, end }] of pieces.entries()) {
      expect(start).toBeLessThan(end);
      expect(start).toBeGreaterThanOrEqual(pieces[i - 1]?.end ?? 0);
    }
  }
});

it('takes addresses as well', () => {
  const pieces = flatten([
    { start: 0n, end: 1n << 64n, rank: 1 },
    { start: 1n << 63n, end: (1n << 63n) + 1n, rank: 0 },
  ]);
  expect(pieces.map(({ start, of }) => [start, of.rank])).toEqual([
    [0n, 1],
    [1n << 63n, 0],
    [(1n << 63n) + 1n, 1],
  ]);
});

it('is fast where all spans overlap', () => {
  const spans = Array.from({ length: 100_000 }, (_, i) => ({ start: i, end: 1_000_000 - i, rank: i % 7 }));
  const begin = performance.now();
  expect(flatten(spans).length).toBeLessThan(200_000);
  expect(performance.now() - begin).toBeLessThan(10_000);
});
