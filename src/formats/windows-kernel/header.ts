/** DUMP_HEADER64 (0x2000 bytes) and DUMP_HEADER32 (0x1000 bytes). Little-endian. */
import { hasText, u32le } from '../../bytes/reader.ts';
import { size64le, u64le } from '../../bytes/uint64.ts';

/** Name, and how the pages are stored. */
export const DUMP_TYPES: Readonly<Record<number, readonly [string, 'runs' | 'bitmap' | 'triage']>> = {
  1: ['full', 'runs'],
  2: ['kernel', 'bitmap'],
  4: ['triage', 'triage'],
  5: ['full (bitmap)', 'bitmap'],
  6: ['active or live kernel', 'bitmap'],
  8: ['kernel', 'bitmap'],
  9: ['kernel and user', 'bitmap'],
  10: ['complete', 'bitmap'],
};

/** The header has room for 43 runs; Windows' own limit is below. */
const MAX_RUNS = 43;
/** FILETIME counts 100 ns from 1601. */
const UNIX_EPOCH_MS = 11_644_473_600_000;

const MACHINES: Readonly<Record<number, string>> = { 332: 'x86', 452: 'ARM', 34404: 'x64', 43620: 'ARM64' };

export interface KernelHeader {
  readonly is64: boolean;
  readonly bytes: number;
  readonly type: number;
  /** Physical address of the top page table. */
  readonly directoryTableBase: bigint;
  /** In pages. */
  readonly runs: readonly { readonly page: number; readonly count: number }[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Thread context and exception record, when the header holds them. */
  readonly context: { readonly start: number; readonly end: number };
}

/** Undefined when the bytes are no header, or not all of it. */
export function readHeader(bytes: Uint8Array): KernelHeader | undefined {
  const is64 = hasText(bytes, 0, 'PAGEDU64');
  if (!is64 && !hasText(bytes, 0, 'PAGEDUMP')) return undefined;
  const size = is64 ? 0x2000 : 0x1000;
  if (bytes.length < size) return undefined;
  const word = (at: number): number => u32le(bytes, at)!;
  const runs: { page: number; count: number }[] = [];
  const runsAt = is64 ? 0x88 : 0x64;
  const count = word(runsAt);
  // The block is `PAGE` when it is not used.
  for (let i = 0; i < Math.min(count, MAX_RUNS); i++) {
    const at = is64 ? runsAt + 16 + i * 16 : runsAt + 8 + i * 8;
    runs.push(
      is64 ? { page: size64le(bytes, at)!, count: size64le(bytes, at + 8)! } : { page: word(at), count: word(at + 4) },
    );
  }
  const hex = (value: number | bigint): string => `0x${value.toString(16)}`;
  const parameters = [0, 1, 2, 3].map((i) => (is64 ? u64le(bytes, 0x40 + 8 * i)! : word(0x2c + 4 * i)));
  const time = is64 ? (size64le(bytes, 0xfa8) ?? 0) / 10_000 - UNIX_EPOCH_MS : 0;
  const machine = word(is64 ? 0x30 : 0x20);
  const facts = [
    { name: 'bugcheck', value: `${hex(word(is64 ? 0x38 : 0x28))} (${parameters.map(hex).join(', ')})` },
    { name: 'machine', value: MACHINES[machine] ?? hex(machine) },
    { name: 'processors', value: String(word(is64 ? 0x34 : 0x24)) },
    { name: 'system', value: `${word(8)}.${word(12)}` },
    ...(time > 0 && time < 8.64e15 ? [{ name: 'time', value: new Date(time).toISOString() }] : []),
  ];
  return {
    is64,
    bytes: size,
    type: word(is64 ? 0xf98 : 0xf88),
    directoryTableBase: is64 ? u64le(bytes, 0x10)! : BigInt(word(0x10)),
    runs,
    facts,
    context: is64 ? { start: 0x348, end: 0xf00 } : { start: 0x320, end: 0x7d0 },
  };
}
