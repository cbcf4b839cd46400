/** Reads of an input: exact ones for headers, and a span of it as a stream of pieces. */
import { FormatError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const PIECE_BYTES = 262_144;

/** `count` bytes at `at`, in memory of their own; less where the input ends. `count` needs a ceiling of the caller. */
export async function readUpTo(input: Input, at: number, count: number): Promise<Uint8Array> {
  const room = Number.isFinite(input.size) ? Math.min(count, Math.max(0, input.size - at)) : count;
  const bytes = new Uint8Array(room);
  const got = await input.read(bytes, at);
  return got === room ? bytes : bytes.subarray(0, got);
}

/** Exactly `count` bytes at `at`; throws FormatError when the input ends before. `count` needs a ceiling of the caller. */
export async function readExactly(input: Input, at: number, count: number, field: string): Promise<Uint8Array> {
  if (!(at >= 0 && at + count <= input.size)) throw new FormatError(field);
  const bytes = await readUpTo(input, at, count);
  if (bytes.length < count) throw new FormatError(field);
  return bytes;
}

/** The bytes `[start, end)` in order, in one buffer that is used again for each piece. Stops where the input ends. */
export async function* readPieces(
  input: Input,
  start = 0,
  end = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(Math.min(PIECE_BYTES, Math.max(end - start, 1)));
  try {
    for (let at = start; at < end; ) {
      const wanted = Math.min(buffer.length, end - at);
      const got = await input.read(buffer.subarray(0, wanted), at);
      if (got > 0) yield buffer.subarray(0, got);
      if (got < wanted) return;
      at += got;
    }
  } finally {
    buffer.fill(0);
  }
}

/** As `readPieces`, but an input that ends before `end` is damaged: throws FormatError. */
export async function* readSpan(
  input: Input,
  start: number,
  end: number,
  field: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let got = 0;
  for await (const piece of readPieces(input, start, end)) {
    got += piece.length;
    yield piece;
  }
  if (got < end - start) throw new FormatError(field);
}
