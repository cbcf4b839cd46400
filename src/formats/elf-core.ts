/**
 * ELF core files: System V ABI, Linux core(5), gcore, lldb, FreeBSD, NetBSD, OpenBSD, QEMU, VirtualBox.
 * Traps: above 65,534 segments the count is in a section header (PN_XNUM); gcore puts the notes behind the memory; less
 * in the file than in memory (p_filesz < p_memsz) means "not dumped", not zeros.
 */

import { Fields } from '../bytes/fields.ts';
import type { InputReader } from '../bytes/random-reader.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type Layout } from '../model/format.ts';
import { machineName } from './elf-core/machines.ts';
import { permissions, readMeanings, type Segment } from './elf-core/memory-meanings.ts';
import { createNotes, type NoteContext, readNotes } from './elf-core/notes.ts';
import { GapList } from './layout/gaps.ts';
import { labelMemory, MAX_RANGES, Memory, type Stored } from './layout/memory.ts';
import { layRegions } from './layout/regions.ts';
import { throughReader } from './layout/through-reader.ts';

const ET_CORE = 4;
const PT_LOAD = 1;
const PT_NOTE = 4;
const PN_XNUM = 0xffff;
/** A core has one note segment; those of machines have one a processor. */
const MAX_NOTE_SEGMENTS = 4096;

interface Header {
  readonly littleEndian: boolean;
  readonly bits: 32 | 64;
  readonly machine: number;
  readonly tableAt: number;
  readonly entryBytes: number;
  readonly count: number;
}

interface Segments {
  readonly loads: readonly Segment[];
  readonly notes: readonly { readonly start: number; readonly size: number }[];
  /** Physical addresses differ from virtual ones, or are the only ones. */
  readonly physical: readonly bigint[];
}

function recognise(head: Uint8Array): boolean {
  const [littleEndian, big] = [head[5] === 1, head[5] === 2];
  return (
    new Fields(head, true).u32(0) === 0x464c457f &&
    (head[4] === 1 || head[4] === 2) &&
    (littleEndian || big) &&
    new Fields(head, littleEndian).u16(16) === ET_CORE
  );
}

async function readHeader(reader: InputReader): Promise<Header> {
  const bytes = await reader.read(0, 64);
  if (!recognise(bytes)) throw new FormatError('elf.e_ident');
  const littleEndian = bytes[5] === 1;
  const bits = bytes[4] === 2 ? 64 : 32;
  if (bytes.length < (bits === 64 ? 64 : 52)) throw new FormatError('elf.e_phoff');
  const head = new Fields(bytes, littleEndian);
  const [tableAt, sectionsAt] = bits === 64 ? [head.size64(32), head.size64(40)] : [head.u32(28), head.u32(32)];
  const at = bits === 64 ? 54 : 42;
  const [entryBytes, count] = [head.u16(at), head.u16(at + 2)];
  if (entryBytes < (bits === 64 ? 56 : 32)) throw new FormatError('elf.e_phentsize');
  const header = { littleEndian, bits, machine: head.u16(18), tableAt, entryBytes, count } as const;
  if (count !== PN_XNUM) return header;
  const section = new Fields(await reader.read(sectionsAt, 64), littleEndian);
  // A count that can't be read is taken as it stands: the table's end limits it.
  const real = section.u32(bits === 64 ? 44 : 28);
  return real > 0 ? { ...header, count: real } : header;
}

async function readSegments(reader: InputReader, header: Header, gaps: GapList): Promise<Segments> {
  const { littleEndian, bits, entryBytes, tableAt } = header;
  const loads: Segment[] = [];
  const notes: { start: number; size: number }[] = [];
  const physical: bigint[] = [];
  const count = Math.min(header.count, MAX_RANGES);
  if (header.count > count) gaps.add({ code: 'over-budget', detail: 'elf.e_phnum' });
  for (let index = 0; index < count; index++) {
    const entry = new Fields(await reader.read(tableAt + index * entryBytes, entryBytes), littleEndian);
    if (!entry.has(0, entryBytes)) {
      if (!reader.exhausted) gaps.add({ code: 'truncated', detail: `elf.phdr[${index}]` });
      break;
    }
    const wide = bits === 64;
    const type = entry.u32(0);
    const [start, size] = wide ? [entry.size64(8), entry.size64(32)] : [entry.u32(4), entry.u32(16)];
    if (type === PT_NOTE && notes.length < MAX_NOTE_SEGMENTS) notes.push({ start, size });
    if (type !== PT_LOAD) continue;
    const [address, memoryBytes] = wide
      ? [entry.u64(16), entry.u64(40)]
      : [BigInt(entry.u32(8)), BigInt(entry.u32(20))];
    loads.push({
      index,
      address,
      // A file that holds more than the memory is wrong about the memory: its bytes have addresses all the same.
      memoryBytes: BigInt(Number.isFinite(size) ? size : 0) > memoryBytes ? BigInt(size) : memoryBytes,
      fileStart: start,
      fileBytes: size,
      flags: entry.u32(wide ? 4 : 24),
    });
    physical.push(wide ? entry.u64(24) : BigInt(entry.u32(12)));
  }
  return { loads, notes, physical };
}

/** Segments that the file should hold and ends before: one gap for all of them. */
function addTruncation(loads: readonly Segment[], size: number, gaps: GapList): void {
  if (!Number.isFinite(size)) return;
  let first: number | undefined;
  let end = size;
  for (const { index, fileStart, fileBytes } of loads) {
    if (fileBytes === 0 || fileStart + fileBytes <= size) continue;
    first ??= index;
    end = Math.max(end, Math.min(fileStart + fileBytes, Number.MAX_SAFE_INTEGER));
  }
  if (first !== undefined)
    gaps.add({ code: 'truncated', span: { start: size, end }, detail: `elf.phdr[${first}].p_filesz` });
}

async function layOut(reader: InputReader): Promise<Layout> {
  const header = await readHeader(reader);
  const { littleEndian, bits, machine } = header;
  const gaps = new GapList();
  const table = await readSegments(reader, header, gaps);
  addTruncation(table.loads, reader.size, gaps);

  const notes = createNotes();
  const context: NoteContext = { reader, gaps, littleEndian, machine, bits };
  for (const { start, size } of table.notes) {
    if (start + size > reader.size) gaps.add({ code: 'truncated', detail: 'elf.notes' });
    await readNotes(notes, context, start, size);
  }

  const loads = notes.physical
    ? table.loads.map((segment, i) => ({ ...segment, address: table.physical[i]! }))
    : table.loads;
  // Only where files are named is the rest known to be none.
  const unnamed = notes.files.length > 0 ? 'anonymous' : 'memory';
  const stored: Stored[] = [];
  let notDumped = 0n;
  for (const { address, memoryBytes, fileStart, fileBytes, flags } of loads) {
    const end = Math.min(fileStart + fileBytes, reader.size);
    if (memoryBytes > fileBytes) notDumped += memoryBytes - BigInt(fileBytes);
    if (!(fileStart < end) || !Number.isSafeInteger(end)) continue;
    const label = notes.physical ? 'physical memory' : `${unnamed} ${permissions(flags)}`;
    stored.push({ start: fileStart, end, address, kind: 'memory', label });
  }
  const known = notes.physical
    ? { meanings: [], modules: [] }
    : await readMeanings(loads, notes, new Memory(stored, reader), { littleEndian, bits });
  const { claims, whole } = labelMemory(stored, known.meanings);
  if (whole) gaps.add({ code: 'over-budget', detail: 'elf.segments' });
  if (reader.exhausted) gaps.add({ code: 'over-budget', detail: 'elf.tables' });

  const facts = [
    { name: 'architecture', value: `${machineName(machine)}, ${bits}-bit, ${littleEndian ? 'little' : 'big'}-endian` },
    ...(notes.system ? [{ name: 'operating system', value: notes.system }] : []),
    ...notes.facts,
    { name: 'memory segments', value: `${loads.length}` },
    ...(notDumped > 0n ? [{ name: 'memory not dumped', value: `${notDumped} bytes` }] : []),
  ];
  return {
    regions: layRegions([...notes.claims, ...claims], reader.size),
    addressSpace: notes.physical ? 'physical' : 'virtual',
    process: notes.process,
    threads: notes.threads,
    modules: known.modules,
    pointerBytes: bits / 8,
    bigEndian: !littleEndian,
    facts,
    gaps: gaps.list,
  };
}

export default defineFormat({
  id: 'elf-core',
  title: 'ELF core file',
  doc: `What Linux, FreeBSD, NetBSD and OpenBSD write when a process crashes, and \`gcore\`, lldb, .NET's \`createdump\`,
QEMU's \`dump-guest-memory\` and VirtualBox on request: 32 and 64 bits, either byte order, any number of segments.

Read are the program headers and the notes: threads with stack and instruction pointers (18 machines), process, mapped files
(modules with their build ids), auxiliary vector, signal. From them come the labels: module or mapped file, stack of a thread,
heap, command line and environment at the top of the main stack, vDSO. Cores name only files: stacks are the segments that
stack pointers lie in, the heap is what follows the executable. Images of a machine's memory have physical addresses.

Memory that the core says it holds and the file lacks is a gap. Memory that was not dumped is none: \`inspect\` says how much.

Sources: System V ABI, Linux core(5) and elf(5), FreeBSD core(5), NetBSD core(5), OpenBSD core(5).`,
  recognise,
  readLayout: throughReader(layOut),
});
