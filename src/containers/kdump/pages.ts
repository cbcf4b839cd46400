/** The pages of a kdump file: which ones there are, and their content. */
import * as zlib from 'node:zlib';
import { InputWindow } from '../../bytes/input-window.ts';
import { decodeLzo1x } from '../../bytes/lzo.ts';
import { u32be, u32le } from '../../bytes/reader.ts';
import { RegionList } from '../../bytes/region-list.ts';
import { decodeSnappy } from '../../bytes/snappy.ts';
import { size64be, size64le } from '../../bytes/uint64.ts';
import type { MemberGap } from '../../model/container.ts';
import type { Layout } from '../../model/format.ts';
import type { Input } from '../../model/input.ts';
import type { KdumpHeader } from './header.ts';
import { ZstdPages } from './zstd-pages.ts';

const DESCRIPTOR_BYTES = 24;
const [ZLIB, LZO, SNAPPY, INCOMPLETE, ZSTD] = [0x1, 0x2, 0x4, 0x8, 0x20];
/** Pages that are given at once. */
const BATCH_BYTES = 1_048_576;
/** A compressed page is never much larger than the page. */
const SLACK_BYTES = 4096;
const BITMAP_PART_BYTES = 65_536;

/** Numbers of the dumped pages, ascending, as runs `[first, end)`. As long as the bitmap, whose size the header bounds. */
async function* dumpedRuns(input: Input, header: KdumpHeader): AsyncGenerator<readonly [number, number]> {
  const part = new Uint8Array(BITMAP_PART_BYTES);
  let first = -1;
  for (let at = 0; at < header.bitmapBytes; at += part.length) {
    const length = Math.min(part.length, header.bitmapBytes - at);
    const read = await input.read(part.subarray(0, length), header.bitmapAt + at);
    for (let i = 0; i < read; i++) {
      const byte = part[i]!;
      if ((byte === 0 && first < 0) || (byte === 0xff && first >= 0 && (at + i) * 8 + 8 <= header.endPage)) continue;
      for (let bit = 0; bit < 8; bit++) {
        const page = (at + i) * 8 + bit;
        const isDumped = (byte & (1 << bit)) !== 0 && page >= header.firstPage && page < header.endPage;
        if (isDumped && first < 0) first = page;
        if (!isDumped && first >= 0) {
          yield [first, page];
          first = -1;
        }
      }
    }
    if (read < length) break;
  }
  if (first >= 0) yield [first, Math.min(header.bitmapBytes * 8, header.endPage)];
}

/** Regions of the member: a run of pages each. Fewer pages than the bitmap says when the descriptors are cut off. */
export async function readRuns(
  input: Input,
  header: KdumpHeader,
): Promise<{ readonly layout: Layout; readonly pages: number }> {
  const regions = new RegionList();
  const described = Math.max(0, Math.floor((input.size - header.descriptorsAt) / DESCRIPTOR_BYTES));
  const { blockBytes } = header;
  let pages = 0;
  for await (const [first, end] of dumpedRuns(input, header)) {
    const count = Math.min(end - first, described - pages);
    const address = BigInt(first) * BigInt(blockBytes);
    const start = pages * blockBytes;
    regions.add({ kind: 'memory', label: 'physical memory', address, start, end: start + count * blockBytes });
    pages += count;
    if (count < end - first) break;
  }
  return { layout: { regions: regions.done(), addressSpace: 'physical', gaps: regions.gaps }, pages };
}

/**
 * The pages one after another. One that can't be decoded becomes zeros, so that addresses stay right, and a gap for each
 * reason in `gaps`.
 */
export async function* readPages(input: Input, header: KdumpHeader, gaps: MemberGap[]): AsyncGenerator<Uint8Array> {
  const { little, blockBytes } = header;
  const [word, size] = little ? [u32le, size64le] : [u32be, size64be];
  const descriptors = new InputWindow(input);
  const data = new InputWindow(input, BATCH_BYTES);
  // Many descriptors share one zero page, which lies far back: a window of its own keeps it.
  const shared = new InputWindow(input, BITMAP_PART_BYTES);
  let last = 0;
  const reported = new Set<string>();
  const report = (gap: MemberGap): void => {
    if (!reported.has(gap.detail!)) gaps.push({ ...gap, name: 'memory' });
    reported.add(gap.detail!);
  };
  const zstd = new ZstdPages();
  let batch = new Uint8Array(BATCH_BYTES);
  let filled = 0;
  let at = header.descriptorsAt;
  try {
    for await (const [first, end] of dumpedRuns(input, header)) {
      for (let number = first; number < end; number++) {
        const descriptor = descriptors.view(at, DESCRIPTOR_BYTES) ?? (await descriptors.read(at, DESCRIPTOR_BYTES));
        if (descriptor.length < DESCRIPTOR_BYTES) {
          report({ code: 'truncated', detail: 'kdump.page_desc' });
          if (filled > 0) yield batch.subarray(0, filled);
          return;
        }
        at += DESCRIPTOR_BYTES;
        const [offset, length, flags] = [size(descriptor, 0)!, word(descriptor, 8)!, word(descriptor, 12)!];
        const room = batch.subarray(filled, filled + blockBytes);
        if (flags & INCOMPLETE) report({ code: 'truncated', detail: 'kdump.page.incomplete' });
        if (length > blockBytes + SLACK_BYTES) report({ code: 'format-error', detail: 'kdump.page_desc.size' });
        else {
          const window = offset < last ? shared : data;
          const stored = window.view(offset, length) ?? (await window.read(offset, length));
          last = Math.max(last, offset);
          if (stored.length < length) report({ code: 'truncated', detail: 'kdump.page' });
          else {
            const isZstd = (flags & (ZLIB | LZO | SNAPPY | ZSTD)) === ZSTD && !zstdDecompressSync;
            const page = isZstd ? await zstd.parse(stored, blockBytes) : parsePage(stored, flags, blockBytes);
            // A damaged page stays zero.
            if (page?.length !== blockBytes) report({ code: 'format-error', detail: 'kdump.page.data' });
            else room.set(page);
            if (page !== stored) page?.fill(0);
          }
        }
        filled += blockBytes;
        if (filled < batch.length) continue;
        yield batch;
        batch = new Uint8Array(BATCH_BYTES);
        filled = 0;
      }
    }
    if (filled > 0) yield batch.subarray(0, filled);
  } finally {
    zstd.close();
  }
}

/** Node has zstd from 22.15 on. */
const zstdDecompressSync = (zlib as { zstdDecompressSync?: typeof zlib.inflateSync }).zstdDecompressSync;

/** The page, or what there is of it: too short or undefined when it is damaged. */
function parsePage(stored: Uint8Array, flags: number, pageBytes: number): Uint8Array | undefined {
  const options = { maxOutputLength: pageBytes };
  try {
    if (flags & ZLIB) return zlib.inflateSync(stored, options);
    if (flags & LZO) {
      const page = new Uint8Array(pageBytes);
      return decodeLzo1x(stored, page) === pageBytes ? page : undefined;
    }
    if (flags & SNAPPY) return decodeSnappy(stored, pageBytes);
    return flags & ZSTD ? zstdDecompressSync?.(stored, options) : stored;
  } catch {
    // Whatever zlib says quotes nothing, but its kinds are of no use here.
    return undefined;
  }
}
