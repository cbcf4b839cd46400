/**
 * gzip (RFC 1952): one or more members behind each other, each with a CRC and its size modulo 2^32; together they are one
 * content. Framed here and inflated with zlib, since zlib's own reader of whole files passes over what follows the last
 * member without a word.
 */
import { crc32, createInflateRaw } from 'node:zlib';
import { hasBytes } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { CompressedReader, inflateStream, readTrailing } from './codecs/inflate-stream.ts';

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

/** Reads one header, and returns the name in it. Throws FormatError, and SourceError when it is cut off. */
async function readHeader(reader: CompressedReader): Promise<string> {
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
async function readText(reader: CompressedReader): Promise<string> {
  let text = '';
  for (let i = 0; i < MAX_NAME_BYTES; i++) {
    const byte = await reader.byte();
    if (byte === 0) return text;
    text += String.fromCharCode(byte);
  }
  throw new FormatError('gzip.name');
}

/** The content of all members from the first one's deflate stream on. */
async function* inflateAll(reader: CompressedReader, gaps: MemberGap[]): AsyncGenerator<Uint8Array> {
  for (let start = 0; ; ) {
    let contentCrc = 0;
    let contentBytes = 0;
    for await (const piece of inflateStream(reader, createInflateRaw({ chunkSize: PIECE_BYTES }), 'gzip.deflate')) {
      contentCrc = crc32(piece, contentCrc);
      contentBytes += piece.length;
      yield piece;
    }
    const crc = await reader.u32();
    const size = await reader.u32();
    const span = { start, end: reader.position };
    if (gaps.length < MAX_GAPS) {
      if (crc !== contentCrc) gaps.push({ code: 'format-error', span, detail: 'gzip.crc32' });
      else if (size !== contentBytes % 2 ** 32) gaps.push({ code: 'format-error', span, detail: 'gzip.isize' });
    }
    start = reader.position;
    const [id] = await reader.peek();
    if (id !== 0x1f) break;
    await readHeader(reader);
  }
  const trailing = await readTrailing(reader, 'gzip.trailing');
  if (trailing) gaps.push(trailing);
}

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new CompressedReader(input, 'gzip.header');
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
