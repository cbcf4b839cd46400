import { expect, it } from 'vitest';
import type { LayoutRegion } from '../model/format.ts';
import { MAX_OUTLINE_REGIONS } from '../model/outline.ts';
import { createOutline, outlineRegions } from './outline.ts';

const region = (kind: LayoutRegion['kind'], start: number, end: number): LayoutRegion => ({
  kind,
  label: 'x',
  start,
  end,
});

it('unites neighbours of one kind, and leaves labels out', () => {
  const regions = [
    region('heap', 0, 1000),
    region('heap', 1000, 2000),
    region('stack', 2000, 3000),
    region('heap', 4000, 9000),
  ];
  expect(outlineRegions({ regions }, 10_000)).toEqual([
    { kind: 'heap', start: 0, end: 2000 },
    { kind: 'stack', start: 2000, end: 3000 },
    { kind: 'heap', start: 4000, end: 9000 },
  ]);
});

it('keeps the largest ones, in order', () => {
  const regions = Array.from({ length: 3000 }, (_, i) =>
    region(i % 2 ? 'heap' : 'stack', i * 1000, i * 1000 + 10 + (i % 900)),
  );
  const kept = outlineRegions({ regions }, 3_000_000);
  expect(kept).toHaveLength(MAX_OUTLINE_REGIONS);
  expect(kept.every(({ start }, i) => i === 0 || kept[i - 1]!.start < start)).toBe(true);
  expect(Math.min(...kept.map(({ start, end }) => end - start))).toBeGreaterThan(700);
});

it('knows no size of a stream', () => {
  expect(createOutline({ input: 'a' }, undefined, Number.POSITIVE_INFINITY, 'gzip')).toEqual({
    input: 'a',
    format: 'gzip',
    regions: [],
  });
});
