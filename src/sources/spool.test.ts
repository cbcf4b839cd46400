import { randomFillSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSpool, Spool } from './spool.ts';
import { SpoolArena, SpoolMemory } from './spool-arena.ts';

const MIB = 1024 * 1024;

describe.each([
  ['in memory', 64 * MIB],
  ['on disk', 0],
  ['in both', 2 * MIB],
])('a spool %s', (_, memoryBytes) => {
  it.each([0, 1, MIB - 1, MIB, MIB + 1, 5 * MIB + 12_345])('gives back %i bytes, at random and in order', (size) => {
    const bytes = new Uint8Array(size);
    randomFillSync(bytes);
    const arena = new SpoolArena(memoryBytes);
    const spool = new Spool(arena);
    for (let at = 0; at < size; at += 70_001) spool.write(bytes.subarray(at, at + 70_001));
    expect(spool.size).toBe(size);
    const input = spool.openInput();
    for (let at = 0; at < size; at += 333_333) {
      const into = new Uint8Array(400_000);
      const read = input.read(into, at);
      expect(read).toBe(Math.min(into.length, size - at));
      expect(Buffer.compare(into.subarray(0, read as number), bytes.subarray(at, at + 400_000))).toBe(0);
    }
    expect(input.read(new Uint8Array(10), size)).toBe(0);
    expect(Buffer.compare(Buffer.concat([...spool.content()]), bytes)).toBe(0);
    // As another thread opens it: by its locator and the shared memory.
    const twin = openSpool(spool.locate('x'), new SpoolMemory(arena.memory.shared));
    const whole = new Uint8Array(size);
    expect(twin.read(whole, 0)).toBe(size);
    expect(Buffer.compare(whole, bytes)).toBe(0);
    expect(() => spool.write(bytes)).toThrow('before it is read');
    spool.close();
    expect(spool.size).toBe(0);
  });
});

it('shares the memory of one arena, and gives it back wiped', () => {
  const arena = new SpoolArena(MIB);
  const spools = [1, 2, 3].map((value) => {
    const spool = new Spool(arena);
    spool.write(new Uint8Array(MIB / 2).fill(value));
    return spool;
  });
  for (const [i, spool] of spools.entries())
    expect(new Set([...spool.content()].flatMap((part) => [...part]))).toEqual(new Set([i + 1]));
  for (const spool of spools) spool.close();
  expect(new Uint8Array(arena.memory.shared).some((byte) => byte !== 0)).toBe(false);
  const next = new Spool(arena);
  next.write(new Uint8Array(MIB));
  expect(JSON.parse(next.locate('x').id)).toMatchObject({
    held: [expect.any(Number), {}, {}, {}].map(() => expect.any(Number)),
  });
  next.close();
});

it('says when there is no room, and not where', () => {
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = join(tmpdir(), 'absent-folder');
  try {
    expect(() => new Spool(new SpoolArena(0)).write(new Uint8Array(MIB))).toThrow(
      expect.objectContaining({ detail: 'spool ENOENT' }),
    );
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  }
});
