import { describe, expect, it } from 'vitest';
import { openStream } from './stdin.ts';

async function* pieces(...sizes: number[]): AsyncGenerator<Uint8Array> {
  let value = 0;
  for (const size of sizes) yield Uint8Array.from({ length: size }, () => value++);
}

describe('openStream', () => {
  it('reads in order, whatever the pieces', async () => {
    const input = openStream(pieces(3, 0, 1, 6));
    expect(input).toMatchObject({ size: Number.POSITIVE_INFINITY, sequential: true });
    const into = new Uint8Array(6);
    expect(await input.read(into, 0)).toBe(6);
    expect([...into]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await input.read(into, 6)).toBe(4);
    expect([...into.subarray(0, 4)]).toEqual([6, 7, 8, 9]);
    expect(await input.read(into, 10)).toBe(0);
  });

  it('reads in order only', async () => {
    const input = openStream(pieces(10));
    await input.read(new Uint8Array(5), 0);
    await expect(input.read(new Uint8Array(5), 0)).rejects.toMatchObject({ code: 'not-seekable' });
  });

  it('wipes what it has handed out', async () => {
    const chunk = Uint8Array.of(1, 2, 3);
    async function* one(): AsyncGenerator<Uint8Array> {
      yield chunk;
    }
    await openStream(one()).read(new Uint8Array(2), 0);
    expect([...chunk]).toEqual([0, 0, 3]);
  });

  it('names the failure of a read', async () => {
    const next = () => Promise.reject(Object.assign(new Error('canary'), { code: 'EISDIR' }));
    const broken = { [Symbol.asyncIterator]: () => ({ next }) };
    await expect(openStream(broken).read(new Uint8Array(1), 0)).rejects.toMatchObject({ detail: 'EISDIR' });
  });
});
