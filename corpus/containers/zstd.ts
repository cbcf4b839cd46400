/** Zstandard frames of raw and repeated blocks (RFC 8878, 3.1.1): valid, and written without compressing anything. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat, le } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { xxh64 } from './checksums.ts';

type Block = Uint8Array | { readonly byte: number; readonly count: number };

const expand = (block: Block): Uint8Array =>
  block instanceof Uint8Array ? block : new Uint8Array(block.count).fill(block.byte);

/** A frame with a 1 MiB window, checksum, and no content size. */
export function writeZstdFrame(blocks: readonly Block[], { window = 0x50, damage = 0n } = {}): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x04, window)];
  for (const [i, block] of blocks.entries()) {
    const last = i === blocks.length - 1 ? 1n : 0n;
    if (block instanceof Uint8Array) parts.push(le(last | (BigInt(block.length) << 3n), 3), block);
    else parts.push(le(last | 2n | (BigInt(block.count) << 3n), 3), Uint8Array.of(block.byte));
  }
  parts.push(le((xxh64(concat(...blocks.map(expand))) ^ damage) & 0xffffffffn, 4));
  return concat(...parts);
}

const skippable = (bytes: Uint8Array): Uint8Array => concat(le(0x184d2a53n, 4), le(BigInt(bytes.length), 4), bytes);

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/zstd');
  const first = rng.bytes(3000);
  const second = rng.bytes(100);
  const run = { byte: 7, count: 100_000 };
  const plain = concat(first, expand(run), second);
  const frame = writeZstdFrame([first, run, second]);
  const common = {
    container: 'zstd',
    counts: [
      { at: 5, bytes: 1 },
      { at: 6, bytes: 2 },
    ],
    headerBytes: 60,
  } as const;
  return [
    { ...common, name: 'one frame', bytes: frame, members: [{ name: '', content: plain }] },
    {
      ...common,
      name: 'frames with skippable ones between',
      bytes: concat(frame, skippable(rng.bytes(40)), writeZstdFrame([second])),
      members: [{ name: '', content: concat(plain, second) }],
    },
    {
      ...common,
      name: 'a wrong checksum',
      bytes: writeZstdFrame([first, second], { damage: 1n }),
      members: [{ name: '', content: concat(first, second) }],
      gaps: ['format-error'],
    },
    {
      ...common,
      name: 'a window of 2 GiB',
      bytes: writeZstdFrame([first], { window: 21 << 3 }),
      members: [{ name: '', content: new Uint8Array(0) }],
      gaps: ['too-large'],
    },
    {
      ...common,
      name: 'a dictionary',
      bytes: concat(
        Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x01, 0x50, 9),
        le(1n | (5n << 3n), 3),
        second.subarray(0, 5),
      ),
      members: [{ name: '', content: new Uint8Array(0) }],
      gaps: ['not-opened'],
    },
  ];
}
