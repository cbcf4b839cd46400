import { describe, expect, it } from 'vitest';
import { writeZstdFrame } from '../../../corpus/containers/zstd.ts';
import { concat, le } from '../../../corpus/encode/text.ts';
import { createRng } from '../../../corpus/rng.ts';
import { FormatError } from '../../model/errors.ts';
import { decodeZstd } from './zstd.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** Repeated blocks of 128 KiB cost four bytes each. */
function zeroFrame(blocks: number): Uint8Array {
  const block = (last: number): Uint8Array => concat(le(BigInt(last | 2 | (131_072 << 3)), 3), Uint8Array.of(0));
  const body = new Uint8Array(blocks * 4);
  for (let i = 0; i < blocks; i++) body.set(block(i === blocks - 1 ? 1 : 0), i * 4);
  return concat(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x50), body);
}

describe('decodeZstd', () => {
  it('does not depend on where the pieces of its input end', async () => {
    const content = createRng('zstd pieces').bytes(5000);
    const bytes = concat(
      writeZstdFrame([content.subarray(0, 4000), content.subarray(4000)]),
      writeZstdFrame([content]),
    );
    for (const size of [1, 7, 4096]) {
      const parts: Uint8Array[] = [];
      for await (const piece of decodeZstd(inPieces(bytes, size))) parts.push(new Uint8Array(piece));
      expect(Buffer.concat(parts).equals(concat(content, content))).toBe(true);
    }
  });

  it('streams 2 GB of zeros out of 64 KB in bounded memory', async () => {
    const bytes = zeroFrame(2 ** 31 / 131_072);
    expect(bytes.length).toBeLessThan(66_000);
    const before = process.memoryUsage().rss;
    let size = 0;
    for await (const piece of decodeZstd(inPieces(bytes, 65_536))) size += piece.length;
    expect(size).toBe(2 ** 31);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  it('can be left in the middle', async () => {
    let size = 0;
    for await (const piece of decodeZstd(inPieces(zeroFrame(1000), 100))) {
      size += piece.length;
      if (size > 1_000_000) break;
    }
    expect(size).toBeLessThan(1_300_000);
  });

  it('ends quickly on corrupt blocks, which the library itself would read for ever', async () => {
    const garbage = createRng('zstd garbage').bytes(1000);
    // A compressed block of noise.
    const bytes = concat(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x50), le(1n | 4n | (1000n << 3n), 3), garbage);
    const started = performance.now();
    await expect(async () => {
      for await (const _ of decodeZstd(inPieces(bytes, 300)));
    }).rejects.toThrow(FormatError);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
