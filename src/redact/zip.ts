/**
 * zip (PKWARE APPNOTE 6.3.10) again: changed entries are encoded anew (deflate, or stored as they were), all others are
 * copied; checksums, sizes and offsets follow in local headers, in the directory and in the end records.
 */

import { crc32, createDeflateRaw } from 'node:zlib';
import { ForwardReader } from '../bytes/forward-reader.ts';
import { readExactly, readPieces, readUpTo } from '../bytes/input-reader.ts';
import { u16le, u32le } from '../bytes/reader.ts';
import { size64le } from '../bytes/uint64.ts';
import { DEFLATE, decode, inflate, parseDescriptor, STORED } from '../containers/codecs/zip-content.ts';
import {
  CENTRAL,
  END,
  END64,
  type Entry,
  hasDescriptor,
  isEncrypted,
  LOCAL_BYTES,
  LOCATOR64,
  localBytes,
  otherRecordBytes,
  parseLocal,
  readDirectory,
} from '../containers/codecs/zip-records.ts';
import type { Input } from '../model/input.ts';
import { sanitizeLabel } from '../model/label.ts';
import type { Spool } from '../sources/spool.ts';
import type { EditNode } from './edits.ts';
import { untilDamage } from './gzip.ts';
import { NotRedactable } from './not-redactable.ts';
import { type EncodeTask, type RewriteContext, rewriteContent, spoolAll } from './rewrite.ts';
import { through } from './transform.ts';

const MAX_32 = 0xffffffff;
const ZIP64 = 0x0001;
const FLAG_DESCRIPTOR = 0x08;
/** Records of one directory; above that, it would not fit in memory. */
const MAX_DIRECTORY_BYTES = 1024 ** 3;

/** An entry's content as it is written. */
interface Change {
  readonly crc: number;
  readonly bytes: number;
  readonly method: number;
  readonly compressedBytes: number;
}

export async function* encodeZip(task: EncodeTask): AsyncGenerator<Uint8Array, void, undefined> {
  const { input, own, node, context } = task;
  const directory = await readDirectory(input);
  const anyMember = [...node.members.keys()][0]!;
  if (!directory) throw new NotRedactable('zip', anyMember, 'has no readable directory');
  if (directory.end - directory.start > MAX_DIRECTORY_BYTES) throw new NotRedactable('zip', anyMember, 'is too large');
  const changes = new Map<number, Change>();
  const moved = new Map<number, number>();
  const left = new Set(node.members.keys());
  let written = 0;
  let at = 0;
  const copyTo = async function* (end: number): AsyncGenerator<Uint8Array> {
    yield* readPieces(own, at, end);
    written += end - at;
    at = end;
  };
  for (const entry of directory.entries) {
    if (entry.offset < at) continue;
    const label = sanitizeLabel(entry.name);
    const child = node.members.get(label);
    moved.set(entry.offset, written + entry.offset - at);
    if (!child) continue;
    if (isEncrypted(entry)) throw new NotRedactable('zip', label, 'is encrypted');
    left.delete(label);
    yield* copyTo(entry.offset);
    const { header, start } = await readLocal(own, entry, label);
    const { spool, change } = await encodeEntry(input, entry, start, child, context);
    try {
      const local = localOf(header, change);
      yield local;
      yield* spool.content();
      written += local.length + spool.size;
    } finally {
      spool.close();
    }
    changes.set(entry.offset, change);
    at = start + entry.compressedBytes;
    if (hasDescriptor(entry)) {
      at += parseDescriptor(await readUpTo(input, at, 24), 0, entry.compressedBytes)?.recordBytes ?? 0;
    }
  }
  const [missing] = left;
  if (missing !== undefined) throw new NotRedactable('zip', missing, 'does not list a member that was searched');
  yield* copyTo(directory.start);
  const newStart = written;
  const before = await bytesBefore(own, directory.entries, directory.start, directory.end);
  let directoryBytes = 0;
  for await (const record of centralRecords(own, directory.start, directory.end)) {
    const offset = centralOffset(record) + before;
    const changed = centralOf(record, changes.get(offset), (moved.get(offset) ?? offset) - before);
    directoryBytes += changed.length;
    yield changed;
  }
  yield* endOf(await readUpTo(own, directory.end, 4 * 65_536), newStart, directoryBytes, before);
  yield* readPieces(own, Math.min(input.size, directory.end + 4 * 65_536));
}

async function readLocal(own: Input, entry: Entry, label: string): Promise<{ header: Uint8Array; start: number }> {
  const fixed = await readExactly(own, entry.offset, LOCAL_BYTES, 'zip.local');
  const header = await readExactly(own, entry.offset, localBytes(fixed), 'zip.local');
  if (!parseLocal(header)) throw new NotRedactable('zip', label, 'has a damaged header');
  return { header, start: entry.offset + header.length };
}

/** What comes out is redacted, and compressed anew: its size is known before its header is written. */
async function encodeEntry(
  input: Input,
  entry: Entry,
  start: number,
  child: EditNode,
  context: RewriteContext,
): Promise<{ spool: Spool; change: Change }> {
  const reader = new ForwardReader(input, start, start + entry.compressedBytes);
  let crc = 0;
  let bytes = 0;
  async function* redacted(): AsyncGenerator<Uint8Array> {
    const content =
      entry.method === DEFLATE
        ? inflate(reader, entry.compressedBytes, entry.bytes)
        : decode(entry, reader.pieces(entry.compressedBytes));
    for await (const piece of rewriteContent(untilDamage(content), child, context)) {
      crc = crc32(piece, crc);
      bytes += piece.length;
      yield piece;
    }
  }
  try {
    const method = entry.method === STORED ? STORED : DEFLATE;
    const spool = await spoolAll(method === STORED ? redacted() : through(createDeflateRaw(), redacted()));
    return { spool, change: { crc, bytes, method, compressedBytes: spool.size } };
  } finally {
    reader.close();
  }
}

/** Extra fields without zip64's, and with a new one when `values` are not empty. */
function extraOf(extra: Uint8Array, values: readonly number[]): Uint8Array {
  const kept: number[] = [];
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = 4 + u16le(extra, at + 2)!;
    if (u16le(extra, at) !== ZIP64) kept.push(...extra.subarray(at, at + length));
    at += length;
  }
  if (values.length === 0) return Uint8Array.from(kept);
  const field = new DataView(new ArrayBuffer(4 + 8 * values.length));
  field.setUint16(0, ZIP64, true);
  field.setUint16(2, 8 * values.length, true);
  for (const [i, value] of values.entries()) field.setBigUint64(4 + 8 * i, BigInt(value), true);
  return Uint8Array.from([...new Uint8Array(field.buffer), ...kept]);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const clip = (value: number): number => Math.min(value, MAX_32);

/** APPNOTE 4.3.7. Sizes stand in the header: there is no descriptor any more. */
function localOf(header: Uint8Array, { crc, bytes, compressedBytes, method }: Change): Uint8Array {
  const nameEnd = LOCAL_BYTES + u16le(header, 26)!;
  const isLarge = bytes >= MAX_32 || compressedBytes >= MAX_32;
  const extra = extraOf(header.subarray(nameEnd), isLarge ? [bytes, compressedBytes] : []);
  const local = join(header.subarray(0, nameEnd), extra);
  const view = new DataView(local.buffer);
  view.setUint16(4, Math.max(u16le(header, 4)!, isLarge ? 45 : 20), true);
  view.setUint16(6, u16le(header, 6)! & ~FLAG_DESCRIPTOR, true);
  view.setUint16(8, method, true);
  view.setUint32(14, crc, true);
  view.setUint32(18, isLarge ? MAX_32 : compressedBytes, true);
  view.setUint32(22, isLarge ? MAX_32 : bytes, true);
  view.setUint16(28, extra.length, true);
  return local;
}

async function* centralRecords(own: Input, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; ) {
    const fixed = await readUpTo(own, at, 46);
    if (u32le(fixed, 0) !== CENTRAL || fixed.length < 46) {
      yield await readUpTo(own, at, end - at);
      return;
    }
    const record = await readUpTo(own, at, otherRecordBytes(fixed)!);
    yield record;
    at += record.length;
  }
}

interface Central {
  readonly nameEnd: number;
  readonly extraEnd: number;
  readonly bytes: number;
  readonly compressedBytes: number;
  readonly offset: number;
}

/** APPNOTE 4.3.12 and 4.5.3: what is marked stands in the zip64 field, in this order. */
function readCentral(record: Uint8Array): Central {
  const nameEnd = 46 + u16le(record, 28)!;
  const extraEnd = nameEnd + u16le(record, 30)!;
  const values = [u32le(record, 24)!, u32le(record, 20)!, u32le(record, 42)!];
  for (let at = nameEnd; at + 4 <= extraEnd; at += 4 + u16le(record, at + 2)!) {
    if (u16le(record, at) !== ZIP64) continue;
    let from = at + 4;
    for (const [i, value] of values.entries()) {
      if (value !== MAX_32) continue;
      values[i] = size64le(record, from) ?? value;
      from += 8;
    }
  }
  const [bytes, compressedBytes, offset] = values as [number, number, number];
  return { nameEnd, extraEnd, bytes, compressedBytes, offset };
}

const centralOffset = (record: Uint8Array): number =>
  u32le(record, 0) === CENTRAL && record.length >= 46 ? readCentral(record).offset : -1;

function centralOf(record: Uint8Array, change: Change | undefined, offset: number): Uint8Array {
  if (centralOffset(record) < 0) return record;
  const { nameEnd, extraEnd, bytes: oldBytes, compressedBytes: oldCompressed } = readCentral(record);
  const { bytes, compressedBytes } = change ?? { bytes: oldBytes, compressedBytes: oldCompressed };
  const large = [bytes, compressedBytes, offset].filter((value) => value >= MAX_32);
  const extra = extraOf(record.subarray(nameEnd, extraEnd), large);
  const changed = join(record.subarray(0, nameEnd), extra, record.subarray(extraEnd));
  const view = new DataView(changed.buffer);
  if (change) {
    view.setUint16(6, Math.max(u16le(record, 6)!, large.length > 0 ? 45 : 20), true);
    view.setUint16(8, u16le(record, 8)! & ~FLAG_DESCRIPTOR, true);
    view.setUint16(10, change.method, true);
    view.setUint32(16, change.crc, true);
  }
  view.setUint32(20, clip(compressedBytes), true);
  view.setUint32(24, clip(bytes), true);
  view.setUint16(30, extra.length, true);
  view.setUint32(42, clip(offset), true);
  return changed;
}

/** Bytes that something put before the archive: its offsets do not count them. */
async function bytesBefore(own: Input, entries: readonly Entry[], start: number, end: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for await (const record of centralRecords(own, start, end)) {
    const offset = centralOffset(record);
    if (offset >= 0) least = Math.min(least, offset);
  }
  return entries.length > 0 && Number.isFinite(least) ? entries[0]!.offset - least : 0;
}

/** End records (APPNOTE 4.3.14 to 4.3.16) that say where the directory is now; with zip64 ones when it needs them. */
function* endOf(tail: Uint8Array, start: number, bytes: number, before: number): Generator<Uint8Array> {
  const out = tail.slice();
  const view = new DataView(out.buffer);
  const offset = start - before;
  let end64 = -1;
  let end = -1;
  for (let at = 0; at + 22 <= out.length && end < 0; at++) {
    const magic = u32le(out, at);
    if (magic === END64 && at + 56 <= out.length && end64 < 0) end64 = at;
    else if (magic === LOCATOR64 && end64 >= 0) view.setBigUint64(at + 8, BigInt(offset + bytes + end64), true);
    else if (magic === END) end = at;
  }
  if (end64 >= 0) {
    view.setBigUint64(end64 + 40, BigInt(bytes), true);
    view.setBigUint64(end64 + 48, BigInt(offset), true);
  }
  if (end < 0) {
    yield out;
    return;
  }
  if (end64 < 0 && (offset >= MAX_32 || bytes >= MAX_32)) {
    yield out.subarray(0, end);
    yield endRecords64(u16le(out, end + 10)!, offset, bytes, end);
  } else if (end > 0) yield out.subarray(0, end);
  view.setUint32(end + 12, clip(bytes), true);
  view.setUint32(end + 16, clip(offset), true);
  yield out.subarray(end);
}

function endRecords64(count: number, offset: number, bytes: number, gapBytes: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(76));
  view.setUint32(0, END64, true);
  view.setBigUint64(4, 44n, true);
  view.setUint16(12, 45, true);
  view.setUint16(14, 45, true);
  for (const at of [24, 32]) view.setBigUint64(at, BigInt(count), true);
  view.setBigUint64(40, BigInt(bytes), true);
  view.setBigUint64(48, BigInt(offset), true);
  view.setUint32(56, LOCATOR64, true);
  view.setBigUint64(64, BigInt(offset + bytes + gapBytes), true);
  view.setUint32(72, 1, true);
  return new Uint8Array(view.buffer);
}
