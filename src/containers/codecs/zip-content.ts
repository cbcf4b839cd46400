/** What is in a zip entry: its methods, and where a content ends whose size was not known when it was written. */

import { crc32, createInflateRaw } from 'node:zlib';
import { ByteQueue } from '../../bytes/byte-queue.ts';
import type { ForwardReader } from '../../bytes/forward-reader.ts';
import { indexOfText, u16le, u32le } from '../../bytes/reader.ts';
import { size64le } from '../../bytes/uint64.ts';
import { FormatError, SourceError } from '../../model/errors.ts';
import { decodeAhead } from './decode-ahead.ts';
import { decodeDeflate64 } from './deflate64.ts';
import { inflateStream } from './inflate-stream.ts';
import { readLzma1 } from './lzma.ts';
import type { Entry } from './zip-records.ts';

const PIECE_BYTES = 1_048_576;
/** Smaller ones would come out of Node's shared pool. */
const LEAST_PIECE_BYTES = 16_384;

/** Names of the methods that are not decoded (APPNOTE 4.4.5). */
const UNREAD: Readonly<Record<number, string>> = {
  1: 'shrink',
  2: 'reduce',
  3: 'reduce',
  4: 'reduce',
  5: 'reduce',
  6: 'implode',
  10: 'dcl-implode',
  16: 'cmpsc',
  18: 'terse',
  19: 'lz77',
  94: 'mp3',
  96: 'jpeg',
  97: 'wavpack',
  98: 'ppmd',
};

export const STORED = 0;
export const DEFLATE = 8;
const DEFLATE64 = 9;
const READ: readonly number[] = [STORED, DEFLATE, DEFLATE64, 12, 14, 20, 93, 95];

/** What 7-Zip reads: shrink, implode, PPMd. */
export const isForSevenZip = (method: number): boolean => [1, 6, 98].includes(method);

/** Name of the method when it can't be decoded. */
export const unreadMethod = (method: number): string | undefined =>
  READ.includes(method) ? undefined : (UNREAD[method] ?? 'unknown');

/**
 * Inflates from where the reader stands, at most `most` bytes of it; the reader then stands behind the last block.
 * `expectedBytes` only sizes the pieces. Throws FormatError, SourceError.
 */
export function inflate(
  reader: ForwardReader,
  most: number,
  expectedBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunkSize = Math.min(PIECE_BYTES, Math.max(LEAST_PIECE_BYTES, expectedBytes + 64));
  return inflateStream(reader, createInflateRaw({ chunkSize }), 'zip.deflate', most);
}

async function* decodeZipLzma(
  source: AsyncIterable<Uint8Array>,
  entry: Entry,
): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue(source);
  const head = await queue.take(9, 'zip.lzma');
  if (u16le(head, 2) !== 5) throw new FormatError('zip.lzma');
  // Flag 1: the stream has an end marker.
  const size = entry.flags & 2 ? undefined : entry.bytes;
  yield* readLzma1(queue, { properties: head[4]!, windowBytes: u32le(head, 5)!, size });
}

/** The content of an entry whose compressed bytes are `source`; not for deflate. */
export function decode(entry: Entry, source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  switch (entry.method) {
    case DEFLATE64:
      return decodeDeflate64(source);
    case 12:
      return decodeAhead('bzip2', source);
    case 14:
      return decodeZipLzma(source, entry);
    case 20:
    case 93:
      return decodeAhead('zstd', source);
    case 95:
      return decodeAhead('xz', source);
    default:
      return source;
  }
}

/** What a content came to. */
export class Checks {
  crc = 0;
  bytes = 0;

  async *through(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of pieces) {
      this.crc = crc32(piece, this.crc);
      this.bytes += piece.length;
      yield piece;
    }
  }
}

/** Field of what does not agree with what the entry says. */
export function disagreement(checks: Checks, crc: number, bytes: number): string | undefined {
  if (checks.bytes !== bytes) return 'zip.size';
  return checks.crc === crc ? undefined : 'zip.crc32';
}

export interface Descriptor {
  readonly crc: number;
  readonly bytes: number;
  readonly recordBytes: number;
}

/** A data descriptor at `at` for a content of so many compressed bytes: with or without signature, sizes of 4 or 8 bytes. */
export function parseDescriptor(bytes: Uint8Array, at: number, compressedBytes: number): Descriptor | undefined {
  const signed = indexOfText(bytes, 'PK\x07\x08', at, at + 4) === at;
  for (const start of signed ? [at + 4, at] : [at]) {
    const crc = u32le(bytes, start)!;
    if (size64le(bytes, start + 4) === compressedBytes && size64le(bytes, start + 12) !== undefined) {
      return { crc, bytes: size64le(bytes, start + 12)!, recordBytes: start + 20 - at };
    }
    if (u32le(bytes, start + 4) === compressedBytes % 2 ** 32 && u32le(bytes, start + 8) !== undefined) {
      return { crc, bytes: u32le(bytes, start + 8)!, recordBytes: start + 12 - at };
    }
  }
  return undefined;
}

const LONGEST_DESCRIPTOR_BYTES = 24;

/**
 * Bytes up to the signed descriptor whose compressed size is just what came before it; `limit` is an offset of the input.
 * Throws SourceError when there is none.
 */
export async function* untilDescriptor(
  reader: ForwardReader,
  limit: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const start = reader.at;
  for (;;) {
    const most = Math.min(limit - reader.at, 65_536);
    const bytes = await reader.peek(most);
    const isLast = bytes.length < most || reader.at + bytes.length >= limit;
    let keep = isLast ? bytes.length : Math.max(0, bytes.length - LONGEST_DESCRIPTOR_BYTES);
    let isEnd = false;
    for (
      let at = indexOfText(bytes, 'PK\x07\x08', 0);
      at >= 0 && at < keep;
      at = indexOfText(bytes, 'PK\x07\x08', at + 1)
    ) {
      if (!parseDescriptor(bytes, at, reader.at - start + at)) continue;
      keep = at;
      isEnd = true;
      break;
    }
    const piece = await reader.take(keep);
    if (piece.length > 0) yield piece;
    if (isEnd) return;
    if (isLast) throw new SourceError('truncated', 'zip.descriptor');
  }
}
