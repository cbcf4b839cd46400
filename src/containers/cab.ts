/**
 * Cabinets ([MS-CAB]): folders are compressed streams of blocks, files are cut out of them. MSZIP blocks are deflate
 * streams that share 32 KiB of history. A checksum of 0 means none.
 */
import { inflateRawSync } from 'node:zlib';
import { readExactly, readUpTo } from '../bytes/input-reader.ts';
import { hasBytes, u16le, u32le } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { decodeLzx } from './codecs/lzx.ts';
import { plainBytes } from './codecs/node-stream.ts';
import { SolidStream } from './codecs/solid.ts';

const HISTORY_BYTES = 32_768;
/** cFiles has 16 bits; names of 256 bytes at most. */
const MAX_TABLE_BYTES = 65_536 * (16 + 257);

interface Folder {
  readonly dataAt: number;
  readonly blocks: number;
  readonly method: number;
}

interface CabFile {
  readonly name: string;
  readonly size: number;
  readonly offset: number;
  readonly folder: number;
}

export default defineContainer({
  id: 'cab',
  title: 'Microsoft Cabinet',
  doc: `
[MS-CAB](https://learn.microsoft.com/en-us/openspecs/exchange_server_protocols/ms-cab/): stored, MSZIP and LZX folders, as Windows Error Reporting, installers and \`gcab\` write them; block checksums are verified.

A gap: Quantum folders, files that begin in another cabinet of a set or go on in one.`,
  access: 'random',
  recognise: (head) => hasBytes(head, 0, [0x4d, 0x53, 0x43, 0x46, 0, 0, 0, 0]),
  async *open(input) {
    const header = await readExactly(input, 0, 36, 'cab.header');
    const flags = u16le(header, 30)!;
    let at = 36;
    let folderReserve = 0;
    let dataReserve = 0;
    if (flags & 4) {
      const reserve = await readExactly(input, at, 4, 'cab.reserve');
      at += 4 + u16le(reserve, 0)!;
      folderReserve = reserve[2]!;
      dataReserve = reserve[3]!;
    }
    // Names of the previous cabinet and its disk, of the next cabinet and its disk.
    for (let strings = (flags & 1 ? 2 : 0) + (flags & 2 ? 2 : 0); strings > 0; strings--) {
      const text = await readUpTo(input, at, 256);
      const end = text.indexOf(0);
      if (end < 0) throw new FormatError('cab.names');
      at += end + 1;
    }
    const folders: Folder[] = [];
    const folderCount = u16le(header, 26)!;
    const table = await readExactly(input, at, folderCount * (8 + folderReserve), 'cab.folders');
    for (let i = 0; i < folderCount; i++) {
      const record = i * (8 + folderReserve);
      folders.push({
        dataAt: u32le(table, record)!,
        blocks: u16le(table, record + 4)!,
        method: u16le(table, record + 6)!,
      });
    }
    const streams = folders.map((folder) => new SolidStream(() => readFolder(input, folder, dataReserve)));
    try {
      for (const file of await readFiles(input, u32le(header, 16)!, u16le(header, 28)!)) {
        const stream = streams[file.folder];
        if (file.folder >= 0xfffd || !stream) {
          yield { code: 'not-opened', name: file.name, detail: 'cab.folder_of_another_cabinet' };
          continue;
        }
        const { name, size, offset } = file;
        yield { name, size, content: () => stream.slice(offset, size, 'cab.file') };
      }
    } finally {
      for (const stream of streams) await stream.close();
    }
  },
});

/** CFFILE records, by folder and offset, so that each folder is decoded once. */
async function readFiles(input: Input, at: number, count: number): Promise<CabFile[]> {
  const bytes = await readUpTo(input, at, Math.min(MAX_TABLE_BYTES, count * 273));
  const files: CabFile[] = [];
  let next = 0;
  for (let i = 0; i < count; i++) {
    const end = bytes.indexOf(0, next + 16);
    if (next + 16 >= bytes.length || end < 0) throw new FormatError('cab.files');
    files.push({
      size: u32le(bytes, next)!,
      offset: u32le(bytes, next + 4)!,
      folder: u16le(bytes, next + 8)!,
      // Attribute 0x80: the name is UTF-8; else it is in the code page of whoever wrote it.
      name: new TextDecoder(u16le(bytes, next + 14)! & 0x80 ? 'utf-8' : 'latin1').decode(
        bytes.subarray(next + 16, end),
      ),
    });
    next = end + 1;
  }
  return files.sort((a, b) => a.folder - b.folder || a.offset - b.offset);
}

async function* readBlocks(
  input: Input,
  { dataAt, blocks }: Folder,
  reserve: number,
): AsyncGenerator<{ readonly stored: Uint8Array; readonly size: number }, void, undefined> {
  let at = dataAt;
  for (let i = 0; i < blocks; i++) {
    const head = await readExactly(input, at, 8 + reserve, 'cab.data');
    const length = u16le(head, 4)!;
    const size = u16le(head, 6)!;
    const stored = await readExactly(input, at + 8 + reserve, length, 'cab.data');
    const sum = u32le(head, 0)!;
    if (sum !== 0 && sum !== checksum(head.subarray(4), checksum(stored, 0))) throw new FormatError('cab.checksum');
    // A block that goes on in the next cabinet has no size.
    if (size === 0) throw new SourceError('not-opened', 'cab.folder_of_another_cabinet');
    yield { stored, size };
    at += 8 + reserve + length;
  }
}

/** [MS-CAB] 3.1: words are XORed; the odd bytes of the end count from the top. */
function checksum(bytes: Uint8Array, seed: number): number {
  let sum = seed;
  const words = bytes.length & ~3;
  for (let at = 0; at < words; at += 4) sum ^= u32le(bytes, at)!;
  let rest = 0;
  for (let at = words; at < bytes.length; at++) rest = (rest << 8) | bytes[at]!;
  return (sum ^ rest) >>> 0;
}

async function* readFolder(input: Input, folder: Folder, reserve: number): AsyncGenerator<Uint8Array, void, undefined> {
  const blocks = readBlocks(input, folder, reserve);
  switch (folder.method & 15) {
    case 0:
      for await (const { stored } of blocks) yield stored;
      return;
    case 1:
      return yield* inflateBlocks(blocks);
    case 3:
      return yield* decodeLzx(blocks, (folder.method >>> 8) & 31);
    default:
      throw new SourceError('not-opened', 'cab.quantum');
  }
}

async function* inflateBlocks(
  blocks: AsyncIterable<{ readonly stored: Uint8Array; readonly size: number }>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let history: Uint8Array = new Uint8Array(0);
  for await (const { stored, size } of blocks) {
    if (stored[0] !== 0x43 || stored[1] !== 0x4b) throw new FormatError('cab.mszip');
    let block: Uint8Array;
    try {
      block = inflateRawSync(stored.subarray(2), {
        maxOutputLength: Math.max(size, 1),
        ...(history.length > 0 ? { dictionary: history } : {}),
      });
    } catch {
      throw new FormatError('cab.mszip');
    }
    if (block.length !== size) throw new FormatError('cab.mszip');
    const joined = new Uint8Array(Math.min(HISTORY_BYTES, history.length + size));
    const kept = joined.length - Math.min(size, joined.length);
    joined.set(history.subarray(history.length - kept));
    joined.set(block.subarray(size - (joined.length - kept)), kept);
    history.fill(0);
    history = joined;
    yield plainBytes(block);
  }
  history.fill(0);
}
