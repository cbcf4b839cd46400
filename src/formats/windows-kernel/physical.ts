/** Where the physical pages of a full or bitmap dump lie. */
import { bisect } from '../../bytes/bisect.ts';
import type { InputWindow } from '../../bytes/input-window.ts';
import { hasText, u32le } from '../../bytes/reader.ts';
import { RegionList } from '../../bytes/region-list.ts';
import { size64le } from '../../bytes/uint64.ts';
import type { LayoutGap, LayoutRegion } from '../../model/format.ts';
import type { Input } from '../../model/input.ts';
import type { KernelHeader } from './header.ts';

export const PAGE_BYTES = 4096;
/** A machine of 64 TB. */
const MAX_PAGES = 2 ** 34;
/** Of either shape, with the bitmap's first word. */
const BITMAP_HEAD_BYTES = 0x40;
const PART_BYTES = 65_536;
/** Between bitmap and first page, besides room for pages that were not there when it was made. */
const MAX_SLACK_BYTES = 2 ** 24;
/** For the gap: pages are searched one by one, and what makes it better. */
const NO_ADDRESSES = 'windows-kernel.bitmap: its pages have no addresses, .dump /f of WinDbg writes them with theirs';

export interface Physical {
  readonly regions: readonly LayoutRegion[];
  readonly gaps: readonly LayoutGap[];
}

const addHeader = (regions: RegionList, { context, bytes }: KernelHeader): void => {
  regions.add({ kind: 'stream', label: 'header', start: 0, end: context.start });
  regions.add({ kind: 'registers', label: 'context', ...context });
  regions.add({ kind: 'stream', label: 'header', start: context.end, end: bytes });
};

/** Full dump: the pages of each run, back to back, behind the header. */
export function readRuns(input: Input, header: KernelHeader): Physical {
  const regions = new RegionList();
  const gaps: LayoutGap[] = [];
  addHeader(regions, header);
  let at = header.bytes;
  for (const { page, count } of header.runs) {
    if (count > MAX_PAGES || page > MAX_PAGES) {
      gaps.push({ code: 'format-error', detail: 'windows-kernel.run' });
      break;
    }
    const end = at + count * PAGE_BYTES;
    const address = BigInt(page) * BigInt(PAGE_BYTES);
    regions.add({ kind: 'memory', label: 'physical memory', address, start: at, end: Math.min(end, input.size) });
    at = end;
    if (at > input.size) {
      gaps.push({ code: 'truncated', detail: 'windows-kernel.run' });
      break;
    }
  }
  return { regions: regions.done(), gaps };
}

interface BitmapHead {
  /** Where the first page lies in the file. */
  readonly firstPage: number;
  /** Pages that are stored, where that is known. */
  readonly stored?: number;
  /** Bits. */
  readonly pages: number;
  readonly bitmap: number;
}

/**
 * The header of the bitmap: since Windows 8 one for all, before it SUMMARY_DUMP32 and SUMMARY_DUMP64 (ntiodump.h), which
 * has no mark of its own. The field of the newer one is where the older one has its bitmap.
 */
function readBitmapHead(head: Uint8Array, { is64, bytes }: KernelHeader): BitmapHead | undefined {
  const known = (hasText(head, 0, 'SDMP') || hasText(head, 0, 'FDMP')) && hasText(head, 4, 'DUMP');
  if (!known || head.length < BITMAP_HEAD_BYTES) return undefined;
  const isPlausible = ({ firstPage, pages, bitmap }: BitmapHead): boolean =>
    pages > 0 &&
    pages <= MAX_PAGES &&
    firstPage % PAGE_BYTES === 0 &&
    firstPage >= bitmap + Math.ceil(pages / 8) &&
    firstPage - bitmap <= pages + MAX_SLACK_BYTES;
  const newer = { firstPage: size64le(head, 0x20)!, pages: size64le(head, 0x30)!, bitmap: bytes + 0x38 };
  const older = {
    firstPage: u32le(head, 0xc)!,
    stored: u32le(head, 0x14)!,
    pages: u32le(head, 0x18)!,
    bitmap: bytes + (is64 ? 0x28 : 0x20),
  };
  return [newer, older].find(isPlausible);
}

/** Bitmap dump: the n-th set bit is the page at `firstPage + n * 4096`. */
export async function readBitmap(window: InputWindow, header: KernelHeader): Promise<Physical> {
  const regions = new RegionList();
  const gaps: LayoutGap[] = [];
  addHeader(regions, header);
  const start = header.bytes;
  const head = (await window.read(start, BITMAP_HEAD_BYTES)).slice();
  const found = readBitmapHead(head, header);
  if (!found) {
    const code = head.length < BITMAP_HEAD_BYTES ? 'truncated' : 'format-error';
    return { regions: regions.done(), gaps: [{ code, detail: NO_ADDRESSES }] };
  }
  const { firstPage, pages, bitmap } = found;
  regions.add({ kind: 'stream', label: 'bitmap', start, end: Math.min(firstPage, window.input.size) });
  let run = -1;
  let stored = 0;
  const close = (page: number): void => {
    if (run < 0) return;
    const at = firstPage + stored * PAGE_BYTES;
    const end = at + (page - run) * PAGE_BYTES;
    const address = BigInt(run) * BigInt(PAGE_BYTES);
    regions.add({
      kind: 'memory',
      label: 'physical memory',
      address,
      start: at,
      end: Math.min(end, window.input.size),
    });
    stored += page - run;
    run = -1;
  };
  const bytes = Math.ceil(pages / 8);
  let read = 0;
  while (read < bytes) {
    const part = await window.read(bitmap + read, Math.min(PART_BYTES, bytes - read));
    if (part.length === 0) {
      gaps.push({ code: 'truncated', detail: 'windows-kernel.bitmap' });
      break;
    }
    for (let i = 0; i < part.length; i++) {
      const byte = part[i]!;
      if ((byte === 0 && run < 0) || (byte === 0xff && run >= 0)) continue;
      for (let bit = 0; bit < 8; bit++) {
        const page = (read + i) * 8 + bit;
        if ((byte & (1 << bit)) === 0 || page >= pages) close(page);
        else if (run < 0) run = page;
      }
    }
    read += part.length;
  }
  close(Math.min(pages, read * 8));
  // A bitmap that was taken for one: no page is where it says.
  if (found.stored !== undefined && found.stored !== stored && read >= bytes) {
    const headers = new RegionList();
    addHeader(headers, header);
    return { regions: headers.done(), gaps: [{ code: 'format-error', detail: NO_ADDRESSES }] };
  }
  if (firstPage + stored * PAGE_BYTES > window.input.size)
    gaps.push({ code: 'truncated', detail: 'windows-kernel.page' });
  return { regions: regions.done(), gaps: [...gaps, ...regions.gaps] };
}

/** Fills `into` from a physical address; false when it was not dumped. `regions` are the memory ones, by address. */
export async function readPhysical(
  input: Input,
  regions: readonly LayoutRegion[],
  address: bigint,
  into: Uint8Array,
): Promise<boolean> {
  const endOf = (region: LayoutRegion): bigint => region.address! + BigInt(region.end - region.start);
  const region = regions[bisect(regions.length, (i) => endOf(regions[i]!) > address)];
  if (!region || address < region.address!) return false;
  return (await input.read(into, region.start + Number(address - region.address!))) === into.length;
}

export const wordOf = (page: Uint8Array, index: number): bigint =>
  (BigInt(u32le(page, index * 8 + 4)!) << 32n) | BigInt(u32le(page, index * 8)!);
