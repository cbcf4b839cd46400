import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { CandidateSet, chooseCandidates, readPrivateCandidates } from './candidates.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { BIG_ENDIAN, LITTLE_ENDIAN } from './number-layouts.ts';
import { FIT } from './number-reader.ts';

const make = createMake('candidates');

function fill(candidates: CandidateSet, count: number): Uint8Array[] {
  const numbers = Array.from({ length: count }, () => make.bytes(candidates.size));
  for (const [i, number] of numbers.entries()) candidates.add(number, 100 * i, FIT.block);
  return numbers;
}

describe('CandidateSet', () => {
  it.each([32, 48, 66])('keeps numbers of %d bytes, each once', (size) => {
    const candidates = new CandidateSet(size);
    // Enough to grow twice.
    const numbers = fill(candidates, 3000);
    for (const number of numbers) candidates.add(number, 7, FIT.block);
    expect(candidates.count).toBe(3000);
    for (const i of [0, 1, 1023, 1024, 2999]) {
      expect(candidates.bytesOf(i)).toEqual(numbers[i]);
      expect([candidates.startOf(i), candidates.fitOf(i)]).toEqual([100 * i, FIT.block]);
    }
    expect(candidates.overflowed).toBe(false);
  });

  it('tells numbers apart that differ in one byte', () => {
    const candidates = new CandidateSet(32);
    const number = make.bytes(32);
    candidates.add(number, 0, FIT.start);
    for (let i = 0; i < 32; i++) {
      const other = number.slice();
      other[i]! ^= 1;
      candidates.add(other, i, FIT.start);
    }
    expect(candidates.count).toBe(33);
  });

  it('remembers the best place', () => {
    const candidates = new CandidateSet(32);
    const number = make.bytes(32);
    candidates.add(number, 1, FIT.end);
    candidates.add(number, 2, FIT.filling);
    candidates.add(number, 3, FIT.start);
    expect([candidates.count, candidates.startOf(0), candidates.fitOf(0)]).toEqual([1, 2, FIT.filling]);
  });

  it('says when it is full, and forgets when wiped', () => {
    const candidates = new CandidateSet(32, 10);
    const [first] = fill(candidates, 11);
    expect([candidates.count, candidates.overflowed]).toEqual([10, true]);
    const view = candidates.bytesOf(0);
    expect(view).toEqual(first);
    candidates.wipe();
    expect(candidates.count).toBe(0);
    expect(view).toEqual(new Uint8Array(32));
  });
});

describe('readPrivateCandidates', () => {
  const windowOf = (bytes: Uint8Array): LeadWindow =>
    createWindow({ kind: 'number', encoding: 'bytes', start: 0, end: bytes.length }, bytes, 0);

  it('takes what looks random and is accepted', () => {
    const [number, other] = [make.bytes(32), make.bytes(32)];
    const candidates = new CandidateSet(32);
    const windows = [number, other, make.ascii('a password of thirty-two letters'), new Uint8Array(32)].map(windowOf);
    const accepts = (bytes: Uint8Array): boolean => bytes[0] !== other[0] || bytes[1] !== other[1];
    for (const _ of readPrivateCandidates(windows, candidates, { layouts: [BIG_ENDIAN], accepts }));
    expect(candidates.count).toBe(1);
    expect(candidates.bytesOf(0)).toEqual(number);
  });

  it('takes as many numbers inside runs as it is told to, and all that fill or begin one', () => {
    const windows = [make.bytes(32), make.bytes(128), make.bytes(32), make.bytes(128)].map(windowOf);
    const countOf = (mostInside: number): number => {
      const candidates = new CandidateSet(32);
      for (const _ of readPrivateCandidates(windows, candidates, { layouts: [BIG_ENDIAN], mostInside }));
      return candidates.count;
    };
    expect(countOf(0)).toBeGreaterThanOrEqual(windows.length);
    expect(countOf(5)).toBe(countOf(0) + 5);
  });

  it('reads long blocks of numbers of one size while there is something left for them', () => {
    const windows = [make.bytes(32), make.bytes(32 * 64)].map(windowOf);
    const countOf = (affordable: number, cost = 1): number => {
      const candidates = new CandidateSet(32);
      for (const _ of readPrivateCandidates(windows, candidates, { layouts: [BIG_ENDIAN], affordable, cost }));
      return candidates.count;
    };
    const few = countOf(0);
    expect(countOf(few + 9)).toBe(few + 9);
    expect(countOf(1e6)).toBeGreaterThanOrEqual(few + 62);
    expect(countOf(1e6, 1e5)).toBe(few + 6);
  });

  it('takes some of everywhere where it takes a few', () => {
    const windows = Array.from({ length: 64 }, (_, i) => {
      const bytes = make.bytes(128);
      const start = 1000 * i;
      return createWindow({ kind: 'number', encoding: 'bytes', start, end: start + bytes.length }, bytes, 0);
    });
    const candidates = new CandidateSet(32);
    for (const _ of readPrivateCandidates(windows, candidates, { layouts: [BIG_ENDIAN], mostInside: 60 }));
    const inside = Array.from({ length: candidates.count }, (_, i) => i).filter((i) => candidates.fitOf(i) > FIT.start);
    expect(inside).toHaveLength(60);
    expect(inside.some((i) => candidates.startOf(i) > 48_000)).toBe(true);
  });

  it('reads the integers of a virtual machine as one number each', () => {
    const integers = (size: number) =>
      Array.from({ length: 300 }, (_, i) => {
        const around = make.concat(make.le(BigInt(size / 4), 8), make.bytes(size), new Uint8Array(8));
        return createWindow({ kind: 'number', encoding: 'bytes', start: 100 * i, end: 100 * i + size }, around, 8);
      });
    const read = (windows: readonly LeadWindow[], layouts = [LITTLE_ENDIAN, BIG_ENDIAN]): number => {
      const candidates = new CandidateSet(32);
      for (const _ of readPrivateCandidates(windows, candidates, { layouts }));
      return candidates.count;
    };
    const [fitting, longer] = [integers(32), integers(64)];
    expect(read(fitting)).toBe(300);
    expect(read(fitting.slice(0, 100))).toBeGreaterThan(199);
    expect(read(fitting, [BIG_ENDIAN])).toBe(0);
    expect(read(longer)).toBe(0);
    expect(read(longer.slice(0, 100))).toBeGreaterThan(500);
  });
});

describe('chooseCandidates', () => {
  it('takes all while it can, in the order in which they came', () => {
    const candidates = new CandidateSet(32);
    fill(candidates, 5);
    expect(chooseCandidates(candidates, [], 5)).toEqual([0, 1, 2, 3, 4]);
    expect(chooseCandidates(candidates, [], 0)).toEqual([]);
  });

  it('prefers what fits best, then what is near to a public value', () => {
    const candidates = new CandidateSet(32);
    for (const [start, fit] of [
      [1000, FIT.block],
      [5000, FIT.start],
      [90, FIT.start],
      [40, FIT.end],
    ] as const) {
      candidates.add(make.bytes(32), start, fit);
    }
    expect(chooseCandidates(candidates, [4990, 7000], 3)).toEqual([1, 2, 3]);
    expect(chooseCandidates(candidates, [100], 2)).toEqual([2, 1]);
    expect(chooseCandidates(candidates, [], 1)).toEqual([2]);
  });
});
