/**
 * A bare zlib stream (RFC 1950). Its two bytes of header come up by chance in one of a thousand files, so it is one only
 * when what follows inflates; the Adler-32 at its end is verified.
 */
import { constants, createInflate, inflateSync } from 'node:zlib';
import { ForwardReader } from '../bytes/forward-reader.ts';
import { u16be } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import type { Input } from '../model/input.ts';
import { throughDecoder } from './codecs/node-stream.ts';

/** Compressed bytes that are tried: that many by chance are no deflate stream. */
const TRIED_BYTES = 4096;
const LEAST_BYTES = 64;
/** What 4 KiB can inflate to. */
const MAX_TRIED_BYTES = 8 * 1024 * 1024;

function recognise(head: Uint8Array): boolean {
  const header = u16be(head, 0) ?? 0;
  // Deflate with the window of 32 KiB that all writers use, no dictionary.
  if (head[0] !== 0x78 || header % 31 !== 0 || (header & 0x20) !== 0 || head.length < LEAST_BYTES) return false;
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_TRIED_BYTES };
    return inflateSync(head.subarray(0, TRIED_BYTES), options).length > 0;
  } catch {
    return false;
  }
}

async function* decode(input: Input): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ForwardReader(input);
  try {
    const pieces = reader.pieces(Number.POSITIVE_INFINITY);
    yield* throughDecoder(pieces, createInflate({ chunkSize: 1_048_576 }), 'zlib.data');
  } finally {
    reader.close();
  }
}

export default defineContainer({
  id: 'zlib',
  title: 'zlib stream',
  doc: `A stream with the header of zlib whose first 4 KiB inflate without error; its Adler-32 is verified. Bytes behind its end are searched
as they are. Old Apport reports and some memory images are such streams. Source: RFC 1950.`,
  access: 'sequential',
  recognise,
  async *open(input) {
    yield { name: '', content: () => decode(input) };
  },
});
