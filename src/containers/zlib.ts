/**
 * A bare zlib stream (RFC 1950). Its two bytes of header come up by chance in one of a thousand files, so it is one only
 * when what follows inflates; the Adler-32 at its end is verified. Streams behind each other are one content, as in gzip.
 */
import { constants, createInflate, inflateSync } from 'node:zlib';
import { ForwardReader } from '../bytes/forward-reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import type { Input } from '../model/input.ts';
import { inflateStream, readTrailing } from './codecs/inflate-stream.ts';
import { isZlibHeader } from './codecs/zlib-header.ts';

/** Compressed bytes that are tried: that many by chance are no deflate stream. */
const TRIED_BYTES = 4096;
const LEAST_BYTES = 64;
const PIECE_BYTES = 1024 * 1024;
/** What 4 KiB can inflate to. */
const MAX_TRIED_BYTES = 8 * 1024 * 1024;

function recognise(head: Uint8Array): boolean {
  if (head.length < LEAST_BYTES || !isZlibHeader(head[0]!, head[1]!)) return false;
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_TRIED_BYTES };
    return inflateSync(head.subarray(0, TRIED_BYTES), options).length > 0;
  } catch {
    return false;
  }
}

/** The content of all streams. */
async function* inflateAll(reader: ForwardReader, gaps: MemberGap[]): AsyncGenerator<Uint8Array> {
  for (let isNext = true; isNext; ) {
    yield* inflateStream(reader, createInflate({ chunkSize: PIECE_BYTES }), 'zlib.data');
    const [cmf = 0, flg = 0] = await reader.peek(2);
    isNext = isZlibHeader(cmf, flg);
  }
  const trailing = await readTrailing(reader, 'zlib.trailing');
  if (trailing) gaps.push(trailing);
}

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new ForwardReader(input);
  const gaps: MemberGap[] = [];
  try {
    yield { name: '', content: () => inflateAll(reader, gaps) };
    yield* gaps;
  } finally {
    reader.close();
  }
}

export default defineContainer({
  id: 'zlib',
  title: 'zlib stream',
  doc: `A stream with the header of zlib whose first 4 KiB inflate without error, and streams behind each other; the Adler-32 of each is
verified. Bytes behind the last one are a gap, unless they are zeros. Old Apport reports and some memory images are such streams.
Source: RFC 1950.`,
  access: 'sequential',
  recognise,
  open,
});
