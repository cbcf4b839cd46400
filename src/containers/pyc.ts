/**
 * Compiled Python (marshal.c; importlib's _bootstrap_external.py): constants of all functions. Texts lie in the file as
 * they are, but integers lie in digits of 15 bits, which no other search sees: here they become hexadecimal lines.
 */
import { readUpTo } from '../bytes/input-reader.ts';
import { latin1, u16le, u32le } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';

const HEADER_BYTES = 16;
/** Held in memory: the largest modules of the standard library have 300 KiB. */
const MAX_BYTES = 2 ** 26;
const MAX_DEPTH = 500;
/** Magic numbers: Python 3.7 (bpo-31650: header of 16 bytes), and where the layout of code objects changed. */
const FIRST_MAGIC = 3390;
const LAST_MAGIC = 3999;
const POSITIONAL_ONLY = 3410; // 3.8
const LOCALS_PLUS = 3450; // 3.11
/** Integers below 96 bits can't be keys. */
const MIN_DIGITS = 7;

export default defineContainer({
  id: 'pyc',
  title: 'Compiled Python module',
  doc: `
\`.pyc\` files of CPython 3.7 and later ([marshal](https://docs.python.org/3/library/marshal.html)): one member with the constants of the module and all its functions, a line each: texts and bytes
as they are, integers above 96 bits in hexadecimal.

A gap: damage. Older versions are not recognised and are searched as bytes.`,
  access: 'random',
  recognise(head) {
    const magic = u16le(head, 0);
    if (magic === undefined || magic < FIRST_MAGIC || magic > LAST_MAGIC || head[2] !== 0x0d || head[3] !== 0x0a)
      return false;
    return u32le(head, 4)! < 4 && (head[HEADER_BYTES]! & 0x7f) === 0x63;
  },
  async *open(input) {
    if (input.size > MAX_BYTES && Number.isFinite(input.size)) throw new SourceError('too-large', 'pyc.size');
    const bytes = await readUpTo(input, 0, MAX_BYTES);
    yield {
      name: 'constants',
      async *content() {
        const reader = new MarshalReader(bytes);
        let failure: unknown;
        try {
          reader.readObject(0);
        } catch (error) {
          failure = error;
        }
        for (const line of reader.lines) {
          yield line.slice();
          yield Uint8Array.of(0x0a);
        }
        if (failure) throw failure;
      },
    };
  },
});

class MarshalReader {
  readonly lines: Uint8Array[] = [];
  private readonly bytes: Uint8Array;
  private readonly magic: number;
  private at = HEADER_BYTES;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.magic = u16le(bytes, 0)!;
  }

  private skip(count: number): void {
    if (count > this.bytes.length - this.at) throw new FormatError('pyc.marshal');
    this.at += count;
  }

  private size(bytes: 1 | 4): number {
    const value = bytes === 1 ? this.bytes[this.at] : u32le(this.bytes, this.at);
    if (value === undefined) throw new FormatError('pyc.marshal');
    this.at += bytes;
    return value;
  }

  private text(length: number): void {
    this.skip(length);
    if (length > 0) this.lines.push(this.bytes.subarray(this.at - length, this.at));
  }

  /** Each takes at least a byte, so that counts can't drive it further than the file. */
  readObject(depth: number): boolean {
    if (depth > MAX_DEPTH) throw new FormatError('pyc.depth');
    const type = String.fromCharCode(this.size(1) & 0x7f);
    switch (type) {
      case '0':
        return false;
      case 'N':
      case 'T':
      case 'F':
      case 'S':
      case '.':
        break;
      case 'i':
      case 'r':
        this.skip(4);
        break;
      case 'I':
      case 'g':
        this.skip(8);
        break;
      case 'y':
        this.skip(16);
        break;
      case 'f':
        this.skip(this.size(1));
        break;
      case 'x':
        this.skip(this.size(1));
        this.skip(this.size(1));
        break;
      case 'l':
        this.integer();
        break;
      case 's':
      case 't':
      case 'u':
      case 'a':
      case 'A':
        this.text(this.size(4));
        break;
      case 'z':
      case 'Z':
        this.text(this.size(1));
        break;
      case ')':
        this.objects(this.size(1), depth);
        break;
      case '(':
      case '[':
      case '<':
      case '>':
        this.objects(this.size(4), depth);
        break;
      case '{':
        while (this.readObject(depth + 1)) this.readObject(depth + 1);
        break;
      case ':':
        this.objects(3, depth);
        break;
      case 'c':
        this.code(depth);
        break;
      default:
        throw new FormatError('pyc.type');
    }
    return true;
  }

  private objects(count: number, depth: number): void {
    for (let i = 0; i < count; i++) this.readObject(depth + 1);
  }

  private code(depth: number): void {
    const localsPlus = this.magic >= LOCALS_PLUS;
    const numbers = localsPlus ? 5 : this.magic >= POSITIONAL_ONLY ? 6 : 5;
    this.skip(numbers * 4);
    // 3.11: code, consts, names, localsplusnames, localspluskinds, filename, name, qualname.
    this.objects(8, depth);
    this.skip(4); // first line number
    this.objects(localsPlus ? 2 : 1, depth);
  }

  /** A signed count of digits, then digits of 15 bits, lowest first. */
  private integer(): void {
    const count = Math.abs(this.size(4) | 0);
    const start = this.at;
    this.skip(count * 2);
    if (count < MIN_DIGITS) return;
    const hex: string[] = [];
    let value = 0;
    let bits = 0;
    for (let i = 0; i < count; i++) {
      value |= u16le(this.bytes, start + i * 2)! << bits;
      for (bits += 15; bits >= 4; bits -= 4, value >>>= 4) hex.push((value & 15).toString(16));
    }
    if (bits > 0) hex.push(value.toString(16));
    this.lines.push(latin1(hex.reverse().join('').replace(/^0+/, '')));
  }
}
