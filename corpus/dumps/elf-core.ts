/**
 * Writes ELF core files (System V ABI; Linux core(5), elf(5)): header, program headers, one PT_NOTE, PT_LOADs.
 * 64-bit little-endian only: x86-64 and AArch64. Written from the headers of Linux and glibc, not from a parser.
 */
import { concat } from '../encode/text.ts';

export interface Segment {
  readonly address: number;
  readonly memoryBytes: number;
  /** At most `memoryBytes`; less when the rest is to be taken from the mapped file. */
  readonly fileBytes: number;
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
}

export interface Note {
  readonly type: number;
  readonly content: Uint8Array;
}

export interface Layout {
  /** ELF header, program headers and notes: the file up to `offsets[0]`. */
  readonly head: Uint8Array;
  /** File offset of each segment, page-aligned. */
  readonly offsets: readonly number[];
  readonly fileBytes: number;
}

export type Machine = 'x64' | 'arm64';

export const PAGE_BYTES = 4096;
const MACHINES: Record<
  Machine,
  { readonly id: number; readonly registers: number; readonly pc: number; readonly sp: number }
> = {
  x64: { id: 62, registers: 27, pc: 16, sp: 19 },
  arm64: { id: 183, registers: 34, pc: 32, sp: 31 },
};
const PT_LOAD = 1;
const PT_NOTE = 4;
const NT_PRSTATUS = 1;
const NT_PRPSINFO = 3;
const NT_AUXV = 6;
const NT_FILE = 0x46494c45;
const EHDR_BYTES = 64;
const PHDR_BYTES = 56;

export function layoutElfCore(machine: Machine, notes: readonly Note[], segments: readonly Segment[]): Layout {
  // More needs PN_XNUM; Linux allows no process that many mappings by default (vm.max_map_count is 65530).
  if (segments.length > 65_530) throw new RangeError(`${segments.length} segments`);
  const noteBytes = concat(...notes.map(encodeNote));
  const noteAt = EHDR_BYTES + PHDR_BYTES * (segments.length + 1);
  const headers = new Uint8Array(noteAt);
  const view = new DataView(headers.buffer);

  headers.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]); // ELFCLASS64, ELFDATA2LSB, EV_CURRENT
  view.setUint16(16, 4, true); // ET_CORE
  view.setUint16(18, MACHINES[machine].id, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(32, BigInt(EHDR_BYTES), true);
  view.setUint16(52, EHDR_BYTES, true);
  view.setUint16(54, PHDR_BYTES, true);
  view.setUint16(56, segments.length + 1, true);

  const programHeader = (index: number, fields: readonly number[]): void => {
    const at = EHDR_BYTES + index * PHDR_BYTES;
    const [type = 0, flags = 0, ...words] = fields;
    view.setUint32(at, type, true);
    view.setUint32(at + 4, flags, true);
    for (const [i, word] of words.entries()) view.setBigUint64(at + 8 + i * 8, BigInt(word), true);
  };
  programHeader(0, [PT_NOTE, 0, noteAt, 0, 0, noteBytes.length, 0, 4]);

  let offset = roundUp(noteAt + noteBytes.length, PAGE_BYTES);
  const offsets = segments.map((segment, i) => {
    const flags = (segment.read ? 4 : 0) | (segment.write ? 2 : 0) | (segment.execute ? 1 : 0);
    programHeader(i + 1, [
      PT_LOAD,
      flags,
      offset,
      segment.address,
      0,
      segment.fileBytes,
      segment.memoryBytes,
      PAGE_BYTES,
    ]);
    const at = offset;
    offset = roundUp(offset + segment.fileBytes, PAGE_BYTES);
    return at;
  });
  return { head: concat(headers, noteBytes), offsets, fileBytes: offset };
}

/** A whole core in memory, for tests: each segment is an address and its bytes. */
export function writeElfCore(
  segments: readonly { readonly address: number; readonly bytes: Uint8Array }[],
  options: { readonly machine?: Machine; readonly notes?: readonly Note[] } = {},
): Uint8Array {
  const layout = layoutElfCore(
    options.machine ?? 'x64',
    options.notes ?? [],
    segments.map(({ address, bytes }) => ({
      address,
      memoryBytes: roundUp(bytes.length, PAGE_BYTES),
      fileBytes: bytes.length,
      read: true,
      write: true,
      execute: false,
    })),
  );
  const out = new Uint8Array(layout.fileBytes);
  out.set(layout.head);
  for (const [i, { bytes }] of segments.entries()) out.set(bytes, layout.offsets[i] ?? 0);
  return out;
}

export interface ThreadStatus {
  readonly thread: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** What /proc tells without ptrace; the other registers are zero. */
  readonly pc: bigint;
  readonly sp: bigint;
}

/** struct elf_prstatus, linux/elfcore.h. */
export function prstatusNote(machine: Machine, status: ThreadStatus): Note {
  const { registers, pc, sp } = MACHINES[machine];
  const content = new Uint8Array(112 + registers * 8 + 8);
  const view = new DataView(content.buffer);
  for (const [i, id] of [status.thread, status.parent, status.group, status.session].entries()) {
    view.setInt32(32 + i * 4, id, true);
  }
  view.setBigUint64(112 + pc * 8, status.pc, true);
  view.setBigUint64(112 + sp * 8, status.sp, true);
  return { type: NT_PRSTATUS, content };
}

/** struct elf_prpsinfo, linux/elfcore.h. */
export function prpsinfoNote(process: {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly commandLine: string;
}): Note {
  const content = new Uint8Array(136);
  const view = new DataView(content.buffer);
  view.setInt32(24, process.pid, true);
  view.setInt32(28, process.parent, true);
  content.set(Buffer.from(process.name).subarray(0, 15), 40);
  content.set(Buffer.from(process.commandLine).subarray(0, 79), 56);
  return { type: NT_PRPSINFO, content };
}

/** NT_FILE: which file is mapped where, elf(5). Offsets are in bytes here, in pages in the note. */
export function fileNote(
  mappings: readonly { readonly start: number; readonly end: number; readonly offset: number; readonly path: string }[],
): Note {
  const words = [mappings.length, PAGE_BYTES];
  for (const { start, end, offset } of mappings) words.push(start, end, offset / PAGE_BYTES);
  const table = new Uint8Array(words.length * 8);
  const view = new DataView(table.buffer);
  for (const [i, word] of words.entries()) view.setBigUint64(i * 8, BigInt(word), true);
  return { type: NT_FILE, content: concat(table, Buffer.from(mappings.map(({ path }) => `${path}\0`).join(''))) };
}

export function auxvNote(content: Uint8Array): Note {
  return { type: NT_AUXV, content };
}

function encodeNote({ type, content }: Note): Uint8Array {
  const head = new Uint8Array(12 + 8); // the name "CORE\0", padded to 8
  const view = new DataView(head.buffer);
  view.setUint32(0, 5, true);
  view.setUint32(4, content.length, true);
  view.setUint32(8, type, true);
  head.set([0x43, 0x4f, 0x52, 0x45], 12);
  return concat(head, content, new Uint8Array(roundUp(content.length, 4) - content.length));
}

function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
