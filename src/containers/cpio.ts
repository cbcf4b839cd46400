/**
 * cpio: newc and crc (Linux initramfs, rpm), odc (POSIX), and the old binary form in both byte orders
 * (cpio(5) of libarchive). The trap: archives follow each other in initial RAM disks, the last one often compressed.
 */

import { ForwardReader } from '../bytes/forward-reader.ts';
import { hasBytes, hasText, u16be, u16le } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { restAsMember } from './codecs/rest.ts';

/** Names are paths. */
const MAX_NAME_BYTES = 65_536;
const TRAILER = 'TRAILER!!!';
const NEWC_BYTES = 110;
const ODC_BYTES = 76;
const BINARY_BYTES = 26;

interface Header {
  readonly headerBytes: number;
  readonly nameBytes: number;
  readonly bytes: number;
  /** Header with name, and content, are padded to it. */
  readonly unit: 1 | 2 | 4;
  /** Sum of the bytes, of the crc form only. */
  readonly sum?: number;
}

function digits(head: Uint8Array, at: number, length: number, radix: 8 | 16): number {
  const text = String.fromCharCode(...head.subarray(at, at + length));
  const isNumber = radix === 8 ? /^[0-7]+$/.test(text) : /^[0-9a-fA-F]+$/.test(text);
  return isNumber && text.length === length ? Number.parseInt(text, radix) : Number.NaN;
}

/** Undefined when there is none, or its numbers are none. */
function parseHeader(head: Uint8Array): Header | undefined {
  let header: Header | undefined;
  if (hasText(head, 0, '070701') || hasText(head, 0, '070702')) {
    header = {
      headerBytes: NEWC_BYTES,
      nameBytes: digits(head, 94, 8, 16),
      bytes: digits(head, 54, 8, 16),
      unit: 4,
      ...(head[5] === 0x32 && { sum: digits(head, 102, 8, 16) }),
    };
  } else if (hasText(head, 0, '070707')) {
    header = { headerBytes: ODC_BYTES, nameBytes: digits(head, 59, 6, 8), bytes: digits(head, 65, 11, 8), unit: 1 };
  } else if (head.length >= BINARY_BYTES && (u16le(head, 0) === 0o070707 || u16be(head, 0) === 0o070707)) {
    // The words of 32 bits have their high half first, whatever the byte order.
    const word = u16le(head, 0) === 0o070707 ? u16le : u16be;
    header = {
      headerBytes: BINARY_BYTES,
      nameBytes: word(head, 20)!,
      bytes: word(head, 22)! * 65_536 + word(head, 24)!,
      unit: 2,
    };
  }
  if (!header || head.length < header.headerBytes) return undefined;
  const { nameBytes, bytes } = header;
  return nameBytes > 0 && nameBytes <= MAX_NAME_BYTES && bytes >= 0 ? header : undefined;
}

const decoder = new TextDecoder();

async function* withSum(pieces: AsyncIterable<Uint8Array>, sum: number): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  for await (const piece of pieces) {
    for (let i = 0; i < piece.length; i++) total = (total + piece[i]!) | 0;
    yield piece;
  }
  if (total >>> 0 !== sum) throw new FormatError('cpio.c_chksum');
}

async function* open(input: Input): AsyncGenerator<Member | MemberGap> {
  const reader = new ForwardReader(input);
  const align = async (start: number, unit: number): Promise<void> => {
    await reader.skip((unit - ((reader.at - start) % unit)) % unit);
  };
  let isEnded = false;
  try {
    for (let archiveStart = 0; ; ) {
      const start = reader.at;
      const head = await reader.peek(NEWC_BYTES);
      if (isEnded) {
        const zeros = head.findIndex((byte) => byte !== 0);
        if (zeros !== 0) {
          if (head.length === 0) return;
          await reader.skip(zeros < 0 ? head.length : zeros);
          continue;
        }
      }
      const header = parseHeader(head);
      if (!header) {
        const end = input.size;
        // An initial RAM disk goes on with a compressed archive: an input of its own.
        if (isEnded) yield restAsMember('rest', reader, input);
        else if (start === 0)
          throw head.length < BINARY_BYTES
            ? new SourceError('truncated', 'cpio.header')
            : new FormatError('cpio.header');
        else
          yield {
            code: head.length < ODC_BYTES ? 'truncated' : 'format-error',
            span: { start, end: Number.isFinite(end) ? end : start },
            detail: 'cpio.header',
          };
        return;
      }
      if (isEnded || start === 0) archiveStart = start;
      isEnded = false;
      await reader.skip(header.headerBytes);
      const nameField = await reader.take(header.nameBytes);
      const nul = nameField.indexOf(0);
      const name = decoder.decode(nul < 0 ? nameField : nameField.subarray(0, nul));
      if (nameField.length < header.nameBytes) {
        yield { code: 'truncated', span: { start, end: reader.at }, detail: 'cpio.name' };
        return;
      }
      await align(archiveStart, header.unit);
      const span = { start: reader.at, end: reader.at + header.bytes };
      if (name === TRAILER) isEnded = true;
      else if (header.bytes > 0) {
        const { bytes, sum } = header;
        const content = () => {
          const pieces = reader.content(bytes, 'cpio.c_filesize');
          return sum === undefined ? pieces : withSum(pieces, sum);
        };
        yield { name, size: bytes, stored: span, content };
      }
      await reader.skip(span.end - reader.at);
      await align(archiveStart, header.unit);
    }
  } finally {
    reader.close();
  }
}

export default defineContainer({
  id: 'cpio',
  title: 'cpio',
  doc: `The forms newc, crc (its sums are verified), odc, and binary in both byte orders; several archives in a row, and what follows
the last one (the compressed archive of a Linux initial RAM disk) as a member named \`rest\`. Source: cpio(5), Linux
Documentation/driver-api/early-userspace/buffer-format.rst.`,
  access: 'sequential',
  recognise: (head) =>
    ['070701', '070702', '070707'].some((magic) => hasText(head, 0, magic)) ||
    ((hasBytes(head, 0, [0xc7, 0x71]) || hasBytes(head, 0, [0x71, 0xc7])) && parseHeader(head) !== undefined),
  open,
});
