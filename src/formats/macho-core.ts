/**
 * Mach-O core files (MH_CORE): macOS kernel and processes, lldb's `process save-core`. loader.h and thread_status.h of XNU.
 * Traps: vmsize may exceed filesize (not dumped); the notes of lldb name things by file offset, not in the command.
 */

import { bisect } from '../bytes/bisect.ts';
import { Fields } from '../bytes/fields.ts';
import { toHex } from '../bytes/public-text.ts';
import type { InputReader } from '../bytes/random-reader.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type Layout, type LayoutModule, type LayoutThread } from '../model/format.ts';
import { GapList } from './layout/gaps.ts';
import { labelMemory, MAX_RANGES, type Meaning, Memory, type Stored } from './layout/memory.ts';
import { type Claim, layRegions, RANK } from './layout/regions.ts';
import { throughReader } from './layout/through-reader.ts';
import { machWidth, readImageList, readImages } from './macho-core/images.ts';
import { cpuName, readThreadState } from './macho-core/threads.ts';

const MH_CORE = 4;
const LC_SEGMENT = 0x1;
const LC_THREAD = 0x4;
const LC_SEGMENT_64 = 0x19;
const LC_UUID = 0x1b;
const LC_NOTE = 0x31;
/** A segment is one command; processes have some thousands. */
const MAX_COMMANDS = MAX_RANGES;
const MAX_THREADS = 65_536;
/** A larger segment with a stack pointer in it is no stack. */
const MAX_STACK_BYTES = 64n << 20n;
const VM_PROT_WRITE = 2;

interface Range {
  readonly address: bigint;
  readonly memoryBytes: bigint;
  readonly rights: number;
}

interface Core {
  readonly reader: InputReader;
  readonly gaps: GapList;
  readonly littleEndian: boolean;
  readonly cpu: number;
  readonly claims: Claim[];
  readonly stored: Stored[];
  readonly ranges: Range[];
  readonly threads: LayoutThread[];
  readonly facts: { name: string; value: string }[];
  listed: LayoutModule[];
  notDumped: bigint;
  lost?: { readonly detail: string; end: number };
}

function recognise(head: Uint8Array): boolean {
  return [true, false].some((littleEndian) => {
    const fields = new Fields(head, littleEndian);
    return machWidth(fields) !== undefined && fields.u32(12) === MH_CORE;
  });
}

async function layOut(reader: InputReader): Promise<Layout> {
  const head = await reader.read(0, 32);
  if (!recognise(head) || head.length < 28) throw new FormatError('mach.header');
  const littleEndian = head[0] !== 0xfe;
  const header = new Fields(head, littleEndian);
  const wide = machWidth(header) === 8;
  const core: Core = {
    reader,
    gaps: new GapList(),
    littleEndian,
    cpu: header.u32(4),
    claims: [],
    stored: [],
    ranges: [],
    threads: [],
    facts: [],
    listed: [],
    notDumped: 0n,
  };
  await readCommands(core, wide ? 32 : 28, header.u32(16), header.u32(20));
  const memory = new Memory(core.stored, reader);
  const images = await readImages(memory, core.stored, core.listed, littleEndian);
  const { claims, whole } = labelMemory(core.stored, [...images.meanings, ...stacksOf(core)]);
  const { gaps, notDumped, lost } = core;
  if (whole) gaps.add({ code: 'over-budget', detail: 'mach.segments' });
  if (reader.exhausted) gaps.add({ code: 'over-budget', detail: 'mach.tables' });
  if (lost) gaps.add({ code: 'truncated', span: { start: reader.size, end: lost.end }, detail: lost.detail });
  const facts = [
    { name: 'architecture', value: `${cpuName(core.cpu)}, ${littleEndian ? 'little' : 'big'}-endian` },
    ...core.facts,
    { name: 'memory segments', value: `${core.ranges.length}` },
    ...(notDumped > 0n ? [{ name: 'memory not dumped', value: `${notDumped} bytes` }] : []),
  ];
  return {
    regions: layRegions([...core.claims, ...claims], reader.size),
    addressSpace: 'virtual',
    process: images.executable ? { name: images.executable } : {},
    threads: core.threads,
    modules: images.modules,
    pointerBytes: wide ? 8 : 4,
    bigEndian: !littleEndian,
    facts,
    gaps: gaps.list,
  };
}

async function readCommands(core: Core, start: number, count: number, bytes: number): Promise<void> {
  const { reader, gaps, littleEndian } = core;
  const end = start + bytes;
  if (end > reader.size) gaps.add({ code: 'truncated', detail: 'mach.sizeofcmds' });
  let at = start;
  for (let i = 0; i < count && at + 8 <= end; i++) {
    if (i === MAX_COMMANDS) {
      gaps.add({ code: 'over-budget', detail: 'mach.ncmds' });
      return;
    }
    const head = new Fields(await reader.read(at, 8), littleEndian);
    if (!head.has(0, 8)) return;
    const [command, size] = [head.u32(0), head.u32(4)];
    if (size < 8 || at + size > end) {
      gaps.add({ code: 'format-error', detail: `mach.command[${i}].cmdsize` });
      return;
    }
    await readCommand(core, command, at, size, i);
    at += size;
  }
}

async function readCommand(core: Core, command: number, at: number, size: number, index: number): Promise<void> {
  const { reader, littleEndian, cpu, claims, threads } = core;
  const read = async (limit: number): Promise<Fields> =>
    new Fields(await reader.read(at, Math.min(size, limit)), littleEndian);
  switch (command) {
    case LC_SEGMENT:
    case LC_SEGMENT_64:
      addSegment(core, await read(72), command === LC_SEGMENT_64 ? 8 : 4, index);
      return;
    case LC_THREAD: {
      if (threads.length >= MAX_THREADS) return;
      // Threads have no ids here; debuggers count from 1.
      const id = threads.length + 1;
      const label = `registers of thread ${id}`;
      claims.push({ start: at, end: at + size, kind: 'registers', label, thread: id, rank: RANK.part });
      const fields = await read(4096);
      const state = new Fields(fields.bytes.subarray(8), littleEndian);
      threads.push({ id, ...readThreadState(cpu, state) });
      return;
    }
    case LC_UUID:
      core.facts.push({ name: 'UUID', value: toHex((await read(24)).bytes.subarray(8)) });
      return;
    case LC_NOTE:
      await readNote(core, await read(40));
      return;
    default:
  }
}

function addSegment(core: Core, fields: Fields, width: 4 | 8, index: number): void {
  const { reader } = core;
  const number = (at: number): number => (width === 8 ? fields.size64(at) : fields.u32(at));
  const [address, memoryBytes] = [fields.word(24, width), fields.word(24 + width, width)];
  const [start, bytes] = [number(24 + 2 * width), number(24 + 3 * width)];
  // maxprot, then initprot.
  const rights = fields.u32(28 + 4 * width);
  core.ranges.push({ address, memoryBytes, rights });
  if (memoryBytes > bytes) core.notDumped += memoryBytes - BigInt(bytes);
  const end = Math.min(start + bytes, Number.MAX_SAFE_INTEGER);
  if (end > reader.size && bytes > 0) {
    if (core.lost) core.lost.end = Math.max(core.lost.end, end);
    else core.lost = { detail: `mach.command[${index}].filesize`, end };
  }
  const present = Math.min(end, reader.size);
  if (!(start < present)) return;
  const label = `memory ${rights & 1 ? 'r' : '-'}${rights & VM_PROT_WRITE ? 'w' : '-'}${rights & 4 ? 'x' : '-'}`;
  core.stored.push({ start, end: present, address, kind: 'memory', label });
}

/** Owner, file offset, size. */
async function readNote(core: Core, command: Fields): Promise<void> {
  const { reader, littleEndian, claims, facts } = core;
  const owner = command.text(8, 16);
  const [start, size] = [command.size64(24), command.size64(32)];
  const end = Math.min(start + size, reader.size, Number.MAX_SAFE_INTEGER);
  if (start < end) claims.push({ start, end, kind: 'stream', label: `note ${owner}`, rank: RANK.stream });
  const read = async (limit: number): Promise<Fields> =>
    new Fields(await reader.read(start, Math.min(size, limit)), littleEndian);
  if (owner === 'all image infos') {
    if (core.listed.length === 0) core.listed = await readImageList(reader, start, littleEndian);
  } else if (owner === 'addrable bits') {
    facts.push({ name: 'address bits', value: `${(await read(8)).u32(4)}` });
  } else if (owner === 'main bin spec') {
    // version, type, address, UUID.
    const spec = await read(32);
    if (spec.has(0, 32)) facts.push({ name: 'main binary UUID', value: toHex(spec.bytes.subarray(16, 32)) });
  }
}

/** The writable segments that stack pointers lie in, one thread each. */
function stacksOf({ threads, ranges }: Core): Meaning[] {
  const sorted = ranges.filter(({ rights }) => rights & VM_PROT_WRITE).sort((a, b) => (a.address < b.address ? -1 : 1));
  const owners = new Map<Range, number | undefined>();
  for (const { id, stackPointer: sp } of threads) {
    if (sp === undefined) continue;
    const range = sorted[bisect(sorted.length, (i) => sorted[i]!.address > sp) - 1];
    if (!range || sp >= range.address + range.memoryBytes || range.memoryBytes > MAX_STACK_BYTES) continue;
    owners.set(range, owners.has(range) ? undefined : id);
  }
  const stacks: Meaning[] = [];
  for (const [{ address, memoryBytes }, thread] of owners) {
    if (thread === undefined) continue;
    const label = `stack of thread ${thread}`;
    stacks.push({ start: address, end: address + memoryBytes, rank: 1, kind: 'stack', label, thread });
  }
  return stacks;
}

export default defineFormat({
  id: 'macho-core',
  title: 'Mach-O core file',
  doc: `What the macOS kernel writes to \`/cores\`, and lldb's \`process save-core\`: 32 and 64 bits, either byte order.

Read are the segments with their addresses; the threads, with stack and instruction pointers on x86, x86-64, ARM, ARM64 and
PowerPC; lldb's notes: the list of images with their paths and UUIDs, the main binary. Without that list, images are found by
their headers at the beginning of segments. Segments that a stack pointer lies in are stacks. Threads have no ids in the file:
they are numbered from 1, as debuggers do.

Sources: \`mach-o/loader.h\` and \`mach/machine/thread_status.h\` of XNU, lldb's documentation of its notes.`,
  recognise,
  readLayout: throughReader(layOut),
});
