/**
 * The records of zip files: local headers, central directory, end records (PKWARE APPNOTE 6.3.10, 4.3; Info-ZIP's
 * extrafld.txt). Sizes of 0xffffffff stand in the zip64 extra field, in the order of the fields that are so marked.
 */

import { crc32 } from 'node:zlib';
import { ForwardReader } from '../../bytes/forward-reader.ts';
import { readUpTo } from '../../bytes/input-reader.ts';
import { hasBytes, lastIndexOfText, u16le, u32le } from '../../bytes/reader.ts';
import { size64le } from '../../bytes/uint64.ts';
import type { MemberGap } from '../../model/container.ts';
import type { Input } from '../../model/input.ts';

export const LOCAL = 0x04034b50;
export const CENTRAL = 0x02014b50;
export const END = 0x06054b50;
export const END64 = 0x06064b50;
export const LOCATOR64 = 0x07064b50;
const SIGNATURE = 0x05054b50;
const EXTRA_DATA = 0x08064b50;
export const DESCRIPTOR = 0x08074b50;
export const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;

/** Entries of one directory: each is held, so that the file can be read front to back. */
const MAX_ENTRIES = 2_000_000;
/** End records that are tried: a comment can be full of them. */
const MAX_END_CANDIDATES = 64;

const FLAG_ENCRYPTED = 0x01;
const FLAG_STRONG = 0x40;
const FLAG_DESCRIPTOR = 0x08;
const FLAG_MASKED = 0x2000;
const METHOD_AES = 99;

export interface Entry {
  readonly name: string;
  /** CRC-32 of the name as stored, which local header and directory must share. */
  readonly nameCrc: number;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Of the local header, from the beginning of the archive; 0 in local headers themselves. */
  readonly offset: number;
  /** Of the fixed part, name, extra fields and comment together. */
  readonly recordBytes: number;
}

export const isEncrypted = ({ flags, method }: Entry): boolean =>
  (flags & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED)) !== 0 || method === METHOD_AES;
/** Sizes and checksum follow the content. */
export const hasDescriptor = ({ flags }: Entry): boolean => (flags & FLAG_DESCRIPTOR) !== 0;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin = new TextDecoder('latin1');

/** UTF-8 when it is that, whatever flag 11 says (many writers forget it); else one character a byte. */
function readName(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin.decode(bytes);
  }
}

interface Fixed {
  readonly sizes: number[];
  readonly name: string;
  readonly nameCrc: number;
}

/** Replaces marked sizes by those of the zip64 field, and the name by that of the Unicode path field. */
function readExtra(extra: Uint8Array, nameBytes: Uint8Array, sizes: readonly number[]): Fixed {
  const result: Fixed = { sizes: [...sizes], name: readName(nameBytes), nameCrc: crc32(nameBytes) };
  let name = result.name;
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = u16le(extra, at)!;
    const length = u16le(extra, at + 2)!;
    const field = extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    if (id === 0x0001) {
      let from = 0;
      for (const [i, size] of sizes.entries()) {
        if (size !== 0xffffffff) continue;
        const value = size64le(field, from);
        if (value !== undefined) result.sizes[i] = value;
        from += 8;
      }
    } else if (id === 0x7075 && field[0] === 1 && u32le(field, 1) === result.nameCrc) {
      name = readName(field.subarray(5));
    }
  }
  return { ...result, name };
}

/** A local header at the beginning of `bytes`; undefined when it is cut off or not one. */
export function parseLocal(bytes: Uint8Array): Entry | undefined {
  if (u32le(bytes, 0) !== LOCAL || bytes.length < LOCAL_BYTES) return undefined;
  const nameEnd = LOCAL_BYTES + u16le(bytes, 26)!;
  const end = nameEnd + u16le(bytes, 28)!;
  if (end > bytes.length) return undefined;
  const sizes = [u32le(bytes, 22)!, u32le(bytes, 18)!];
  const fixed = readExtra(bytes.subarray(nameEnd, end), bytes.subarray(LOCAL_BYTES, nameEnd), sizes);
  return {
    name: fixed.name,
    nameCrc: fixed.nameCrc,
    flags: u16le(bytes, 6)!,
    method: u16le(bytes, 8)!,
    crc: u32le(bytes, 14)!,
    bytes: fixed.sizes[0]!,
    compressedBytes: fixed.sizes[1]!,
    offset: 0,
    recordBytes: end,
  };
}

/** Bytes of the record that a local header's first 30 bytes announce. */
export const localBytes = (head: Uint8Array): number => LOCAL_BYTES + (u16le(head, 26) ?? 0) + (u16le(head, 28) ?? 0);

/** Whether a local header is likely at `at`: a signature alone comes up by chance, and lies in programs that read zip. */
export function looksLocal(bytes: Uint8Array, at: number): boolean {
  if (u32le(bytes, at) !== LOCAL || at + LOCAL_BYTES + 1 > bytes.length) return false;
  const method = u16le(bytes, at + 8)!;
  const nameBytes = u16le(bytes, at + 26)!;
  return (
    bytes[at + 4]! <= 63 &&
    (method <= 20 || (method >= 92 && method <= 99)) &&
    nameBytes > 0 &&
    nameBytes <= 4096 &&
    u16le(bytes, at + 28)! <= 16_384 &&
    bytes[at + LOCAL_BYTES]! >= 0x20
  );
}

function parseCentral(bytes: Uint8Array): Entry | undefined {
  if (u32le(bytes, 0) !== CENTRAL || bytes.length < CENTRAL_BYTES) return undefined;
  const nameEnd = CENTRAL_BYTES + u16le(bytes, 28)!;
  const extraEnd = nameEnd + u16le(bytes, 30)!;
  const end = extraEnd + u16le(bytes, 32)!;
  if (end > bytes.length) return undefined;
  const sizes = [u32le(bytes, 24)!, u32le(bytes, 20)!, u32le(bytes, 42)!];
  const fixed = readExtra(bytes.subarray(nameEnd, extraEnd), bytes.subarray(CENTRAL_BYTES, nameEnd), sizes);
  return {
    name: fixed.name,
    nameCrc: fixed.nameCrc,
    flags: u16le(bytes, 8)!,
    method: u16le(bytes, 10)!,
    crc: u32le(bytes, 16)!,
    bytes: fixed.sizes[0]!,
    compressedBytes: fixed.sizes[1]!,
    offset: fixed.sizes[2]!,
    recordBytes: end,
  };
}

/** Bytes of the central directory's record at the beginning of `head`, or of an end record; undefined for others. */
export function otherRecordBytes(head: Uint8Array): number | undefined {
  switch (u32le(head, 0)) {
    case CENTRAL:
      return CENTRAL_BYTES + (u16le(head, 28) ?? 0) + (u16le(head, 30) ?? 0) + (u16le(head, 32) ?? 0);
    case END:
      return END_BYTES + (u16le(head, 20) ?? 0);
    case END64:
      return 12 + (size64le(head, 4) ?? 0);
    case LOCATOR64:
      return 20;
    case SIGNATURE:
      return 6 + (u16le(head, 4) ?? 0);
    case EXTRA_DATA:
      return 8 + (u32le(head, 4) ?? 0);
    default:
      return undefined;
  }
}

export interface Directory {
  /** By offset in the file. */
  readonly entries: readonly Entry[];
  readonly start: number;
  readonly end: number;
  readonly gaps: readonly MemberGap[];
}

interface Found {
  /** Where the directory begins in the file. */
  readonly start: number;
  readonly bytes: number;
  /** Bytes before the archive. */
  readonly before: number;
  readonly count: number;
  readonly isSplit: boolean;
}

/** What the end record at `at` of the file says, if a directory lies there. */
async function followEnd(input: Input, end: Uint8Array, at: number): Promise<Found | undefined> {
  let count = u16le(end, 10)!;
  let bytes = u32le(end, 12)!;
  let offset = u32le(end, 16)!;
  let isSplit = u16le(end, 4) !== 0 && u16le(end, 4) !== 0xffff;
  let directoryEnd = at;
  const locator = at >= 20 ? await readUpTo(input, at - 20, 20) : new Uint8Array(0);
  if (u32le(locator, 0) === LOCATOR64) {
    // The record lies where the locator says, or just before the locator when something was put before the archive.
    for (const where of [size64le(locator, 8)!, at - 20 - 56]) {
      if (where < 0 || where > at - 76) continue;
      const end64 = await readUpTo(input, where, 56);
      if (u32le(end64, 0) !== END64) continue;
      count = size64le(end64, 32)!;
      bytes = size64le(end64, 40)!;
      offset = size64le(end64, 48)!;
      isSplit = u32le(end64, 16) !== 0;
      directoryEnd = where;
      break;
    }
  }
  if (count === 0 && bytes === 0) return { start: directoryEnd, bytes, before: 0, count, isSplit };
  for (const start of [offset, directoryEnd - bytes]) {
    if (start < 0 || start + CENTRAL_BYTES > directoryEnd) continue;
    if (u32le(await readUpTo(input, start, 4), 0) === CENTRAL) {
      return { start, bytes: Math.min(bytes, directoryEnd - start), before: start - offset, count, isSplit };
    }
  }
  return undefined;
}

/** The central directory of a file that can be read anywhere; undefined when there is none. */
export async function readDirectory(input: Input): Promise<Directory | undefined> {
  // The longest comment, and as much again for what was added behind it.
  const tailAt = Math.max(0, input.size - 2 * 65_536 - END_BYTES);
  const tail = await readUpTo(input, tailAt, input.size - tailAt);
  const candidates: number[] = [];
  let before = tail.length;
  while (candidates.length < MAX_END_CANDIDATES) {
    const at = lastIndexOfText(tail, 'PK\x05\x06', 0, before);
    if (at < 0) break;
    if (at + END_BYTES <= tail.length) candidates.push(at);
    before = at + 3;
  }
  let found: Found | undefined;
  let foundAt = 0;
  for (const at of candidates) {
    found = await followEnd(input, tail.subarray(at, at + END_BYTES), tailAt + at);
    foundAt = tailAt + at;
    if (found) break;
  }
  if (!found) return undefined;
  const gaps: MemberGap[] = [];
  const directoryEnd = found.start + found.bytes;
  // (A zip that is stored in this one has an end record of its own, before the directory.)
  if (candidates.some((at) => tailAt + at >= directoryEnd && tailAt + at !== foundAt)) {
    gaps.push({ code: 'format-error', span: { start: directoryEnd, end: input.size }, detail: 'zip.end.duplicate' });
  }
  if (found.isSplit) gaps.push({ code: 'not-opened', detail: 'zip.split' });
  const reader = new ForwardReader(input, found.start, directoryEnd);
  const entries: Entry[] = [];
  while (entries.length < MAX_ENTRIES) {
    const fixed = await reader.peek(CENTRAL_BYTES);
    if (fixed.length < CENTRAL_BYTES || u32le(fixed, 0) !== CENTRAL) break;
    const entry = parseCentral(await reader.peek(otherRecordBytes(fixed)!));
    if (!entry) break;
    entries.push({ ...entry, offset: entry.offset + found.before });
    await reader.skip(entry.recordBytes);
  }
  // Counts above 65535 are kept modulo that by writers without zip64.
  if ((entries.length & 0xffff) !== (found.count & 0xffff) || entries.length < Math.min(found.count, MAX_ENTRIES)) {
    gaps.push({ code: 'format-error', span: { start: reader.at, end: directoryEnd }, detail: 'zip.end.entries' });
  }
  if (entries.length === MAX_ENTRIES) gaps.push({ code: 'too-large', detail: 'zip.end.entries' });
  entries.sort((a, b) => a.offset - b.offset);
  return { entries, start: found.start, end: directoryEnd, gaps };
}

const EXECUTABLES = [
  [0x4d, 0x5a],
  [0x23, 0x21],
  [0x43, 0x72, 0x32, 0x34],
  [0xfe, 0xed, 0xfa],
  [0xcf, 0xfa, 0xed, 0xfe],
];

/** Programs and scripts before a zip: PE, `#!`, crx, Mach-O, ELF (but no core). */
export const isPrefix = (head: Uint8Array): boolean =>
  EXECUTABLES.some((magic) => hasBytes(head, 0, magic)) ||
  (hasBytes(head, 0, [0x7f, 0x45, 0x4c, 0x46]) &&
    (head[16] === 2 || head[16] === 3 || head[17] === 2 || head[17] === 3));

/** Whether an input that lies in `head` whole ends with a central directory and its end record. */
export function endsAsZip(head: Uint8Array): boolean {
  const at = lastIndexOfText(head, 'PK\x05\x06', 0, head.length);
  if (at < CENTRAL_BYTES || at + END_BYTES + (u16le(head, at + 20) ?? 0) !== head.length) return false;
  const start = at - u32le(head, at + 12)!;
  return start >= 0 && u32le(head, start) === CENTRAL;
}
