/**
 * xz (xz-file-format.txt 1.2): streams, blocks, filters, index and footer, all checked. Several streams and padding are
 * one content. A check of an unknown kind can't be verified: the content is given, then an error says so.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ByteQueue } from '../../bytes/byte-queue.ts';
import { hasBytes, u32le } from '../../bytes/reader.ts';
import { FormatError, SourceError } from '../../model/errors.ts';
import { applyFilter, createFilter, type FilterName } from './branch-filters.ts';
import { Crc64 } from './crc64.ts';
import { lzma2WindowBytes, readLzma2 } from './lzma.ts';

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const LZMA2 = 0x21;
const FILTERS: Readonly<Record<number, FilterName>> = {
  3: 'delta',
  4: 'x86',
  5: 'powerpc',
  6: 'ia64',
  7: 'arm',
  8: 'armthumb',
  9: 'sparc',
  10: 'arm64',
  11: 'riscv',
};
/** By check ID: 2.1.1.2. */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/** The content of all streams. Throws FormatError, SourceError. */
export async function* decodeXz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue(source);
  let unverified = false;
  try {
    for (let first = true; await queue.fill(1); first = false) {
      // Stream padding: zeros, in fours.
      if (!first && queue.bytes[queue.at] === 0) {
        const padding = await queue.take(4, 'xz.padding');
        if (padding.some((byte) => byte !== 0)) throw new FormatError('xz.padding');
        continue;
      }
      const check = yield* readStream(queue);
      if (check > 1 && check !== 4 && check !== 10) unverified = true;
    }
    if (unverified) throw new FormatError('xz.check_type');
  } finally {
    await queue.close();
  }
}

/** What index and blocks must agree on: their number, and a hash of their sizes. */
class BlockSizes {
  count = 0;
  private hash = 0;
  add(unpadded: number, uncompressed: number): void {
    this.count++;
    for (const value of [unpadded, unpadded / 2 ** 32, uncompressed, uncompressed / 2 ** 32]) {
      this.hash = (Math.imul(this.hash, 0x01000193) + value) | 0;
    }
  }
  equals(other: BlockSizes): boolean {
    return this.count === other.count && this.hash === other.hash;
  }
}

/** One stream; returns the ID of its check. */
async function* readStream(queue: ByteQueue): AsyncGenerator<Uint8Array, number, undefined> {
  const header = (await queue.take(12, 'xz.stream_header')).slice();
  if (!hasBytes(header, 0, MAGIC)) throw new FormatError('xz.magic');
  const check = header[7]!;
  if (header[6] !== 0 || check > 15 || u32le(header, 8) !== crc32(header.subarray(6, 8))) {
    throw new FormatError('xz.stream_header');
  }
  const blocks = new BlockSizes();
  for (;;) {
    const sizeByte = (await queue.take(1, 'xz.block_header'))[0]!;
    if (sizeByte === 0) break;
    yield* readBlock(queue, sizeByte, check, blocks);
  }
  const indexBytes = await readIndex(queue, blocks);
  const footer = await queue.take(12, 'xz.footer');
  const backward = (u32le(footer, 4)! + 1) * 4;
  if (footer[10] !== 0x59 || footer[11] !== 0x5a || u32le(footer, 0) !== crc32(footer.subarray(4, 10))) {
    throw new FormatError('xz.footer');
  }
  if (backward !== indexBytes || footer[8] !== header[6] || footer[9] !== check) throw new FormatError('xz.footer');
  return check;
}

async function* readBlock(
  queue: ByteQueue,
  sizeByte: number,
  check: number,
  blocks: BlockSizes,
): AsyncGenerator<Uint8Array, void, undefined> {
  const start = queue.position - 1;
  const headerBytes = (sizeByte + 1) * 4;
  const header = new Uint8Array(headerBytes);
  header[0] = sizeByte;
  header.set(await queue.take(headerBytes - 1, 'xz.block_header'), 1);
  if (u32le(header, headerBytes - 4) !== crc32(header.subarray(0, headerBytes - 4))) {
    throw new FormatError('xz.block_header');
  }
  const { compressed, uncompressed, filters, windowBytes } = parseBlockHeader(header);

  const dataStart = queue.position;
  let content: AsyncIterable<Uint8Array> = readLzma2(queue, windowBytes);
  for (const { name, argument } of filters) {
    const filter = createFilter(name, argument);
    if (!filter) throw new SourceError('not-opened', `xz.filter.${name}`);
    content = applyFilter(content, filter);
  }
  const digest = createDigest(check);
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    digest?.update(piece);
    if (uncompressed !== undefined && size > uncompressed) throw new FormatError('xz.block.uncompressed_size');
    yield piece;
  }
  const stored = queue.position - dataStart;
  if (uncompressed !== undefined && size !== uncompressed) throw new FormatError('xz.block.uncompressed_size');
  if (compressed !== undefined && stored !== compressed) throw new FormatError('xz.block.compressed_size');
  const padding = await queue.take(-stored & 3, 'xz.block.padding');
  if (padding.some((byte) => byte !== 0)) throw new FormatError('xz.block.padding');
  const expected = await queue.take(CHECK_BYTES[check]!, 'xz.check');
  if (digest && !hasBytes(digest.digest(), 0, expected)) throw new FormatError('xz.check');
  blocks.add(dataStart - start + stored + CHECK_BYTES[check]!, size);
}

interface BlockHeader {
  readonly compressed?: number | undefined;
  readonly uncompressed?: number | undefined;
  /** In the order of undoing. */
  readonly filters: readonly { readonly name: FilterName; readonly argument: number }[];
  readonly windowBytes: number;
}

function parseBlockHeader(header: Uint8Array): BlockHeader {
  const end = header.length - 4;
  const flags = header[1]!;
  let at = 2;
  const number = (): number => {
    const { value, next } = readVarint(header, at, end);
    at = next;
    return value;
  };
  if (flags & 0x3c) throw new SourceError('not-opened', 'xz.block_header.flags');
  const compressed = flags & 0x40 ? number() : undefined;
  const uncompressed = flags & 0x80 ? number() : undefined;
  if (compressed === 0) throw new FormatError('xz.block_header');
  const filters: { name: FilterName; argument: number }[] = [];
  let windowBytes = 0;
  const count = (flags & 3) + 1;
  for (let i = 0; i < count; i++) {
    const id = number();
    const size = number();
    const properties = header.subarray(at, Math.min(at + size, end));
    if (properties.length < size) throw new FormatError('xz.block_header.filter');
    at += size;
    const last = i === count - 1;
    if (id === LZMA2) {
      const bytes = lzma2WindowBytes(properties[0]);
      if (!last || size !== 1 || bytes === undefined) throw new FormatError('xz.filter.lzma2');
      windowBytes = bytes;
      continue;
    }
    const name = FILTERS[id];
    if (!name) throw new SourceError('not-opened', 'xz.filter');
    if (last) throw new FormatError('xz.filter');
    if (name === 'delta' ? size !== 1 : size !== 0 && size !== 4)
      throw new SourceError('not-opened', `xz.filter.${name}`);
    filters.unshift({ name, argument: name === 'delta' ? properties[0]! + 1 : (u32le(properties, 0) ?? 0) });
  }
  for (; at < end; at++) if (header[at] !== 0) throw new SourceError('not-opened', 'xz.block_header.padding');
  return { compressed, uncompressed, filters, windowBytes };
}

/** 1.2: seven bits in a byte, lowest first, at most nine bytes; without superfluous zeros. */
function readVarint(bytes: Uint8Array, from: number, end: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 9 && from + i < end; i++) {
    const byte = bytes[from + i]!;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) {
      if (byte === 0 && i > 0) break;
      return { value, next: from + i + 1 };
    }
  }
  throw new FormatError('xz.integer');
}

interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

function createDigest(check: number): Digest | undefined {
  if (check === 4) return new Crc64();
  if (check === 10) {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  }
  if (check !== 1) return undefined;
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest: () => new Uint8Array(Uint32Array.of(value).buffer),
  };
}

/** Reads the index behind its first byte and compares it with the blocks; returns its length. */
async function readIndex(queue: ByteQueue, blocks: BlockSizes): Promise<number> {
  const start = queue.position - 1;
  let crc = crc32(Uint8Array.of(0));
  const number = async (): Promise<number> => {
    await queue.fill(9);
    const { value, next } = readVarint(queue.bytes, queue.at, queue.end);
    crc = crc32(queue.bytes.subarray(queue.at, next), crc);
    queue.at = next;
    return value;
  };
  const count = await number();
  // No more records than blocks that were read: a count of its own drives no loop.
  if (count !== blocks.count) throw new FormatError('xz.index');
  const listed = new BlockSizes();
  for (let i = 0; i < count; i++) listed.add(await number(), await number());
  if (!listed.equals(blocks)) throw new FormatError('xz.index');
  const padding = (await queue.take(-(queue.position - start) & 3, 'xz.index')).slice();
  if (padding.some((byte) => byte !== 0)) throw new FormatError('xz.index');
  crc = crc32(padding, crc);
  if (u32le(await queue.take(4, 'xz.index'), 0) !== crc) throw new FormatError('xz.index');
  return queue.position - start;
}
