/** The header of a kdump file and its sub header (diskdump_mod.h). Offsets depend on the machine's word size and byte order. */
import { hasText } from '../../bytes/reader.ts';
import { FormatError } from '../../model/errors.ts';
import type { Input } from '../../model/input.ts';

/** Page sizes of Linux: 4 KiB to 64 KiB; crash reads up to 256 KiB. */
const BLOCK_SIZES: ReadonlySet<number> = new Set([4096, 8192, 16_384, 32_768, 65_536, 131_072, 262_144]);
/** Bitmap of a machine of 64 TB with pages of 4 KiB. */
const MAX_BITMAP_BYTES = 2 ** 31;
const MAX_SUB_HEADER_BLOCKS = 65_536;

export interface KdumpHeader {
  readonly little: boolean;
  readonly blockBytes: number;
  /** Where the bitmap of dumped pages lies, and its size in bytes. */
  readonly bitmapAt: number;
  readonly bitmapBytes: number;
  /** Where the page descriptors begin. */
  readonly descriptorsAt: number;
  /** Pages that this file describes: all, or the part of a split dump. */
  readonly firstPage: number;
  readonly endPage: number;
}

/** Where the fields lie: `struct disk_dump_header` and `struct kdump_sub_header` of 64-bit and 32-bit machines. */
const LAYOUTS = [
  { block: 0x1ac, sub: 0x1b0, bitmap: 0x1b4, split: 12, start: 16, end: 24, wide: true },
  { block: 0x1a0, sub: 0x1a4, bitmap: 0x1a8, split: 8, start: 12, end: 16, wide: false },
] as const;

/** Throws FormatError. */
export async function readHeader(input: Input): Promise<KdumpHeader> {
  const head = new Uint8Array(512);
  const length = await input.read(head, 0);
  if (!hasText(head, 0, 'KDUMP   ') && !hasText(head, 0, 'DISKDUMP')) throw new FormatError('kdump.signature');
  if (length < head.length) throw new FormatError('kdump.header');
  const view = new DataView(head.buffer);
  for (const layout of LAYOUTS) {
    for (const little of [true, false]) {
      const field = (at: number): number => view.getUint32(at, little);
      const blockBytes = field(layout.block);
      if (!BLOCK_SIZES.has(blockBytes) || field(8) > 64) continue;
      const subBlocks = field(layout.sub);
      const bitmapBytes = (field(layout.bitmap) * blockBytes) / 2;
      if (subBlocks > MAX_SUB_HEADER_BLOCKS) throw new FormatError('kdump.sub_hdr_size');
      if (bitmapBytes > MAX_BITMAP_BYTES) throw new FormatError('kdump.bitmap_blocks');
      const sub = new DataView(new ArrayBuffer(128));
      await input.read(new Uint8Array(sub.buffer), blockBytes);
      const long = (at: number): number =>
        layout.wide ? Number(sub.getBigUint64(at, little)) : sub.getUint32(at, little);
      // Versions below 6 know pages by 32 bits; later ones give the number again in 64.
      const pages = Math.min(bitmapBytes * 8, Number.MAX_SAFE_INTEGER);
      const isSplit = field(8) >= 2 && sub.getUint32(layout.split, little) === 1;
      const bitmapAt = (1 + subBlocks) * blockBytes + bitmapBytes;
      return {
        little,
        blockBytes,
        bitmapAt,
        bitmapBytes,
        descriptorsAt: bitmapAt + bitmapBytes,
        firstPage: isSplit ? Math.min(long(layout.start), pages) : 0,
        endPage: isSplit ? Math.min(long(layout.end), pages) : pages,
      };
    }
  }
  throw new FormatError('kdump.block_size');
}
