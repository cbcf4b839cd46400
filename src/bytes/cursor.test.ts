import { describe, expect, it } from 'vitest';
import type { Input } from '../model/input.ts';
import { Cursor } from './cursor.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);

function inputOf(sequential: boolean): Input & { reads: number } {
  let next = 0;
  return {
    size: sequential ? Number.POSITIVE_INFINITY : bytes.length,
    ...(sequential && { sequential }),
    reads: 0,
    read(into, at) {
      if (sequential && at !== next) throw new Error('out of order');
      const part = bytes.subarray(at, at + into.length);
      into.set(part);
      next = at + part.length;
      this.reads++;
      return part.length;
    },
    close: async () => undefined,
  };
}

describe.each([false, true])('sequential: %s', (sequential) => {
  it('takes, peeks, skips and streams in order', async () => {
    const cursor = new Cursor(inputOf(sequential));
    expect([...(await cursor.take(3, 'x'))]).toEqual([0, 1, 2]);
    expect([...(await cursor.peek(4))]).toEqual([3, 4, 5, 6]);
    expect([...(await cursor.take(2, 'x'))]).toEqual([3, 4]);
    await cursor.skip(95);
    expect(cursor.at).toBe(100);
    await cursor.peek(10);
    const parts: number[] = [];
    for await (const piece of cursor.content(50, 'x')) parts.push(...piece);
    expect(parts).toEqual([...bytes.subarray(100, 150)]);
    expect(cursor.at).toBe(150);
    await cursor.skip(840);
    expect((await cursor.peek(100)).length).toBe(10);
    await expect(cursor.take(11, 'end')).rejects.toThrow('end');
    await expect(cursor.content(11, 'end').next()).resolves.toMatchObject({ done: false });
  });

  it('says when a content is cut off', async () => {
    const cursor = new Cursor(inputOf(sequential));
    const read = async (): Promise<void> => {
      for await (const _ of cursor.content(2000, 'cut'));
    };
    await expect(read()).rejects.toThrow('cut');
  });
});

it('skips without reading where it can', async () => {
  const input = inputOf(false);
  const cursor = new Cursor(input);
  await cursor.skip(900);
  expect(input.reads).toBe(0);
});
