/**
 * Deflate streams that follow each other in one input (gzip's members, zlib's streams). Node's own readers of whole files
 * pass over what follows the last stream without a word, and don't say where one ends.
 */
import type { Inflate, InflateRaw } from 'node:zlib';
import type { MemberGap } from '../../model/container.ts';
import { FormatError, SourceError } from '../../model/errors.ts';
import type { Input } from '../../model/input.ts';
import { plainBytes } from './node-stream.ts';

const READ_BYTES = 256 * 1024;

/** Front to back over the compressed bytes, a buffer at a time. */
export class CompressedReader {
  readonly #input: Input;
  readonly #field: string;
  readonly #buffer = new Uint8Array(READ_BYTES);
  #from = 0;
  #to = 0;
  /** Offset in the input of the end of what is in the buffer. */
  #readTo = 0;

  /** `field` is what a cut within single bytes is called. */
  constructor(input: Input, field: string) {
    this.#input = input;
    this.#field = field;
  }

  get position(): number {
    return this.#readTo - (this.#to - this.#from);
  }

  /** What is in the buffer, at least `least` bytes; fewer only at the end of the input. It is valid until the next call. */
  async peek(least = 1): Promise<Uint8Array> {
    if (this.#to - this.#from < least) {
      this.#buffer.copyWithin(0, this.#from, this.#to);
      this.#to -= this.#from;
      this.#from = 0;
      const read = await this.#input.read(this.#buffer.subarray(this.#to), this.#readTo);
      this.#to += read;
      this.#readTo += read;
    }
    return this.#buffer.subarray(this.#from, this.#to);
  }

  skip(bytes: number): void {
    this.#from += bytes;
  }

  async byte(): Promise<number> {
    const [byte] = await this.peek();
    if (byte === undefined) throw new SourceError('truncated', this.#field);
    this.skip(1);
    return byte;
  }

  async u16(): Promise<number> {
    return (await this.byte()) | ((await this.byte()) << 8);
  }

  async u32(): Promise<number> {
    return ((await this.u16()) | ((await this.u16()) << 16)) >>> 0;
  }

  wipe(): void {
    this.#buffer.fill(0);
  }
}

/**
 * What `stream` inflates up to its last block; the reader then stands behind it. Reading goes on while the consumer works
 * on a piece. Throws FormatError with `field`, SourceError when the input ends before.
 */
export async function* inflateStream(
  reader: CompressedReader,
  stream: Inflate | InflateRaw,
  field: string,
): AsyncGenerator<Uint8Array> {
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
  /** Feeds the stream until it has read the member's last block. Returns why it can't, if so. */
  async function feed(): Promise<unknown> {
    try {
      let fed = 0;
      for (;;) {
        const bytes = await reader.peek();
        if (bytes.length === 0) {
          // A checksum of the stream's own may have ended just here; else this is an error.
          stream.end();
          return undefined;
        }
        await write(bytes);
        // `bytesWritten` is what zlib took: less than it got when the last block ends within.
        const taken = stream.bytesWritten - fed;
        fed = stream.bytesWritten;
        reader.skip(Math.min(bytes.length, taken));
        if (taken < bytes.length || stream.readableEnded) return undefined;
      }
    } catch (error) {
      stream.destroy(error instanceof Error ? error : undefined);
      return error;
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
export async function readTrailing(reader: CompressedReader, detail: string): Promise<MemberGap | undefined> {
  const start = reader.position;
  let isPadding = true;
  for (let bytes = await reader.peek(); bytes.length > 0; bytes = await reader.peek()) {
    isPadding &&= bytes.every((byte) => byte === 0);
    reader.skip(bytes.length);
  }
  return isPadding ? undefined : { code: 'not-opened', span: { start, end: reader.position }, detail };
}
