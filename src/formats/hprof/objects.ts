/**
 * Objects in the heap records of an HPROF file ("HPROF binary format", JDK 8, HEAP_DUMP; `hprof.cc` of Android's ART).
 * They follow each other without an index: a walk from the beginning of a segment is the only way to any of them.
 */
import type { InputWindow } from '../../bytes/input-window.ts';
import { u16be, u32be } from '../../bytes/reader.ts';
import type { Span } from '../../model/place.ts';

/** Identifier of an object, class or name: an address, or a counter. Exact below 2^53, which addresses of today are. */
export type Id = number;

export const CLASS_DUMP = 0x20;
export const INSTANCE = 0x21;
export const OBJECT_ARRAY = 0x22;
export const PRIMITIVE_ARRAY = 0x23;
const ROOT_UNKNOWN = 0xff;
const PRIMITIVE_ARRAY_NODATA = 0xc3;
const HEAP_DUMP_INFO = 0xfe;

/** Bytes after the identifier that each kind of root begins with: [identifiers, other bytes]. */
const ROOTS: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0x01, [1, 0]],
  [0x02, [0, 8]],
  [0x03, [0, 8]],
  [0x04, [0, 4]],
  [0x05, [0, 0]],
  [0x06, [0, 4]],
  [0x07, [0, 0]],
  [0x08, [0, 8]],
  [0x89, [0, 0]],
  [0x8a, [0, 0]],
  [0x8b, [0, 0]],
  [0x8c, [0, 0]],
  [0x8d, [0, 0]],
  [0x8e, [0, 8]],
  [0x90, [0, 0]],
  [ROOT_UNKNOWN, [0, 0]],
]);

/** A class dump has at most three tables of 65,535 entries, 17 bytes each. */
const MAX_CLASS_DUMP_BYTES = 4_194_304;

export const OBJECT_TYPE = 2;
const TYPE_BYTES: Readonly<Record<number, number>> = { 4: 1, 5: 2, 6: 4, 7: 8, 8: 1, 9: 2, 10: 4, 11: 8 };

/** Size of a value of a basic type; undefined for a number that is none. */
export function typeBytes(type: number, idBytes: number): number | undefined {
  return type === OBJECT_TYPE ? idBytes : TYPE_BYTES[type];
}

const TYPE_NAMES: Readonly<Record<number, string>> = {
  4: 'boolean',
  5: 'char',
  6: 'float',
  7: 'double',
  8: 'byte',
  9: 'short',
  10: 'int',
  11: 'long',
};

export function typeName(type: number): string {
  return TYPE_NAMES[type] ?? 'Object';
}

export function readId(bytes: Uint8Array, at: number, idBytes: number): Id {
  const last = u32be(bytes, at + idBytes - 4) ?? 0;
  return idBytes === 8 ? (u32be(bytes, at) ?? 0) * 2 ** 32 + last : last;
}

export interface Field {
  readonly name: Id;
  readonly type: number;
  /** Of a static field: where its value lies in the record. */
  readonly at?: number;
}

export interface ClassDump {
  readonly superclass: Id;
  readonly statics: readonly Field[];
  /** In the order in which an instance holds them; those of the superclass come after. */
  readonly fields: readonly Field[];
}

/** One object, while it is visited. */
export interface HeapObject {
  readonly tag: number;
  /** In the input: where the record begins, where its values begin, and where it ends. */
  readonly at: number;
  readonly data: number;
  readonly end: number;
  readonly id: Id;
  /** Of an instance: its class; of an array of objects: the array's class. */
  readonly class: Id;
  /** Element type of a primitive array. */
  readonly type: number;
}

/** The record at `at` of `bytes`, which is `base + at` in the input; undefined when it is none, or not all of its head is there. */
function parseObject(bytes: Uint8Array, at: number, base: number, idBytes: number): HeapObject | undefined {
  const tag = bytes[at];
  if (tag === undefined || at + 1 + idBytes > bytes.length) return undefined;
  const afterId = at + 1 + idBytes;
  const make = (data: number, length: number, of: { class?: Id; type?: number } = {}): HeapObject => ({
    tag,
    at: base + at,
    data: base + data,
    end: base + data + length,
    id: tag === HEAP_DUMP_INFO ? 0 : readId(bytes, at + 1, idBytes),
    class: of.class ?? 0,
    type: of.type ?? 0,
  });
  const root = ROOTS.get(tag);
  if (root) return make(afterId, root[0] * idBytes + root[1]);
  const serialAndCount = afterId + 4;
  switch (tag) {
    case INSTANCE: {
      const data = serialAndCount + idBytes + 4;
      const length = u32be(bytes, data - 4);
      return length === undefined ? undefined : make(data, length, { class: readId(bytes, serialAndCount, idBytes) });
    }
    case OBJECT_ARRAY: {
      const data = serialAndCount + 4 + idBytes;
      const count = u32be(bytes, serialAndCount);
      if (count === undefined || data > bytes.length) return undefined;
      return make(data, count * idBytes, { class: readId(bytes, serialAndCount + 4, idBytes) });
    }
    case PRIMITIVE_ARRAY:
    case PRIMITIVE_ARRAY_NODATA: {
      const count = u32be(bytes, serialAndCount);
      const type = bytes[serialAndCount + 4];
      const size = type === undefined ? undefined : typeBytes(type, idBytes);
      if (count === undefined || type === undefined || size === undefined) return undefined;
      return make(serialAndCount + 5, tag === PRIMITIVE_ARRAY ? count * size : 0, { type });
    }
    case HEAP_DUMP_INFO:
      return make(at + 1, 4 + idBytes);
    case CLASS_DUMP: {
      const tables = parseClassDump(bytes, at, idBytes);
      return tables && make(afterId, tables.end - afterId);
    }
    default:
      return undefined;
  }
}

/** The tables of the class dump at `at`; undefined when they are not all there. `end` is an index in `bytes`. */
export function parseClassDump(
  bytes: Uint8Array,
  at: number,
  idBytes: number,
): (ClassDump & { readonly end: number }) | undefined {
  let next = at + 1 + idBytes + 4;
  const superclass = readId(bytes, next, idBytes);
  next += 6 * idBytes + 4;
  const count = (): number => {
    next += 2;
    return u16be(bytes, next - 2) ?? -1;
  };
  /** A value after its type; returns the type, or undefined when it is none. */
  const value = (): number | undefined => {
    const type = bytes[next];
    const size = type === undefined ? undefined : typeBytes(type, idBytes);
    if (size === undefined) return undefined;
    next += 1 + size;
    return type;
  };
  // Counts are 16 bits wide: at most 65,535 turns each.
  const constants = count();
  for (let i = 0; i < constants; i++) {
    next += 2;
    if (value() === undefined) return undefined;
  }
  const statics: Field[] = [];
  const staticCount = count();
  for (let i = 0; i < staticCount; i++) {
    const name = readId(bytes, next, idBytes);
    next += idBytes;
    const type = value();
    if (type === undefined) return undefined;
    statics.push({ name, type, at: next - typeBytes(type, idBytes)! - at });
  }
  const fields: Field[] = [];
  const fieldCount = count();
  for (let i = 0; i < fieldCount; i++) {
    fields.push({ name: readId(bytes, next, idBytes), type: bytes[next + idBytes] ?? 0 });
    next += idBytes + 1;
  }
  const complete = constants >= 0 && staticCount >= 0 && fieldCount >= 0 && next <= bytes.length;
  return complete ? { superclass, statics, fields, end: next } : undefined;
}

/** What `walkObjects` calls: true ends the walk. `bytes` holds the object from `object.at - base` on, maybe not all of it. */
export type Visit = (object: HeapObject, bytes: Uint8Array, base: number) => boolean;

/** Visits the objects in `[start, end)`; returns how far it came: less than `end` when `visit` said so, or at a record that is none. */
export async function walkObjects(
  window: InputWindow,
  { start, end }: Span,
  idBytes: number,
  visit: Visit,
): Promise<number> {
  let at = start;
  // Each turn reads on, or ends: the walk is as long as the segment.
  while (at < end) {
    const bytes = await window.rest(at);
    if (bytes.length === 0) return at;
    const base = at;
    while (at < end) {
      const object = parseObject(bytes, at - base, base, idBytes);
      // Arrays may be larger than the window; what a visitor looks into must be in it, but for its rest.
      if (!object || (object.end > base + bytes.length && at > base)) break;
      if (visit(object, bytes, base)) return at;
      at = object.end;
    }
    if (at === base) {
      const more = await window.read(at, MAX_CLASS_DUMP_BYTES);
      const object = parseObject(more, 0, at, idBytes);
      if (!object || visit(object, more, at)) return at;
      at = object.end;
    }
  }
  return at;
}
