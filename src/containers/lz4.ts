/**
 * lz4 frames (github.com/lz4/lz4, doc/lz4_Frame_format.md 1.6.4), legacy and skippable ones.
 * The trap: linked blocks reach 64 KiB back into what was already given away and wiped, so that much is kept apart.
 */

import { ForwardReader } from '../bytes/forward-reader.ts';
import { decodeLz4Block } from '../bytes/lz4-block.ts';
import { u32le } from '../bytes/reader.ts';
import { size64le } from '../bytes/uint64.ts';
import { Xxh32, xxh32 } from '../bytes/xxh32.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const FRAME = 0x184d2204;
const LEGACY = 0x184c2102;
const isSkippable = (magic: number): boolean => magic >>> 4 === 0x184d2a5;

/** Skippable frames that are looked behind. */
const MAX_LEADING_FRAMES = 16;
const HISTORY_BYTES = 65_536;
const LEGACY_BLOCK_BYTES = 8 * 1024 * 1024;
/** LZ4_compressBound: no block is longer than that. */
const compressedBound = (bytes: number): number => bytes + Math.floor(bytes / 255) + 16;

/** Output on its way out, with the 64 KiB before it that matches may reach. */
class Window {
  readonly bytes: Uint8Array;
  /** Bytes not given yet are `bytes[#start, at)`. */
  #start = HISTORY_BYTES;
  at = HISTORY_BYTES;
  readonly #history = new Uint8Array(HISTORY_BYTES);

  constructor(blockBytes: number) {
    this.bytes = new Uint8Array(HISTORY_BYTES + Math.max(blockBytes, 1_048_576));
  }

  /** Whether a block of that size still fits. */
  fits(blockBytes: number): boolean {
    return this.at + blockBytes <= this.bytes.length;
  }

  /** What lies ready; call `rewind` when the consumer is done with it. */
  ready(): Uint8Array {
    this.#history.set(this.bytes.subarray(this.at - HISTORY_BYTES, this.at));
    return this.bytes.subarray(this.#start, this.at);
  }

  rewind(): void {
    this.bytes.set(this.#history);
    this.#start = this.at = HISTORY_BYTES;
  }

  wipe(): void {
    this.bytes.fill(0);
    this.#history.fill(0);
  }
}

async function* decode(input: Input): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ForwardReader(input);
  let frames = 0;
  try {
    for (;;) {
      const magic = u32le(await reader.peek(4), 0);
      if (magic === undefined && reader.at > 0) return;
      if (magic === FRAME) yield* decodeFrame(reader);
      else if (magic === LEGACY) yield* decodeLegacy(reader);
      else if (magic !== undefined && isSkippable(magic)) {
        const size = u32le(await reader.take(8), 4);
        if (size === undefined || (await reader.skip(size)) < size) throw new SourceError('truncated', 'lz4.skippable');
      } else if (frames > 0) throw new FormatError('lz4.trailing');
      else throw new FormatError('lz4.magic');
      frames++;
    }
  } finally {
    reader.close();
  }
}

async function* decodeFrame(reader: ForwardReader): AsyncGenerator<Uint8Array, void, undefined> {
  const head = (await reader.peek(19)).slice();
  const flags = head[4] ?? 0;
  const descriptor = head[5] ?? 0;
  if (flags >> 6 !== 1 || (flags & 2) !== 0 || (descriptor & 0x8f) !== 0) throw new FormatError('lz4.flags');
  const [independent, blockChecksum, hasSize, contentChecksum, hasDictionary] = [0x20, 0x10, 8, 4, 1].map(
    (bit) => (flags & bit) !== 0,
  );
  const blockBytes = 1 << (8 + 2 * (descriptor >> 4));
  if (descriptor >> 4 < 4) throw new FormatError('lz4.blockMaxSize');
  const headBytes = 6 + (hasSize ? 8 : 0) + (hasDictionary ? 4 : 0);
  if (head.length < headBytes + 1) throw new SourceError('truncated', 'lz4.header');
  if (((xxh32(head.subarray(4, headBytes)) >>> 8) & 255) !== head[headBytes])
    throw new FormatError('lz4.headerChecksum');
  if (hasDictionary && u32le(head, headBytes - 4) !== 0) throw new SourceError('not-opened', 'lz4.dictionary');
  await reader.skip(headBytes + 1);

  const window = new Window(blockBytes);
  const hash = contentChecksum ? new Xxh32() : undefined;
  /** Independent blocks must not see what came before; the first linked one sees nothing. */
  let given = 0;
  let failure: FormatError | SourceError | undefined;
  try {
    while (!failure) {
      if (!window.fits(blockBytes)) {
        yield window.ready();
        window.rewind();
      }
      const sizeWord = u32le(await reader.take(4), 0);
      if (sizeWord === 0) break;
      const size = (sizeWord ?? 0) & 0x7fffffff;
      if (sizeWord === undefined) failure = new SourceError('truncated', 'lz4.block');
      else if (size > blockBytes) failure = new FormatError('lz4.blockSize');
      if (failure) break;
      const whole = await reader.take(size + (blockChecksum ? 4 : 0));
      const block = whole.subarray(0, size);
      if (whole.length < size + (blockChecksum ? 4 : 0)) failure = new SourceError('truncated', 'lz4.block');
      else if (blockChecksum && xxh32(block) !== u32le(whole, size)) failure = new FormatError('lz4.blockChecksum');
      const start = window.at;
      if (sizeWord! >>> 31) {
        window.bytes.set(block, start);
        window.at += block.length;
      } else {
        // The history is as long as what was given, up to 64 KiB; before it lie zeros that no match may reach.
        const reach = independent ? 0 : Math.min(given, HISTORY_BYTES);
        const out = window.bytes.subarray(start - reach);
        const end = decodeLz4Block(block, out, reach, reach + blockBytes);
        if (end === undefined) failure ??= new FormatError('lz4.block');
        else window.at += end - reach;
      }
      hash?.update(window.bytes.subarray(start, window.at));
      given += window.at - start;
    }
    yield window.ready();
  } finally {
    window.wipe();
  }
  if (failure) throw failure;
  if (hash) {
    const stored = u32le(await reader.take(4), 0);
    if (stored === undefined) throw new SourceError('truncated', 'lz4.contentChecksum');
    if (stored !== hash.digest()) throw new FormatError('lz4.contentChecksum');
  }
  if (hasSize && given !== size64le(head, 6)) throw new FormatError('lz4.contentSize');
}

/** Blocks of 8 MiB without an end mark: until the input ends or another magic number comes. */
async function* decodeLegacy(reader: ForwardReader): AsyncGenerator<Uint8Array, void, undefined> {
  await reader.skip(4);
  const out = new Uint8Array(LEGACY_BLOCK_BYTES);
  try {
    for (;;) {
      const size = u32le(await reader.peek(4), 0);
      if (size === undefined || size === FRAME || size === LEGACY || isSkippable(size)) return;
      if (size > compressedBound(LEGACY_BLOCK_BYTES)) {
        // Linux images end with the size of the kernel.
        if ((await reader.peek(5)).length === 4) {
          await reader.skip(4);
          return;
        }
        throw new FormatError('lz4.blockSize');
      }
      await reader.skip(4);
      const block = await reader.take(size);
      if (block.length < size) {
        if (size === u32le(block, 0) || block.length === 0) return;
        throw new SourceError('truncated', 'lz4.block');
      }
      const end = decodeLz4Block(block, out, 0, out.length);
      if (end === undefined) throw new FormatError('lz4.block');
      yield out.subarray(0, end);
    }
  } finally {
    out.fill(0);
  }
}

export default defineContainer({
  id: 'lz4',
  title: 'lz4 frame',
  doc: `Frames with linked or independent blocks, block and content checksums (all verified), content sizes, several frames
in a row, skippable frames, and the legacy frame of \`lz4 -l\` and Linux kernels. A frame that needs a dictionary is a gap.
Source: lz4 frame format 1.6.4 and block format (github.com/lz4/lz4/doc).`,
  access: 'sequential',
  recognise(head) {
    const magic = u32le(head, 0);
    if (magic === FRAME) return head.length >= 7 && head[4]! >> 6 === 1 && (head[5]! & 0x8f) === 0;
    if (magic === LEGACY) return head.length > 8;
    // zstd has the same skippable frames: only those that a lz4 frame follows are ours.
    let at = 0;
    for (let frames = 0; frames < MAX_LEADING_FRAMES && isSkippable(u32le(head, at) ?? 0); frames++) {
      at += 8 + (u32le(head, at + 4) ?? head.length);
    }
    return at > 0 && u32le(head, at) === FRAME;
  },
  async *open(input) {
    yield { name: '', content: () => decode(input) };
  },
});
