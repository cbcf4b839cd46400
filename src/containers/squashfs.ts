/**
 * SquashFS 4.0 (Documentation/filesystems/squashfs.rst; squashfs_fs.h): inodes, directories and fragments lie in blocks
 * that are compressed on their own. The tree is walked from the root; every regular file is a member.
 */
import { readExactly } from '../bytes/input-reader.ts';
import { hasText, u16le, u32le } from '../bytes/reader.ts';
import { size64le } from '../bytes/uint64.ts';
import { defineContainer, type MemberGap } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { decodeBlock } from './codecs/block-decoder.ts';

const METADATA_BYTES = 8192;
const MAX_BLOCK_BYTES = 2 ** 20;
const UNCOMPRESSED = 1 << 24;
const NO_FRAGMENT = 0xffffffff;
/** Directories of one image: a ring or a lie must not be walked for ever. */
const MAX_DIRECTORIES = 1_000_000;
/** Decoded metadata blocks in memory, 8 KiB each. */
const CACHED_BLOCKS = 1024;
/** Blocks of one file: 4 bytes each in its inode. A file of 2 TiB with blocks of 128 KiB. */
const MAX_FILE_BLOCKS = 2 ** 24;

interface Place {
  /** Of the metadata block in the file, and of the bytes in it. */
  readonly block: number;
  readonly offset: number;
}

type Inode =
  | { readonly kind: 'directory'; readonly listing: Place; readonly size: number }
  | {
      readonly kind: 'file';
      readonly size: number;
      readonly start: number;
      readonly fragment: number;
      readonly fragmentOffset: number;
      readonly blocks: Place;
    };

export default defineContainer({
  id: 'squashfs',
  title: 'SquashFS image',
  doc: `
[SquashFS 4.0](https://docs.kernel.org/filesystems/squashfs.html), little-endian: AppImage payloads, snaps, firmware. Compression gzip, LZMA, XZ, LZ4 and Zstandard;
sparse files, fragments, extended inodes.

A gap: LZO, versions before 4.0, damage (other files go on).`,
  access: 'random',
  recognise: (head) => hasText(head, 0, 'hsqs') && u16le(head, 28) === 4,
  async *open(input) {
    const image = await openImage(input);
    const visited = new Set<number>();
    const stack = [{ path: '', place: image.root }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { path, place } = next;
      const key = place.block * METADATA_BYTES + place.offset;
      if (visited.has(key)) continue;
      if (visited.size >= MAX_DIRECTORIES) {
        yield { code: 'over-budget', detail: 'squashfs.directories' };
        break;
      }
      visited.add(key);
      try {
        const inode = await image.readInode(place);
        if (inode?.kind !== 'directory') throw new FormatError('squashfs.inode');
        for await (const entry of image.listDirectory(inode.listing, inode.size)) {
          const name = path ? `${path}/${entry.name}` : entry.name;
          if (entry.type === 1) {
            stack.push({ path: name, place: entry.place });
            continue;
          }
          if (entry.type !== 2) continue;
          const file = await image.readInode(entry.place);
          if (file?.kind !== 'file') throw new FormatError('squashfs.inode');
          yield { name, size: file.size, content: () => image.readFile(file) };
        }
      } catch (error) {
        yield gapOf(error, path);
      }
    }
  },
});

function gapOf(error: unknown, name: string): MemberGap {
  if (error instanceof FormatError) return { code: 'format-error', name, detail: error.field };
  if (error instanceof SourceError) return { code: error.code, name, detail: error.detail };
  throw error;
}

async function openImage(input: Input) {
  const head = await readExactly(input, 0, 96, 'squashfs.superblock');
  const blockBytes = u32le(head, 12)!;
  const method = u16le(head, 20)!;
  if (blockBytes < 4096 || blockBytes > MAX_BLOCK_BYTES) throw new FormatError('squashfs.block_size');
  const inodeTable = size64le(head, 64)!;
  const directoryTable = size64le(head, 72)!;
  const fragmentTable = size64le(head, 80)!;
  const reference = (value: Uint8Array, at: number): Place => ({
    block: inodeTable + u32le(value, at + 2)! + u16le(value, at + 6)! * 2 ** 32,
    offset: u16le(value, at)!,
  });

  const cache = new Map<number, { readonly bytes: Uint8Array; readonly next: number }>();
  const metadataBlock = async (at: number) => {
    const known = cache.get(at);
    if (known) return known;
    const header = u16le(await readExactly(input, at, 2, 'squashfs.metadata'), 0)!;
    const stored = await readExactly(input, at + 2, header & 0x7fff, 'squashfs.metadata');
    const bytes = header & 0x8000 ? stored : await decodeBlock(method, stored, METADATA_BYTES);
    const block = { bytes, next: at + 2 + stored.length };
    const oldest = cache.keys().next();
    if (cache.size >= CACHED_BLOCKS && !oldest.done) cache.delete(oldest.value);
    cache.set(at, block);
    return block;
  };

  /** `count` bytes of metadata, across blocks. `count` needs a ceiling. */
  const readMetadata = async (place: Place, count: number): Promise<Uint8Array> => {
    const out = new Uint8Array(count);
    let at = place.block;
    let offset = place.offset;
    for (let done = 0; done < count; ) {
      const block = await metadataBlock(at);
      const part = block.bytes.subarray(offset, offset + count - done);
      if (part.length === 0 && block.bytes.length < METADATA_BYTES) throw new FormatError('squashfs.metadata');
      out.set(part, done);
      done += part.length;
      at = block.next;
      offset = Math.max(0, offset - block.bytes.length);
    }
    return out;
  };

  /** Where `count` bytes further are. */
  const advance = async (place: Place, count: number): Promise<Place> => {
    let { block, offset } = place;
    for (offset += count; offset >= METADATA_BYTES; offset -= METADATA_BYTES) block = (await metadataBlock(block)).next;
    return { block, offset };
  };

  const dataBlock = async (at: number, size: number): Promise<Uint8Array> => {
    const stored = size & (UNCOMPRESSED - 1);
    if (stored > blockBytes * 2) throw new FormatError('squashfs.block');
    const bytes = await readExactly(input, at, stored, 'squashfs.block');
    return size & UNCOMPRESSED ? bytes : decodeBlock(method, bytes, blockBytes);
  };

  let lastFragment: { readonly index: number; readonly bytes: Uint8Array } | undefined;
  const readFragment = async (index: number): Promise<Uint8Array> => {
    if (lastFragment?.index === index) return lastFragment.bytes;
    const pointer = await readExactly(input, fragmentTable + Math.floor(index / 512) * 8, 8, 'squashfs.fragment');
    const entry = await readMetadata({ block: size64le(pointer, 0)!, offset: (index % 512) * 16 }, 16);
    const bytes = await dataBlock(size64le(entry, 0)!, u32le(entry, 8)!);
    lastFragment = { index, bytes };
    return bytes;
  };

  return {
    root: reference(head, 32),

    async readInode(place: Place): Promise<Inode | undefined> {
      const type = u16le(await readMetadata(place, 2), 0)!;
      if (type === 1 || type === 8) {
        const long = type === 8;
        const inode = await readMetadata(place, long ? 40 : 32);
        return {
          kind: 'directory',
          size: long ? u32le(inode, 20)! : u16le(inode, 24)!,
          listing: {
            block: directoryTable + u32le(inode, long ? 24 : 16)!,
            offset: u16le(inode, long ? 34 : 26)!,
          },
        };
      }
      if (type !== 2 && type !== 9) return undefined;
      const bytes = type === 9 ? 56 : 32;
      const inode = await readMetadata(place, bytes);
      return {
        kind: 'file',
        start: type === 9 ? size64le(inode, 16)! : u32le(inode, 16)!,
        size: type === 9 ? size64le(inode, 24)! : u32le(inode, 28)!,
        fragment: u32le(inode, type === 9 ? 44 : 20)!,
        fragmentOffset: u32le(inode, type === 9 ? 48 : 24)!,
        blocks: await advance(place, bytes),
      };
    },

    /** Headers of up to 256 entries; the size counts three bytes for `.` and `..`. */
    async *listDirectory(listing: Place, size: number) {
      let place = listing;
      let left = size - 3;
      const take = async (count: number): Promise<Uint8Array> => {
        const bytes = await readMetadata(place, count);
        place = await advance(place, count);
        left -= count;
        return bytes;
      };
      while (left >= 12) {
        const header = await take(12);
        const count = u32le(header, 0)! + 1;
        if (count > 256) throw new FormatError('squashfs.directory');
        for (let i = 0; i < count && left > 0; i++) {
          const entry = await take(8);
          const name = new TextDecoder().decode(await take(u16le(entry, 6)! + 1));
          const inode = { block: inodeTable + u32le(header, 4)!, offset: u16le(entry, 0)! };
          yield { name, type: u16le(entry, 4)!, place: inode };
        }
      }
    },

    async *readFile(file: Extract<Inode, { kind: 'file' }>): AsyncGenerator<Uint8Array, void, undefined> {
      const hasFragment = file.fragment !== NO_FRAGMENT;
      const blocks = hasFragment ? Math.floor(file.size / blockBytes) : Math.ceil(file.size / blockBytes);
      if (blocks > MAX_FILE_BLOCKS) throw new SourceError('too-large', 'squashfs.file');
      let at = file.start;
      let left = file.size;
      let place = file.blocks;
      for (let i = 0; i < blocks; i++) {
        const size = u32le(await readMetadata(place, 4), 0)!;
        place = await advance(place, 4);
        const expected = Math.min(left, blockBytes);
        // Nothing is stored of a block of zeros.
        const block = size === 0 ? new Uint8Array(expected) : await dataBlock(at, size);
        if (block.length !== expected) throw new FormatError('squashfs.block');
        at += size & (UNCOMPRESSED - 1);
        left -= expected;
        yield block;
      }
      if (!hasFragment || left === 0) return;
      const fragment = await readFragment(file.fragment);
      const tail = fragment.slice(file.fragmentOffset, file.fragmentOffset + left);
      if (tail.length < left) throw new FormatError('squashfs.fragment');
      yield tail;
    },
  };
}
