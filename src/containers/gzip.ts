/**
 * gzip (RFC 1952): one or more members behind each other, each with a CRC and its size modulo 2^32; together they are one
 * content. Framed here and inflated with zlib, since zlib's own reader of whole files passes over what follows the last
 * member without a word.
 */
import { crc32, createInflateRaw } from 'node:zlib';
import { hasBytes } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const FHCRC = 0x02;
const FEXTRA = 0x04;
const FNAME = 0x08;
const FCOMMENT = 0x10;
const RESERVED = 0xe0;

const READ_BYTES = 256 * 1024;
const PIECE_BYTES = 1024 * 1024;
/** Wrong checksums that are listed: a file of a million empty members says the same a million times. */
const MAX_GAPS = 100;
/** Names are paths; longer ones are no names, and must not fill the memory. */
const MAX_NAME_BYTES = 65_536;

/** Front to back over the compressed bytes, a buffer at a time. */
class Reader {
  readonly #input: Input;
  readonly #buffer = new Uint8Array(READ_BYTES);
  #from = 0;
  #to = 0;
  /** Offset in the input of the end of what is in the buffer. */
  #readTo = 0;

  constructor(input: Input) {
    this.#input = input;
  }

  get position(): number {
    return this.#readTo - (this.#to - this.#from);
  }

  /** What is in the buffer; empty only at the end of the input. It is valid until the next call. */
  async peek(): Promise<Uint8Array> {
    if (this.#from === this.#to) {
      this.#from = 0;
      this.#to = await this.#input.read(this.#buffer, this.#readTo);
      this.#readTo += this.#to;
    }
    return this.#buffer.subarray(this.#from, this.#to);
  }

  skip(bytes: number): void {
    this.#from += bytes;
  }

  async byte(): Promise<number> {
    const [byte] = await this.peek();
    if (byte === undefined) throw new SourceError('truncated', 'gzip.header');
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

/** Reads one header, and returns the name in it. Throws FormatError, and SourceError when it is cut off. */
async function readHeader(reader: Reader): Promise<string> {
  if ((await reader.u16()) !== 0x8b1f) throw new FormatError('gzip.id');
  if ((await reader.byte()) !== 8) throw new FormatError('gzip.cm');
  const flags = await reader.byte();
  if ((flags & RESERVED) !== 0) throw new FormatError('gzip.flg');
  // MTIME, XFL, OS.
  for (let i = 0; i < 6; i++) await reader.byte();
  if (flags & FEXTRA) {
    const length = await reader.u16();
    for (let i = 0; i < length; i++) await reader.byte();
  }
  const name = flags & FNAME ? await readText(reader) : '';
  if (flags & FCOMMENT) await readText(reader);
  if (flags & FHCRC) await reader.u16();
  return name;
}

/** Latin-1 up to a zero byte. */
async function readText(reader: Reader): Promise<string> {
  let text = '';
  for (let i = 0; i < MAX_NAME_BYTES; i++) {
    const byte = await reader.byte();
    if (byte === 0) return text;
    text += String.fromCharCode(byte);
  }
  throw new FormatError('gzip.name');
}

interface Checks {
  crc: number;
  size: number;
}

/** Inflates one member. Reading goes on while the consumer works on a piece. */
async function* inflate(reader: Reader, checks: Checks): AsyncGenerator<Uint8Array> {
  const stream = createInflateRaw({ chunkSize: PIECE_BYTES });
  // Errors come out of the iteration; one that comes after its end must not end the process.
  stream.on('error', () => undefined);
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      const onClose = (): void => reject(new FormatError('gzip.deflate'));
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
          stream.destroy(new SourceError('truncated', 'gzip.deflate'));
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
    for await (const piece of stream as AsyncIterable<Uint8Array>) {
      checks.crc = crc32(piece, checks.crc);
      checks.size += piece.length;
      yield piece;
    }
    await fed;
  } catch (error) {
    throw error instanceof SourceError || error instanceof FormatError ? error : new FormatError('gzip.deflate');
  } finally {
    stream.destroy();
    await fed;
  }
}

/** All that follows the last member: zeros pad a tape or a disk block, anything else is not gzip. */
async function readTrailing(reader: Reader): Promise<MemberGap | undefined> {
  const start = reader.position;
  let isPadding = true;
  for (let bytes = await reader.peek(); bytes.length > 0; bytes = await reader.peek()) {
    isPadding &&= bytes.every((byte) => byte === 0);
    reader.skip(bytes.length);
  }
  return isPadding ? undefined : { code: 'not-opened', span: { start, end: reader.position }, detail: 'gzip.trailing' };
}

/** The content of all members from the first one's deflate stream on. */
async function* inflateAll(reader: Reader, gaps: MemberGap[]): AsyncGenerator<Uint8Array> {
  for (let start = 0; ; ) {
    const checks: Checks = { crc: 0, size: 0 };
    yield* inflate(reader, checks);
    const crc = await reader.u32();
    const size = await reader.u32();
    const span = { start, end: reader.position };
    if (gaps.length < MAX_GAPS) {
      if (crc !== checks.crc) gaps.push({ code: 'format-error', span, detail: 'gzip.crc32' });
      else if (size !== checks.size % 2 ** 32) gaps.push({ code: 'format-error', span, detail: 'gzip.isize' });
    }
    start = reader.position;
    const [id] = await reader.peek();
    if (id !== 0x1f) break;
    await readHeader(reader);
  }
  const trailing = await readTrailing(reader);
  if (trailing) gaps.push(trailing);
}

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new Reader(input);
  const gaps: MemberGap[] = [];
  try {
    yield { name: await readHeader(reader), content: () => inflateAll(reader, gaps) };
    yield* gaps;
  } finally {
    reader.wipe();
  }
}

export default defineContainer({
  id: 'gzip',
  title: 'gzip',
  doc: `
Files compressed with gzip ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)): \`.gz\`, \`.tgz\`, \`.hprof.gz\`, rotated logs. Members behind
each other are all read. CRC and size are checked: a mismatch, a cut, and bytes behind the last member are gaps.
`,
  access: 'sequential',
  recognise: (head) => hasBytes(head, 0, [0x1f, 0x8b, 0x08]) && head.length > 3 && (head[3]! & RESERVED) === 0,
  open,
});
