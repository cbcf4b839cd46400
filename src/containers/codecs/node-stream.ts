/** Node's own decoders (zlib, zstd) as generators of pieces. */
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { FormatError, SourceError } from '../../model/errors.ts';

/** What `decoder` makes of `source`; its errors become FormatError with `field`, those of `source` stay. */
export async function* throughDecoder(
  source: AsyncIterable<Uint8Array>,
  decoder: Transform,
  field: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  // It reads ahead, so the pieces, whose buffer may be used again, are copied.
  const owned = async function* () {
    for await (const piece of source) yield new Uint8Array(piece);
  };
  let failure: unknown;
  const done = pipeline(owned, decoder).catch((error: unknown) => {
    failure = error;
  });
  try {
    for await (const piece of decoder) yield plainBytes(piece as Uint8Array);
    await done;
  } catch (error) {
    failure ??= error;
  } finally {
    decoder.destroy();
  }
  if (failure instanceof FormatError || failure instanceof SourceError) throw failure;
  if (failure) throw new FormatError(field);
}

/** Without Node's Buffer around it, whose `slice` does not copy. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Raw deflate (RFC 1951). Throws FormatError. */
export function decodeDeflate(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  return throughDecoder(source, createInflateRaw({ chunkSize: 131_072 }), 'deflate.data');
}

/** Raw deflate that must give `size` bytes. Throws FormatError with `field`, after what there is. */
export async function* inflateExactly(
  source: AsyncIterable<Uint8Array>,
  size: number,
  field: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let got = 0;
  for await (const piece of throughDecoder(source, createInflateRaw({ chunkSize: 131_072 }), field)) {
    got += piece.length;
    yield piece;
  }
  if (got !== size) throw new FormatError(field);
}
