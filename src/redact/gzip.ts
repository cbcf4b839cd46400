/**
 * gzip (RFC 1952) again: the first header as it is, all members' content as one. What follows the last member stays, but
 * for padding; what a damage hides is left out.
 */
import { crc32, createDeflateRaw } from 'node:zlib';
import { readPieces, readUpTo } from '../bytes/input-reader.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { type EncodeTask, rewriteContent } from './rewrite.ts';
import { through } from './transform.ts';

/** A header is some hundred bytes; names and comments are paths. */
const MAX_HEADER_BYTES = 262_144;

/** Bytes of the header (RFC 1952, 2.3). */
async function headerBytes(input: Input): Promise<number> {
  const head = await readUpTo(input, 0, MAX_HEADER_BYTES);
  const flags = head[3] ?? 0;
  let at = 10;
  if (flags & 0x04) at += 2 + head[at]! + head[at + 1]! * 256;
  for (const flag of [0x08, 0x10]) {
    if (!(flags & flag)) continue;
    const end = head.indexOf(0, at);
    if (end < 0) throw new FormatError('gzip.header');
    at = end + 1;
  }
  return flags & 0x02 ? at + 2 : at;
}

export async function* encodeGzip({
  input,
  own,
  node,
  context,
}: EncodeTask): AsyncGenerator<Uint8Array, void, undefined> {
  const container = context.plugins.containers.find(({ id }) => id === 'gzip')!;
  yield* readPieces(own, 0, await headerBytes(input));
  let trailing: number | undefined;
  for await (const item of container.open(input)) {
    if ('code' in item) {
      if (item.detail === 'gzip.trailing') trailing = item.span?.start;
      continue;
    }
    const { content: open } = item;
    const [child] = node.members.values();
    let crc = 0;
    let size = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of rewriteContent(untilDamage(open()), child!, context)) {
        crc = crc32(piece, crc);
        size += piece.length;
        yield piece;
      }
    }
    yield* through(createDeflateRaw(), counted());
    const trailer = new DataView(new ArrayBuffer(8));
    trailer.setUint32(0, crc, true);
    trailer.setUint32(4, size % 2 ** 32, true);
    yield new Uint8Array(trailer.buffer);
  }
  if (trailing !== undefined) yield* readPieces(own, trailing);
}

/** Damage is a gap that the user allowed, or there would be nothing to write: what could be read is kept. */
export async function* untilDamage(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* content;
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof FormatError)) throw error;
  }
}
