/**
 * Deflate streams of unknown length in one input: gzip's members, zlib's streams, entries of a zip. Node's own readers of
 * whole files pass over what follows the last stream without a word, and don't say where one ends.
 */
import type { Inflate, InflateRaw } from 'node:zlib';
import type { ForwardReader } from '../../bytes/forward-reader.ts';
import type { MemberGap } from '../../model/container.ts';
import { FormatError, SourceError } from '../../model/errors.ts';
import { plainBytes } from './node-stream.ts';

const READ_BYTES = 262_144;

/**
 * What `stream` inflates of at most `most` bytes, up to its last block; the reader then stands behind it. Reading goes on
 * while the consumer works on a piece. Throws FormatError with `field`, SourceError when the bytes end before.
 */
export async function* inflateStream(
  reader: ForwardReader,
  stream: Inflate | InflateRaw,
  field: string,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Errors come out of the iteration; one that comes after its end must not end the process.
  stream.on('error', () => undefined);
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      const onClose = (): void => reject(new FormatError(field));
      stream.once('close', onClose);
      stream.write(bytes, (error) => {
        stream.off('close', onClose);
        if (error) reject(error);
        else resolve();
      });
    });
  /** Feeds the stream until it has read its last block. */
  async function feed(): Promise<void> {
    try {
      for (let left = most; ; ) {
        const bytes = await reader.peekSome(Math.min(left, READ_BYTES));
        if (bytes.length === 0) {
          // It may have ended with the last byte, or else says that it has not.
          stream.end();
          return;
        }
        const before = stream.bytesWritten;
        await write(bytes);
        // What zlib took: less than it got when the last block ends within.
        const taken = stream.bytesWritten - before;
        await reader.skip(Math.min(bytes.length, taken));
        left -= taken;
        if (taken < bytes.length || stream.readableEnded) return;
      }
    } catch (error) {
      stream.destroy(error instanceof Error ? error : undefined);
    }
  }
  const fed = feed();
  try {
    for await (const piece of stream as AsyncIterable<Uint8Array>) yield plainBytes(piece);
    await fed;
  } catch (error) {
    if (error instanceof SourceError || error instanceof FormatError) throw error;
    const isCut = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
    throw isCut ? new SourceError('truncated', field) : new FormatError(field);
  } finally {
    stream.destroy();
    await fed;
  }
}

/** All that follows the last stream: zeros pad a tape or a disk block, anything else is a gap. */
export async function readTrailing(reader: ForwardReader, detail: string): Promise<MemberGap | undefined> {
  const start = reader.at;
  let isPadding = true;
  for await (const piece of reader.pieces(Number.POSITIVE_INFINITY)) {
    isPadding &&= piece.every((byte) => byte === 0);
  }
  return isPadding ? undefined : { code: 'not-opened', span: { start, end: reader.at }, detail };
}
