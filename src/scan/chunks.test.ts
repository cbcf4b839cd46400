import { describe, expect, it } from 'vitest';
import { byteAt, patternInput } from '../../test/support/pattern-input.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Input } from '../model/input.ts';
import { readChunks } from './chunks.ts';

const PAGE = 4096;

/** Only what `readChunks` touches. */
function fakeKernel(chunkPages: number, marginPages: number): Kernel {
  const chunkBytes = chunkPages * PAGE;
  const marginBytes = marginPages * PAGE;
  return { window: new Uint8Array(chunkBytes + 2 * marginBytes), chunkBytes, marginBytes } as Kernel;
}

async function collect(input: Input, range: { start: number; end: number }, kernel: Kernel) {
  const owned: [number, number][] = [];
  for await (const { base, own, data } of readChunks(input, range, kernel)) {
    owned.push([base + own.start, base + own.end]);
    for (let at = data.start; at < data.end; at += 97) expect(kernel.window[at]).toBe(byteAt(base + at));
    // Margins: as much as exists on either side.
    expect(base + data.start).toBe(Math.max(0, base));
    expect(Math.min(base + own.end + kernel.marginBytes, input.size)).toBeLessThanOrEqual(base + data.end);
  }
  return owned;
}

describe('readChunks', () => {
  const sizes = [0, 1, PAGE - 1, PAGE, 4 * PAGE, 4 * PAGE + 1, 5 * PAGE, 6 * PAGE + 17, 40 * PAGE, 40 * PAGE + 4095];
  it.each(sizes)('owns each byte of %i once, in order', async (size) => {
    for (const marginPages of [0, 1, 2, 4]) {
      const owned = await collect(patternInput(size), { start: 0, end: size }, fakeKernel(4, marginPages));
      let next = 0;
      for (const [start, end] of owned) {
        expect(start).toBe(next);
        next = end;
      }
      expect(next).toBe(size);
    }
  });

  it('gives a range the margins of its neighbours', async () => {
    const range = { start: 16 * PAGE, end: 23 * PAGE };
    const owned = await collect(patternInput(40 * PAGE), range, fakeKernel(4, 2));
    expect(owned).toEqual([
      [16 * PAGE, 20 * PAGE],
      [20 * PAGE, 23 * PAGE],
    ]);
  });

  it('copes with short reads', async () => {
    const size = 9 * PAGE + 100;
    const owned = await collect(patternInput(size, 1000), { start: 0, end: size }, fakeKernel(2, 1));
    expect(owned.at(-1)![1]).toBe(size);
  });

  it('ends where a shrunken input ends', async () => {
    const owned = await collect(patternInput(5 * PAGE), { start: 0, end: 50 * PAGE }, fakeKernel(2, 1));
    expect(owned.at(-1)![1]).toBe(5 * PAGE);
  });

  it('reads a stream of unknown size in order', async () => {
    const input = patternInput(11 * PAGE + 5);
    let next = 0;
    const sequential: Input = {
      ...input,
      size: Number.POSITIVE_INFINITY,
      read(into, at) {
        expect(at).toBe(next);
        const bytes = input.read(into, at) as number;
        next += bytes;
        return bytes;
      },
    };
    const owned: number[] = [];
    const range = { start: 0, end: Number.POSITIVE_INFINITY };
    for await (const { base, own } of readChunks(sequential, range, fakeKernel(4, 1))) owned.push(base + own.end);
    expect(owned.at(-1)).toBe(11 * PAGE + 5);
  });

  it('keeps reads of full chunks aligned to pages in file and memory', async () => {
    const input = patternInput(40 * PAGE);
    await collect(input, { start: 0, end: 40 * PAGE }, fakeKernel(4, 1));
    expect(input.reads.every((at) => at % PAGE === 0)).toBe(true);
  });
});
