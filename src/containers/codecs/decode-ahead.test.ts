import { describe, expect, it } from 'vitest';
import { concat, le } from '../../../corpus/encode/text.ts';
import { createRng } from '../../../corpus/rng.ts';
import { SourceError } from '../../model/errors.ts';
import { decodeAhead } from './decode-ahead.ts';
import { HAS_NODE_ZSTD } from './zstd.ts';

const BLOCK_BYTES = 131_072;
/** More than what is decoded where it is. */
const BLOCKS = 48;

/** A frame of stored blocks, without a checksum (RFC 8878). */
function storedFrame(content: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x50)];
  for (let at = 0; at < content.length; at += BLOCK_BYTES) {
    const block = content.subarray(at, at + BLOCK_BYTES);
    const isLast = at + BLOCK_BYTES >= content.length;
    parts.push(le((isLast ? 1n : 0n) | (BigInt(block.length) << 3n), 3), block);
  }
  return concat(...parts);
}

const content = createRng('decode ahead').bytes(BLOCKS * BLOCK_BYTES - 77);
const frame = storedFrame(content);

async function* inPieces(bytes: Uint8Array, failure?: Error): AsyncGenerator<Uint8Array, void, undefined> {
  // One buffer that is used again, as readers have it.
  const buffer = new Uint8Array(100_003);
  for (let at = 0; at < bytes.length; at += buffer.length) {
    const part = bytes.subarray(at, at + buffer.length);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
  }
  if (failure) throw failure;
}

async function decodeAll(source: AsyncIterable<Uint8Array>): Promise<{ bytes: Uint8Array; error: unknown }> {
  const parts: Uint8Array[] = [];
  try {
    for await (const piece of decodeAhead('zstd', source)) {
      parts.push(piece.slice());
      piece.fill(0);
    }
    return { bytes: concat(...parts), error: undefined };
  } catch (error) {
    return { bytes: concat(...parts), error };
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe('decodeAhead', () => {
  it('gives what the decoder gives, of a short stream and of a long one', async () => {
    const short = content.subarray(0, 300_000);
    expect(isSame((await decodeAll(inPieces(storedFrame(short)))).bytes, short)).toBe(true);
    const { bytes, error } = await decodeAll(inPieces(concat(frame, frame)));
    expect(error).toBeUndefined();
    expect(isSame(bytes, concat(content, content))).toBe(true);
  });

  it('gives what was decoded before a damage, then the error', async () => {
    const damaged = frame.slice();
    damaged[6 + 40 * (BLOCK_BYTES + 3)] = 0x07; // a block of a reserved type
    const { bytes, error } = await decodeAll(inPieces(damaged));
    expect(error).toMatchObject({ name: 'FormatError', field: 'zstd.block_header' });
    expect(isSame(bytes, content.subarray(0, 40 * BLOCK_BYTES))).toBe(true);
  });

  it('passes on what the decoder can not open', async () => {
    const unknown = concat(frame, Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x01, 0x50, 9));
    expect((await decodeAll(inPieces(unknown))).error).toMatchObject({ code: 'not-opened', detail: 'zstd.dictionary' });
  });

  it('passes on what its source throws, after what came before', async () => {
    const { bytes, error } = await decodeAll(
      inPieces(frame.subarray(0, frame.length - 10), new SourceError('truncated', 'x')),
    );
    expect(error).toMatchObject({ code: 'truncated', detail: 'x' });
    expect(bytes.length).toBeGreaterThan(44 * BLOCK_BYTES);
  });

  it('ends its thread and its source when nobody wants more', async () => {
    let isEnded = false;
    const source = async function* () {
      try {
        for (;;) yield* inPieces(frame);
      } finally {
        isEnded = true;
      }
    };
    for await (const piece of decodeAhead('zstd', source())) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect(isEnded).toBe(true);
  });

  it.skipIf(HAS_NODE_ZSTD)('wipes nothing that its consumer still holds', async () => {
    const decoded = decodeAhead('zstd', inPieces(frame));
    const { value } = await decoded.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isSame(value!, content.subarray(0, value!.length))).toBe(true);
    await decoded.return();
  });
});
