import { describe, expect, it } from 'vitest';
import { GapList } from './gaps.ts';
import { type Claim, layRegions, RANK } from './regions.ts';

const claim = (start: number, end: number, label: string, more: Partial<Claim> = {}): Claim => ({
  start,
  end,
  kind: 'memory',
  label,
  rank: RANK.memory,
  ...more,
});

describe('layRegions', () => {
  it('keeps the address right where a claim is cut', () => {
    const regions = layRegions(
      [claim(0, 100, 'memory', { address: 0x1000n }), claim(40, 60, 'a part', { rank: RANK.part, address: 0x9000n })],
      1000,
    );
    expect(regions.map(({ start, end, label, address }) => [start, end, label, address])).toEqual([
      [0, 40, 'memory', 0x1000n],
      [40, 60, 'a part', 0x9000n],
      [60, 100, 'memory', 0x103cn],
    ]);
  });

  it('joins neighbours that mean the same and are neighbours in memory as well', () => {
    const regions = layRegions(
      [
        claim(0, 10, 'x', { address: 0n }),
        claim(10, 20, 'x', { address: 10n }),
        claim(20, 30, 'x', { address: 50n }),
        claim(30, 40, 'x', { address: 60n, thread: 1 }),
        claim(40, 50, 'x'),
        claim(50, 60, 'x'),
      ],
      1000,
    );
    expect(regions.map(({ start, end }) => [start, end])).toEqual([
      [0, 20],
      [20, 30],
      [30, 40],
      [40, 60],
    ]);
  });

  it('stops at the end of the input', () => {
    expect(layRegions([claim(5, 50, 'x'), claim(60, 70, 'y')], 20)).toEqual([
      { start: 5, end: 20, kind: 'memory', label: 'x' },
    ]);
  });
});

describe('GapList', () => {
  it('has the same gap once, and an end', () => {
    const gaps = new GapList();
    for (let i = 0; i < 1000; i++) gaps.add({ code: 'truncated', detail: `field ${i % 2}` });
    expect(gaps.list).toHaveLength(2);
    for (let i = 0; i < 1000; i++) gaps.add({ code: 'truncated', detail: `field ${i}` });
    expect(gaps.list.at(-1)).toEqual({ code: 'over-budget', detail: 'more gaps' });
    expect(gaps.list).toHaveLength(65);
  });
});
