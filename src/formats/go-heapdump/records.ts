/** The records of a Go heap dump, in the order and with the fields of runtime/heapdump.go. */
import type { InputWindow } from '../../bytes/input-window.ts';
import type { GapCode } from '../../model/finding.ts';

export const MAGIC = 'go1.7 heap dump\n';

export const TAG = {
  EOF: 0,
  OBJECT: 1,
  OTHER_ROOT: 2,
  TYPE: 3,
  GOROUTINE: 4,
  STACK_FRAME: 5,
  PARAMS: 6,
  DATA: 12,
  BSS: 13,
} as const;

/**
 * Fields of each record: `a` the address, `n` the number it is known by, `i` an integer, `s` text of a name, `m` memory,
 * `f` a list of fields, `p` the frames of a profile.
 */
const FIELDS: readonly (string | undefined)[] = [
  '',
  'amf', // object
  'si', // other root: description, pointer
  'aisi', // type: address, size, name, indirect
  'ianiiiiisiiii', // goroutine: descriptor, stack pointer, number, creator, status, system, background, wait, reason …
  'aiimiiisf', // stack frame: sp, depth, child, contents, entry, pc, continuation, function
  'iiiissi', // parameters: endian, pointer size, heap start and end, architecture, version, processors
  'iiiii', // finalizer
  'ii', // itab
  'iii', // thread
  'i'.repeat(281), // memory statistics: 24 numbers, 256 pauses, number of collections
  'iiiii', // queued finalizer
  'amf', // data
  'amf', // BSS
  'iiiiiii', // defer
  'iiiiii', // panic
  'iip', // profile: bucket, size, frames
  'ii', // sample of an allocation
];

/** Memory in a record is at most an object or a segment; a server's largest is some gigabytes. */
const MAX_RECORDS = 268_435_456;
/** Names of functions and types. */
const MAX_TEXT_BYTES = 256;
/** A field list of an object of 1 GB has 2^27 pointers; frames of a profile are at most 32 or 128. */
const MAX_LIST = 134_217_728;

/** Valid during the call only: the walk uses it again for the next record. */
export interface GoRecord {
  readonly tag: number;
  readonly at: number;
  readonly end: number;
  /** Where its memory lies; both are 0 when it has none. */
  readonly dataStart: number;
  readonly dataEnd: number;
  /** Exact below 2^53, which addresses of today are. */
  readonly address: number;
  readonly number: number;
  readonly texts: readonly string[];
}

export interface WalkEnd {
  readonly at: number;
  readonly problem?: GapCode;
}

/** Visits the records until `visit` says true. Stops at the end record, where the bytes end, and where they make no sense. */
export async function walkRecords(window: InputWindow, visit: (record: GoRecord) => boolean): Promise<WalkEnd> {
  const parser = new RecordParser(MAGIC.length);
  for (let n = 0; n < MAX_RECORDS; n++) {
    const { at } = parser;
    parser.begin();
    let state = parser.step();
    while (state === 'more') {
      const least = await window.read(parser.at, FILL_BYTES);
      const isLast = least.length < FILL_BYTES;
      parser.fill(await window.rest(parser.at), isLast);
      state = parser.step();
    }
    if (state === 'end') return { at };
    if (state === 'cut' || parser.at > window.end) return { at, ...(!window.cutShort && { problem: 'truncated' }) };
    if (state === 'odd') return { at, problem: 'format-error' };
    if (visit(parser.record)) return { at };
  }
  return { at: parser.at, problem: 'over-budget' };
}

type State = 'done' | 'more' | 'end' | 'cut' | 'odd';

/** What is read at once when the bytes run out. */
const FILL_BYTES = 4096;
/** Two numbers of 64 bits, the most that is read in one go. */
const STEP_BYTES = 20;

/** Parses as far as the bytes at hand go, and goes on when there are more: most records need no second call. */
class RecordParser {
  at: number;
  readonly record = { tag: 0, at: 0, end: 0, dataStart: 0, dataEnd: 0, address: 0, number: 0, texts: [] as string[] };
  #bytes: Uint8Array = new Uint8Array(0);
  #base = 0;
  #isLast = false;
  #fields: string | undefined;
  #field = 0;
  /** Of a list that is being read: pairs so far, or texts and numbers of frames that are left. */
  #list = 0;

  constructor(at: number) {
    this.at = at;
  }

  /** The bytes at `at`; `isLast` when the input ends with them. */
  fill(bytes: Uint8Array, isLast: boolean): void {
    this.#bytes = bytes;
    this.#base = this.at;
    this.#isLast = isLast;
  }

  begin(): void {
    const { record } = this;
    record.at = this.at;
    record.dataStart = 0;
    record.dataEnd = 0;
    record.address = 0;
    record.number = 0;
    if (record.texts.length > 0) record.texts = [];
    this.#fields = undefined;
    this.#field = 0;
    this.#list = 0;
  }

  step(): State {
    const { record } = this;
    if (this.#fields === undefined) {
      if (!this.#ready()) return 'more';
      record.tag = this.#number();
      if (record.tag === TAG.EOF) return 'end';
      if (record.tag < 0) return 'cut';
      this.#fields = FIELDS[record.tag];
      if (this.#fields === undefined) return 'odd';
    }
    while (this.#field < this.#fields.length) {
      if (!this.#ready()) return 'more';
      const state = this.#step(this.#fields[this.#field]!);
      if (state === 'done') this.#field++;
      else if (state !== 'more' || !this.#ready()) return state;
    }
    record.end = this.at;
    return 'done';
  }

  /** One field, or a part of a list. */
  #step(field: string): State {
    const { record } = this;
    if (field === 'f') return this.#pair();
    if (field === 'p' && this.#list > 0) return this.#frame();
    const value = this.#number();
    if (value < 0) return 'cut';
    if (field === 'a') record.address = value;
    else if (field === 'n') record.number = value;
    else if (field === 'm') {
      record.dataStart = this.at;
      record.dataEnd = this.at + value;
      this.at += value;
    } else if (field === 's') {
      // A name that goes on behind the bytes at hand is cut off: it is for people.
      const from = this.at - this.#base;
      record.texts.push(new TextDecoder().decode(this.#bytes.subarray(from, from + Math.min(value, MAX_TEXT_BYTES))));
      this.at += value;
    } else if (field === 'p') {
      // Three parts of each frame, two numbers after them.
      this.#list = value * 3 + 2;
      return 'more';
    }
    return 'done';
  }

  /** Kind and offset of a pointer; kind 0 ends the list. */
  #pair(): State {
    const kind = this.#number();
    if (kind === 0) {
      this.#list = 0;
      return 'done';
    }
    if (kind < 0 || this.#number() < 0 || ++this.#list > MAX_LIST) return 'cut';
    return 'more';
  }

  /** Function, file and line of a frame in turn; after the frames the numbers of allocations and frees. */
  #frame(): State {
    const value = this.#number();
    if (value < 0) return 'cut';
    const left = this.#list--;
    if (left > 2 && (left - 2) % 3 !== 1) this.at += value;
    return this.#list === 0 ? 'done' : 'more';
  }

  #ready(): boolean {
    const from = this.at - this.#base;
    return from >= 0 && (from + STEP_BYTES <= this.#bytes.length || (this.#isLast && from <= this.#bytes.length));
  }

  /** LEB128 of at most 64 bits; -1 where the bytes end. */
  #number(): number {
    const bytes = this.#bytes;
    const from = this.at - this.#base;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = bytes[from + i];
      if (byte === undefined) return -1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.at += i + 1;
        return value;
      }
      scale *= 128;
    }
    return -1;
  }
}
