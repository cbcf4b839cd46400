import { expect, it } from 'vitest';
import type { Input } from '../model/input.ts';
import { InputReader } from './random-reader.ts';

function countedInput(bytes: Uint8Array, size = bytes.length): Input & { reads: number } {
  return {
    size,
    reads: 0,
    read(into, at) {
      this.reads++;
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      return part.length;
    },
    async close() {},
  };
}

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);

it('gives what is there, and reads the same place once', async () => {
  const input = countedInput(bytes);
  const reader = new InputReader(input);
  for (const at of [0, 100, 4000]) expect(await reader.read(at, 64)).toEqual(bytes.subarray(at, at + 64));
  expect(input.reads).toBe(1);
  expect(await reader.read(150_000, 100_000)).toEqual(bytes.subarray(150_000));
});

it('gives nothing outside, and what could be held of a stream', async () => {
  const reader = new InputReader(countedInput(bytes, Number.POSITIVE_INFINITY));
  for (const at of [-1, Number.NaN, 1e15, Number.POSITIVE_INFINITY]) expect(await reader.read(at, 8)).toHaveLength(0);
  expect(await reader.read(199_990, 100)).toEqual(bytes.subarray(199_990));
});

it('ends at its budget of bytes, and of reads', async () => {
  const zeros = { size: 1e12, read: (into: Uint8Array) => into.length, async close() {} };
  const large = new InputReader(zeros);
  expect((await large.read(0, 90 << 20)).length).toBe(90 << 20);
  expect(await large.read(1e9, 90 << 20)).toHaveLength(0);
  expect(large.exhausted).toBe(true);

  const many = new InputReader(zeros);
  let reads = 0;
  while (!many.exhausted && reads < 1e6) await many.read(reads++ * 1e6, 1);
  expect(reads).toBeLessThan(17_000);
});

it('wipes what it gave', async () => {
  const reader = new InputReader(countedInput(bytes));
  const given = await reader.read(1, 100);
  const made = reader.own(Uint8Array.of(1, 2, 3));
  reader.wipe();
  expect([...given, ...made].every((byte) => byte === 0)).toBe(true);
});
