/**
 * Minidumps: dbghelp's MiniDumpWriteDump (minidumpapiset.h), breakpad, crashpad, lldb, Wine, .NET's createdump.
 * Traps: rvas are not aligned; unused entries have type 0; lldb repeats stream types; a thread's stack may be in its
 * record, in a memory list, or both; big-endian writers swap everything, the signature as well.
 */

import { Fields } from '../bytes/fields.ts';
import type { InputReader } from '../bytes/random-reader.ts';
import { FormatError } from '../model/errors.ts';
import { defineFormat, type Layout } from '../model/format.ts';
import type { RegionKind } from '../model/place.ts';
import { GapList } from './layout/gaps.ts';
import { labelMemory, MAX_RANGES, Memory } from './layout/memory.ts';
import { layRegions, RANK } from './layout/regions.ts';
import { throughReader } from './layout/through-reader.ts';
import { readCrashpadInfo } from './minidump/crashpad.ts';
import { claim, type Dump, expectBytes, POINTER_BYTES, type Stream } from './minidump/dump.ts';
import { addLinuxMeanings, readAuxiliary, readMaps, readProcStatus } from './minidump/linux-process.ts';
import {
  readException,
  readHandles,
  readMemory64List,
  readMemoryInfo,
  readMemoryList,
  readMiscInfo,
  readModules,
  readSystemInfo,
  readThreadNames,
  readThreads,
  readUnloadedModules,
  timeText,
} from './minidump/lists.ts';
import { streamName } from './minidump/stream-names.ts';
import { addWindowsMeanings } from './minidump/windows-process.ts';

const SIGNATURE = 0x504d444d;
/** Low half of the version; the upper one is the writer's own. */
const VERSION = 0xa793;
/** Dumps have 9 to 20 streams, those of lldb one more for each thread. */
const MAX_STREAMS = 16_384;
/** Memory and its description take most: a quarter of a million each. */
const MAX_RECORDS = 4 * MAX_RANGES;
/** 65,536 names of 128 characters. */
const MAX_NAME_BYTES = 16 << 20;
const ENTRY_BYTES = 12;
const UNUSED = 0;
const EXCEPTION = 6;
const SYSTEM_INFO = 7;

/** By stream type; what is in none is named and scanned. */
const READERS: Readonly<Record<number, (dump: Dump, stream: Stream) => Promise<void>>> = {
  3: (dump, stream) => readThreads(dump, stream, 48),
  4: readModules,
  5: readMemoryList,
  6: readException,
  7: readSystemInfo,
  8: (dump, stream) => readThreads(dump, stream, 64),
  9: readMemory64List,
  12: readHandles,
  14: readUnloadedModules,
  15: readMiscInfo,
  16: readMemoryInfo,
  24: readThreadNames,
  [0x43500001]: readCrashpadInfo,
  [0x47670004]: readProcStatus,
  [0x47670008]: readAuxiliary,
  [0x47670009]: readMaps,
};
const ENVIRONMENT = [0x47670006, 0x47670007];

function recognise(head: Uint8Array): boolean {
  return [true, false].some((littleEndian) => {
    const fields = new Fields(head, littleEndian);
    return fields.u32(0) === SIGNATURE && fields.u16(littleEndian ? 4 : 6) === VERSION;
  });
}

async function readDirectory(dump: Dump, count: number, start: number): Promise<Stream[]> {
  const wanted = Math.min(count, MAX_STREAMS);
  if (count > wanted) dump.gaps.add({ code: 'over-budget', detail: 'minidump.header.streams' });
  const table = new Fields(await dump.reader.read(start, wanted * ENTRY_BYTES), dump.littleEndian);
  expectBytes(dump, start, wanted * ENTRY_BYTES, 'directory');
  const streams: Stream[] = [];
  for (let at = 0; table.has(at, ENTRY_BYTES); at += ENTRY_BYTES) {
    const [type, size, rva] = [table.u32(at), table.u32(at + 4), table.u32(at + 8)];
    if (type === UNUSED || size === 0) continue;
    const name = streamName(type);
    expectBytes(dump, rva, size, `${name}`);
    const left = Math.max(0, Math.min(size, dump.reader.size - rva));
    if (left > 0) streams.push({ type, name, start: rva, size: left });
  }
  return streams;
}

async function layOut(reader: InputReader): Promise<Layout> {
  const head = await reader.read(0, 32);
  if (!recognise(head) || head.length < 32) throw new FormatError('minidump.header');
  const littleEndian = head[0] === 0x4d;
  const header = new Fields(head, littleEndian);
  const dump: Dump = {
    reader,
    gaps: new GapList(),
    littleEndian,
    claims: [],
    stored: [],
    stacks: [],
    hasFullMemory: false,
    meanings: [],
    threads: new Map(),
    threadNames: new Map(),
    modules: [],
    facts: [],
    process: {},
    recordsLeft: MAX_RECORDS,
    threadRecords: 0,
    nameBytesLeft: MAX_NAME_BYTES,
    system: { architecture: 0xffff, windows: false },
  };
  if (header.u32(20) > 0) dump.facts.push({ name: 'written', value: timeText(header.u32(20)) });
  const streams = await readDirectory(dump, header.u32(8), header.u32(12));
  // What others mean depends on the system; an exception knows its thread's registers better than the thread.
  const turn = ({ type }: Stream): number => (type === SYSTEM_INFO ? 0 : type === EXCEPTION ? 2 : 1);
  streams.sort((a, b) => turn(a) - turn(b));
  for (const stream of streams) {
    const kind: RegionKind = ENVIRONMENT.includes(stream.type) ? 'environment' : 'stream';
    claim(dump, stream.start, stream.size, { kind, label: stream.name, rank: RANK.stream });
    await READERS[stream.type]?.(dump, stream);
  }
  return assemble(dump, streams);
}

async function assemble(dump: Dump, streams: readonly Stream[]): Promise<Layout> {
  const { reader, gaps, stored, meanings, claims } = dump;
  // The rvas of threads have 32 bits, and full dumps more than 4 GiB: what the list has is taken from there.
  const full = dump.hasFullMemory ? new Memory(stored, reader) : undefined;
  for (const stack of dump.stacks) if (!full?.rangeAt(stack.address)) stored.push(stack);
  const memory = new Memory(stored, reader);
  for (const [id, { stackStart, stackBytes }] of dump.threads) {
    const label = `stack of thread ${id}`;
    meanings.push({ start: stackStart, end: stackStart + stackBytes, rank: 1, kind: 'stack', label, thread: id });
  }
  if (dump.system.windows) await addWindowsMeanings(dump, memory);
  else await addLinuxMeanings(dump, memory);
  const labelled = labelMemory(stored, meanings);
  if (labelled.whole) gaps.add({ code: 'over-budget', detail: 'minidump.memory' });
  if (reader.exhausted) gaps.add({ code: 'over-budget', detail: 'minidump.tables' });
  if (dump.lost) {
    const { end, detail } = dump.lost;
    gaps.add({ code: 'truncated', span: { start: reader.size, end }, detail: `minidump.${detail}` });
  }
  return {
    regions: layRegions([...claims, ...labelled.claims], reader.size),
    addressSpace: 'virtual',
    process: dump.process,
    threads: [...dump.threads.values()].map(({ thread }) => {
      const name = dump.threadNames.get(thread.id);
      return name === undefined ? thread : { ...thread, name };
    }),
    modules: dump.modules,
    pointerBytes: POINTER_BYTES[dump.system.architecture] ?? 4,
    bigEndian: !dump.littleEndian,
    facts: [...dump.facts, { name: 'streams', value: streams.map(({ name }) => name).join(', ') }],
    gaps: gaps.list,
  };
}

export default defineFormat({
  id: 'minidump',
  title: 'Minidump (Windows, breakpad, crashpad, lldb)',
  doc: `What Windows Error Reporting and \`MiniDumpWriteDump\` write, breakpad and crashpad (Chromium, Electron, Sentry) on all
systems, lldb, Wine, .NET's \`createdump\`; in either byte order.

Read are threads with their names, registers and stacks; modules with version and build id (PDB GUID and age, ELF build id);
memory lists of both kinds, with what the memory information and \`/proc/pid/maps\` say of it; exceptions (also several);
system, process, names of handles, unloaded modules; crashpad's annotations, each labelled with its key. In the memory of a
Windows process, sections of modules, stacks, the environment block and the command line are found through the thread's and
process's blocks; in that of a Linux process, command line and environment at the top of the main stack. All other streams,
known or not, are named and scanned as they are.

What the dump says it holds and the file lacks is a gap, as are counts that contradict a stream's size.

Sources: minidumpapiset.h, breakpad \`minidump_format.h\`, crashpad \`minidump_extensions.h\`.`,
  recognise,
  readLayout: throughReader(layOut),
});
