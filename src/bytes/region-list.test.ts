import { describe, expect, it } from 'vitest';
import { RegionList } from './region-list.ts';

describe('RegionList', () => {
  it('joins neighbours of one meaning, and only those', () => {
    const list = new RegionList();
    list.add({ kind: 'heap', label: 'a', start: 0, end: 4 });
    list.add({ kind: 'heap', label: 'a', start: 4, end: 8 });
    list.add({ kind: 'heap', label: 'b', start: 8, end: 9 });
    list.add({ kind: 'memory', label: 'm', start: 10, end: 20, address: 100n });
    list.add({ kind: 'memory', label: 'm', start: 20, end: 30, address: 110n });
    list.add({ kind: 'memory', label: 'm', start: 30, end: 40, address: 130n });
    expect(list.done().map(({ start, end }) => [start, end])).toEqual([
      [0, 8],
      [8, 9],
      [10, 30],
      [30, 40],
    ]);
  });

  it('cuts what overlaps, with its address, and leaves out what is empty', () => {
    const list = new RegionList();
    list.add({ kind: 'memory', label: 'a', start: 0, end: 10, address: 0n });
    list.add({ kind: 'memory', label: 'b', start: 6, end: 16, address: 1000n });
    list.add({ kind: 'memory', label: 'c', start: 2, end: 16 });
    list.add({ kind: 'memory', label: 'd', start: 30, end: 20 });
    expect(list.done()).toEqual([
      { kind: 'memory', label: 'a', start: 0, end: 10, address: 0n },
      { kind: 'memory', label: 'b', start: 10, end: 16, address: 1004n },
    ]);
  });
});
