/** The event types of a JFR chunk: a table of strings and a tree of elements that names them (`MetadataDescriptor` of the JDK). */

/** Depth of the tree in real files: root, metadata, class, field, annotation. */
const MAX_DEPTH = 16;
const MAX_STRINGS = 1_048_576;
const MAX_NAME_CHARS = 256;

/** LEB128 of at most 9 bytes, the ninth whole. Exact below 2^53. */
export function readVarint(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  let scale = 1;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (i === 8 ? byte : byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: at + i + 1 };
    scale *= 128;
  }
  return { value, end: at + 9 };
}

class Reader {
  readonly bytes: Uint8Array;
  at = 0;
  ok = true;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  number(): number {
    const read = this.ok ? readVarint(this.bytes, this.at) : undefined;
    if (!read) this.ok = false;
    else this.at = read.end;
    return read?.value ?? 0;
  }

  /** Encodings: 0 null, 1 empty, 2 reference, 3 UTF-8, 4 UTF-16 as numbers, 5 Latin-1. Names of types, fields and annotations. */
  string(): string {
    const encoding = this.bytes[this.at++];
    if (encoding === undefined || encoding > 5) this.ok = false;
    if (!this.ok || encoding === 0 || encoding === 1) return '';
    const length = this.number();
    if (encoding === 2) return '';
    if (length > this.bytes.length - this.at) this.ok = false;
    if (!this.ok) return '';
    if (encoding === 4) {
      let text = '';
      for (let i = 0; i < length && this.ok; i++) {
        const char = this.number();
        if (i < MAX_NAME_CHARS) text += String.fromCharCode(char);
      }
      return text;
    }
    this.at += length;
    return new TextDecoder().decode(
      this.bytes.subarray(this.at - length, this.at - length + Math.min(length, MAX_NAME_CHARS)),
    );
  }
}

/** Names of event types by number, from the metadata event at the beginning of `bytes`; undefined when it is none. */
export function readEventTypes(bytes: Uint8Array): ReadonlyMap<number, string> | undefined {
  const reader = new Reader(bytes);
  const size = reader.number();
  const type = reader.number();
  if (!reader.ok || type !== 0 || size > bytes.length) return undefined;
  reader.number(); // start
  reader.number(); // duration
  reader.number(); // number of this description
  const count = reader.number();
  if (count > MAX_STRINGS) return undefined;
  const strings: string[] = [];
  for (let i = 0; i < count && reader.ok; i++) strings.push(reader.string());
  const types = new Map<number, string>();
  readElement(reader, strings, types, 0);
  return types.size > 0 ? types : undefined;
}

/** An element: name, attributes, children. Each takes at least a byte, so the bytes bound the walk. */
function readElement(reader: Reader, strings: readonly string[], types: Map<number, string>, depth: number): void {
  const element = strings[reader.number()];
  const attributes = reader.number();
  let name = '';
  let id = '';
  for (let i = 0; i < attributes && reader.ok; i++) {
    const key = strings[reader.number()];
    const value = strings[reader.number()] ?? '';
    if (key === 'name') name = value;
    if (key === 'id') id = value;
  }
  if (element === 'class' && /^\d{1,15}$/.test(id)) types.set(Number(id), name);
  const children = reader.number();
  if (depth >= MAX_DEPTH) reader.ok = false;
  for (let i = 0; i < children && reader.ok; i++) readElement(reader, strings, types, depth + 1);
}
