/**
 * The header of 7z archives (7zFormat.txt of the LZMA SDK): packed streams, folders of coders, files. Every count is
 * bounded by the bytes of the header that it needs.
 */
import { u32le } from '../../bytes/reader.ts';
import { FormatError, SourceError } from '../../model/errors.ts';

export interface Coder {
  /** Hexadecimal, as in the list of methods: `030101`. */
  readonly method: string;
  readonly properties: Uint8Array;
  readonly inputs: number;
  readonly outputs: number;
}

export interface Folder {
  readonly coders: readonly Coder[];
  readonly binds: readonly { readonly input: number; readonly output: number }[];
  /** Input index of each packed stream. */
  readonly packed: readonly number[];
  /** Of every output. */
  unpackSizes: number[];
  firstPack: number;
  crc: number | undefined;
}

export interface Streams {
  readonly packAt: number;
  readonly packSizes: readonly number[];
  readonly folders: readonly Folder[];
  /** Files with content, in order: by folder. */
  readonly parts: readonly { readonly folder: number; readonly size: number; readonly crc: number | undefined }[];
}

export interface Header {
  readonly streams: Streams;
  readonly names: readonly string[];
  /** By file: it has no content. */
  readonly empty: readonly boolean[];
}

/** More than any archiver chains: BCJ2 with its four streams needs four coders, encryption one more. */
const MAX_CODERS = 32;
/** Files, folders, streams: half a million cost some 300 MB when each is a folder of its own. */
const MAX_ITEMS = 2 ** 19;

class Reader {
  readonly bytes: Uint8Array;
  at = 0;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new FormatError('7z.header');
    return byte;
  }
  take(count: number): Uint8Array {
    if (count > this.bytes.length - this.at) throw new FormatError('7z.header');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
  /** The leading ones of the first byte say how many follow; its other bits are the highest. */
  number(): number {
    const first = this.byte();
    let value = 0;
    for (let i = 0, mask = 0x80; i < 8; i++, mask >>= 1) {
      if (!(first & mask)) return value + (first & (mask - 1)) * 2 ** (8 * i);
      value += this.byte() * 2 ** (8 * i);
    }
    return value;
  }
  /** A number of things that each take at least a byte of this header, and some memory. */
  count(): number {
    const value = this.number();
    if (value > this.bytes.length) throw new FormatError('7z.count');
    if (value > MAX_ITEMS) throw new SourceError('too-large', '7z.count');
    return value;
  }
  bits(count: number): boolean[] {
    const out: boolean[] = [];
    let byte = 0;
    for (let i = 0; i < count; i++) {
      if (i % 8 === 0) byte = this.byte();
      out.push((byte & (0x80 >> (i % 8))) !== 0);
    }
    return out;
  }
  /** As `bits`, with a byte in front that says whether all are set. */
  optionalBits(count: number): boolean[] {
    return this.byte() ? new Array<boolean>(count).fill(true) : this.bits(count);
  }
  digests(count: number): (number | undefined)[] {
    return this.optionalBits(count).map((defined) => (defined ? u32le(this.take(4), 0)! : undefined));
  }
  expect(id: number): void {
    if (this.byte() !== id) throw new FormatError('7z.property');
  }
}

/** The header, or the streams of the header when it is compressed itself. Throws FormatError. */
export function readHeader(bytes: Uint8Array): Header | { readonly encoded: Streams } {
  const reader = new Reader(bytes);
  const id = reader.byte();
  if (id === 0x17) return { encoded: readStreams(reader) };
  if (id !== 1) throw new FormatError('7z.header');
  let streams: Streams = { packAt: 0, packSizes: [], folders: [], parts: [] };
  let names: string[] = [];
  let empty: boolean[] = [];
  for (let next = reader.byte(); next !== 0; next = reader.byte()) {
    if (next === 2) skipArchiveProperties(reader);
    else if (next === 3) readStreams(reader);
    else if (next === 4) streams = readStreams(reader);
    else if (next === 5) ({ names, empty } = readFiles(reader));
    else throw new FormatError('7z.property');
  }
  return { streams, names, empty };
}

function skipArchiveProperties(reader: Reader): void {
  while (reader.byte() !== 0) reader.take(reader.number());
}

function readStreams(reader: Reader): Streams {
  let packAt = 0;
  const packSizes: number[] = [];
  let folders: Folder[] = [];
  let parts: Streams['parts'] | undefined;
  for (let id = reader.byte(); id !== 0; id = reader.byte()) {
    if (id === 6) {
      packAt = 32 + reader.number();
      const count = reader.count();
      for (let next = reader.byte(); next !== 0; next = reader.byte()) {
        if (next === 9) for (let i = 0; i < count; i++) packSizes.push(reader.number());
        else if (next === 10) reader.digests(count);
        else throw new FormatError('7z.pack_info');
      }
    } else if (id === 7) folders = readFolders(reader);
    else if (id === 8) parts = readParts(reader, folders);
    else throw new FormatError('7z.streams_info');
  }
  parts ??= folders.map((folder, index) => ({ folder: index, size: sizeOf(folder), crc: folder.crc }));
  let pack = 0;
  for (const folder of folders) {
    folder.firstPack = pack;
    pack += folder.packed.length;
  }
  if (pack > packSizes.length) throw new FormatError('7z.pack_info');
  return { packAt, packSizes, folders, parts };
}

function readFolders(reader: Reader): Folder[] {
  reader.expect(11);
  const count = reader.count();
  if (reader.byte() !== 0) throw new FormatError('7z.external');
  const folders = Array.from({ length: count }, () => readFolder(reader));
  reader.expect(12);
  for (const folder of folders) {
    const outputs = folder.coders.reduce((sum, coder) => sum + coder.outputs, 0);
    for (let i = 0; i < outputs; i++) folder.unpackSizes.push(reader.number());
  }
  for (let id = reader.byte(); id !== 0; id = reader.byte()) {
    if (id !== 10) throw new FormatError('7z.unpack_info');
    for (const [i, crc] of reader.digests(count).entries()) folders[i]!.crc = crc;
  }
  return folders;
}

function readFolder(reader: Reader): Folder {
  const coders: Coder[] = [];
  const coderCount = reader.number();
  if (coderCount < 1 || coderCount > MAX_CODERS) throw new FormatError('7z.coders');
  for (let i = 0; i < coderCount; i++) {
    const flags = reader.byte();
    const method = Array.from(reader.take(flags & 15), (byte) => byte.toString(16).padStart(2, '0')).join('');
    const inputs = flags & 0x10 ? reader.number() : 1;
    const outputs = flags & 0x10 ? reader.number() : 1;
    if (inputs > MAX_CODERS || outputs > MAX_CODERS || flags & 0xc0) throw new FormatError('7z.coders');
    coders.push({
      method,
      inputs,
      outputs,
      properties: flags & 0x20 ? reader.take(reader.number()) : new Uint8Array(0),
    });
  }
  const inputs = coders.reduce((sum, coder) => sum + coder.inputs, 0);
  const outputs = coders.reduce((sum, coder) => sum + coder.outputs, 0);
  const binds = Array.from({ length: outputs - 1 }, () => ({ input: reader.number(), output: reader.number() }));
  const packedCount = inputs - binds.length;
  if (packedCount < 1) throw new FormatError('7z.coders');
  const bound = new Set(binds.map(({ input }) => input));
  const packed: number[] = [];
  if (packedCount === 1) {
    for (let i = 0; i < inputs; i++) if (!bound.has(i)) packed.push(i);
  } else {
    for (let i = 0; i < packedCount; i++) packed.push(reader.number());
  }
  return { coders, binds, packed, unpackSizes: [], firstPack: 0, crc: undefined };
}

/** The output of a folder that is bound to no input. */
export function mainOutput(folder: Folder): number {
  const bound = new Set(folder.binds.map(({ output }) => output));
  return folder.unpackSizes.findIndex((_, i) => !bound.has(i));
}

const sizeOf = (folder: Folder): number => folder.unpackSizes[mainOutput(folder)] ?? 0;

function readParts(reader: Reader, folders: readonly Folder[]): Streams['parts'] {
  let counts = folders.map(() => 1);
  let id = reader.byte();
  if (id === 13) {
    counts = folders.map(() => reader.count());
    id = reader.byte();
  }
  if (counts.reduce((sum, count) => sum + count, 0) > MAX_ITEMS) throw new SourceError('too-large', '7z.substreams');
  const parts: { folder: number; size: number; crc: number | undefined }[] = [];
  for (const [index, folder] of folders.entries()) {
    let left = sizeOf(folder);
    for (let i = 0; i < counts[index]!; i++) {
      const last = i === counts[index]! - 1;
      const size = last ? left : id === 9 ? reader.number() : 0;
      left -= size;
      if (left < 0) throw new FormatError('7z.substreams');
      parts.push({ folder: index, size, crc: counts[index] === 1 ? folder.crc : undefined });
    }
  }
  if (id === 9) id = reader.byte();
  for (; id !== 0; id = reader.byte()) {
    if (id !== 10) throw new FormatError('7z.substreams');
    // Parts whose folder's CRC is their own are left out.
    const open = parts.filter((part) => counts[part.folder] !== 1 || part.crc === undefined);
    for (const [i, crc] of reader.digests(open.length).entries()) open[i]!.crc = crc;
  }
  return parts;
}

function readFiles(reader: Reader): { names: string[]; empty: boolean[] } {
  // The name of a file takes two bytes at least, even when it is empty.
  const count = reader.count();
  let names: string[] = [];
  let empty = new Array<boolean>(count).fill(false);
  for (let id = reader.byte(); id !== 0; id = reader.byte()) {
    const property = new Reader(reader.take(reader.number()));
    if (id === 14) empty = property.bits(count);
    if (id === 17) {
      if (property.byte() !== 0) throw new FormatError('7z.external');
      names = new TextDecoder('utf-16le').decode(property.take(property.bytes.length - 1)).split('\0');
    }
  }
  return { names: Array.from({ length: count }, (_, i) => names[i] ?? ''), empty };
}
