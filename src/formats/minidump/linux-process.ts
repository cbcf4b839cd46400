/**
 * What the Linux streams tell of a process: /proc/pid/maps names its memory, /proc/pid/status the process; the auxiliary
 * vector leads to the environment at the top of the main stack.
 */
import { bisect } from '../../bytes/bisect.ts';
import { baseName } from '../../bytes/public-words.ts';
import { auxiliaryValue, readInitialStrings } from '../layout/initial-stack.ts';
import { MAX_RANGES, type Meaning, type Memory } from '../layout/memory.ts';
import { type Dump, POINTER_BYTES, readFields, type Stream } from './dump.ts';

/** A quarter of a million lines. */
const MAX_MAPS_BYTES = 32 << 20;
const MAX_STATUS_BYTES = 8192;
/** A larger mapping with a stack pointer in it is a heap of which a part serves as stack. */
const MAX_STACK_BYTES = 64n << 20n;
/** Types of auxiliary entries that point to the strings: AT_EXECFN, AT_PLATFORM, AT_RANDOM. */
const POINTERS = [31, 15, 25];

export async function readMaps(dump: Dump, { start, size }: Stream): Promise<void> {
  // Megabytes of text: once.
  dump.maps ??= (await readFields(dump, start, Math.min(size, MAX_MAPS_BYTES))).text(0, MAX_MAPS_BYTES);
}

/** `Name:` and `Pid:` of /proc/pid/status. */
export async function readProcStatus(dump: Dump, { start, size }: Stream): Promise<void> {
  const status = (await readFields(dump, start, MAX_STATUS_BYTES)).text(0, size);
  const name = /^Name:\t(.{1,64})$/m.exec(status)?.[1];
  const pid = /^Pid:\t(\d{1,10})$/m.exec(status)?.[1];
  if (name) dump.process.name = name;
  if (pid) dump.process.pid ??= Number(pid);
}

export async function readAuxiliary(dump: Dump, { start, size }: Stream): Promise<void> {
  dump.auxiliary = await readFields(dump, start, Math.min(size, 4096));
}

export async function addLinuxMeanings(dump: Dump, memory: Memory): Promise<void> {
  const mappings = parseMaps(dump.maps ?? '');
  const pointers = [...dump.threads.values()]
    .flatMap(({ thread: { id, stackPointer } }): Pointer[] =>
      stackPointer === undefined ? [] : [{ thread: id, at: stackPointer }],
    )
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const mapping of mappings) {
    const { start, end, rights, path } = mapping;
    const add = (rank: number, kind: Meaning['kind'], label: string, thread?: number): void => {
      dump.meanings.push({ start, end, rank, kind, label, ...(thread === undefined ? {} : { thread }) });
    };
    if (path.startsWith('/')) {
      const isImage = rights.includes('x') || /\.so(\.|$)/.test(path);
      add(4, isImage ? 'image' : 'mapped', `${baseName(path)} ${rights}`);
      continue;
    }
    if (path === '[heap]') add(4, 'heap', path);
    else if (path === '[vdso]') add(2, 'image', path);
    else if (path !== '' && path !== '[stack]') add(4, 'memory', path);
    else add(4, 'memory', `anonymous ${rights}`);
    if (path === '[heap]' || end - start > MAX_STACK_BYTES || !rights.includes('w')) continue;
    const owner = findOwner(pointers, mapping);
    if (owner !== undefined) add(2, 'stack', `stack of thread ${owner}`, owner);
  }
  await addStrings(dump, memory, mappings);
}

interface Pointer {
  readonly thread: number;
  readonly at: bigint;
}

interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
  readonly rights: string;
  readonly path: string;
}

/** proc(5): `start-end rwxp offset device inode path`. */
function parseMaps(text: string): readonly Mapping[] {
  const mappings: Mapping[] = [];
  const line =
    /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-])[sp-] [0-9a-f]{1,16} \S{1,16} \d{1,20} *([^\n]{0,4096})$/gm;
  for (const [, start, end, rights = '', path = ''] of text.matchAll(line)) {
    if (mappings.length >= MAX_RANGES) break;
    mappings.push({ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`), rights, path });
  }
  return mappings;
}

/** The thread whose stack pointer lies in the mapping, if there is only one: two can't own it. */
function findOwner(pointers: readonly Pointer[], { start, end }: Mapping): number | undefined {
  const index = bisect(pointers.length, (i) => pointers[i]!.at >= start);
  const [first, second] = [pointers[index], pointers[index + 1]];
  if (!first || first.at >= end || (second && second.at < end)) return undefined;
  return first.thread;
}

async function addStrings(dump: Dump, memory: Memory, mappings: readonly Mapping[]): Promise<void> {
  const { auxiliary, system, littleEndian, threads, process } = dump;
  const width = POINTER_BYTES[system.architecture] ?? 4;
  // Crashpad has no copy of the vector: then the first thread's stack it is.
  const pointer = auxiliary
    ? POINTERS.map((type) => auxiliaryValue(auxiliary, width, type)).find((value) => value)
    : threads.get(process.pid ?? 0)?.thread.stackPointer;
  const extent = pointer === undefined ? undefined : memory.extent(pointer);
  if (!extent || pointer === undefined) return;
  const stack = mappings.find(({ start, end }) => start <= pointer && pointer < end);
  const end = stack && stack.end < extent.end ? stack.end : extent.end;
  dump.meanings.push(...(await readInitialStrings(memory, auxiliary, littleEndian, width, extent.start, end)));
}
