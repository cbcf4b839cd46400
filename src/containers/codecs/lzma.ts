/**
 * LZMA in its carriers: LZMA2 chunks (xz, 7z, squashfs), raw LZMA1 (7z, lzip, zip), `.lzma` files. Specifications:
 * lzma-specification.txt and xz-file-format.txt, 5.3.1. Memory follows what is decoded, up to the dictionary size.
 */
import { ByteQueue } from '../../bytes/byte-queue.ts';
import { u32le } from '../../bytes/reader.ts';
import { FormatError } from '../../model/errors.ts';
import { LzmaDecoder, SYMBOL_BYTES } from './lzma-decoder.ts';

const PIECE_BYTES = 131_072;

/** Window of LZMA2 by its byte of properties (xz-file-format.txt, 5.3.1); undefined for a value that means nothing. */
export function lzma2WindowBytes(bits: number | undefined): number | undefined {
  if (bits === undefined || bits > 40) return undefined;
  return bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** ((bits >>> 1) + 11);
}

/** LZMA2 chunks up to their end marker; the queue then stands behind it. Throws FormatError, SourceError. */
export async function* readLzma2(queue: ByteQueue, windowBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  const lzma = new LzmaDecoder(windowBytes);
  const piece = new Uint8Array(PIECE_BYTES);
  let needsDictionary = true;
  let needsProperties = true;
  let needsState = true;
  try {
    for (;;) {
      const control = (await queue.take(1, 'lzma2.control'))[0]!;
      if (control === 0) return;
      if (control >= 0xe0 || control === 1) {
        lzma.resetWindow();
        needsDictionary = false;
        if (control === 1) needsProperties = true;
      } else if (needsDictionary) throw new FormatError('lzma2.control');
      if (control < 0x80) {
        if (control > 2) throw new FormatError('lzma2.control');
        const head = await queue.take(2, 'lzma2.size');
        const size = ((head[0]! << 8) | head[1]!) + 1;
        const stored = await queue.take(size, 'lzma2.chunk');
        lzma.copy(stored);
        piece.set(stored);
        yield piece.subarray(0, size);
        continue;
      }
      const head = await queue.take(4, 'lzma2.size');
      const size = (((control & 0x1f) << 16) | (head[0]! << 8) | head[1]!) + 1;
      const stored = ((head[2]! << 8) | head[3]!) + 1;
      if (control >= 0xc0) {
        const properties = (await queue.take(1, 'lzma2.properties'))[0]!;
        lzma.setProperties(properties);
        needsProperties = needsState = false;
        lzma.resetState();
      } else if (needsProperties) throw new FormatError('lzma2.control');
      else if (control >= 0xa0) {
        lzma.resetState();
        needsState = false;
      }
      if (needsState || stored < 5) throw new FormatError('lzma2.control');
      // A symbol reads beyond the chunk only when it is damaged: zeros or the next chunk's bytes, and then the sizes differ.
      if (!(await queue.fill(stored))) throw new FormatError('lzma2.chunk');
      lzma.startRange(queue.bytes, queue.at);
      const end = queue.at + stored;
      for (let left = size; left > 0; ) {
        const part = Math.min(left, PIECE_BYTES);
        lzma.reserve(part);
        const from = lzma.to;
        let failure: unknown;
        try {
          lzma.decode(queue.bytes, end, from + part);
        } catch (error) {
          failure = error;
        }
        if (failure) {
          piece.set(lzma.window.subarray(from, lzma.to));
          yield piece.subarray(0, lzma.to - from);
          throw failure;
        }
        if (lzma.to - from !== part || lzma.at > end || lzma.ended) throw new FormatError('lzma2.chunk');
        left -= part;
        piece.set(lzma.window.subarray(from, lzma.to));
        yield piece.subarray(0, part);
      }
      if (lzma.at !== end || !lzma.finished) throw new FormatError('lzma2.chunk');
      queue.at = end;
    }
  } finally {
    lzma.wipe();
    piece.fill(0);
  }
}

export interface Lzma1Options {
  /** lc, lp and pb in one byte. */
  readonly properties: number;
  readonly windowBytes: number;
  /** Uncompressed; without it the stream ends at its end marker. */
  readonly size?: number | undefined;
}

/** Raw LZMA1 from the queue's position. Throws FormatError, SourceError. */
export async function* readLzma1(
  queue: ByteQueue,
  { properties, windowBytes, size = Number.POSITIVE_INFINITY }: Lzma1Options,
): AsyncGenerator<Uint8Array, void, undefined> {
  const lzma = new LzmaDecoder(windowBytes, size);
  const piece = new Uint8Array(PIECE_BYTES);
  try {
    lzma.setProperties(properties);
    lzma.resetState();
    const start = await queue.take(5, 'lzma.range');
    lzma.startRange(start, 0);
    lzma.at = queue.at;
    let left = size;
    for (;;) {
      const part = Math.min(left, PIECE_BYTES);
      lzma.reserve(part);
      const from = lzma.to;
      let failure: unknown;
      while (lzma.to < from + part && !lzma.ended && !failure) {
        const whole = await queue.fill(SYMBOL_BYTES * 2);
        lzma.at = queue.at;
        try {
          if (whole) {
            lzma.decode(queue.bytes, queue.end - SYMBOL_BYTES - 1, from + part);
          } else {
            decodeTail(lzma, queue, from + part);
          }
        } catch (error) {
          failure = error;
        }
        queue.at = lzma.at;
      }
      const got = lzma.to - from;
      left -= got;
      piece.set(lzma.window.subarray(from, lzma.to));
      if (got > 0) yield piece.subarray(0, got);
      if (failure) throw failure;
      if (lzma.ended || left === 0) break;
    }
    if (lzma.ended && Number.isFinite(left) && left > 0) throw new FormatError('lzma.size');
    // A known size may still be followed by an end marker; the range coder is at zero in both cases.
    if (!lzma.ended && !lzma.finished) await skipEndMarker(lzma, queue);
  } finally {
    lzma.wipe();
    piece.fill(0);
  }
}

/** The last bytes of a stream: a symbol that reads beyond them is cut off. */
function decodeTail(lzma: LzmaDecoder, queue: ByteQueue, limit: number): void {
  const tail = new Uint8Array(SYMBOL_BYTES * 4);
  tail.set(queue.bytes.subarray(queue.at, queue.end));
  const length = queue.end - queue.at;
  lzma.at = 0;
  lzma.decode(tail, length, limit);
  if (lzma.at > length) throw new FormatError('lzma.data');
  lzma.at += queue.at;
}

async function skipEndMarker(lzma: LzmaDecoder, queue: ByteQueue): Promise<void> {
  await queue.fill(SYMBOL_BYTES);
  const tail = new Uint8Array(SYMBOL_BYTES * 4);
  const length = Math.min(SYMBOL_BYTES, queue.end - queue.at);
  tail.set(queue.bytes.subarray(queue.at, queue.at + length));
  lzma.reserve(1);
  lzma.at = 0;
  lzma.decode(tail, 1, lzma.to + 1);
  if (!lzma.ended || lzma.at > length) throw new FormatError('lzma.size');
  queue.at += lzma.at;
}

/** A `.lzma` file (LZMA_Alone): properties, dictionary size, size or -1, then the stream. Throws FormatError, SourceError. */
export async function* decodeLzma(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue(source);
  try {
    const head = await queue.take(13, 'lzma.header');
    const low = u32le(head, 5)!;
    const high = u32le(head, 9)!;
    const unknown = low === 0xffffffff && high === 0xffffffff;
    yield* readLzma1(queue, {
      properties: head[0]!,
      windowBytes: u32le(head, 1)!,
      ...(unknown ? {} : { size: high * 2 ** 32 + low }),
    });
    if (await queue.fill(1)) throw new FormatError('lzma.trailing');
  } finally {
    await queue.close();
  }
}
