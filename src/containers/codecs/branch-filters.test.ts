import { describe, expect, it } from 'vitest';
import { createRng } from '../../../corpus/rng.ts';
import { applyFilter, createFilter } from './branch-filters.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function undo(name: Parameters<typeof createFilter>[0], argument: number, bytes: Uint8Array, size: number) {
  const parts: Uint8Array[] = [];
  for await (const piece of applyFilter(inPieces(bytes, size), createFilter(name, argument)!)) {
    parts.push(new Uint8Array(piece));
    piece.fill(0);
  }
  return Buffer.concat(parts);
}

describe('filters', () => {
  // Noise with many opcodes that are converted; 7-Zip's and xz's own files are in the tests of samples and tools.
  const noise = createRng('branch filters')
    .bytes(3000)
    .map((byte, i) => (i % 7 === 0 ? 0xe8 : i % 11 < 2 ? 0xff : byte));

  it.each(['x86', 'powerpc', 'arm', 'armthumb', 'sparc', 'arm64'] as const)(
    '%s does not depend on where pieces end',
    async (name) => {
      const whole = await undo(name, 0, noise, noise.length);
      expect(whole.length).toBe(noise.length);
      for (const size of [1, 3, 64, 1000]) expect((await undo(name, 0, noise, size)).equals(whole)).toBe(true);
    },
  );

  it('delta adds what lies a distance before', async () => {
    const bytes = Uint8Array.of(1, 2, 1, 1, 255, 0);
    expect([...(await undo('delta', 2, bytes, 2))]).toEqual([1, 2, 2, 3, 1, 3]);
  });

  it('knows what it can not undo', () => {
    expect(createFilter('ia64', 0)).toBeUndefined();
    expect(createFilter('riscv', 0)).toBeUndefined();
  });
});
