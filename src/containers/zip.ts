/**
 * zip (PKWARE APPNOTE 6.3.10). From a file: the entries of the central directory in the order of the file, and whatever
 * local headers lie between them; from a stream: local headers alone. The trap: an archive can show different members to
 * different readers, so all are read, each byte once, and every disagreement is a gap.
 */
import { ForwardReader } from '../bytes/forward-reader.ts';
import { hasBytes, indexOfText, u32le } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import { HEAD_BYTES } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import type { Span } from '../model/place.ts';
import { extractWithSevenZip, hasSevenZip } from './codecs/seven-zip.ts';
import {
  Checks,
  DEFLATE,
  decode,
  disagreement,
  inflate,
  isForSevenZip,
  parseDescriptor,
  STORED,
  unreadMethod,
  untilDescriptor,
} from './codecs/zip-content.ts';
import {
  CENTRAL,
  DESCRIPTOR,
  END,
  END64,
  type Entry,
  endsAsZip,
  hasDescriptor,
  isEncrypted,
  isPrefix,
  LOCAL,
  LOCAL_BYTES,
  localBytes,
  looksLocal,
  otherRecordBytes,
  parseLocal,
  readDirectory,
} from './codecs/zip-records.ts';

/** Bytes of a content of unknown size that are read only to find its end, when nobody wants them. */
const MAX_DRAINED_BYTES = 2 ** 30;
/** Stretches without a record that are listed; the bytes themselves are always looked through. */
const MAX_GAPS = 100;

type Item = Member | MemberGap;

/** A directory has no content of its own. */
const isDirectory = ({ name, compressedBytes }: Entry): boolean => name.endsWith('/') && compressedBytes === 0;
const climbs = (name: string): boolean => name.split(/[/\\]/).includes('..');

/** The member or gap of an entry whose content begins where the reader stands and has `available` compressed bytes. */
async function* openSized(reader: ForwardReader, entry: Entry, available: number): AsyncGenerator<Item> {
  const { name } = entry;
  const start = reader.at;
  const span = { start, end: start + available };
  if (climbs(name)) yield { code: 'format-error', name, detail: 'zip.name' };
  const method = unreadMethod(entry.method);
  if (isEncrypted(entry)) yield { code: 'encrypted', name, span };
  else if (method) yield { code: 'not-opened', name, span, detail: method };
  else if (!isDirectory(entry)) {
    const content = async function* () {
      const checks = new Checks();
      const pieces =
        entry.method === DEFLATE ? inflate(reader, available, entry.bytes) : decode(entry, reader.pieces(available));
      yield* checks.through(pieces);
      if (reader.at < start + available && entry.method === STORED) throw new SourceError('truncated', 'zip.stored');
      if (available < entry.compressedBytes) throw new SourceError('truncated', 'zip.compressedSize');
      const isOdd = entry.method === STORED && entry.bytes !== entry.compressedBytes;
      const field = isOdd ? undefined : disagreement(checks, entry.crc, entry.bytes);
      if (field) throw new FormatError(field);
    };
    yield { name, size: entry.bytes, ...(entry.method === STORED && { stored: span }), content };
    if (entry.method === STORED && entry.bytes !== entry.compressedBytes) {
      yield { code: 'format-error', name, detail: 'zip.size' };
    }
  }
  await reader.skip(start + available - reader.at);
}

/** An entry whose method only 7-Zip reads; a gap that says what to install when it is not there. */
function openRare(input: Input, entry: Entry, span: Span): Item {
  const { name, bytes } = entry;
  if (!hasSevenZip()) return { code: 'not-opened', name, span, detail: 'install 7z-wasm' };
  const content = async function* () {
    const checks = new Checks();
    yield* checks.through(extractWithSevenZip(input, 'zip', name));
    const field = disagreement(checks, entry.crc, bytes);
    if (field) throw new FormatError(field);
  };
  return { name, size: bytes, content };
}

/** The same for an entry whose sizes follow its content. */
async function* openUnsized(reader: ForwardReader, entry: Entry, limit: number): AsyncGenerator<Item> {
  const { name } = entry;
  const start = reader.at;
  if (climbs(name)) yield { code: 'format-error', name, detail: 'zip.name' };
  const method = unreadMethod(entry.method);
  const checks = new Checks();
  const isClosed = isEncrypted(entry) || method !== undefined;
  const pieces =
    entry.method === DEFLATE && !isClosed
      ? inflate(reader, limit - start, entry.bytes)
      : untilDescriptor(reader, limit);
  // Checked before decoding when the content can't be decoded; read by hand, since the end must be found in any case.
  const all = checks.through(isClosed || entry.method === DEFLATE ? pieces : decode(entry, pieces));
  let isDone = false;
  let failure: unknown;
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      const result = await all.next();
      if (!result.done) return result.value;
    } catch (error) {
      failure = error;
    }
    isDone = true;
    return undefined;
  };
  const content = async function* () {
    while (!isDone) {
      const piece = await next();
      if (piece) yield piece;
    }
    if (failure) throw failure;
  };
  if (!isClosed) yield { name, content };
  const wasRead = isDone;
  for (let drained = 0; !isDone; drained += (await next())?.length ?? 0) {
    if (drained < MAX_DRAINED_BYTES) continue;
    yield { code: 'too-large', name, detail: 'zip.descriptor' };
    await all.return();
    isDone = true;
  }
  const span = { start, end: reader.at };
  if (isEncrypted(entry)) yield { code: 'encrypted', name, span };
  else if (method) yield { code: 'not-opened', name, span, detail: method };
  if (failure) {
    if (!wasRead && !isClosed && failure instanceof SourceError)
      yield { code: failure.code, name, span, detail: failure.detail };
    return;
  }
  const descriptor = parseDescriptor(await reader.peek(24), 0, reader.at - start);
  await reader.skip(descriptor?.recordBytes ?? 0);
  const field = descriptor ? disagreement(checks, descriptor.crc, descriptor.bytes) : 'zip.descriptor';
  if (field && !isClosed) yield { code: 'format-error', name, span, detail: field };
}

/**
 * Members by their local headers, from where the reader stands up to `limit`. `isListed`: false for what lies between the
 * entries of a central directory that does not name it.
 */
async function* walkLocal(
  reader: ForwardReader,
  limit: number,
  isListed: boolean,
  needsEnd = false,
): AsyncGenerator<Item> {
  let hasEnd = false;
  let gaps = 0;
  /** What does not begin with a record is no gap before the first and after the last one. */
  let isInside = false;
  while (reader.at < limit) {
    const start = reader.at;
    const head = await reader.peek(Math.min(LOCAL_BYTES, limit - start));
    const magic = u32le(head, 0);
    if (magic === LOCAL) {
      const entry = parseLocal(await reader.peek(Math.min(localBytes(head), limit - start)));
      if (!entry) {
        yield { code: 'truncated', span: { start, end: start + head.length }, detail: 'zip.local' };
        if ((await reader.skip(4)) < 4) break;
        continue;
      }
      await reader.skip(entry.recordBytes);
      if (!isListed && gaps++ < MAX_GAPS) {
        yield { code: 'format-error', name: entry.name, span: { start, end: reader.at }, detail: 'zip.unlisted' };
      }
      const left = limit - reader.at;
      const isSized = !hasDescriptor(entry) || (entry.compressedBytes > 0 && entry.method !== DEFLATE);
      if (isSized) {
        yield* openSized(reader, entry, Math.min(entry.compressedBytes, left));
        if (hasDescriptor(entry)) {
          await reader.skip(parseDescriptor(await reader.peek(24), 0, entry.compressedBytes)?.recordBytes ?? 0);
        }
      } else yield* openUnsized(reader, entry, limit);
      isInside = true;
      hasEnd = false;
      continue;
    }
    if (head.length === 0) break;
    const bytes = otherRecordBytes(await reader.peek(Math.min(56, limit - start)));
    if (bytes !== undefined) {
      isInside = magic === CENTRAL || magic === END64;
      hasEnd = magic === END;
      if ((await reader.skip(Math.min(bytes, limit - start))) < bytes && magic !== END) {
        yield { code: 'truncated', span: { start, end: reader.at }, detail: 'zip.central' };
      }
      continue;
    }
    // A descriptor that was not found to belong to a content, or the mark of a split archive.
    if (magic === DESCRIPTOR) await reader.skip(4);
    const end = await findRecord(reader, limit, isInside);
    if (isInside && isListed && gaps++ < MAX_GAPS && end - start > 24) {
      yield { code: 'format-error', span: { start, end }, detail: 'zip.signature' };
    }
    isInside = false;
  }
  if (needsEnd && !hasEnd) yield { code: 'truncated', detail: 'zip.end' };
}

/**
 * Goes to the next likely local header, or record of a directory that is expected, or to `limit`; returns where that is.
 */
async function findRecord(reader: ForwardReader, limit: number, withDirectory: boolean): Promise<number> {
  for (let from = 1; reader.at < limit; from = 0) {
    const bytes = await reader.peek(Math.min(65_536, limit - reader.at));
    if (bytes.length === 0) return reader.at;
    for (let at = indexOfText(bytes, 'PK', from); at >= 0; at = indexOfText(bytes, 'PK', at + 1)) {
      const magic = u32le(bytes, at);
      if (looksLocal(bytes, at) || (withDirectory && (magic === CENTRAL || magic === END || magic === END64))) {
        await reader.skip(at);
        return reader.at;
      }
    }
    // Records across the end of what was looked at are seen whole in the next round.
    await reader.skip(bytes.length > LOCAL_BYTES ? bytes.length - LOCAL_BYTES : bytes.length);
  }
  return reader.at;
}

async function* openListed(input: Input, reader: ForwardReader): AsyncGenerator<Item> {
  const directory = await readDirectory(input);
  if (!directory) {
    yield { code: 'truncated', detail: 'zip.end' };
    yield* walkLocal(reader, input.size, true);
    return;
  }
  yield* directory.gaps;
  for (const entry of directory.entries) {
    const { name, offset } = entry;
    if (offset < reader.at || offset >= directory.start) {
      const span = { start: offset, end: Math.max(offset, Math.min(offset + entry.compressedBytes, input.size)) };
      yield { code: 'format-error', name, span, detail: offset < reader.at ? 'zip.overlap' : 'zip.offset' };
      continue;
    }
    yield* openBetween(reader, offset);
    const head = await reader.peek(LOCAL_BYTES);
    const local = parseLocal(await reader.peek(localBytes(head)));
    if (!local) {
      const isMasked = isEncrypted(entry);
      yield {
        code: isMasked ? 'encrypted' : 'format-error',
        name,
        span: { start: offset, end: offset },
        detail: 'zip.local',
      };
      continue;
    }
    await reader.skip(local.recordBytes);
    if (local.method !== entry.method || local.nameCrc !== entry.nameCrc || isEncrypted(local) !== isEncrypted(entry)) {
      const isMasked = (local.flags & 0x2000) !== 0;
      if (!isMasked) yield { code: 'format-error', name, span: { start: offset, end: reader.at }, detail: 'zip.local' };
    } else if (!hasDescriptor(local) && (local.compressedBytes !== entry.compressedBytes || local.crc !== entry.crc)) {
      yield { code: 'format-error', name, span: { start: offset, end: reader.at }, detail: 'zip.local' };
    }
    const available = Math.max(0, Math.min(entry.compressedBytes, directory.start - reader.at));
    if (!isEncrypted(entry) && isForSevenZip(entry.method)) {
      yield openRare(input, entry, { start: reader.at, end: reader.at + available });
      await reader.skip(available);
    } else yield* openSized(reader, entry, available);
  }
  yield* openBetween(reader, directory.start);
}

/** Entries that the directory does not list; a data descriptor is all that usually lies there. */
async function* openBetween(reader: ForwardReader, end: number): AsyncGenerator<Item> {
  if (reader.at < end && !looksLocal(await reader.peek(LOCAL_BYTES + 1), 0)) await findRecord(reader, end, false);
  yield* walkLocal(reader, end, false);
}

async function* open(input: Input): AsyncGenerator<Item> {
  const reader = new ForwardReader(input);
  try {
    if (input.sequential || !Number.isFinite(input.size))
      yield* walkLocal(reader, Number.POSITIVE_INFINITY, true, true);
    else yield* openListed(input, reader);
  } finally {
    reader.close();
  }
}

const LOCAL_MAGIC = [0x50, 0x4b, 0x03, 0x04];

function recognise(head: Uint8Array): boolean {
  if (hasBytes(head, 0, LOCAL_MAGIC)) return true;
  // Empty; split archives; jmod.
  if (hasBytes(head, 0, [0x50, 0x4b, 0x05, 0x06, 0, 0, 0, 0, 0, 0, 0, 0])) return true;
  const second = hasBytes(head, 4, LOCAL_MAGIC);
  if (second && (hasBytes(head, 0, [0x50, 0x4b, 0x07, 0x08]) || hasBytes(head, 0, [0x50, 0x4b, 0x30, 0x30])))
    return true;
  if (second && hasBytes(head, 0, [0x4a, 0x4d, 0x01, 0x00])) return true;
  if (head.length < HEAD_BYTES && endsAsZip(head)) return true;
  if (!isPrefix(head)) return false;
  for (let at = indexOfText(head, 'PK\x03\x04', 0); at >= 0; at = indexOfText(head, 'PK\x03\x04', at + 1)) {
    if (looksLocal(head, at)) return true;
  }
  return false;
}

export default defineContainer({
  id: 'zip',
  title: 'zip (jar, war, apk, nupkg, vsix, whl, docx, odt, jmod)',
  doc: `Methods: stored, deflate, deflate64, bzip2, lzma, Zstandard, xz; zip64, data descriptors, comments, padding, self-extracting archives whose
first entry begins in the first 64 KiB, several archives in a row. PPMd, implode and shrink, in files, need the optional package
\`7z-wasm\` (\`npm install 7z-wasm\`). Entries that the central directory does not list are opened as well.
Gaps: encrypted entries and directories, reduce and other rare methods (by name), parts of split archives, and what
contradicts itself: overlapping entries, two end records, local headers that differ from the directory, sizes and checksums
that are wrong, names with \`..\`. Source: PKWARE APPNOTE 6.3.10, Info-ZIP extrafld.txt.`,
  access: 'sequential',
  recognise,
  open,
});
