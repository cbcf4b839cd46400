/**
 * Portable PDB (ECMA-335 II.24 and "Portable PDB v1.0" of dotnet/runtime): metadata tables and heaps. Sources that were
 * embedded lie deflated in the #Blob heap; the table CustomDebugInformation names them. The trap: the width of a column
 * depends on the sizes of heaps and on row counts of other tables, some of which only the #Pdb stream tells.
 */
import { readExactly, readPieces, readSpan } from '../bytes/input-reader.ts';
import { hasBytes, u16le, u32le } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import type { Span } from '../model/place.ts';
import { inflateExactly } from './codecs/node-stream.ts';

const MAGIC = [0x42, 0x53, 0x4a, 0x42, 1, 0, 1, 0];
const HEAPS = { strings: 1, guids: 2, blobs: 4 };
/** II.24.2.1: the version is at most 255 bytes and padded. */
const MAX_VERSION_BYTES = 256;
/** Five are defined; obfuscators add some. */
const MAX_STREAMS = 64;
const MAX_STREAM_NAME_BYTES = 32;
/** Tables that are read whole: a million rows. Compilers write a few rows for each method. */
const MAX_TABLE_BYTES = 16 * 1024 * 1024;
/** A path; its parts are blobs of their own. */
const MAX_NAME_PARTS = 256;
const MAX_NAME_BYTES = 4096;

const METHOD_DEF = 0x06;
const DOCUMENT = 0x30;
const METHOD_DEBUG_INFORMATION = 0x31;
const LOCAL_SCOPE = 0x32;
const LOCAL_VARIABLE = 0x33;
const LOCAL_CONSTANT = 0x34;
const IMPORT_SCOPE = 0x35;
const STATE_MACHINE_METHOD = 0x36;
const CUSTOM_DEBUG_INFORMATION = 0x37;
/** What the parent of a CustomDebugInformation may be; five bits of the column tell which. */
const PARENTS = [
  ...[0x00, 0x01, 0x02, 0x04, 0x06, 0x08, 0x09, 0x0a, 0x0e, 0x11, 0x14, 0x17, 0x1a, 0x1b, 0x20, 0x23, 0x26, 0x27, 0x28],
  ...[0x2a, 0x2b, 0x2c, DOCUMENT, LOCAL_SCOPE, LOCAL_VARIABLE, LOCAL_CONSTANT, IMPORT_SCOPE],
];
const PARENT_DOCUMENT = 22;
/** 0E8A571B-6926-466E-B4AD-8AB04611F5FE as it is stored. */
const EMBEDDED_SOURCE = [
  ...[0x1b, 0x57, 0x8a, 0x0e, 0x26, 0x69, 0x6e, 0x46],
  ...[0xb4, 0xad, 0x8a, 0xb0, 0x46, 0x11, 0xf5, 0xfe],
];

export default defineContainer({
  id: 'portable-pdb',
  title: 'Portable PDB (.NET)',
  doc: `
Debug information of .NET compilers ([Portable PDB](https://github.com/dotnet/runtime/blob/main/docs/design/specs/PortablePdb-Metadata.md) 1.0), as a file or inside an assembly: each embedded source
(\`EmbedAllSources\`) is a member with the name of its document. All else is searched as bytes of the file.

A gap: tables that are damaged, embedded sources in an encoding that is not defined yet.`,
  access: 'random',
  recognise: (head) => hasBytes(head, 0, MAGIC),
  async *open(input) {
    const streams = await readStreams(input);
    const tables = await readTables(input, streams);
    if (tables) yield* readSources(input, streams, tables);
  },
});

type Streams = ReadonlyMap<string, Span>;

async function readStreams(input: Input): Promise<Streams> {
  const versionBytes = u32le(await readExactly(input, 12, 4, 'metadata.root'), 0)!;
  if (versionBytes > MAX_VERSION_BYTES) throw new FormatError('metadata.version');
  let at = 16 + versionBytes;
  const count = u16le(await readExactly(input, at, 4, 'metadata.root'), 2)!;
  if (count > MAX_STREAMS) throw new FormatError('metadata.streams');
  at += 4;
  const streams = new Map<string, Span>();
  for (let i = 0; i < count; i++) {
    const header = await readExactly(
      input,
      at,
      Math.min(8 + MAX_STREAM_NAME_BYTES, input.size - at),
      'metadata.stream',
    );
    const start = u32le(header, 0);
    const size = u32le(header, 4);
    const nameEnd = header.indexOf(0, 8);
    if (start === undefined || size === undefined || nameEnd < 0) throw new FormatError('metadata.stream');
    if (start + size > input.size) throw new FormatError('metadata.stream');
    const name = String.fromCharCode(...header.subarray(8, nameEnd));
    if (!streams.has(name)) streams.set(name, { start, end: start + size });
    // The name is padded to four bytes, its zero included.
    at += 8 + Math.ceil((nameEnd - 7) / 4) * 4;
  }
  return streams;
}

interface Table {
  readonly rows: number;
  /** Of each column; what is read of a row are its columns' offsets. */
  readonly widths: readonly number[];
  readonly start: number;
}

interface Tables {
  readonly documents: Table | undefined;
  readonly custom: Table;
}

/** Nothing when there is no CustomDebugInformation: metadata of code, or without embedded sources. */
async function readTables(input: Input, streams: Streams): Promise<Tables | undefined> {
  const span = streams.get('#~');
  if (!span) return undefined;
  const head = await readExactly(input, span.start, 24, 'metadata.tables');
  const heaps = head[6]!;
  const ids = setBits(head, 8);
  if (!ids.includes(CUSTOM_DEBUG_INFORMATION)) return undefined;
  const rows = await readRowCounts(input, streams);
  const counts = await readExactly(input, span.start + 24, ids.length * 4, 'metadata.rows');
  for (const [i, id] of ids.entries()) rows.set(id, u32le(counts, i * 4)!);

  const heap = (flag: number): number => ((heaps & flag) === 0 ? 2 : 4);
  const blob = heap(HEAPS.blobs);
  const guid = heap(HEAPS.guids);
  const text = heap(HEAPS.strings);
  const row = (table: number): number => ((rows.get(table) ?? 0) < 2 ** 16 ? 2 : 4);
  const parent = PARENTS.every((table) => (rows.get(table) ?? 0) < 2 ** 11) ? 2 : 4;
  const columns = new Map<number, readonly number[]>([
    [DOCUMENT, [blob, guid, blob, guid]],
    [METHOD_DEBUG_INFORMATION, [row(DOCUMENT), blob]],
    [LOCAL_SCOPE, [row(METHOD_DEF), row(IMPORT_SCOPE), row(LOCAL_VARIABLE), row(LOCAL_CONSTANT), 4, 4]],
    [LOCAL_VARIABLE, [2, 2, text]],
    [LOCAL_CONSTANT, [text, blob]],
    [IMPORT_SCOPE, [row(IMPORT_SCOPE), blob]],
    [STATE_MACHINE_METHOD, [row(METHOD_DEF), row(METHOD_DEF)]],
    [CUSTOM_DEBUG_INFORMATION, [parent, guid, blob]],
  ]);
  let at = span.start + 24 + ids.length * 4;
  const tables = new Map<number, Table>();
  for (const id of ids) {
    const widths = columns.get(id);
    // Tables of code before those of debug information: nobody writes that, and their columns are not known here.
    if (!widths) throw new FormatError('metadata.table');
    tables.set(id, { rows: rows.get(id)!, widths, start: at });
    at += rows.get(id)! * sum(widths);
    if (at > span.end) throw new FormatError('metadata.rows');
    if (id === CUSTOM_DEBUG_INFORMATION) break;
  }
  return { documents: tables.get(DOCUMENT), custom: tables.get(CUSTOM_DEBUG_INFORMATION)! };
}

/** Numbers of the bits that are set in the 64-bit mask at `at`. */
const setBits = (bytes: Uint8Array, at: number): number[] =>
  Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => ((bytes[at + (bit >> 3)]! >> (bit & 7)) & 1) === 1);

const sum = (widths: readonly number[]): number => widths.reduce((total, width) => total + width, 0);

/** Of the tables of code that debug information refers to. */
async function readRowCounts(input: Input, streams: Streams): Promise<Map<number, number>> {
  const rows = new Map<number, number>();
  const span = streams.get('#Pdb');
  if (!span) throw new FormatError('metadata.pdb');
  const head = await readExactly(input, span.start, 32, 'metadata.pdb');
  const ids = setBits(head, 24);
  const counts = await readExactly(input, span.start + 32, ids.length * 4, 'metadata.pdb');
  for (const [i, id] of ids.entries()) rows.set(id, u32le(counts, i * 4)!);
  return rows;
}

/** Columns of a row as numbers. */
function columnsAt(bytes: Uint8Array, at: number, widths: readonly number[]): number[] {
  let from = at;
  return widths.map((width) => {
    const value = (width === 2 ? u16le(bytes, from) : u32le(bytes, from)) ?? 0;
    from += width;
    return value;
  });
}

async function readTable(input: Input, { rows, widths, start }: Table): Promise<Uint8Array> {
  const bytes = rows * sum(widths);
  if (bytes > MAX_TABLE_BYTES) throw new SourceError('over-budget', 'metadata.rows');
  return readExactly(input, start, bytes, 'metadata.rows');
}

async function* readSources(
  input: Input,
  streams: Streams,
  { documents, custom }: Tables,
): AsyncGenerator<Member | MemberGap, void, undefined> {
  const guids = streams.get('#GUID');
  const blobs = streams.get('#Blob');
  if (!guids || !blobs) throw new FormatError('metadata.heaps');
  const rows = await readTable(input, custom);
  const rowBytes = sum(custom.widths);
  const seen = new Set<number>();
  /** Whether a kind of row, an index of GUIDs, is that of embedded sources: there are few kinds, and many rows. */
  const kinds = new Map<number, boolean>([[0, false]]);
  for (let i = 0; i < custom.rows; i++) {
    const [parent, kind, value] = columnsAt(rows, i * rowBytes, custom.widths);
    if (!kinds.has(kind!)) kinds.set(kind!, await isEmbeddedSource(input, guids, kind!));
    if (!kinds.get(kind!)) continue;
    // One content once, however many rows name it.
    if (seen.has(value!)) continue;
    seen.add(value!);
    const name =
      (parent! & 31) === PARENT_DOCUMENT && documents ? await readName(input, documents, blobs, parent! >>> 5) : '';
    try {
      yield await readSource(input, name || `source ${i + 1}`, await readBlob(input, blobs, value!));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      yield { code: 'format-error', name: name || `source ${i + 1}`, detail: error.field };
    }
  }
}

async function isEmbeddedSource(input: Input, guids: Span, index: number): Promise<boolean> {
  const at = guids.start + (index - 1) * 16;
  if (at + 16 > guids.end) throw new FormatError('metadata.guid');
  return hasBytes(await readExactly(input, at, 16, 'metadata.guid'), 0, EMBEDDED_SOURCE);
}

/** Where a blob's bytes lie: a compressed length (II.23.2) comes before them. */
async function readBlob(input: Input, blobs: Span, index: number): Promise<Span> {
  const at = blobs.start + index;
  if (at >= blobs.end) throw new FormatError('metadata.blob');
  const head = await readExactly(input, at, Math.min(4, blobs.end - at), 'metadata.blob');
  const { value, bytes } = compressedNumber(head, 0);
  const start = at + bytes;
  if (start + value > blobs.end) throw new FormatError('metadata.blob');
  return { start, end: start + value };
}

function compressedNumber(bytes: Uint8Array, at: number): { readonly value: number; readonly bytes: number } {
  const [first = 0xff, second, third, fourth] = bytes.subarray(at, at + 4);
  if (first < 0x80) return { value: first, bytes: 1 };
  if (first < 0xc0 && second !== undefined) return { value: ((first & 0x3f) << 8) | second, bytes: 2 };
  if (first >= 0xe0 || fourth === undefined) throw new FormatError('metadata.blob');
  return { value: ((first & 0x1f) << 24) | (second! << 16) | (third! << 8) | fourth, bytes: 4 };
}

/** A document's name, empty when it can't be read: a separator, then the parts of the path as blobs. */
async function readName(input: Input, documents: Table, blobs: Span, row: number): Promise<string> {
  if (row === 0 || row > documents.rows) return '';
  try {
    const rowBytes = sum(documents.widths);
    const bytes = await readExactly(input, documents.start + (row - 1) * rowBytes, rowBytes, 'metadata.document');
    const [index] = columnsAt(bytes, 0, documents.widths);
    const parts = await readText(input, await readBlob(input, blobs, index!));
    // One character in UTF-8, which real ones write as `/`, `\` or zero for none.
    const separator = parts[0] === 0 ? '' : String.fromCharCode(parts[0] ?? 0);
    const names: string[] = [];
    for (let at = 1, left = MAX_NAME_PARTS; at < parts.length && left > 0; left--) {
      const part = compressedNumber(parts, at);
      at += part.bytes;
      names.push(part.value === 0 ? '' : decode(await readText(input, await readBlob(input, blobs, part.value))));
    }
    return names.join(separator);
  } catch (error) {
    if (error instanceof FormatError) return '';
    throw error;
  }
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const readText = (input: Input, { start, end }: Span): Promise<Uint8Array> =>
  readExactly(input, start, Math.min(end - start, MAX_NAME_BYTES), 'metadata.blob');

/** The size of the source, zero when it is stored, then its bytes. Negative sizes are kept for other encodings. */
async function readSource(input: Input, name: string, { start, end }: Span): Promise<Member | MemberGap> {
  if (start + 4 > end) throw new FormatError('metadata.source');
  const size = u32le(await readExactly(input, start, 4, 'metadata.source'), 0)!;
  if (size >= 2 ** 31) return { code: 'not-opened', name, detail: 'metadata.source' };
  const content = { start: start + 4, end };
  if (size === 0) {
    return {
      name,
      size: content.end - content.start,
      stored: content,
      content: () => readSpan(input, content.start, content.end, 'metadata.source'),
    };
  }
  return {
    name,
    size,
    content: () => inflateExactly(readPieces(input, content.start, content.end), size, 'metadata.source'),
  };
}
