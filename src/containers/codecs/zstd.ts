/**
 * Zstandard frames (RFC 8878): this walks frames and blocks, so that their ends, dictionaries and windows are known
 * before a decoder sees them; libzstd decodes the blocks and verifies the checksum: Node's own where it has it (22.15),
 * else the WebAssembly build in `zstddec`, driven here because the package's own loop never looks at error codes.
 */
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { ByteQueue } from '../../bytes/byte-queue.ts';
import { u32le } from '../../bytes/reader.ts';
import { FormatError, SourceError } from '../../model/errors.ts';
import { throughDecoder } from './node-stream.ts';
import { createWasmZstd, type WasmZstd } from './zstd-wasm.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50; // to …5f
/** `zstd --long=27`: what the tool opens without being told more. A larger window would cost that much memory. */
const MAX_WINDOW_LOG = 27;
/** RFC 8878, 3.1.1.2.3. */
const MAX_BLOCK_BYTES = 131_072;
export const HAS_NODE_ZSTD = 'createZstdDecompress' in zlib;

/** All frames of `source`, one after another, without skippable ones. Throws FormatError, SourceError. */
export async function* decodeZstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue(source);
  let wasm: WasmZstd | undefined;
  try {
    while (await queue.fill(1)) {
      const magic = u32le(await queue.take(4, 'zstd.magic'), 0)!;
      if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
        await queue.skip(u32le(await queue.take(4, 'zstd.skippable'), 0)!, 'zstd.skippable');
        continue;
      }
      if (magic !== MAGIC) throw new FormatError('zstd.magic');
      if (HAS_NODE_ZSTD) yield* decodeFrameInNode(frameBytes(queue));
      else yield* (wasm ??= await createWasmZstd()).decodeFrame(frameBytes(queue));
    }
  } finally {
    wasm?.close();
    await queue.close();
  }
}

/** The bytes of a frame whose magic was read: its header, then block by block. Each piece is valid until the next. */
async function* frameBytes(queue: ByteQueue): AsyncGenerator<Uint8Array, void, undefined> {
  const descriptor = (await queue.take(1, 'zstd.frame_header'))[0]!;
  const singleSegment = (descriptor & 0x20) !== 0;
  const hasChecksum = (descriptor & 0x04) !== 0;
  if (descriptor & 0x08) throw new FormatError('zstd.frame_header');
  const windowBytes = singleSegment ? 0 : 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6]!;
  const rest = await queue.take(windowBytes + dictionaryBytes + sizeBytes, 'zstd.frame_header');
  // A dictionary identifier of 0 means none.
  if (rest.subarray(windowBytes, windowBytes + dictionaryBytes).some((byte) => byte !== 0)) {
    throw new SourceError('not-opened', 'zstd.dictionary');
  }
  const contentSize = readSize(rest.subarray(windowBytes + dictionaryBytes), sizeBytes);
  const window = singleSegment ? contentSize : 2 ** (10 + (rest[0]! >>> 3)) * (1 + (rest[0]! & 7) / 8);
  if (window > 2 ** MAX_WINDOW_LOG) throw new SourceError('too-large', 'zstd.window');
  const header = new Uint8Array(5 + rest.length);
  header.set([0x28, 0xb5, 0x2f, 0xfd, descriptor]);
  header.set(rest, 5);
  yield header;

  for (let last = false; !last; ) {
    if (!(await queue.fill(3))) throw new FormatError('zstd.block_header');
    const head = queue.bytes[queue.at]! | (queue.bytes[queue.at + 1]! << 8) | (queue.bytes[queue.at + 2]! << 16);
    last = (head & 1) !== 0;
    const type = (head >>> 1) & 3;
    const size = head >>> 3;
    if (type === 3 || size > MAX_BLOCK_BYTES) throw new FormatError('zstd.block_header');
    const stored = type === 1 ? 1 : size; // RLE: one byte, repeated
    yield await queue.take(3 + stored, 'zstd.block');
  }
  // Apart from the last block: the decoder gives nothing of a piece that ends in a wrong checksum.
  if (hasChecksum) yield await queue.take(4, 'zstd.checksum');
}

function readSize(bytes: Uint8Array, count: number): number {
  let size = count === 2 ? 256 : 0;
  for (let i = 0; i < count; i++) size += bytes[i]! * 2 ** (8 * i);
  return size;
}

/** What Node 22.15 has and the type declarations of the oldest Node that we support don't know. */
interface NodeZstd {
  createZstdDecompress(options: { chunkSize: number; params: Record<number, number> }): Transform;
  readonly constants: { readonly ZSTD_d_windowLogMax: number };
}

function decodeFrameInNode(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const { createZstdDecompress, constants } = zlib as unknown as NodeZstd;
  const params = { [constants.ZSTD_d_windowLogMax]: MAX_WINDOW_LOG };
  return throughDecoder(pieces, createZstdDecompress({ chunkSize: MAX_BLOCK_BYTES, params }), 'zstd.block');
}
