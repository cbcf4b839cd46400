/**
 * The streams that are lists of records, and those of one record: minidumpapiset.h, and breakpad's minidump_format.h for
 * sizes on the wire. Traps: a module is 108 bytes, C says 112; rvas are not aligned; stacks may be in the thread's record
 * alone; the data of Memory64List follow one another from one rva.
 */

import type { Fields } from '../../bytes/fields.ts';
import { toHex } from '../../bytes/public-text.ts';
import { baseName } from '../../bytes/public-words.ts';
import { MAX_RANGES, type Stored } from '../layout/memory.ts';
import { RANK } from '../layout/regions.ts';
import { architectureName, CONTEXT_READ_BYTES, readPointers } from './contexts.ts';
import {
  claim,
  type Dump,
  expectBytes,
  readFields,
  readSizedTable,
  readString,
  readTable,
  type Stream,
  takeRecords,
} from './dump.ts';

/** Breakpad refuses more than 4,096 threads and 2,048 modules, and real dumps for it; memory is what limits them. */
const MAX_THREADS = 65_536;
const MAX_MODULES = 16_384;
const MAX_HANDLES = 65_536;

const MODULE_BYTES = 108;
const PLATFORMS: Readonly<Record<number, string>> = {
  0: 'Windows 3.1',
  1: 'Windows 9x',
  2: 'Windows',
  3: 'Windows CE',
  [0x8000]: 'Unix',
  [0x8101]: 'macOS',
  [0x8102]: 'iOS',
  [0x8201]: 'Linux',
  [0x8202]: 'Solaris',
  [0x8203]: 'Android',
  [0x8204]: 'PlayStation 3',
  [0x8205]: 'NaCl',
  [0x8206]: 'Fuchsia',
};

export async function readSystemInfo(dump: Dump, { start }: Stream): Promise<void> {
  const fields = await readFields(dump, start, 56);
  if (!fields.has(0, 24)) return;
  const [architecture, platform] = [fields.u16(0), fields.u32(20)];
  dump.system = { architecture, windows: platform <= 3 };
  // lldb leaves what it had in memory there.
  const version = fields.u32(8) > 0xffff ? '' : [8, 12, 16].map((at) => fields.u32(at)).join('.');
  const servicePack = await readString(dump, fields.u32(24), 'SystemInfo');
  const name = PLATFORMS[platform] ?? `platform 0x${platform.toString(16)}`;
  dump.facts.push(
    { name: 'operating system', value: [name, version, servicePack].filter(Boolean).join(' ') },
    { name: 'architecture', value: architectureName(architecture) },
  );
}

/** `recordBytes` is 48, or 64 in ThreadExList, whose records begin the same. */
export async function readThreads(dump: Dump, stream: Stream, recordBytes: 48 | 64): Promise<void> {
  const left = MAX_THREADS - dump.threadRecords;
  const { fields, at: first, count } = await readTable(dump, stream, recordBytes, left);
  dump.threadRecords += count;
  for (let i = 0; i < count; i++) {
    const at = first + i * recordBytes;
    const id = fields.u32(at);
    const [stackStart, stackBytes, stackRva] = [fields.u64(at + 24), fields.u32(at + 32), fields.u32(at + 36)];
    const pointers = await readContext(dump, fields, at + 40, id, `registers of thread ${id}`);
    dump.threads.set(id, {
      thread: { ...dump.threads.get(id)?.thread, id, ...pointers },
      teb: fields.u64(at + 16),
      stackStart,
      stackBytes: BigInt(stackBytes),
    });
    // A full dump has its stacks in Memory64List, and may give no place here.
    if (stackBytes > 0 && stackRva > 0) {
      addMemory(dump, dump.stacks, stackStart, stackRva, stackBytes, `${stream.name}[${i}].stack`);
    }
  }
}

/** A context's location {size, rva} at `at`; the pointers in it. */
async function readContext(dump: Dump, fields: Fields, at: number, thread: number, label: string) {
  const [size, rva] = [fields.u32(at), fields.u32(at + 4)];
  if (size === 0 || rva === 0) return {};
  expectBytes(dump, rva, size, `thread[${thread}].context`);
  claim(dump, rva, size, { kind: 'registers', label, thread, rank: RANK.part });
  const context = await readFields(dump, rva, Math.min(size, CONTEXT_READ_BYTES));
  return readPointers(context, dump.system.architecture);
}

/** What memory is until something more is known of its address. */
function addMemory(dump: Dump, to: Stored[], address: bigint, start: number, size: number, detail: string): number {
  expectBytes(dump, start, size, detail);
  const end = Math.min(start + size, dump.reader.size, Number.MAX_SAFE_INTEGER);
  if (to.length >= MAX_RANGES) dump.gaps.add({ code: 'over-budget', detail: 'minidump.memory' });
  else if (start < end) to.push({ start, end, address, kind: 'memory', label: 'memory' });
  return start + size;
}

export async function readMemoryList(dump: Dump, stream: Stream): Promise<void> {
  const { fields, at: first, count } = await readTable(dump, stream, 16, MAX_RANGES);
  for (let i = 0; i < count; i++) {
    const at = first + i * 16;
    addMemory(dump, dump.stored, fields.u64(at), fields.u32(at + 12), fields.u32(at + 8), `${stream.name}[${i}]`);
  }
}

export async function readMemory64List(dump: Dump, stream: Stream): Promise<void> {
  dump.hasFullMemory = true;
  const head = await readFields(dump, stream.start, 16);
  const claimed = head.size64(0);
  let next = head.size64(8);
  const fits = Math.max(0, Math.floor((stream.size - 16) / 16));
  if (claimed > fits) dump.gaps.add({ code: 'format-error', detail: `minidump.${stream.name}.count` });
  const count = takeRecords(dump, stream, Math.min(claimed, fits), MAX_RANGES);
  const table = await readFields(dump, stream.start + 16, count * 16);
  for (let i = 0; table.has(i * 16, 16); i++) {
    next = addMemory(dump, dump.stored, table.u64(i * 16), next, table.size64(i * 16 + 8), `${stream.name}[${i}]`);
    if (!(next < dump.reader.size)) {
      // The rest is beyond the end as well; its sizes say how far.
      for (let j = i + 1; table.has(j * 16, 16); j++) next += table.size64(j * 16 + 8);
      if (dump.lost) dump.lost.end = Math.min(Math.max(dump.lost.end, next), Number.MAX_SAFE_INTEGER);
      else expectBytes(dump, next, 0, `${stream.name}[${i + 1}]`);
      return;
    }
  }
}

const MEM_COMMIT = 0x1000;
const MEM_PRIVATE = 0x20000;
const MEM_MAPPED = 0x40000;
const MEM_IMAGE = 0x1000000;

/** The rights that a page protection gives, as `rwx`. */
function rights(protection: number): string {
  const low = protection & 0xff;
  if (low === 0x02) return 'r--';
  if (low === 0x04 || low === 0x08) return 'rw-';
  if (low === 0x10) return '--x';
  if (low === 0x20) return 'r-x';
  if (low === 0x40 || low === 0x80) return 'rwx';
  return '---';
}

export async function readMemoryInfo(dump: Dump, stream: Stream): Promise<void> {
  const shape = { leastBytes: 48, wideCount: true, limit: MAX_RANGES };
  const { fields, at: first, count, recordBytes } = await readSizedTable(dump, stream, shape);
  for (let i = 0; i < count; i++) {
    const at = first + i * recordBytes;
    const [start, size] = [fields.u64(at), fields.u64(at + 24)];
    const [state, protection, type] = [fields.u32(at + 32), fields.u32(at + 36), fields.u32(at + 40)];
    if (state !== MEM_COMMIT) continue;
    const kinds = { [MEM_PRIVATE]: 'private', [MEM_MAPPED]: 'mapped', [MEM_IMAGE]: 'image' } as const;
    const kind = kinds[type as keyof typeof kinds];
    if (!kind) continue;
    // Elsewhere "private" is said of libraries as well.
    const own = dump.system.windows ? 'heap' : 'memory';
    dump.meanings.push({
      start,
      end: start + size,
      rank: 5,
      kind: kind === 'private' ? own : kind,
      label: `${kind} memory ${rights(protection)}`,
    });
  }
}

export async function readModules(dump: Dump, stream: Stream): Promise<void> {
  const { fields, at: first, count } = await readTable(dump, stream, MODULE_BYTES, MAX_MODULES - dump.modules.length);
  for (let i = 0; i < count; i++) {
    const at = first + i * MODULE_BYTES;
    const [address, size] = [fields.u64(at), BigInt(fields.u32(at + 8))];
    const name = await readString(dump, fields.u32(at + 20), stream.name);
    const buildId = await readBuildId(dump, fields.u32(at + 76), fields.u32(at + 80), stream.name);
    const version = fileVersion(fields, at + 24);
    dump.modules.push({ name, address, size, ...(buildId ? { buildId } : {}), ...(version ? { version } : {}) });
    dump.meanings.push({
      start: address,
      end: address + size,
      rank: 3,
      kind: 'image',
      label: baseName(name) || 'module',
    });
    // The executable comes first.
    if (i === 0 && dump.process.name === undefined && name !== '') dump.process.name = baseName(name);
  }
}

/** VS_FIXEDFILEINFO: signature, structure version, file version (upper and lower half). */
function fileVersion(fields: Fields, at: number): string | undefined {
  if (fields.u32(at) !== 0xfeef04bd) return undefined;
  const [high, low] = [fields.u32(at + 8), fields.u32(at + 12)];
  return `${high >>> 16}.${high & 0xffff}.${low >>> 16}.${low & 0xffff}`;
}

/** CodeView record: `RSDS`, GUID, age, path of the PDB; or breakpad's `BpEL` with the ELF build id. Lower-case hex. */
async function readBuildId(dump: Dump, size: number, rva: number, label: string): Promise<string | undefined> {
  if (size < 8 || rva === 0) return undefined;
  const record = await readFields(dump, rva, Math.min(size, 1024));
  claim(dump, rva, size, { kind: 'stream', label, rank: RANK.part });
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const bytes = (from: number, to: number): string => toHex(record.bytes.subarray(from, to));
  const signature = record.u32(0);
  if (signature === 0x4270454c) return bytes(4, Math.min(size, 68));
  if (signature !== 0x53445352 || !record.has(0, 24)) return undefined;
  return `${hex(record.u32(4), 8)}${hex(record.u16(8), 4)}${hex(record.u16(10), 4)}${bytes(12, 20)}${record.u32(20).toString(16)}`;
}

export async function readUnloadedModules(dump: Dump, stream: Stream): Promise<void> {
  const shape = { leastBytes: 24, wideCount: false, limit: MAX_MODULES };
  const { fields, at, count, recordBytes } = await readSizedTable(dump, stream, shape);
  for (let i = 0; i < count; i++) await readString(dump, fields.u32(at + i * recordBytes + 20), stream.name);
}

/** Names of files, registry keys and events that were open. */
export async function readHandles(dump: Dump, stream: Stream): Promise<void> {
  const shape = { leastBytes: 32, wideCount: false, limit: MAX_HANDLES };
  const { fields, at, count, recordBytes } = await readSizedTable(dump, stream, shape);
  for (let i = 0; i < count; i++) {
    const record = at + i * recordBytes;
    await readString(dump, fields.u32(record + 8), 'HandleData type name');
    await readString(dump, fields.u32(record + 12), 'HandleData object name');
  }
}

/** Records of 12 bytes: thread id, and a 64-bit rva that is not aligned. */
export async function readThreadNames(dump: Dump, stream: Stream): Promise<void> {
  const { fields, at, count } = await readTable(dump, stream, 12, MAX_THREADS);
  for (let i = 0; i < count; i++) {
    const record = at + i * 12;
    const name = await readString(dump, fields.size64(record + 4), stream.name);
    if (name !== '') dump.threadNames.set(fields.u32(record), name);
  }
}

export async function readMiscInfo(dump: Dump, { start, size }: Stream): Promise<void> {
  const fields = await readFields(dump, start, Math.min(size, 24));
  const flags = fields.u32(4);
  if (flags & 1) dump.process.pid = fields.u32(8);
  if (flags & 2 && fields.u32(12) > 0) dump.facts.push({ name: 'process started', value: timeText(fields.u32(12)) });
}

export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** Codes that say "asked for", not "crashed": breakpad, crashpad, and signals that stop. */
const NO_CRASH = [0, 5, 17, 19, 0xffffffff, 0x0517a7ed];

/** lldb writes one a stopped thread, where others write one. */
export async function readException(dump: Dump, { start }: Stream): Promise<void> {
  const fields = await readFields(dump, start, 168);
  if (!fields.has(0, 32)) return;
  const [id, code] = [fields.u32(0), fields.u32(8)];
  const crashed = dump.system.windows ? code !== 0 : !NO_CRASH.includes(code);
  const pointers = await readContext(dump, fields, 160, id, `registers of thread ${id} at the exception`);
  const known = dump.threads.get(id) ?? { thread: { id }, teb: 0n, stackStart: 0n, stackBytes: 0n };
  if (crashed) dump.threads.set(id, { ...known, thread: { ...known.thread, ...pointers, crashed } });
  if (!dump.facts.some(({ name }) => name === 'exception')) {
    const address = `0x${fields.u64(24).toString(16)}`;
    dump.facts.push({ name: 'exception', value: `0x${code.toString(16)} in thread ${id}, address ${address}` });
  }
}
