import { describe, expect, it } from 'vitest';
import { inputOf } from '../../test/support/containers.ts';
import { ForwardReader, MAX_PEEK_BYTES } from './forward-reader.ts';

const numbers = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7) & 255);

async function join(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: number[] = [];
  for await (const piece of pieces) {
    all.push(...piece);
    piece.fill(0); // the consumer may
  }
  return Uint8Array.from(all);
}

describe.each([true, false])('a reader, sequential: %s', (sequential) => {
  const open = (bytes: Uint8Array, buffer = 16, end?: number) =>
    new ForwardReader(inputOf(bytes, { sequential }), 0, end, buffer);

  it('peeks, takes, skips and gives pieces in order', async () => {
    const bytes = numbers(200);
    const reader = open(bytes);
    expect(await reader.peek(5)).toEqual(bytes.subarray(0, 5));
    expect(await reader.take(5)).toEqual(bytes.subarray(0, 5));
    expect(await reader.peek(40)).toEqual(bytes.subarray(5, 45));
    expect(await reader.skip(50)).toBe(50);
    expect(reader.at).toBe(55);
    expect(await join(reader.pieces(101))).toEqual(bytes.subarray(55, 156));
    expect(await reader.take(100)).toEqual(bytes.subarray(156));
    expect((await reader.peekSome(9)).length).toBe(0);
    expect(reader.at).toBe(200);
  });

  it('gives all that one read brought', async () => {
    const reader = open(numbers(50));
    expect((await reader.peekSome(40)).length).toBe(16);
    await reader.skip(16);
    expect((await reader.peekSome(10)).length).toBe(10);
  });

  it('gives less at the end, and says where that is', async () => {
    const reader = open(numbers(50));
    expect(await reader.skip(40)).toBe(40);
    expect(await reader.skip(40)).toBe(10);
    expect(await reader.skip(1)).toBe(0);
    expect(await join(reader.pieces(10))).toEqual(new Uint8Array(0));
    expect(reader.at).toBe(50);
  });

  it('ends where it is told to', async () => {
    const bytes = numbers(100);
    const reader = open(bytes, 16, 60);
    expect(await join(reader.pieces(Number.MAX_SAFE_INTEGER))).toEqual(bytes.subarray(0, 60));
  });

  it('refuses to hold more than its ceiling', async () => {
    await expect(open(numbers(10), 4, 10).peek(MAX_PEEK_BYTES + 1)).rejects.toThrow(RangeError);
  });

  it('wipes its buffer', async () => {
    const reader = open(numbers(100));
    const view = await reader.peek(10);
    reader.close();
    expect([...view].every((byte) => byte === 0)).toBe(true);
    expect((await reader.peek(3)).length).toBe(0);
  });
});
