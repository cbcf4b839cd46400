/**
 * ISO 9660 images (ECMA-119), with Joliet and Rock Ridge (IEEE P1282) names. The trees of all volume descriptors are
 * walked: a file that only one of them has is still a member; one that several have is a member once.
 */
import { inflateSync } from 'node:zlib';
import { readExactly, readSpan } from '../bytes/input-reader.ts';
import { hasBytes, hasText, u16be, u32le } from '../bytes/reader.ts';
import { defineContainer, type Member, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { plainBytes } from './codecs/node-stream.ts';

const SECTOR_BYTES = 2048;
const FIRST_DESCRIPTOR = 16;
/** Descriptors before the terminator: real images have two to five. */
const MAX_DESCRIPTORS = 64;
/** Directories of all trees, and bytes of one of them: a ring or a lie must not be walked for ever. */
const MAX_DIRECTORIES = 200_000;
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;
const MULTI_EXTENT = 0x80;
const ZISOFS = [0x37, 0xe4, 0x53, 0x96, 0xc9, 0xdb, 0xd6, 0x07];

interface Tree {
  readonly start: number;
  readonly size: number;
  readonly joliet: boolean;
  readonly blockBytes: number;
}

interface Entry {
  readonly path: string;
  readonly extents: { readonly start: number; readonly size: number }[];
  /** zisofs: the size that is seen by those who mount it. */
  readonly zisofs: boolean;
}

export default defineContainer({
  id: 'iso',
  title: 'ISO 9660 image',
  doc: `
CD and DVD images ([ECMA-119](https://ecma-international.org/publications-and-standards/standards/ecma-119/)), with Joliet and Rock Ridge names, files of several
extents, and files compressed by zisofs. Every file is a member; the image's other bytes are searched as they are.

A gap: UDF-only files, interleaved files, damage.`,
  access: 'random',
  recognise: (head) => hasText(head, FIRST_DESCRIPTOR * SECTOR_BYTES + 1, 'CD001'),
  async *open(input) {
    const seen = new Set<string>();
    for (const tree of await readTrees(input)) {
      for await (const entry of walk(input, tree)) {
        if ('code' in entry) {
          yield entry;
          continue;
        }
        const key = entry.extents.map(({ start, size }) => `${start}+${size}`).join();
        if (seen.has(key)) continue;
        seen.add(key);
        yield member(input, entry);
      }
    }
  },
});

async function readTrees(input: Input): Promise<Tree[]> {
  const trees: Tree[] = [];
  for (let i = 0; i < MAX_DESCRIPTORS; i++) {
    const at = (FIRST_DESCRIPTOR + i) * SECTOR_BYTES;
    const sector = await readExactly(input, at, SECTOR_BYTES, 'iso.descriptor').catch(() => undefined);
    if (!sector || !hasText(sector, 1, 'CD001') || sector[0] === 255) break;
    if (sector[0] !== 1 && sector[0] !== 2) continue;
    const blockBytes = sector[128]! | (sector[129]! << 8);
    if (blockBytes < 512 || blockBytes > 65_536) continue;
    // Joliet's three levels: escape sequences %/@, %/C and %/E.
    const joliet = sector[0] === 2 && hasText(sector, 88, '%/') && '@CE'.includes(String.fromCharCode(sector[90]!));
    trees.push({ start: u32le(sector, 158)! * blockBytes, size: u32le(sector, 166)!, joliet, blockBytes });
  }
  if (trees.length === 0) throw new FormatError('iso.descriptor');
  return trees;
}

async function* walk(input: Input, tree: Tree): AsyncGenerator<Entry | MemberGap, void, undefined> {
  const visited = new Set<number>([tree.start]);
  const queue = [{ path: '', start: tree.start, size: tree.size }];
  let isFull = false;
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { path, start, size } = next;
    let bytes: Uint8Array;
    try {
      if (size > MAX_DIRECTORY_BYTES) throw new FormatError('iso.directory.size');
      bytes = await readExactly(input, start, size, 'iso.directory');
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      yield { code: 'format-error', name: path, detail: error.field };
      continue;
    }
    let open: Entry | undefined;
    for (const record of records(bytes, tree)) {
      const name = path ? `${path}/${record.name}` : record.name;
      if (record.directory) {
        if (visited.has(record.start)) continue;
        if (visited.size >= MAX_DIRECTORIES) {
          isFull = true;
          continue;
        }
        visited.add(record.start);
        queue.push({ path: name, start: record.start, size: record.size });
        continue;
      }
      if (record.interleaved) yield { code: 'not-opened', name, detail: 'iso.interleaved' };
      open ??= { path: name, extents: [], zisofs: record.zisofs };
      open.extents.push({ start: record.start, size: record.size });
      if (record.more) continue;
      yield open;
      open = undefined;
    }
    if (open) yield open;
  }
  if (isFull) yield { code: 'over-budget', detail: 'iso.directories' };
}

interface DirectoryRecord {
  readonly name: string;
  readonly start: number;
  readonly size: number;
  readonly directory: boolean;
  readonly more: boolean;
  readonly interleaved: boolean;
  readonly zisofs: boolean;
}

/** ECMA-119, 9.1. Records don't cross sectors: a length of 0 means that the rest of the sector is empty. */
function* records(bytes: Uint8Array, { joliet, blockBytes }: Tree): Generator<DirectoryRecord, void, undefined> {
  for (let at = 0; at + 33 < bytes.length; ) {
    const length = bytes[at]!;
    if (length < 34 || at + length > bytes.length) {
      at = (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES;
      continue;
    }
    const record = bytes.subarray(at, at + length);
    at += length;
    const nameBytes = record.subarray(33, 33 + record[32]!);
    // The directory itself and its parent.
    if (nameBytes.length === 1 && nameBytes[0]! < 2) continue;
    const system = joliet ? { name: '', zisofs: false } : readSystemUse(record, 33 + (record[32]! | 1));
    const flags = record[25]!;
    yield {
      name: system.name || decodeName(nameBytes, joliet),
      start: (u32le(record, 2)! + record[1]!) * blockBytes,
      size: u32le(record, 10)!,
      directory: (flags & 2) !== 0,
      more: (flags & MULTI_EXTENT) !== 0,
      interleaved: record[26] !== 0,
      zisofs: system.zisofs,
    };
  }
}

function decodeName(bytes: Uint8Array, joliet: boolean): string {
  let name = '';
  if (joliet) for (let i = 0; i + 1 < bytes.length; i += 2) name += String.fromCharCode(u16be(bytes, i)!);
  else for (const byte of bytes) name += String.fromCharCode(byte);
  return name.replace(/;\d+$/, '').replace(/\.$/, '');
}

/** Rock Ridge: NM entries hold the name, in parts; ZF says that the content is compressed. */
function readSystemUse(record: Uint8Array, from: number): { name: string; zisofs: boolean } {
  let name = '';
  let zisofs = false;
  for (let at = from; at + 4 <= record.length; ) {
    const length = record[at + 2]!;
    if (length < 4) break;
    if (hasText(record, at, 'NM')) {
      for (const byte of record.subarray(at + 5, at + length)) name += String.fromCharCode(byte);
    }
    if (hasText(record, at, 'ZF') && hasText(record, at + 4, 'pz')) zisofs = true;
    at += length;
  }
  return { name, zisofs };
}

function member(input: Input, { path, extents, zisofs }: Entry): Member {
  const size = extents.reduce((sum, extent) => sum + extent.size, 0);
  const first = extents[0]!.start;
  let end = first;
  const contiguous = extents.every((extent) => {
    const follows = extent.start === end;
    end = extent.start + extent.size;
    return follows;
  });
  const content = async function* () {
    for (const extent of extents) yield* readSpan(input, extent.start, extent.start + extent.size, 'iso.file');
  };
  if (zisofs) return { name: path, content: () => inflateZisofs(input, first, size) };
  const stored = contiguous && end <= input.size ? { stored: { start: first, end } } : {};
  return { name: path, size, ...stored, content };
}

/** Header of 16 bytes, then pointers to blocks, each a zlib stream or nothing for zeros (zisofs-tools, iso9660.h). */
async function* inflateZisofs(input: Input, start: number, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  const header = await readExactly(input, start, 16, 'iso.zisofs');
  // The flag may be there and the file not be compressed.
  if (!hasBytes(header, 0, ZISOFS)) return yield* readSpan(input, start, start + size, 'iso.file');
  const blockBytes = 2 ** header[13]!;
  if (header[13]! < 15 || header[13]! > 17) throw new SourceError('not-opened', 'iso.zisofs');
  let left = u32le(header, 8)!;
  const tableAt = start + header[12]! * 4;
  for (let i = 0; left > 0; i++) {
    const pointers = await readExactly(input, tableAt + i * 4, 8, 'iso.zisofs');
    const from = u32le(pointers, 0)!;
    const to = u32le(pointers, 4)!;
    const expected = Math.min(left, blockBytes);
    if (to < from || to > size || to - from > blockBytes * 2) throw new FormatError('iso.zisofs.pointer');
    if (to === from) {
      yield new Uint8Array(expected);
    } else {
      const stored = await readExactly(input, start + from, to - from, 'iso.zisofs.block');
      let block: Uint8Array;
      try {
        block = inflateSync(stored, { maxOutputLength: blockBytes });
      } catch {
        throw new FormatError('iso.zisofs.block');
      }
      if (block.length !== expected) throw new FormatError('iso.zisofs.block');
      yield plainBytes(block);
    }
    left -= expected;
  }
}
