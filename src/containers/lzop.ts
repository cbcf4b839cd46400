/**
 * lzop (conf.h and lzop.c of lzop 1.04; there is no other description): headers with names, blocks of LZO1X,
 * checksums as the flags say.
 */
import { crc32 } from 'node:zlib';
import { ForwardReader } from '../bytes/forward-reader.ts';
import { decodeLzo1x } from '../bytes/lzo.ts';
import { hasBytes, u16be, u32be } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const MAGIC = [0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a];
const ADLER_OUT = 0x1;
const ADLER_IN = 0x2;
const EXTRA_FIELD = 0x40;
const CRC_OUT = 0x100;
const CRC_IN = 0x200;
const FILTER = 0x800;
/** MAX_BLOCK_SIZE is 64 MiB; what lzop writes is 256 KiB. */
const MAX_BLOCK_BYTES = 8 * 1024 * 1024;

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    // As many as cannot overflow.
    for (const end = Math.min(bytes.length, at + 5552); at < end; at++) b += a += bytes[at]!;
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}

interface Header {
  readonly name: string;
  readonly flags: number;
}

async function readHeader(reader: ForwardReader): Promise<Header> {
  const head = await reader.peek(304);
  const version = u16be(head, 9) ?? 0;
  const isNew = version >= 0x940;
  let at = isNew ? 15 : 13;
  const method = head[at];
  at += isNew ? 2 : 1;
  const flags = u32be(head, at) ?? 0;
  at += 4 + (flags & FILTER ? 4 : 0) + 8 + (isNew ? 4 : 0);
  const nameBytes = head[at] ?? 0;
  const end = at + 1 + nameBytes;
  if (head.length < end + 4) throw new SourceError('truncated', 'lzop.header');
  if (method !== 1 && method !== 2 && method !== 3) throw new FormatError('lzop.method');
  const name = new TextDecoder().decode(head.subarray(at + 1, end));
  await reader.skip(end + 4);
  if (flags & EXTRA_FIELD) {
    const bytes = u32be(await reader.take(4), 0);
    if (bytes === undefined || (await reader.skip(bytes + 4)) < bytes + 4)
      throw new SourceError('truncated', 'lzop.extra');
  }
  // Filters change bytes in ways that nobody uses.
  if (flags & FILTER) throw new SourceError('not-opened', 'lzop.filter');
  return { name, flags };
}

async function* decodeBlocks(reader: ForwardReader, flags: number): AsyncGenerator<Uint8Array, void, undefined> {
  let out = new Uint8Array(262_144);
  try {
    for (;;) {
      const word = await reader.take(4);
      const bytes = u32be(word, 0);
      if (bytes === 0) return;
      const stored = u32be(await reader.take(4), 0);
      if (bytes === undefined || stored === undefined) throw new SourceError('truncated', 'lzop.block');
      if (bytes > MAX_BLOCK_BYTES || stored > bytes) throw new FormatError('lzop.block');
      const isPacked = stored < bytes;
      const sums = (await reader.take(4 * checksums(flags, isPacked))).slice();
      const block = await reader.take(stored);
      if (block.length < stored) throw new SourceError('truncated', 'lzop.block');
      if (out.length < bytes) {
        out.fill(0);
        out = new Uint8Array(bytes);
      }
      const piece = out.subarray(0, bytes);
      if (!isPacked) piece.set(block);
      else if (decodeLzo1x(block, piece) !== bytes) throw new FormatError('lzop.block');
      let at = 0;
      let isRight = true;
      if (flags & ADLER_OUT) isRight &&= adler32(piece) === u32be(sums, at);
      if (flags & ADLER_OUT) at += 4;
      if (flags & CRC_OUT) isRight &&= crc32(piece) === u32be(sums, at);
      yield piece;
      if (!isRight) throw new FormatError('lzop.checksum');
    }
  } finally {
    out.fill(0);
  }
}

const checksums = (flags: number, isPacked: boolean): number =>
  [ADLER_OUT, CRC_OUT, ...(isPacked ? [ADLER_IN, CRC_IN] : [])].filter((flag) => (flags & flag) !== 0).length;

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new ForwardReader(input);
  try {
    while (hasBytes(await reader.peek(MAGIC.length), 0, MAGIC)) {
      const { name, flags } = await readHeader(reader);
      let isWhole = false;
      const content = async function* () {
        yield* decodeBlocks(reader, flags);
        isWhole = true;
      };
      yield { name, content };
      // Without its end there is no telling where the next one begins.
      if (!isWhole) return;
    }
  } finally {
    reader.close();
  }
}

export default defineContainer({
  id: 'lzop',
  title: 'lzop',
  doc: `Files of one or more members, all levels (LZO1X); the checksums of what comes out are verified. Filters are a gap. Source: lzop 1.04.`,
  access: 'sequential',
  recognise: (head) => hasBytes(head, 0, MAGIC),
  open,
});
