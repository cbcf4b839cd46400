/**
 * Zstandard (RFC 8878) again, as one frame: by Node's own encoder where it has one (22.15), else in blocks that are
 * raw or one repeated byte. Skippable frames are left out: their offsets would no longer fit.
 */
import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { untilDamage } from './gzip.ts';
import { type EncodeTask, rewriteContent } from './rewrite.ts';
import { through } from './transform.ts';

/** RFC 8878, 3.1.1.2.4: blocks hold at most that, and no more than the window. */
const BLOCK_BYTES = 131_072;
/** 3.1.1.1.2: exponent 7 of 2^10 is 128 KiB. */
const WINDOW_DESCRIPTOR = 7 << 3;

export async function* encodeZstd({ input, node, context }: EncodeTask): AsyncGenerator<Uint8Array, void, undefined> {
  const container = context.plugins.containers.find(({ id }) => id === 'zstd')!;
  const [child] = node.members.values();
  for await (const item of container.open(input)) {
    if ('code' in item) continue;
    const content = rewriteContent(untilDamage(item.content()), child!, context);
    const create = (zlib as { createZstdCompress?: () => Transform }).createZstdCompress;
    yield* create ? through(create(), content) : encodeZstdBlocks(content);
  }
}

/** A frame without checksum and content size, which a stream does not know. */
export async function* encodeZstdBlocks(
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, WINDOW_DESCRIPTOR);
  const block = new Uint8Array(BLOCK_BYTES);
  let filled = 0;
  for await (const piece of content) {
    for (let rest = piece; rest.length > 0; ) {
      if (filled === BLOCK_BYTES) {
        yield* encodeBlock(block, false);
        filled = 0;
      }
      const part = rest.subarray(0, BLOCK_BYTES - filled);
      block.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
    }
  }
  yield* encodeBlock(block.subarray(0, filled), true);
  block.fill(0);
}

function* encodeBlock(block: Uint8Array, isLast: boolean): Generator<Uint8Array> {
  const isRun = block.length > 1 && block.every((byte) => byte === block[0]);
  const header = (block.length << 3) | (isRun ? 2 : 0) | (isLast ? 1 : 0);
  yield Uint8Array.of(header & 255, (header >> 8) & 255, header >> 16);
  yield isRun ? block.slice(0, 1) : block.slice();
}
