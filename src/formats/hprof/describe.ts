/**
 * Names the object at a place in an HPROF file, and the fields that lead to it: `Vault.password`, `java.lang.String.value`,
 * `byte[]`. References point one way only, so each owner is a pass over the heap, with a native search for the identifier.
 */
import type { InputWindow } from '../../bytes/input-window.ts';
import type { Span } from '../../model/place.ts';
import {
  CLASS_DUMP,
  type ClassDump,
  type HeapObject,
  type Id,
  INSTANCE,
  OBJECT_ARRAY,
  OBJECT_TYPE,
  PRIMITIVE_ARRAY,
  parseClassDump,
  readId,
  typeBytes,
  typeName,
  walkObjects,
} from './objects.ts';
import { type HprofHeader, RECORD_HEAD_BYTES, readRecords, TAG } from './records.ts';

/** How many owners are looked for, each in a pass over the heap. */
const MAX_OWNERS = 3;
/** A superclass chain in a file can be a circle. */
const MAX_SUPERCLASSES = 64;
/** Names of classes and fields; longer ones are no names. */
const MAX_NAME_BYTES = 256;
/** Ceiling for tables that are held: 10^6 names are a very large server. */
const MAX_TABLE_ENTRIES = 4_194_304;
/** All passes together; at about 300 MB/s this is minutes, and then the owner stays unnamed. */
const MAX_BYTES_WALKED = 34_359_738_368;

interface Tables {
  /** Where the text of a name lies. */
  readonly names: ReadonlyMap<Id, Span>;
  /** Name of a class, by the identifier of the class object. */
  readonly classNames: ReadonlyMap<Id, Id>;
  readonly segments: readonly Span[];
}

async function readTables(window: InputWindow, header: HprofHeader): Promise<Tables> {
  const names = new Map<Id, Span>();
  const classNames = new Map<Id, Id>();
  const segments: Span[] = [];
  const { idBytes } = header;
  await readRecords(window, header, ({ tag, at, end }) => {
    const body = at + RECORD_HEAD_BYTES;
    if (tag === TAG.HEAP_DUMP || tag === TAG.HEAP_DUMP_SEGMENT) segments.push({ start: body, end });
    if (tag !== TAG.UTF8 && tag !== TAG.LOAD_CLASS) return undefined;
    const take = (bytes: Uint8Array): void => {
      if (tag === TAG.UTF8 && bytes.length >= idBytes && names.size < MAX_TABLE_ENTRIES) {
        names.set(readId(bytes, 0, idBytes), { start: body + idBytes, end });
      }
      // u32 serial number, class object, u32 stack trace, name.
      if (tag === TAG.LOAD_CLASS && bytes.length >= 8 + 2 * idBytes && classNames.size < MAX_TABLE_ENTRIES) {
        classNames.set(readId(bytes, 4, idBytes), readId(bytes, 8 + idBytes, idBytes));
      }
    };
    const length = tag === TAG.UTF8 ? idBytes : 8 + 2 * idBytes;
    const ready = window.view(body, length);
    return ready ? take(ready) : window.read(body, length).then(take);
  });
  return { names, classNames, segments };
}

/** Names of the object's owners, outermost first, and of the object; empty where `at` is in no object. */
export async function describeObject(window: InputWindow, header: HprofHeader, at: number): Promise<readonly string[]> {
  const tables = await readTables(window, header);
  const segment = tables.segments.find(({ start, end }) => at >= start && at < end);
  if (!segment) return [];
  const heap = new Heap(window, header.idBytes, tables);
  const target = await heap.find(segment, at);
  if (!target) return [];
  const names = [await heap.nameAt(target, at)];
  let id = target.id;
  for (let i = 0; i < MAX_OWNERS && target.tag !== CLASS_DUMP; i++) {
    const owner = await heap.findOwner(id);
    if (!owner) break;
    names.unshift(await heap.nameAt(owner.object, owner.at));
    if (owner.object.tag === CLASS_DUMP) break;
    id = owner.object.id;
  }
  return names;
}

class Heap {
  readonly #window: InputWindow;
  readonly #idBytes: 4 | 8;
  readonly #tables: Tables;
  readonly #classes = new Map<Id, ClassDump>();
  #walked = 0;

  constructor(window: InputWindow, idBytes: 4 | 8, tables: Tables) {
    this.#window = window;
    this.#idBytes = idBytes;
    this.#tables = tables;
  }

  async find(segment: Span, at: number): Promise<HeapObject | undefined> {
    let found: HeapObject | undefined;
    await walkObjects(this.#window, segment, this.#idBytes, (object) => {
      if (at < object.end) found = object;
      return at < object.end;
    });
    return found;
  }

  /** The first object that refers to `id`, and where in it. */
  async findOwner(id: Id): Promise<{ readonly object: HeapObject; readonly at: number } | undefined> {
    const wanted = Buffer.alloc(this.#idBytes);
    if (this.#idBytes === 8) wanted.writeBigUInt64BE(BigInt(id));
    else wanted.writeUInt32BE(id);
    let found: { object: HeapObject; at: number } | undefined;
    let searched: Uint8Array | undefined;
    let hit = -1;
    await this.#walk((object, bytes, base) => {
      if (object.tag !== CLASS_DUMP && object.tag !== INSTANCE && object.tag !== OBJECT_ARRAY) return false;
      if (bytes !== searched) {
        searched = bytes;
        hit = 0;
      }
      const from = object.data - base;
      const to = Math.min(object.end - base, bytes.length);
      if (hit >= 0 && hit < from) hit = indexOf(bytes, wanted, from);
      // A reference may begin at any byte of an object's values, whose fields have any size.
      for (let next = hit; next >= 0 && next + wanted.length <= to; next = indexOf(bytes, wanted, next + 1)) {
        if (!this.#isReference(object, bytes, base, next + base)) continue;
        found = { object, at: next + base };
        return true;
      }
      return false;
    });
    return found;
  }

  #isReference(object: HeapObject, bytes: Uint8Array, base: number, at: number): boolean {
    if (object.tag === OBJECT_ARRAY) return (at - object.data) % this.#idBytes === 0;
    if (object.tag === INSTANCE) {
      const field = this.#fieldAt(object.class, at - object.data);
      // Without the class's dump so far the bytes alone decide.
      return field === undefined || field.type === OBJECT_TYPE;
    }
    const statics = parseClassDump(bytes, object.at - base, this.#idBytes)?.statics ?? [];
    return statics.some((field) => field.type === OBJECT_TYPE && field.at === at - object.at);
  }

  /** The field at an offset of an instance's values, and the class that declares it. */
  #fieldAt(id: Id, offset: number): { readonly name: Id; readonly type: number; readonly class: Id } | undefined {
    let next = 0;
    let current = id;
    for (let i = 0; i < MAX_SUPERCLASSES; i++) {
      const dump = this.#classes.get(current);
      if (!dump) return undefined;
      for (const { name, type } of dump.fields) {
        next += typeBytes(type, this.#idBytes) ?? 0;
        if (offset < next) return { name, type, class: current };
      }
      current = dump.superclass;
    }
    return undefined;
  }

  async nameAt(object: HeapObject, at: number): Promise<string> {
    if (object.tag === PRIMITIVE_ARRAY) return `${typeName(object.type)}[]`;
    if (object.tag === OBJECT_ARRAY) return this.#className(object.class);
    if (object.tag === INSTANCE) {
      if (at < object.data) return this.#className(object.class);
      if (!this.#fieldAt(object.class, at - object.data)) await this.#readClasses(object.class);
      const field = this.#fieldAt(object.class, at - object.data);
      if (!field) return this.#className(object.class);
      return `${await this.#className(field.class)}.${await this.#name(field.name)}`;
    }
    if (object.tag === CLASS_DUMP) {
      const bytes = await this.#window.read(object.at, object.end - object.at);
      const statics = parseClassDump(bytes, 0, this.#idBytes)?.statics ?? [];
      const field = statics.find((each) => {
        const start = object.at + (each.at ?? 0);
        return at >= start && at < start + (typeBytes(each.type, this.#idBytes) ?? 0);
      });
      const name = await this.#className(object.id);
      return field ? `static ${name}.${await this.#name(field.name)}` : `class ${name}`;
    }
    return 'root';
  }

  /** Walks until the dumps of `id` and all its superclasses were seen. */
  async #readClasses(id: Id): Promise<void> {
    const complete = (): boolean => {
      let current = id;
      for (let i = 0; i < MAX_SUPERCLASSES && current !== 0; i++) {
        const dump = this.#classes.get(current);
        if (!dump) return false;
        current = dump.superclass;
      }
      return true;
    };
    await this.#walk(({ tag }) => tag === CLASS_DUMP && complete());
  }

  async #walk(visit: (object: HeapObject, bytes: Uint8Array, base: number) => boolean): Promise<void> {
    for (const segment of this.#tables.segments) {
      if (this.#walked > MAX_BYTES_WALKED) return;
      let stopped = false;
      await walkObjects(this.#window, segment, this.#idBytes, (object, bytes, base) => {
        if (object.tag === CLASS_DUMP && !this.#classes.has(object.id) && this.#classes.size < MAX_TABLE_ENTRIES) {
          const dump = parseClassDump(bytes, object.at - base, this.#idBytes);
          if (dump) this.#classes.set(object.id, dump);
        }
        stopped = visit(object, bytes, base);
        return stopped;
      });
      if (stopped) return;
      this.#walked += segment.end - segment.start;
    }
  }

  async #name(id: Id): Promise<string> {
    const span = this.#tables.names.get(id);
    if (!span || span.end - span.start > MAX_NAME_BYTES) return '?';
    return new TextDecoder().decode(await this.#window.read(span.start, span.end - span.start));
  }

  async #className(id: Id): Promise<string> {
    const name = this.#tables.classNames.get(id);
    return name === undefined ? '?' : javaName(await this.#name(name));
  }
}

/** `[Ljava/lang/String;` is `java.lang.String[]` (JVM specification, 4.3.2). */
function javaName(name: string): string {
  const element = name.replace(/^\[+/, '');
  const dimensions = name.length - element.length;
  const base = dimensions > 0 ? element.replace(/^L(.*);$/, '$1') : element;
  const primitive = dimensions > 0 && base.length === 1 ? PRIMITIVES[base] : undefined;
  return `${(primitive ?? base).replaceAll('/', '.')}${'[]'.repeat(dimensions)}`;
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  Z: 'boolean',
  C: 'char',
  F: 'float',
  D: 'double',
  B: 'byte',
  S: 'short',
  I: 'int',
  J: 'long',
};

/** Buffer's search is native; this one shares the memory. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(wanted, from);
}
