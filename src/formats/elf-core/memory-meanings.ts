/**
 * What lies where in the memory of a core: modules and mapped files by the file note, stacks by the threads' stack
 * pointers, the heap by its place after the executable, the strings at the top of the main stack. Cores name only files;
 * the rest is inferred, and a wrong guess costs a label.
 */
import { bisect } from '../../bytes/bisect.ts';
import { Fields } from '../../bytes/fields.ts';
import { toHex } from '../../bytes/public-text.ts';
import type { LayoutModule } from '../../model/format.ts';
import { auxiliaryValue, readInitialStrings } from '../layout/initial-stack.ts';
import type { Meaning, Memory } from '../layout/memory.ts';
import type { CoreNotes, MappedFile } from './notes.ts';

export interface Segment {
  readonly index: number;
  readonly address: bigint;
  readonly memoryBytes: bigint;
  readonly fileStart: number;
  readonly fileBytes: number;
  /** PF_R, PF_W, PF_X. */
  readonly flags: number;
}

export interface Machine {
  readonly littleEndian: boolean;
  readonly bits: 32 | 64;
}

export interface Meanings {
  readonly meanings: Meaning[];
  readonly modules: LayoutModule[];
}

const EXECUTE = 1;
const WRITE = 2;
const READ = 4;
/** Types of auxiliary entries, elf.h. */
const AT_PHDR = 3;
const AT_ENTRY = 9;
const AT_SYSINFO_EHDR = 33;
/** The heap starts at random up to 32 MiB after the executable's memory, on 64-bit ARM up to 1 GiB. */
const HEAP_REACH = 1n << 30n;
/** A larger segment with a stack pointer in it is a heap of which a part serves as stack (Go, coroutines). */
const MAX_STACK_BYTES = 64n << 20n;
/** What of such a segment is called a stack, from the pointer's page on: Go's have 16 KiB, coroutines rarely more than 64. */
const PART_OF_STACK_BYTES = 64n << 10n;
const PAGE = 4096n;
/** Between segments of one image: they are aligned to 2 MiB at most, and huge pages of ARM to 64. */
const MAX_HOLE = 64n << 20n;
/** glibc gives each thread a heap of its own, aligned to its largest size; it begins with the address of its arena. */
const ARENA_ALIGNMENT = 64n << 20n;
const ARENA_OFFSETS = [0x20n, 0x30n];
const MAX_ARENAS = 4096;
/** A process of a big browser has 300 modules. */
const MAX_IMAGES = 8192;
const MAX_THREADS = 65_536;
const SHARED_OBJECT = /\.so(\.[\w.]+)?( \(deleted\))?$/;
const NT_GNU_BUILD_ID = 3;
const PT_LOAD = 1;
const PT_NOTE = 4;

export async function readMeanings(
  segments: readonly Segment[],
  notes: CoreNotes,
  memory: Memory,
  machine: Machine,
): Promise<Meanings> {
  const sorted = [...segments].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const meanings: Meaning[] = [];
  const files = notes.files.filter(({ start, end }) => start < end);
  const byPath = new Map<string, MappedFile[]>();
  for (const file of files) {
    const those = byPath.get(file.path);
    if (those) those.push(file);
    else byPath.set(file.path, [file]);
  }
  const executable = findExecutable(notes, machine);
  const modules: LayoutModule[] = [];
  for (const [path, mappings] of byPath) {
    // gcore leaves unmodified code out, segment and all: then the name tells.
    const isImage =
      path === executable?.path ||
      SHARED_OBJECT.test(path) ||
      mappings.some(({ start }) => ((segmentAt(sorted, start)?.flags ?? 0) & EXECUTE) !== 0);
    for (const { start, end } of mappings) {
      const label = `${baseName(path)} ${permissions(segmentAt(sorted, start)?.flags)}`;
      meanings.push({ start, end, rank: 3, kind: isImage ? 'image' : 'mapped', label });
    }
    if (isImage && modules.length < MAX_IMAGES) modules.push(await readModule(path, mappings, memory, machine));
  }
  const isMapped = mappedAt(files);
  addStacks(meanings, sorted, notes, isMapped);
  await addExecutableData(meanings, sorted, notes, memory, machine, executable, isMapped);
  await addArenas(meanings, sorted, memory, machine, isMapped);
  await addInitialStrings(meanings, sorted, notes, memory, machine);
  return { meanings, modules };
}

/** The file that the program's entry point lies in. */
function findExecutable({ auxiliary, files }: CoreNotes, { bits }: Machine): MappedFile | undefined {
  if (!auxiliary) return undefined;
  const entry = auxiliaryValue(auxiliary, bits / 8, AT_ENTRY) ?? auxiliaryValue(auxiliary, bits / 8, AT_PHDR);
  return entry === undefined ? undefined : files.find(({ start, end }) => start <= entry && entry < end);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `rw-`, as in /proc/pid/maps. */
export function permissions(flags: number | undefined): string {
  if (flags === undefined) return '';
  return `${flags & READ ? 'r' : '-'}${flags & WRITE ? 'w' : '-'}${flags & EXECUTE ? 'x' : '-'}`;
}

function segmentAt(sorted: readonly Segment[], address: bigint): Segment | undefined {
  const segment = sorted[bisect(sorted.length, (i) => sorted[i]!.address > address) - 1];
  return segment && address < segment.address + segment.memoryBytes ? segment : undefined;
}

function mappedAt(files: readonly MappedFile[]): (address: bigint) => boolean {
  const sorted = [...files].sort((a, b) => (a.start < b.start ? -1 : 1));
  return (address) => {
    const file = sorted[bisect(sorted.length, (i) => sorted[i]!.start > address) - 1];
    return file !== undefined && address < file.end;
  };
}

async function readModule(
  path: string,
  mappings: readonly MappedFile[],
  memory: Memory,
  machine: Machine,
): Promise<LayoutModule> {
  const image = mappings.find(({ offset }) => offset === 0n) ?? mappings[0]!;
  const { start, end } = extentAt(mappings, image.start);
  const buildId = await readBuildId(memory, start, machine);
  return { name: path, address: start, size: end - start, ...(buildId ? { buildId } : {}) };
}

/** The mappings of one file that are one image: Node, for one, maps itself a second time far away. */
function extentAt(mappings: readonly MappedFile[], address: bigint): { readonly start: bigint; readonly end: bigint } {
  const sorted = [...mappings].sort((a, b) => (a.start < b.start ? -1 : 1));
  let { start, end } = sorted[0]!;
  for (const mapping of sorted) {
    if (mapping.start > end + MAX_HOLE) {
      if (address < end) break;
      start = mapping.start;
    }
    if (mapping.end > end) end = mapping.end;
  }
  return { start, end };
}

interface ProgramHeader {
  readonly type: number;
  readonly address: bigint;
  readonly memoryBytes: bigint;
}

/** Program headers of an ELF image in memory; linkers put them right after the header. */
async function readProgramHeaders(memory: Memory, image: bigint, { littleEndian, bits }: Machine) {
  const head = new Fields(await memory.read(image, 64), littleEndian);
  if (head.u32(0) !== (littleEndian ? 0x464c457f : 0x7f454c46)) return [];
  const [at, size, count] =
    bits === 64 ? [head.size64(32), head.u16(54), head.u16(56)] : [head.u32(28), head.u16(42), head.u16(44)];
  if (size < (bits === 64 ? 56 : 32) || at > 65_536) return [];
  const table = new Fields(await memory.read(image + BigInt(at), size * Math.min(count, 64)), littleEndian);
  const headers: ProgramHeader[] = [];
  for (let entry = 0; table.has(entry, size); entry += size) {
    headers.push({
      type: table.u32(entry),
      address: bits === 64 ? table.u64(entry + 16) : BigInt(table.u32(entry + 8)),
      memoryBytes: bits === 64 ? table.u64(entry + 40) : BigInt(table.u32(entry + 20)),
    });
  }
  return headers;
}

/** What must be added to addresses of the file to have those of the process. */
function loadBias(headers: readonly ProgramHeader[], image: bigint): bigint {
  const first = headers.find(({ type }) => type === PT_LOAD);
  return image - (first ? first.address - (first.address % PAGE) : 0n);
}

/** Lower-case hex. Kernels dump at least the first page of an image, which is where linkers put the note. */
async function readBuildId(memory: Memory, image: bigint, machine: Machine): Promise<string | undefined> {
  const headers = await readProgramHeaders(memory, image, machine);
  const bias = loadBias(headers, image);
  for (const { type, address, memoryBytes } of headers) {
    if (type !== PT_NOTE || memoryBytes > 4096n) continue;
    const notes = new Fields(await memory.read(bias + address, Number(memoryBytes)), machine.littleEndian);
    for (let at = 0; notes.has(at, 12); ) {
      const [nameBytes, size] = [notes.u32(at), notes.u32(at + 4)];
      const from = at + 12 + Math.ceil(nameBytes / 4) * 4;
      if (
        notes.u32(at + 8) === NT_GNU_BUILD_ID &&
        notes.text(at + 12, 4) === 'GNU' &&
        size <= 64 &&
        notes.has(from, size)
      ) {
        return toHex(notes.bytes.subarray(from, from + size));
      }
      at = from + Math.ceil(size / 4) * 4;
    }
  }
  return undefined;
}

/** The segment of a thread's stack pointer is its stack, unless it is a file's or several threads share it. */
function addStacks(
  meanings: Meaning[],
  sorted: readonly Segment[],
  { threads }: CoreNotes,
  isMapped: (address: bigint) => boolean,
): void {
  const bySegment = new Map<Segment, { readonly id: number; readonly sp: bigint }[]>();
  for (const { id, stackPointer: sp } of threads.slice(0, MAX_THREADS)) {
    // A stack that was used up to its end has its pointer at the segment's end; sp 0 is a thread that never ran.
    const segment = sp === undefined || sp === 0n ? undefined : (segmentAt(sorted, sp) ?? segmentAt(sorted, sp - 1n));
    if (!segment || sp === undefined || (segment.flags & WRITE) === 0 || isMapped(sp)) continue;
    const those = bySegment.get(segment);
    if (those) those.push({ id, sp });
    else bySegment.set(segment, [{ id, sp }]);
  }
  for (const [segment, owners] of bySegment) {
    const end = segment.address + segment.memoryBytes;
    const add = (from: bigint, to: bigint, id: number): void => {
      meanings.push({ start: from, end: to, rank: 1, kind: 'stack', label: `stack of thread ${id}`, thread: id });
    };
    if (owners.length === 1 && segment.memoryBytes <= MAX_STACK_BYTES) {
      add(segment.address, end, owners[0]!.id);
      continue;
    }
    owners.sort((a, b) => (a.sp < b.sp ? -1 : 1));
    for (const [i, { id, sp }] of owners.entries()) {
      const next = owners[i + 1]?.sp ?? end;
      const from = sp - (sp % PAGE) > segment.address ? sp - (sp % PAGE) : segment.address;
      const limit = sp + PART_OF_STACK_BYTES;
      add(from, next < limit ? next : limit, id);
    }
  }
}

/** The vDSO, and bss and heap after the executable's last file mapping. */
async function addExecutableData(
  meanings: Meaning[],
  sorted: readonly Segment[],
  notes: CoreNotes,
  memory: Memory,
  machine: Machine,
  executable: MappedFile | undefined,
  isMapped: (address: bigint) => boolean,
): Promise<void> {
  const width = machine.bits / 8;
  const auxiliary = notes.auxiliary;
  if (!auxiliary) return;
  const vdso = auxiliaryValue(auxiliary, width, AT_SYSINFO_EHDR);
  const vdsoSegment = vdso === undefined ? undefined : segmentAt(sorted, vdso);
  if (vdsoSegment) meanings.push(meaningOf(vdsoSegment, 2, 'image', '[vdso]'));

  if (!executable) return;
  const mappings = notes.files.filter(({ path }) => path === executable.path);
  const { start: image, end: fileEnd } = extentAt(mappings, executable.start);
  const headers = await readProgramHeaders(memory, image, machine);
  const bias = loadBias(headers, image);
  // Where the executable's own memory ends; without its headers, bss is taken for heap.
  const imageEnd = headers
    .filter(({ type }) => type === PT_LOAD)
    .reduce((last, { address, memoryBytes }) => {
      const end = bias + address + memoryBytes;
      return end > last && end < fileEnd + HEAP_REACH ? end : last;
    }, fileEnd);
  const bssEnd = imageEnd + ((PAGE - (imageEnd % PAGE)) % PAGE);
  if (bssEnd > fileEnd) {
    const label = `${baseName(executable.path)} bss`;
    meanings.push({ start: fileEnd, end: bssEnd, rank: 3, kind: 'image', label });
  }
  let end = 0n;
  for (const segment of sorted) {
    const from = segment.address > bssEnd ? segment.address : bssEnd;
    const isHeap = segment.flags === (READ | WRITE) && segment.address + segment.memoryBytes > from && !isMapped(from);
    // Parts of it with other flags of the kernel are segments of their own.
    if (!isHeap || (end === 0n ? from >= bssEnd + HEAP_REACH : from !== end)) continue;
    meanings.push(meaningOf(segment, 4, 'heap', '[heap]'));
    end = segment.address + segment.memoryBytes;
  }
}

/** Heaps of threads: malloc/arena.c of glibc, struct _heap_info. */
async function addArenas(
  meanings: Meaning[],
  sorted: readonly Segment[],
  memory: Memory,
  { littleEndian, bits }: Machine,
  isMapped: (address: bigint) => boolean,
): Promise<void> {
  if (bits === 32) return;
  const candidates = sorted.filter(
    ({ address, flags }) =>
      address > 0n && address % ARENA_ALIGNMENT === 0n && flags === (READ | WRITE) && !isMapped(address),
  );
  for (const segment of candidates.slice(0, MAX_ARENAS)) {
    const arena = new Fields(await memory.read(segment.address, 8), littleEndian).u64(0);
    const isArena = arena > ARENA_ALIGNMENT && ARENA_OFFSETS.includes(arena % ARENA_ALIGNMENT);
    if (isArena) meanings.push(meaningOf(segment, 4, 'heap', 'heap of a thread'));
  }
}

function meaningOf({ address, memoryBytes }: Segment, rank: number, kind: Meaning['kind'], label: string): Meaning {
  return { start: address, end: address + memoryBytes, rank, kind, label };
}

/** Linux only: other systems lay the strings out differently, and say so in a note that is not read here. */
async function addInitialStrings(
  meanings: Meaning[],
  sorted: readonly Segment[],
  { auxiliary, system, threads }: CoreNotes,
  memory: Memory,
  { bits, littleEndian }: Machine,
): Promise<void> {
  if (system !== undefined && system !== 'Linux') return;
  const width = bits / 8;
  // Entries of the vector point to strings there: AT_EXECFN, AT_PLATFORM, AT_RANDOM.
  const pointer =
    auxiliary && [31, 25, 15].map((type) => auxiliaryValue(auxiliary, width, type)).find((value) => value);
  const main = threads[0]?.stackPointer;
  const stack = segmentAt(sorted, pointer ?? main ?? 0n);
  if (!stack || stack.fileBytes < Number(stack.memoryBytes)) return;
  const end = stack.address + stack.memoryBytes;
  meanings.push(...(await readInitialStrings(memory, auxiliary, littleEndian, width, stack.address, end)));
}
