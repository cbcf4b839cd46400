import { describe, expect, it } from 'vitest';
import { countingInput } from '../../../test/support/plugin-contract.ts';
import { InputReader } from '../../bytes/random-reader.ts';
import { labelMemory, Memory, type Stored } from './memory.ts';

const stored = (start: number, end: number, address: bigint): Stored => ({
  start,
  end,
  address,
  kind: 'memory',
  label: 'memory',
});

describe('labelMemory', () => {
  it('cuts a range at what lies in it', () => {
    const { claims } = labelMemory(
      [stored(100, 200, 0x1000n)],
      [
        { start: 0n, end: 0x100an, rank: 1, kind: 'image', label: 'first' },
        { start: 0x1014n, end: 0x101en, rank: 1, kind: 'stack', label: 'stack', thread: 3 },
        { start: 0x1000n, end: 0x1018n, rank: 2, kind: 'heap', label: 'below' },
      ],
    );
    expect(claims.map(({ start, end, label, thread, address }) => [start, end, label, thread, address])).toEqual([
      [100, 110, 'first', undefined, 0x1000n],
      [110, 120, 'below', undefined, 0x100an],
      [120, 130, 'stack', 3, 0x1014n],
      [130, 200, 'memory', undefined, 0x101en],
    ]);
  });

  it('labels the same memory wherever it is stored', () => {
    const meaning = { start: 0x10n, end: 0x20n, rank: 0, kind: 'heap', label: 'heap' } as const;
    const { claims } = labelMemory([stored(0, 16, 0x10n), stored(50, 58, 0x18n)], [meaning]);
    expect(claims.map(({ start, end, label }) => [start, end, label])).toEqual([
      [0, 16, 'heap'],
      [50, 58, 'heap'],
    ]);
  });
});

describe('Memory', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
  const memory = new Memory(
    [stored(40, 48, 0x1000n), stored(8, 16, 0x1008n), stored(20, 24, 0x1010n), stored(0, 4, 0x2000n)],
    new InputReader(countingInput(bytes)),
  );

  it('reads across fragments that are apart in the file', async () => {
    expect([...(await memory.read(0x1006n, 11))]).toEqual([46, 47, 8, 9, 10, 11, 12, 13, 14, 15, 20]);
  });

  it('stops at a hole', async () => {
    expect([...(await memory.read(0x1012n, 100))]).toEqual([22, 23]);
    expect(await memory.read(0x1800n, 4)).toHaveLength(0);
    expect([...(await memory.read(0x2002n, 100))]).toEqual([2, 3]);
  });

  it('knows how far memory goes without a hole', () => {
    expect(memory.extent(0x100an)).toEqual({ start: 0x1000n, end: 0x1014n });
    expect(memory.extent(0x1014n)).toBeUndefined();
    expect(memory.rangeAt(0x1009n)?.start).toBe(8);
    expect(memory.rangeAt(0xfffn)).toBeUndefined();
  });
});
