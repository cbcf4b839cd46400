/**
 * Tells DEFLATE streams (RFC 1951) from random bytes: zlib's (RFC 1950) and gzip's (RFC 1952). Class files in the image of a Java runtime
 * made by jlink, responses of web servers, fonts and pictures fill memory with them, and no number of a key lies in one.
 */
import { constants, inflateRawSync } from 'node:zlib';
import { hasBytes } from '../bytes/reader.ts';
import { isZlibHeader } from '../containers/codecs/zlib-header.ts';

/** A run of random words begins within a stream's header, or with what stands before it. */
const MAX_BEFORE = 24;
/** Shorter runs are tried as numbers in no time. */
const MIN_BYTES = 192;
/** Of a run, what is behind the end of the stream. */
const MAX_REST = 32;
const MAX_OUTPUT = 1 << 22;
const DYNAMIC_CODES = 2;
const GZIP = [0x1f, 0x8b, 8];
const GZIP_HEADER_BYTES = 10;
const FNAME = 8;

/** Whether the bytes from `start` to `end` are a compressed stream, but for a few before and behind it. */
export function areDeflated(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < MIN_BYTES) return false;
  for (let at = start; at < start + MAX_BEFORE; at++) {
    const first = isZlibHeader(bytes[at]!, bytes[at + 1]!) ? at + 2 : behindGzipHeader(bytes, at, end);
    if (first !== undefined && inflates(bytes, first, end)) return true;
  }
  return false;
}

/** Where the stream begins behind a header (2.3) that has nothing but a name, if any. */
function behindGzipHeader(bytes: Uint8Array, at: number, end: number): number | undefined {
  if (!hasBytes(bytes, at, GZIP)) return undefined;
  const flags = bytes[at + 3];
  if (flags === 0) return at + GZIP_HEADER_BYTES;
  const nameEnd = bytes.indexOf(0, at + GZIP_HEADER_BYTES);
  return flags === FNAME && nameEnd > 0 && nameEnd < end ? nameEnd + 1 : undefined;
}

/** What begins with a block with codes of its own (3.2.3), as all have that are long and not merely stored. */
function inflates(bytes: Uint8Array, at: number, end: number): boolean {
  if (((bytes[at]! >> 1) & 3) !== DYNAMIC_CODES) return false;
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_OUTPUT, info: true };
    // With `info`, which the types of Node don't know, the engine comes along.
    const result: unknown = inflateRawSync(bytes.subarray(at, end), options);
    const { buffer, engine } = result as { buffer: Uint8Array; engine: { bytesWritten: number } };
    buffer.fill(0);
    return engine.bytesWritten >= end - at - MAX_REST;
  } catch {
    return false;
  }
}
