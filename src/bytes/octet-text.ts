/**
 * Octets that programs print one by one: `30:82:04`, `30 82 04`, `30-82-04`, `0x30, 0x82, 0x04`, plain hex in lines; `48, 130, 4` (JSON, Go, Rust,
 * Java with signs, util.inspect); `0\x82\x04` in quotes (C, Python's repr, Ruby's inspect), `0\202\4` (C, gdb, strace).
 */
import { hexValue, isBlank, isDigit, isHexPrefix } from './ascii.ts';

/** `hex`: two digits each, or one after `0x`. `decimal`: -128 to 255. `escaped`: characters, and escapes with a backslash. */
export type OctetNotation = 'hex' | 'decimal' | 'escaped';

export interface OctetText {
  /** In memory of its own: wipe it after use. */
  readonly octets: Uint8Array;
  /** Index after the last digit. */
  readonly next: number;
}

const BACKSLASH = 0x5c;
const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
/** Between two octets: a line break and deep indentation. */
const MAX_SEPARATOR = 64;
/** Blanks, `,`, `:`, `;`, and of hex `-`. */
const isSeparator = (char: number | undefined, notation: OctetNotation): boolean =>
  isBlank(char) || char === 0x2c || char === 0x3a || char === 0x3b || (char === 0x2d && notation === 'hex');

/** C, Python and Ruby: what a letter behind a backslash stands for. */
const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  e: 27,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '#': 0x23,
  '\\': BACKSLASH,
  "'": QUOTE,
  '"': DOUBLE_QUOTE,
};

/** Reads up to `most` octets that begin at `at`; stops at the first text that is none. */
export function readOctetText(bytes: Uint8Array, at: number, notation: OctetNotation, most: number): OctetText {
  const out = new Uint8Array(most);
  const readOne = READERS[notation];
  // What stands before a string ends it: the other quote is a character.
  const quote = bytes[at - 1] === QUOTE || bytes[at - 1] === DOUBLE_QUOTE ? bytes[at - 1] : undefined;
  let length = 0;
  let next = at;
  for (let from = at; length < most; ) {
    const one = readOne(bytes, from);
    if (!one || (notation === 'escaped' && bytes[from] === quote)) break;
    out[length++] = one.octet;
    next = one.next;
    from = notation === 'escaped' ? next : skipSeparators(bytes, next, notation);
    if (notation === 'decimal' && from === next) break;
  }
  const octets = out.slice(0, length);
  out.fill(0);
  return { octets, next };
}

/** Where the octet `count` octets before the one at `at` begins, in the same notation; undefined when there is none. */
export function stepBack(bytes: Uint8Array, at: number, notation: OctetNotation, count: number): number | undefined {
  let start = at;
  for (let i = 0; i < count; i++) {
    const before = octetBefore(bytes, start, notation);
    if (before === undefined) return undefined;
    start = before;
  }
  return start;
}

type Octet = { readonly octet: number; readonly next: number };

const READERS: Readonly<Record<OctetNotation, (bytes: Uint8Array, at: number) => Octet | undefined>> = {
  hex: readHex,
  decimal: readDecimal,
  escaped: readEscaped,
};

function skipSeparators(bytes: Uint8Array, at: number, notation: OctetNotation): number {
  let next = at;
  while (next < at + MAX_SEPARATOR && isSeparator(bytes[next], notation)) next++;
  return next;
}

function readHex(bytes: Uint8Array, at: number): Octet | undefined {
  const digits = isHexPrefix(bytes, at) ? at + 2 : at;
  const [high, low] = [hexValue(bytes[digits]), hexValue(bytes[digits + 1])];
  if (high < 0) return undefined;
  if (low >= 0) return { octet: high * 16 + low, next: digits + 2 };
  // Go's %#v and C# write 0x4.
  return digits > at ? { octet: high, next: digits + 1 } : undefined;
}

function readDecimal(bytes: Uint8Array, at: number): Octet | undefined {
  const isNegative = bytes[at] === 0x2d;
  let next = isNegative ? at + 1 : at;
  const first = next;
  let value = 0;
  while (isDigit(bytes[next]) && next < first + 3) value = value * 10 + bytes[next++]! - 0x30;
  const isTooLarge = isDigit(bytes[next]) || value > (isNegative ? 128 : 255);
  return next === first || isTooLarge ? undefined : { octet: isNegative ? 256 - value : value, next };
}

function readEscaped(bytes: Uint8Array, at: number): Octet | undefined {
  const char = bytes[at];
  if (char === undefined || char < 0x20 || char > 0x7e) return undefined;
  if (char !== BACKSLASH) return { octet: char, next: at + 1 };
  if (bytes[at + 1] === 0x78) {
    const [high, low] = [hexValue(bytes[at + 2]), hexValue(bytes[at + 3])];
    return high < 0 || low < 0 ? undefined : { octet: high * 16 + low, next: at + 4 };
  }
  let next = at + 1;
  let octal = 0;
  while (next < at + 4 && isOctalDigit(bytes[next])) octal = octal * 8 + bytes[next++]! - 0x30;
  if (next > at + 1) return octal > 255 ? undefined : { octet: octal, next };
  const octet = ESCAPES[String.fromCharCode(bytes[at + 1] ?? 0)];
  return octet === undefined ? undefined : { octet, next: at + 2 };
}

const isOctalDigit = (char: number | undefined): boolean => char !== undefined && char >= 0x30 && char <= 0x37;

function octetBefore(bytes: Uint8Array, at: number, notation: OctetNotation): number | undefined {
  if (notation === 'escaped') {
    return [4, 3, 2, 1].map((size) => at - size).find((start) => start >= 0 && readEscaped(bytes, start)?.next === at);
  }
  let end = at;
  while (end > 0 && end > at - MAX_SEPARATOR && isSeparator(bytes[end - 1], notation)) end--;
  const readOne = READERS[notation];
  return [4, 3, 2, 1].map((size) => end - size).find((start) => start >= 0 && readOne(bytes, start)?.next === end);
}
