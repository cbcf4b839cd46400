/** Writes gzip files (RFC 1952): header fields by hand, deflate streams and checksums by zlib. */
import { crc32, deflateRawSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';

interface Header {
  readonly name?: string;
  readonly comment?: string;
  readonly extra?: Uint8Array;
  readonly headerCrc?: boolean;
}

const u16 = (value: number): Uint8Array => Uint8Array.of(value & 255, (value >> 8) & 255);
const u32 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
const zeroEnded = (text: string): Uint8Array => Uint8Array.from(Array.from(`${text}\0`), (char) => char.charCodeAt(0));

function writeHeader({ name, comment, extra, headerCrc }: Header): Uint8Array {
  const flags = (headerCrc ? 2 : 0) | (extra ? 4 : 0) | (name ? 8 : 0) | (comment ? 16 : 0);
  const fields = concat(
    Uint8Array.of(31, 139, 8, flags, 0, 0, 0, 0, 0, 3),
    ...(extra ? [u16(extra.length), extra] : []),
    ...(name ? [zeroEnded(name)] : []),
    ...(comment ? [zeroEnded(comment)] : []),
  );
  return headerCrc ? concat(fields, u16(crc32(fields))) : fields;
}

interface Trailer {
  readonly crc?: number;
  readonly size?: number;
}

function writeMember(content: Uint8Array, header: Header = {}, { crc, size }: Trailer = {}): Uint8Array {
  const deflated = new Uint8Array(deflateRawSync(content));
  return concat(writeHeader(header), deflated, u32(crc ?? crc32(content)), u32(size ?? content.length));
}

export function samples(): readonly ContainerSample[] {
  const rng = createRng('gzip samples');
  const text = rng.bytes(20_000).map((byte) => 97 + (byte % 4));
  const random = rng.bytes(3000);
  const sample = (
    name: string,
    bytes: Uint8Array,
    content: Uint8Array,
    more: { readonly member?: string; readonly gaps?: readonly string[]; readonly headerBytes?: number } = {},
  ): ContainerSample => ({
    name,
    container: 'gzip',
    bytes,
    members: [{ name: more.member ?? '', content }],
    gaps: more.gaps ?? [],
    counts: [{ at: bytes.length - 4, bytes: 4 }],
    headerBytes: more.headerBytes ?? 30,
  });
  const all: Header = { name: 'core.1234', comment: 'c', extra: rng.bytes(7), headerCrc: true };
  return [
    sample('plain', writeMember(text), text),
    sample('empty', writeMember(new Uint8Array(0)), new Uint8Array(0), { headerBytes: 10 }),
    sample('every header field', writeMember(text, all), text, { member: 'core.1234', headerBytes: 60 }),
    sample(
      'three members are one content',
      concat(writeMember(text), writeMember(random), writeMember(text)),
      concat(text, random, text),
    ),
    sample('padded with zeros', concat(writeMember(text), new Uint8Array(600_000)), text),
    sample('bytes behind the last member', concat(writeMember(text), rng.bytes(500).fill(7)), text, {
      gaps: ['not-opened'],
    }),
    sample('wrong checksum', writeMember(text, {}, { crc: 1 }), text, { gaps: ['format-error'] }),
    sample('wrong size', writeMember(text, {}, { size: 1 }), text, { gaps: ['format-error'] }),
    sample('megabytes of zeros', writeMember(new Uint8Array(5_000_000)), new Uint8Array(5_000_000)),
  ];
}
