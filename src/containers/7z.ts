/** 7z archives (7zFormat.txt of the LZMA SDK): the header is at the end and mostly compressed itself; files are cut out of solid folders. */

import { crc32 } from 'node:zlib';
import { ByteQueue } from '../bytes/byte-queue.ts';
import { readExactly, readSpan } from '../bytes/input-reader.ts';
import { hasBytes, u32le } from '../bytes/reader.ts';
import { size64le } from '../bytes/uint64.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { decodeBcj2 } from './codecs/bcj2.ts';
import { applyFilter, createFilter, type FilterName } from './codecs/branch-filters.ts';
import { decodeBzip2 } from './codecs/bzip2.ts';
import { decodeDeflate64 } from './codecs/deflate64.ts';
import { lzma2WindowBytes, readLzma1, readLzma2 } from './codecs/lzma.ts';
import { decodeDeflate } from './codecs/node-stream.ts';
import { hasSevenZip, openWithSevenZip } from './codecs/seven-zip.ts';
import {
  type Coder,
  type Folder,
  type Header,
  mainOutput,
  readHeader,
  type Streams,
} from './codecs/seven-zip-header.ts';
import { SolidStream } from './codecs/solid.ts';
import { decodeZstd } from './codecs/zstd.ts';

/** A header is held in memory; a million files need some 60 MB. */
const MAX_HEADER_BYTES = 2 ** 26;
/** A header may be compressed twice, not for ever. */
const MAX_HEADER_LAYERS = 4;

const FILTERS: Readonly<Record<string, FilterName>> = {
  '03': 'delta',
  '04': 'x86',
  '05': 'powerpc',
  '07': 'arm',
  '08': 'armthumb',
  '09': 'sparc',
  '0a': 'arm64',
  '03030103': 'x86',
  '03030205': 'powerpc',
  '03030501': 'arm',
  '03030701': 'armthumb',
  '03030805': 'sparc',
};

/** What only 7-Zip itself reads: PPMd, IA-64. */
const FOR_SEVEN_ZIP = new Set(['030401', '06', '03030401', '0b']);

export default defineContainer({
  id: '7z',
  title: '7z archive',
  doc: `
[7z](https://www.7-zip.org/7z.html) with the methods Copy, LZMA, LZMA2, Deflate, Deflate64, BZip2, Zstandard, and the filters Delta, BCJ (x86, PowerPC, ARM, ARM Thumb,
ARM64, SPARC) and BCJ2; compressed headers; CRCs are verified.

PPMd and the filters for IA-64 and RISC-V need the optional package \`7z-wasm\` (\`npm install 7z-wasm\`); without it they are a gap.

A gap: encryption (also of the header), other methods, dictionaries above 256 MiB, more than 524,288 files or folders, damage.`,
  access: 'random',
  recognise: (head) => hasBytes(head, 0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
  async *open(input) {
    const { streams, names, empty } = await readArchive(input);
    if (hasSevenZip() && streams.folders.some(({ coders }) => coders.some(({ method }) => FOR_SEVEN_ZIP.has(method)))) {
      return yield* openWithSevenZip(input, '7z');
    }
    const folders = streams.folders.map((folder) => new SolidStream(() => readFolder(input, streams, folder)));
    const offsets = streams.folders.map(() => 0);
    try {
      let next = 0;
      for (const [i, name] of names.entries()) {
        if (empty[i]) continue;
        const part = streams.parts[next++];
        if (!part) throw new FormatError('7z.files');
        const start = offsets[part.folder]!;
        offsets[part.folder]! += part.size;
        const folder = folders[part.folder]!;
        yield { name, size: part.size, content: () => verified(folder.slice(start, part.size, '7z.file'), part.crc) };
      }
      if (next < streams.parts.length) yield { code: 'format-error', detail: '7z.files' };
    } finally {
      for (const folder of folders) await folder.close();
    }
  },
});

async function* verified(
  content: AsyncIterable<Uint8Array>,
  expected: number | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let crc = 0;
  for await (const piece of content) {
    crc = crc32(piece, crc);
    yield piece;
  }
  if (expected !== undefined && crc !== expected) throw new FormatError('7z.crc');
}

async function readArchive(input: Input): Promise<Header> {
  const start = await readExactly(input, 0, 32, '7z.signature');
  if (u32le(start, 8) !== crc32(start.subarray(12, 32))) throw new FormatError('7z.signature');
  const at = 32 + size64le(start, 12)!;
  const size = size64le(start, 20)!;
  if (size === 0) return { streams: { packAt: 0, packSizes: [], folders: [], parts: [] }, names: [], empty: [] };
  if (size > MAX_HEADER_BYTES) throw new FormatError('7z.header');
  let bytes = await readExactly(input, at, size, '7z.header');
  if (u32le(start, 28) !== crc32(bytes)) throw new FormatError('7z.header');
  for (let layer = 0; layer < MAX_HEADER_LAYERS; layer++) {
    const header = readHeader(bytes);
    if (!('encoded' in header)) return header;
    const folder = header.encoded.folders[0];
    const part = header.encoded.parts[0];
    if (!folder || !part || part.size > MAX_HEADER_BYTES) throw new FormatError('7z.encoded_header');
    bytes = new Uint8Array(part.size);
    let to = 0;
    for await (const piece of verified(readFolder(input, header.encoded, folder), part.crc)) {
      if (to + piece.length > bytes.length) throw new FormatError('7z.encoded_header');
      bytes.set(piece, to);
      to += piece.length;
    }
  }
  throw new FormatError('7z.encoded_header');
}

/** The output of a folder's coders. */
function readFolder(input: Input, streams: Streams, folder: Folder): AsyncIterable<Uint8Array> {
  const starts: number[] = [];
  let at = streams.packAt;
  for (const size of streams.packSizes) {
    starts.push(at);
    at += size;
  }
  const firstInput: number[] = [];
  const ownerOf: number[] = [];
  let inputs = 0;
  for (const [i, coder] of folder.coders.entries()) {
    firstInput.push(inputs);
    inputs += coder.inputs;
    if (coder.outputs !== 1) throw new SourceError('not-opened', '7z.coder');
    ownerOf.push(i);
  }

  /** Bound outputs can't form a ring: each coder is used once. */
  const used = new Set<number>();
  const output = (index: number): AsyncIterable<Uint8Array> => {
    const number = ownerOf[index];
    if (number === undefined || used.has(number)) throw new FormatError('7z.coders');
    used.add(number);
    const coder = folder.coders[number]!;
    const sources = Array.from({ length: coder.inputs }, (_, i) => source(firstInput[number]! + i));
    return limited(decode(coder, sources, folder.unpackSizes[index]!), folder.unpackSizes[index]!);
  };
  const source = (index: number): AsyncIterable<Uint8Array> => {
    const bind = folder.binds.find((candidate) => candidate.input === index);
    if (bind) return output(bind.output);
    const pack = folder.firstPack + folder.packed.indexOf(index);
    const start = starts[pack];
    if (start === undefined || !folder.packed.includes(index)) throw new FormatError('7z.coders');
    return readSpan(input, start, start + streams.packSizes[pack]!, '7z.pack_stream');
  };
  return output(mainOutput(folder));
}

/** No coder may give more than the header says; less is seen by whoever cuts out files. */
async function* limited(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  let left = size;
  for await (const piece of source) {
    if (left <= 0) return;
    yield piece.subarray(0, left);
    left -= piece.length;
  }
}

function decode(
  { method, properties }: Coder,
  sources: readonly AsyncIterable<Uint8Array>[],
  size: number,
): AsyncIterable<Uint8Array> {
  const source = sources[0];
  if (!source) throw new FormatError('7z.coders');
  if (method === '0303011b') return decodeBcj2(sources, size);
  if (sources.length !== 1) throw new FormatError('7z.coders');
  const name = FILTERS[method];
  const filter = name && createFilter(name, name === 'delta' ? (properties[0] ?? 0) + 1 : (u32le(properties, 0) ?? 0));
  if (filter) return applyFilter(source, filter);
  switch (method) {
    case '00':
    case '':
      return source;
    case '030101': {
      const windowBytes = u32le(properties, 1);
      if (windowBytes === undefined) throw new FormatError('7z.lzma');
      return fromQueue(source, (queue) => readLzma1(queue, { properties: properties[0]!, windowBytes, size }));
    }
    case '21': {
      const windowBytes = lzma2WindowBytes(properties[0]);
      if (windowBytes === undefined) throw new FormatError('7z.lzma2');
      return fromQueue(source, (queue) => readLzma2(queue, Math.min(windowBytes, Math.max(size, 4096))));
    }
    case '040108':
      return decodeDeflate(source);
    case '040109':
      return decodeDeflate64(source);
    case '040202':
      return decodeBzip2(source);
    case '04f71101':
      return decodeZstd(source);
    case '06f10701':
      throw new SourceError('encrypted', '7z.aes');
    default:
      throw new SourceError('not-opened', FOR_SEVEN_ZIP.has(method) ? 'install 7z-wasm' : '7z.method');
  }
}

async function* fromQueue(
  source: AsyncIterable<Uint8Array>,
  read: (queue: ByteQueue) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue(source);
  try {
    yield* read(queue);
  } finally {
    await queue.close();
  }
}
