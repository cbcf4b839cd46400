/** What the readers of a minidump's streams share: where to read from, and what they have found. */
import { Fields } from '../../bytes/fields.ts';
import type { InputReader } from '../../bytes/random-reader.ts';
import type { LayoutModule, LayoutThread } from '../../model/format.ts';
import type { GapList } from '../layout/gaps.ts';
import type { Meaning, Stored } from '../layout/memory.ts';
import { type Claim, RANK } from '../layout/regions.ts';

export interface Stream {
  readonly type: number;
  readonly name: string;
  readonly start: number;
  /** As far as the file reaches. */
  readonly size: number;
}

export interface DumpThread {
  readonly thread: LayoutThread;
  /** Address of its thread environment block; 0 where there is none. */
  readonly teb: bigint;
  readonly stackStart: bigint;
  readonly stackBytes: bigint;
}

export interface System {
  /** MINIDUMP_SYSTEM_INFO.ProcessorArchitecture. */
  readonly architecture: number;
  readonly windows: boolean;
}

export interface Dump {
  readonly reader: InputReader;
  readonly gaps: GapList;
  readonly littleEndian: boolean;
  readonly claims: Claim[];
  readonly stored: Stored[];
  /** From the threads' records. */
  readonly stacks: Stored[];
  /** There is a Memory64List. */
  hasFullMemory: boolean;
  readonly meanings: Meaning[];
  readonly threads: Map<number, DumpThread>;
  readonly threadNames: Map<number, string>;
  readonly modules: LayoutModule[];
  readonly facts: { name: string; value: string }[];
  readonly process: { name?: string; pid?: number };
  system: System;
  /** LinuxAuxv and LinuxMaps. */
  auxiliary?: Fields;
  maps?: string;
  /** Of all tables together: a hostile directory names the same large one thousands of times. */
  recordsLeft: number;
  /** Threads read, however often the same. */
  threadRecords: number;
  /** Of all names together, in bytes. */
  nameBytesLeft: number;
  /** First byte that the file lacks of something it should hold, and where that ends. */
  lost?: { readonly detail: string; end: number };
}

export const POINTER_BYTES: Readonly<Record<number, 4 | 8>> = {
  2: 8, // alpha
  6: 8, // ia64
  9: 8, // amd64
  12: 8, // arm64
  [0x8002]: 8, // ppc64
  [0x8003]: 8, // arm64 of old breakpad
  [0x8004]: 8, // mips64
  [0x8006]: 8, // riscv64
};

export async function readFields(dump: Dump, start: number, length: number): Promise<Fields> {
  return new Fields(await dump.reader.read(start, length), dump.littleEndian);
}

/** Notes that `length` bytes at `start` should be in the file. */
export function expectBytes(dump: Dump, start: number, length: number, detail: string): void {
  const end = start + length;
  if (!(end > dump.reader.size)) return;
  const capped = Math.min(end, Number.MAX_SAFE_INTEGER);
  if (dump.lost) dump.lost.end = Math.max(dump.lost.end, capped);
  else dump.lost = { detail, end: capped };
}

/** The records of a stream that are there. */
interface Table {
  /** The stream from its beginning. */
  readonly fields: Fields;
  /** Where the first record begins. */
  readonly at: number;
  readonly count: number;
}

/**
 * A stream that is a count and records. Some writers align the records to 8 bytes: the size tells. A count above what
 * fits the stream is a gap, and what fits is read, up to `limit`.
 */
export async function readTable(dump: Dump, stream: Stream, recordBytes: number, limit: number): Promise<Table> {
  const head = await readFields(dump, stream.start, 4);
  const claimed = head.u32(0);
  const at = stream.size - 4 - claimed * recordBytes === 4 ? 8 : 4;
  return clampTable(dump, stream, { at, recordBytes, claimed, limit });
}

/** The same where the header tells its own size and that of a record. */
export async function readSizedTable(
  dump: Dump,
  stream: Stream,
  {
    leastBytes,
    wideCount,
    limit,
  }: { readonly leastBytes: number; readonly wideCount: boolean; readonly limit: number },
): Promise<Table & { readonly recordBytes: number }> {
  const head = await readFields(dump, stream.start, 16);
  const [at, recordBytes] = [head.u32(0), head.u32(4)];
  const claimed = wideCount ? head.size64(8) : head.u32(8);
  if (at < 12 || at > 4096 || recordBytes < leastBytes || recordBytes > 4096) {
    dump.gaps.add({ code: 'format-error', detail: `minidump.${stream.name}.header` });
    return { fields: new Fields(new Uint8Array(0), dump.littleEndian), at: 0, count: 0, recordBytes: 1 };
  }
  return { ...(await clampTable(dump, stream, { at, recordBytes, claimed, limit })), recordBytes };
}

async function clampTable(
  dump: Dump,
  stream: Stream,
  table: { readonly at: number; readonly recordBytes: number; readonly claimed: number; readonly limit: number },
): Promise<Table> {
  const { at, recordBytes, claimed, limit } = table;
  const fits = Math.max(0, Math.floor((stream.size - at) / recordBytes));
  if (claimed > fits) dump.gaps.add({ code: 'format-error', detail: `minidump.${stream.name}.count` });
  const wanted = takeRecords(dump, stream, Math.min(claimed, fits), limit);
  const fields = await readFields(dump, stream.start, at + wanted * recordBytes);
  return { fields, at, count: Math.max(0, Math.min(wanted, Math.floor((fields.bytes.length - at) / recordBytes))) };
}

/** As many of `count` records as may still be read; a gap says that they were not all. */
export function takeRecords(dump: Dump, stream: Stream, count: number, limit: number): number {
  const taken = Math.min(count, limit, dump.recordsLeft);
  if (count > taken) dump.gaps.add({ code: 'over-budget', detail: `minidump.${stream.name}.count` });
  dump.recordsLeft -= taken;
  return taken;
}

/** A path has at most 32,767 characters; what is longer is no name. */
const MAX_STRING_BYTES = 65_536;

/** MINIDUMP_STRING: length in bytes, UTF-16, NUL. Claims its bytes under `label`. Empty when it can't be read. */
export async function readString(dump: Dump, rva: number, label: string): Promise<string> {
  if (rva === 0) return '';
  const length = (await readFields(dump, rva, 4)).u32(0);
  if (length === 0 || length > MAX_STRING_BYTES) return '';
  if (length > dump.nameBytesLeft) {
    dump.gaps.add({ code: 'over-budget', detail: 'minidump.names' });
    return '';
  }
  dump.nameBytesLeft -= length;
  const fields = await readFields(dump, rva + 4, length);
  let text = '';
  for (let at = 0; fields.has(at, 2); at += 2) text += String.fromCharCode(fields.u16(at));
  claim(dump, rva, 4 + length, { kind: 'stream', label, rank: RANK.part });
  return text;
}

export function claim(
  dump: Dump,
  start: number,
  length: number,
  what: Pick<Claim, 'kind' | 'label' | 'rank'> & { readonly thread?: number },
): void {
  if (length > 0) dump.claims.push({ start, end: start + length, ...what });
}
