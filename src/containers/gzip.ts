/**
 * gzip (RFC 1952): one or more members behind each other, each with a CRC and its size modulo 2^32; together they are one
 * content. Framed here and inflated with zlib, since zlib's own reader of whole files passes over what follows the last
 * member without a word.
 */
import { crc32, createInflateRaw } from 'node:zlib';
import { ForwardReader } from '../bytes/forward-reader.ts';
import { hasBytes, u16le, u32le } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { inflateStream, readTrailing } from './codecs/inflate-stream.ts';

const FHCRC = 0x02;
const FEXTRA = 0x04;
const FNAME = 0x08;
const FCOMMENT = 0x10;
const RESERVED = 0xe0;

const PIECE_BYTES = 1024 * 1024;
/** Wrong checksums that are listed: a file of a million empty members says the same a million times. */
const MAX_GAPS = 100;
/** Names are paths; longer ones are no names, and must not fill the memory. */
const MAX_NAME_BYTES = 65_536;

/** The next `count` bytes. Throws SourceError when the input ends before. */
async function take(reader: ForwardReader, count: number): Promise<Uint8Array> {
  const bytes = await reader.take(count);
  if (bytes.length < count) throw new SourceError('truncated', 'gzip.header');
  return bytes;
}

/** Reads one header, and returns the name in it. Throws FormatError, and SourceError when it is cut off. */
async function readHeader(reader: ForwardReader): Promise<string> {
  if (u16le(await take(reader, 2), 0) !== 0x8b1f) throw new FormatError('gzip.id');
  if ((await take(reader, 1))[0] !== 8) throw new FormatError('gzip.cm');
  const flags = (await take(reader, 1))[0]!;
  if ((flags & RESERVED) !== 0) throw new FormatError('gzip.flg');
  // MTIME, XFL, OS.
  await take(reader, 6);
  if (flags & FEXTRA) await take(reader, u16le(await take(reader, 2), 0)!);
  const name = flags & FNAME ? await readText(reader) : '';
  if (flags & FCOMMENT) await readText(reader);
  if (flags & FHCRC) await take(reader, 2);
  return name;
}

/** Latin-1 up to a zero byte. */
async function readText(reader: ForwardReader): Promise<string> {
  let text = '';
  for (let i = 0; i < MAX_NAME_BYTES; i++) {
    const byte = (await take(reader, 1))[0]!;
    if (byte === 0) return text;
    text += String.fromCharCode(byte);
  }
  throw new FormatError('gzip.name');
}

/** The content of all members from the first one's deflate stream on. */
async function* inflateAll(reader: ForwardReader, gaps: MemberGap[]): AsyncGenerator<Uint8Array> {
  for (let start = 0; ; ) {
    let contentCrc = 0;
    let contentBytes = 0;
    for await (const piece of inflateStream(reader, createInflateRaw({ chunkSize: PIECE_BYTES }), 'gzip.deflate')) {
      contentCrc = crc32(piece, contentCrc);
      contentBytes += piece.length;
      yield piece;
    }
    const crc = u32le(await take(reader, 4), 0);
    const size = u32le(await take(reader, 4), 0);
    const span = { start, end: reader.at };
    if (gaps.length < MAX_GAPS) {
      if (crc !== contentCrc) gaps.push({ code: 'format-error', span, detail: 'gzip.crc32' });
      else if (size !== contentBytes % 2 ** 32) gaps.push({ code: 'format-error', span, detail: 'gzip.isize' });
    }
    start = reader.at;
    const [id] = await reader.peekSome(1);
    if (id !== 0x1f) break;
    await readHeader(reader);
  }
  const trailing = await readTrailing(reader, 'gzip.trailing');
  if (trailing) gaps.push(trailing);
}

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new ForwardReader(input);
  const gaps: MemberGap[] = [];
  try {
    yield { name: await readHeader(reader), content: () => inflateAll(reader, gaps) };
    yield* gaps;
  } finally {
    reader.close();
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
