/** Triage dumps: a table at 0x2000 says where the call stack, the drivers and the data blocks lie (TRIAGE_DUMP32, TRIAGE_DUMP64). */
import type { InputWindow } from '../../bytes/input-window.ts';
import { u32le } from '../../bytes/reader.ts';
import { RegionList } from '../../bytes/region-list.ts';
import { size64le, u64le } from '../../bytes/uint64.ts';
import type { LayoutGap, LayoutModule, LayoutRegion } from '../../model/format.ts';
import type { KernelHeader } from './header.ts';

const TRIAGE_BYTES = 0x80;
/** Offsets of pairs: where, and how much or many. */
const FIELDS = {
  32: { debuggerData: 0x58, dataBlocks: 0x60 },
  64: { debuggerData: 0x70, dataBlocks: 0x78 },
} as const;
/** Windows writes at most some thousand blocks and some hundred drivers. */
const MAX_BLOCKS = 65_536;
const MAX_DRIVERS = 4096;
const BLOCK_BYTES = 16;
/** Offset of the name, then KLDR_DATA_TABLE_ENTRY64. */
const DRIVER_BYTES = 0xa8;
const MAX_NAME_CHARS = 128;

export async function readTriage(
  window: InputWindow,
  header: KernelHeader,
): Promise<{ regions: readonly LayoutRegion[]; gaps: readonly LayoutGap[]; modules: readonly LayoutModule[] }> {
  const triage = (await window.read(header.bytes, TRIAGE_BYTES)).slice();
  const gaps: LayoutGap[] = [];
  const found: LayoutRegion[] = [];
  if (triage.length < TRIAGE_BYTES) {
    return { regions: [], gaps: [{ code: 'truncated', detail: 'windows-kernel.triage' }], modules: [] };
  }
  const { debuggerData, dataBlocks } = FIELDS[header.is64 ? 64 : 32];
  // Addresses of 32 bits are extended by their sign where a field has 64.
  const addressOf = (bytes: Uint8Array, at: number): bigint =>
    header.is64 ? u64le(bytes, at)! : BigInt(u32le(bytes, at)!);
  const word = (at: number): number => u32le(triage, at)!;
  const add = (region: LayoutRegion): void => {
    const end = Math.min(region.end, window.input.size);
    if (region.end > window.input.size) gaps.push({ code: 'truncated', detail: 'windows-kernel.triage.block' });
    if (end > region.start) found.push({ ...region, end });
  };
  const span = (at: number, size: number) => ({ start: at, end: at + size });
  add({ kind: 'stack', label: 'call stack', address: addressOf(triage, 0x48), ...span(word(0x28), word(0x2c)) });
  add({ kind: 'stream', label: 'names of drivers', ...span(word(0x38), word(0x3c)) });
  add({ kind: 'memory', label: 'debugger data', ...span(word(debuggerData), word(debuggerData + 4)) });
  const count = word(dataBlocks + 4);
  if (count > MAX_BLOCKS) gaps.push({ code: 'over-budget', detail: 'windows-kernel.triage.blocks' });
  for (let i = 0; i < Math.min(count, MAX_BLOCKS); i++) {
    const at = word(dataBlocks) + i * BLOCK_BYTES;
    const block = window.view(at, BLOCK_BYTES) ?? (await window.read(at, BLOCK_BYTES));
    if (block.length < BLOCK_BYTES) {
      gaps.push({ code: 'truncated', detail: 'windows-kernel.triage.blocks' });
      break;
    }
    add({
      kind: 'memory',
      label: 'data block',
      address: addressOf(block, 0),
      ...span(u32le(block, 8)!, u32le(block, 12)!),
    });
  }
  const regions = new RegionList();
  // Blocks may repeat the stack: the one that begins first keeps its bytes.
  for (const region of found.sort((a, b) => a.start - b.start)) regions.add(region);
  return {
    regions: regions.done(),
    gaps: gaps.slice(0, 16),
    modules: header.is64 ? await readDrivers(window, word(0x30), word(0x34)) : [],
  };
}

async function readDrivers(window: InputWindow, from: number, count: number): Promise<readonly LayoutModule[]> {
  const modules: LayoutModule[] = [];
  for (let i = 0; i < Math.min(count, MAX_DRIVERS); i++) {
    const entry = (await window.read(from + i * DRIVER_BYTES, DRIVER_BYTES)).slice();
    if (entry.length < DRIVER_BYTES) break;
    const nameAt = u32le(entry, 0)!;
    const length = u32le(await window.read(nameAt, 4), 0);
    if (length === undefined || length > MAX_NAME_CHARS) continue;
    const name = new TextDecoder('utf-16le').decode(await window.read(nameAt + 4, length * 2));
    modules.push({ name, address: u64le(entry, 0x38)!, size: BigInt(size64le(entry, 0x48)! % 2 ** 32) });
  }
  return modules;
}
