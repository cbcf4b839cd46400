/**
 * What memory of a Windows process tells about itself: stacks by the threads' environment blocks, sections of modules by
 * their headers; heaps, environment block and command line, TEB → PEB → process parameters (winternl.h and the public
 * symbols of ntdll; the same since Windows Vista).
 */

import { Fields } from '../../bytes/fields.ts';
import { baseName } from '../../bytes/public-words.ts';
import type { Meaning, Memory } from '../layout/memory.ts';
import { type Dump, POINTER_BYTES } from './dump.ts';

interface Offsets {
  readonly stackBase: number;
  readonly stackLimit: number;
  readonly peb: number;
  readonly parameters: number;
  readonly heap: number;
  readonly heapCount: number;
  readonly commandLine: number;
  readonly environment: number;
  readonly environmentSize: number;
}

const OFFSETS: Readonly<Record<4 | 8, Offsets>> = {
  8: {
    stackBase: 0x08,
    stackLimit: 0x10,
    peb: 0x60,
    parameters: 0x20,
    heap: 0x30,
    heapCount: 0xe8,
    commandLine: 0x70,
    environment: 0x80,
    environmentSize: 0x3f0,
  },
  4: {
    stackBase: 0x04,
    stackLimit: 0x08,
    peb: 0x30,
    parameters: 0x10,
    heap: 0x18,
    heapCount: 0x88,
    commandLine: 0x40,
    environment: 0x48,
    environmentSize: 0x290,
  },
};
/** Reads are random: a thousand threads and modules are more than a dump with such memory has. */
const MAX_LOOKED_AT = 4096;
/** Windows has no limit since Vista; a block of its old 32,767 characters is rare. */
const MAX_ENVIRONMENT_BYTES = 1 << 20;
/** Each library may have one; more than this is no number of heaps. */
const MAX_HEAPS = 4096;
/** The loader refuses more sections. */
const MAX_SECTIONS = 96;

export async function addWindowsMeanings(dump: Dump, memory: Memory): Promise<void> {
  const width = POINTER_BYTES[dump.system.architecture] ?? 4;
  const offsets = OFFSETS[width];
  let peb = 0n;
  for (const [id, { teb }] of [...dump.threads].slice(0, MAX_LOOKED_AT)) {
    if (teb === 0n) continue;
    const block = new Fields(await memory.read(teb, offsets.peb + width), dump.littleEndian);
    if (!block.has(0, offsets.peb + width)) continue;
    if (peb === 0n) peb = block.word(offsets.peb, width);
    const [start, end] = [block.word(offsets.stackLimit, width), block.word(offsets.stackBase, width)];
    dump.meanings.push({ start, end, rank: 1, kind: 'stack', label: `stack of thread ${id}`, thread: id });
  }
  if (peb !== 0n) {
    await addHeaps(dump, memory, peb, width);
    await addProcessParameters(dump.meanings, dump, memory, peb, width);
  }
  for (const module of dump.modules.slice(0, MAX_LOOKED_AT)) await addSections(dump, memory, module);
}

/** The process's heap and the list of all: what a heap begins in is a heap; how it goes on is not followed. */
async function addHeaps(dump: Dump, memory: Memory, peb: bigint, width: 4 | 8): Promise<void> {
  const { heap, heapCount } = OFFSETS[width];
  const block = new Fields(await memory.read(peb, heapCount + 8 + width), dump.littleEndian);
  const count = Math.min(block.u32(heapCount), MAX_HEAPS);
  const list = new Fields(await memory.read(block.word(heapCount + 8, width), count * width), dump.littleEndian);
  const heaps = new Set([block.word(heap, width)]);
  for (let at = 0; list.has(at, width); at += width) heaps.add(list.word(at, width));
  for (const address of heaps) {
    const range = address === 0n ? undefined : memory.rangeAt(address);
    if (!range) continue;
    const end = range.address + BigInt(range.end - range.start);
    dump.meanings.push({ start: address, end, rank: 4, kind: 'heap', label: 'heap' });
  }
}

async function addProcessParameters(
  meanings: Meaning[],
  dump: Dump,
  memory: Memory,
  peb: bigint,
  width: 4 | 8,
): Promise<void> {
  const offsets = OFFSETS[width];
  const pointer = async (address: bigint): Promise<bigint> =>
    new Fields(await memory.read(address, width), dump.littleEndian).word(0, width);
  const at = await pointer(peb + BigInt(offsets.parameters));
  if (at === 0n) return;
  const block = new Fields(await memory.read(at, offsets.environmentSize + width), dump.littleEndian);
  const environment = block.word(offsets.environment, width);
  if (environment !== 0n) {
    const said = Number(block.word(offsets.environmentSize, width));
    const wanted = said > 0 && said <= MAX_ENVIRONMENT_BYTES ? said : await environmentBytes(memory, environment);
    const end = environment + BigInt(wanted);
    meanings.push({ start: environment, end, rank: 0, kind: 'environment', label: 'environment' });
  }
  const [bytes, line] = [block.u16(offsets.commandLine), block.word(offsets.commandLine + width, width)];
  if (line !== 0n && bytes > 0) {
    meanings.push({ start: line, end: line + BigInt(bytes), rank: 0, kind: 'environment', label: 'command line' });
  }
}

/** UTF-16 texts up to an empty one. */
async function environmentBytes(memory: Memory, address: bigint): Promise<number> {
  const bytes = await memory.read(address, 65_536);
  for (let at = 0; at + 4 <= bytes.length; at += 2) {
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 0 && bytes[at + 3] === 0) return at + 4;
  }
  return bytes.length;
}

/** Section table of a PE image in memory. */
async function addSections(
  dump: Dump,
  memory: Memory,
  { name, address, size }: { readonly name: string; readonly address: bigint; readonly size: bigint },
): Promise<void> {
  const page = new Fields(await memory.read(address, 4096), true);
  if (page.u16(0) !== 0x5a4d) return;
  const header = page.u32(60);
  if (header > 2048 || page.u32(header) !== 0x4550) return;
  const count = Math.min(page.u16(header + 6), MAX_SECTIONS);
  const first = header + 24 + page.u16(header + 20);
  for (let at = first; at < first + count * 40 && page.has(at, 40); at += 40) {
    const [bytes, start] = [BigInt(page.u32(at + 8)), address + BigInt(page.u32(at + 12))];
    const end = start + ((bytes + 4095n) / 4096n) * 4096n;
    const limit = address + size;
    const label = `${baseName(name)} ${page.text(at, 8)}`;
    dump.meanings.push({ start, end: end < limit ? end : limit, rank: 2, kind: 'image', label });
  }
}
