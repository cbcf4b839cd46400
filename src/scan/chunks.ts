/**
 * Reads a region through the kernel's window, chunk by chunk: bytes go straight from the input into the kernel's
 * memory, and the margin that two chunks share is copied, not read twice. Read target and file offset stay 4 KiB-aligned
 * (a misaligned target costs a factor of five, see bench/RESULTS.md).
 */
import type { Kernel } from '../kernel/kernel.ts';
import type { Input } from '../model/input.ts';
import type { Span } from '../model/place.ts';

const PAGE = 4096;

/** One chunk in the kernel's window. All indexes are into `kernel.window`. */
export interface Chunk {
  /** Input offset of index 0 (negative while the first margin lies before the input). */
  readonly base: number;
  /** Bytes this chunk owns: hits are reported for exactly these. */
  readonly own: Span;
  /** Bytes that hold data, margins included. */
  readonly data: Span;
}

/** What `readChunks` returns when it ends: the offset that it reached, less than `range.end` when the input is shorter. */
export type ReachedOffset = number;

/**
 * Yields the chunks of `range`; the caller is done with a chunk before it asks for the next.
 * Throws SourceError from `input.read`.
 */
export async function* readChunks(
  input: Input,
  range: Span,
  kernel: Kernel,
): AsyncGenerator<Chunk, ReachedOffset, undefined> {
  const { window, marginBytes, chunkBytes } = kernel;
  // The window's first byte is page-aligned in memory, so the base must be page-aligned in the input.
  const first = range.start - (range.start % PAGE);
  let base = first - marginBytes;
  let valid = Math.max(0, -base);
  let ownStart = marginBytes + (range.start - first);
  window.fill(0, 0, valid);
  let filled = await fill(input, window, valid, base);
  for (;;) {
    const ownEnd = Math.min(marginBytes + chunkBytes, range.end - base, filled);
    if (ownEnd > ownStart) yield { base, own: { start: ownStart, end: ownEnd }, data: { start: valid, end: filled } };
    if (base + ownEnd >= range.end || (ownEnd === filled && filled < window.length)) return base + ownEnd;
    // The last two margins of this window are the first two of the next.
    window.copyWithin(0, chunkBytes, window.length);
    base += chunkBytes;
    valid = Math.max(0, valid - chunkBytes);
    ownStart = marginBytes;
    filled = await fill(input, window, filled - chunkBytes, base);
  }
}

/** Fills `window` from index `from` on; returns the index where the data ends. */
async function fill(input: Input, window: Uint8Array, from: number, base: number): Promise<number> {
  let at = from;
  while (at < window.length) {
    const read = input.read(window.subarray(at), base + at);
    const bytes = typeof read === 'number' ? read : await read;
    if (bytes === 0) break;
    at += bytes;
  }
  return at;
}
