import { describe, expect, it } from 'vitest';
import type { LayoutRegion } from '../model/format.ts';
import { memoryInput } from './memory-input.ts';
import { planSeams, VIRTUAL_BASE } from './seams.ts';

const PAGE = 4096;
const region = (start: number, end: number, address?: number): LayoutRegion => ({
  kind: 'memory',
  label: '',
  start,
  end,
  ...(address !== undefined && { address: BigInt(address) }),
});

const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7 + (i >> 8)) & 255 || 1);

/** The virtual bytes without the zeros around the stretches. */
async function stretches(regions: readonly LayoutRegion[], reach = PAGE): Promise<string[]> {
  const seams = planSeams(regions, reach);
  const { start, end } = seams.span;
  const all = new Uint8Array(end - start);
  expect(await seams.extend(memoryInput(bytes)).read(all, start)).toBe(all.length);
  return Buffer.from(all)
    .toString('latin1')
    .split(/\0{16,}/)
    .filter(Boolean);
}
const of = (...spans: readonly (readonly [number, number])[]): string =>
  spans.map(([start, end]) => Buffer.from(bytes.subarray(start, end)).toString('latin1')).join('');

describe('planSeams', () => {
  it('finds none where memory and file agree, or nothing is next to anything', async () => {
    expect(planSeams([], PAGE).span).toEqual({ start: VIRTUAL_BASE, end: VIRTUAL_BASE });
    expect(await stretches([region(0, 100, 0x1000), region(100, 200, 0x1064), region(300, 400, 0x5000)])).toEqual([]);
    expect(await stretches([region(0, 100), region(200, 300)])).toEqual([]);
  });

  it('joins short ones whole, in the order of memory', async () => {
    const regions = [region(500, 600, 0x1064), region(1000, 1100, 0x1000), region(2000, 2050, 0x10c8)];
    expect(await stretches(regions)).toEqual([of([1000, 1100], [500, 600], [2000, 2050])]);
  });

  it('takes only the ends of long ones', async () => {
    const regions = [
      region(0, 30_000, 0x100000),
      region(40_000, 70_000, 0x100000 + 30_000),
      region(80_000, 90_000, 0x100000 + 60_000),
    ];
    expect(await stretches(regions)).toEqual([
      of([30_000 - PAGE, 30_000], [40_000, 40_000 + PAGE]),
      of([70_000 - PAGE, 70_000], [80_000, 80_000 + PAGE]),
    ]);
  });

  it('unites neighbours in memory that are neighbours in the file', async () => {
    const regions = [
      region(0, 100, 0x2000),
      region(200, 300, 0x1000),
      region(300, 400, 0x1064),
      region(500, 600, 0x10c8),
    ];
    expect(await stretches(regions)).toEqual([of([200, 400], [500, 600])]);
  });

  it('passes over memory that is stored twice', async () => {
    const regions = [
      region(0, 100, 0x1000),
      region(200, 300, 0x1000),
      region(400, 450, 0x1010),
      region(600, 700, 0x1064),
    ];
    expect(await stretches(regions)).toEqual([of([0, 100], [600, 700])]);
  });

  it('maps spans back, and refuses those that leave their stretch', () => {
    const seams = planSeams([region(500, 600, 0x1064), region(1000, 1100, 0x1000)], PAGE);
    const { start } = seams.span;
    expect(seams.piecesOf({ start: start + 90, end: start + 110 })).toEqual([
      { start: 1090, end: 1100 },
      { start: 500, end: 510 },
    ]);
    expect(seams.piecesOf({ start: start + 10, end: start + 20 })).toEqual([{ start: 1010, end: 1020 }]);
    expect(seams.piecesOf({ start: start + 190, end: start + 201 })).toEqual([]);
    expect(seams.piecesOf({ start: start - 1, end: start + 1 })).toEqual([]);
  });

  it('keeps the alignment that things have in memory', () => {
    const { sources, span, piecesOf } = planSeams([region(501, 600, 0x1063), region(1000, 1096, 0x1003)], PAGE);
    expect(sources).toHaveLength(2);
    expect(piecesOf({ start: span.start + 2, end: span.start + 3 })).toEqual([]);
    expect(piecesOf({ start: span.start + 3, end: span.start + 4 })).toEqual([{ start: 1000, end: 1001 }]);
  });

  it('keeps to its budget, and says so', () => {
    const regions = Array.from({ length: 1000 }, (_, i) =>
      region(20_000 * i, 20_000 * i + 10_000, 0x10_000_000 - 10_000 * i),
    );
    const seams = planSeams(regions, PAGE, 100_000);
    expect(seams.overBudget).toBe(true);
    expect(seams.sources.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThanOrEqual(100_000);
  });

  it('takes 131,070 segments in reverse order in its stride', () => {
    const count = 131_070;
    const regions = Array.from({ length: count }, (_, i) => region(PAGE * i, PAGE * (i + 1), PAGE * (count - i)));
    const started = performance.now();
    expect(planSeams(regions, 65_536).overBudget).toBe(true);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
