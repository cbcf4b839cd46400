/** The protobuf form of a tombstone, by hand: the wire format is tags, numbers and counted bytes (protobuf.dev, "Encoding"). */
import { InputWindow } from '../../bytes/input-window.ts';
import { publicText } from '../../bytes/public-words.ts';
import { RegionList } from '../../bytes/region-list.ts';
import { FormatError } from '../../model/errors.ts';
import type { Layout, LayoutRegion, LayoutThread } from '../../model/format.ts';
import type { Input } from '../../model/input.ts';

/** Real ones have less than a megabyte. */
const MAX_TOMBSTONE_BYTES = 67_108_864;
/** Fields that are looked at, at all levels: each takes two bytes at least. */
const MAX_FIELDS = 4_194_304;
const MAX_THREADS = 65_536;

interface Field {
  readonly number: number;
  /** Of a number. */
  readonly value: bigint;
  /** Of counted bytes, or of the whole number. */
  readonly start: number;
  readonly end: number;
}

/** LEB128 of at most 10 bytes. */
function readNumber(bytes: Uint8Array, at: number, limit: number): { value: bigint; end: number } | undefined {
  let value = 0n;
  for (let i = 0; i < 10 && at + i < limit; i++) {
    const byte = bytes[at + i]!;
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return undefined;
}

/** Fields of the message in `[start, end)` until one makes no sense. */
function* fieldsOf(bytes: Uint8Array, start: number, end: number): Generator<Field> {
  let at = start;
  for (let n = 0; n < MAX_FIELDS && at < end; n++) {
    const tag = readNumber(bytes, at, end);
    if (!tag) return;
    const number = Number(tag.value >> 3n);
    const type = Number(tag.value & 7n);
    if (type === 0 || type === 2) {
      const value = readNumber(bytes, tag.end, end);
      if (!value) return;
      const length = type === 2 ? value.value : 0n;
      if (length > BigInt(end - value.end)) return;
      const from = type === 2 ? value.end : tag.end;
      at = value.end + Number(length);
      yield { number, value: value.value, start: from, end: at };
    } else if (type === 1 || type === 5) {
      at = tag.end + (type === 1 ? 8 : 4);
      if (at > end) return;
      yield { number, value: 0n, start: tag.end, end: at };
    } else return;
  }
}

/** Architecture (left out when it is 0), then the fingerprint of the build: `brand/product/device:release/id/…`. */
export function isProtobuf(head: Uint8Array): boolean {
  const at = head[0] === 0x08 && head[1]! <= 8 ? 2 : 0;
  const length = head[at + 1] ?? 0;
  if (head[at] !== 0x12 || length < 8 || length > 127 || head.length < at + 2 + length) return false;
  const print = head.subarray(at + 2, at + 2 + length);
  return print.every((char) => char > 0x20 && char < 0x7f) && /^[^/]+\/[^/]+\/[^:]+:[^/]+\//.test(publicText(print));
}

export async function readProtobuf(input: Input): Promise<Layout> {
  const bytes = await new InputWindow(input).read(0, Math.min(MAX_TOMBSTONE_BYTES, input.size));
  if (!isProtobuf(bytes)) throw new FormatError('tombstone.header');
  const found: LayoutRegion[] = [];
  const threads: LayoutThread[] = [];
  const facts: { name: string; value: string }[] = [];
  let pid = 0;
  let crashed = 0;
  let name: string | undefined;
  let end = 0;
  for (const field of fieldsOf(bytes, 0, bytes.length)) {
    const { number, start, value } = field;
    end = field.end;
    if (number === 2 || number === 4) {
      facts.push({ name: number === 2 ? 'Build fingerprint' : 'Time', value: publicText(bytes, field) });
    }
    if (number === 5) pid = Number(value);
    if (number === 6) crashed = Number(value);
    if (number === 9) {
      name ??= publicText(bytes, field);
      found.push({ kind: 'environment', label: 'command line', start, end });
    }
    if (number === 14) found.push({ kind: 'stream', label: 'abort message', start, end });
    if (number === 16) readThread(bytes, field, found, threads);
    if (number === 17) found.push({ kind: 'stream', label: 'memory mappings', start, end });
    if (number === 18) found.push({ kind: 'stream', label: 'log buffers', start, end });
    if (number === 19) found.push({ kind: 'stream', label: 'open files', start, end });
  }
  const regions = new RegionList();
  for (const region of found) regions.add(region);
  return {
    regions: regions.done(),
    addressSpace: 'virtual',
    process: { ...(name && { name }), pid },
    threads: threads.map((thread) => (thread.id === crashed ? { ...thread, crashed: true } : thread)),
    facts,
    gaps:
      end === bytes.length
        ? []
        : [{ code: 'truncated', detail: 'tombstone.field', span: { start: end, end: bytes.length } }],
  };
}

/** An entry of the map of threads: 1 the key, 2 the thread; in it 1 id, 2 name, 5 memory near registers. */
function readThread(bytes: Uint8Array, entry: Field, found: LayoutRegion[], threads: LayoutThread[]): void {
  for (const { number, start, end } of fieldsOf(bytes, entry.start, entry.end)) {
    if (number !== 2) continue;
    let id = 0;
    let name = '';
    let from = entry.start;
    for (const field of fieldsOf(bytes, start, end)) {
      if (field.number === 1) id = Number(field.value);
      if (field.number === 2) name = publicText(bytes, field);
      const memory = field.number === 5 ? readMemory(bytes, field) : undefined;
      if (!memory) continue;
      found.push({ kind: 'stream', label: `thread ${id}`, thread: id, start: from, end: memory.start });
      found.push({ ...memory, thread: id });
      from = memory.end;
    }
    found.push({ kind: 'stream', label: `thread ${id}`, thread: id, start: from, end: entry.end });
    if (threads.length < MAX_THREADS) threads.push({ id, ...(name && { name }) });
  }
}

/** 1 register, 2 mapping, 3 address, 4 the bytes. */
function readMemory(bytes: Uint8Array, dump: Field): LayoutRegion | undefined {
  let register = '';
  let mapping = '';
  let address = 0n;
  let memory: Field | undefined;
  for (const field of fieldsOf(bytes, dump.start, dump.end)) {
    if (field.number === 1) register = publicText(bytes, field);
    if (field.number === 2) mapping = publicText(bytes, field);
    if (field.number === 3) address = field.value;
    if (field.number === 4) memory = field;
  }
  if (!memory) return undefined;
  const { start, end } = memory;
  const kind = mapping.startsWith('[stack') || mapping.includes('stack_and_tls') ? 'stack' : 'memory';
  return {
    kind,
    label: `memory near ${register}${mapping && ` (${mapping})`}`,
    address: BigInt.asUintN(64, address),
    start,
    end,
  };
}
