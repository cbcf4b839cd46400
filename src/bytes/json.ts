/**
 * Members of a flat object in text: JSON (RFC 8259), JSON inside JSON strings (`\"`, `\\\"`, `\u0022`), JavaScript source
 * and `util.inspect` (`kty: 'RSA'`), Python's repr, Java's `Map.toString` (`kty=RSA`), URL and HTML escapes.
 * No grammar: memory holds all dialects, and what the values are worth is proven by whoever asks. No strings are made
 * of values, only spans.
 */

import type { Span } from '../model/place.ts';
import { hexValue, isLetterOrDigit } from './ascii.ts';

/** Longest object: an RSA-8192 key with a certificate chain beside it. */
const MAX_OBJECT_CHARS = 16_384;
/** Names of more characters are of no interest. */
const MAX_NAME_CHARS = 16;

const LF = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Characters of names and of base64url values. */
const isWordChar = (char: number): boolean => isLetterOrDigit(char) || char === 0x2d || char === 0x5f;
/** The same and `+ /` of base64, which some writers use. */
const isValueChar = (char: number): boolean => isWordChar(char) || char === 0x2b || char === 0x2f;
/** Text as it lies in one string: printable, UTF-8, line ends and tabs. */
const isTextChar = (char: number): boolean =>
  char >= SPACE ? char !== 0x7f : char === LF || char === 0x0d || char === 0x09;

/** The character that two hex digits at `at` stand for, when it is punctuation; -1 otherwise. */
function escapedPunctuation(bytes: Uint8Array, at: number): number {
  const [high, low] = [hexValue(bytes[at]), hexValue(bytes[at + 1])];
  const char = high < 0 || low < 0 ? -1 : high * 16 + low;
  return char > 0 && char < 0x7f && !isLetterOrDigit(char) ? char : -1;
}

interface Char {
  readonly char: number;
  readonly length: number;
}

/** The character at `at` with its escape undone: `\"`, `\\n`, `\u0022`, `%22`, `&quot;`, `&#34;`. Only punctuation is ever escaped. */
function readPunctuation(bytes: Uint8Array, at: number): Char {
  const char = bytes[at]!;
  if (char === BACKSLASH) {
    let next = at + 1;
    while (bytes[next] === BACKSLASH && next < at + 16) next++;
    const letter = bytes[next];
    if (letter === 0x75 && bytes[next + 1] === 0x30 && bytes[next + 2] === 0x30) {
      const escaped = escapedPunctuation(bytes, next + 3);
      if (escaped >= 0) return { char: escaped, length: next + 5 - at };
    }
    // \n, \r, \t: the letter is no part of a word.
    if (letter === 0x6e || letter === 0x72 || letter === 0x74) return { char: SPACE, length: next + 1 - at };
    return { char: SPACE, length: next - at };
  }
  if (char === 0x25) {
    const escaped = escapedPunctuation(bytes, at + 1);
    if (escaped >= 0) return { char: escaped, length: 3 };
  }
  if (char === 0x26) {
    let next = at + 1;
    while (next < at + 6 && (isLetterOrDigit(bytes[next]) || bytes[next] === 0x23)) next++;
    if (bytes[next] === 0x3b) return { char: QUOTE, length: next + 1 - at };
  }
  return { char, length: 1 };
}

const isQuoteOrBlank = (char: number): boolean =>
  char === QUOTE || char === 0x27 || char === 0x60 || char === SPACE || char === LF || char === 0x0d || char === 0x09;

/** Span of the value whose member name ends at `nameEnd`: after quotes, blanks and one `:` or `=`. Undefined if none follows. */
export function readValueAfter(bytes: Uint8Array, nameEnd: number, limit = bytes.length): Span | undefined {
  let at = nameEnd;
  let separators = 0;
  for (const most = Math.min(limit, nameEnd + 48); at < most; ) {
    if (isValueChar(bytes[at]!) && separators === 1) break;
    const { char, length } = readPunctuation(bytes, at);
    if (char === 0x3a || char === 0x3d) separators++;
    else if (!isQuoteOrBlank(char)) return undefined;
    at += length;
  }
  const start = at;
  while (at < limit && isValueChar(bytes[at]!)) at++;
  const end = at;
  return separators === 1 && end > start ? { start, end } : undefined;
}

export interface FlatObject {
  /** From brace to brace; where one is missing, from the first or to the last member. */
  readonly span: Span;
  /** Value of the member, the longest if the name occurs several times. */
  get(name: string): Span | undefined;
}

/**
 * The members of the innermost object around the name at `[at, nameEnd)`; those of objects nested in it are left out.
 * Each object has that name once: where it stands again, another object begins, so that text full of it is read once.
 */
export function readFlatObject(bytes: Uint8Array, at: number, nameEnd: number): FlatObject | undefined {
  const open = findOpen(bytes, at, nameEnd);
  const from = open.found ? open.at + 1 : open.at;
  const limit = Math.min(bytes.length, from + MAX_OBJECT_CHARS);
  const values = new Map<string, Span>();
  let first = -1;
  let last = -1;
  let depth = 0;
  let next = from;
  while (next < limit && isTextChar(bytes[next]!)) {
    if (isWordChar(bytes[next]!)) {
      let end = next;
      while (end < limit && isWordChar(bytes[end]!)) end++;
      if (next > at && isSameName(bytes, next, end, at, nameEnd)) break;
      const value = depth === 0 && end - next <= MAX_NAME_CHARS ? readValueAfter(bytes, end, limit) : undefined;
      if (value) {
        const name = String.fromCharCode(...bytes.subarray(next, end));
        const before = values.get(name);
        if (!before || before.end - before.start < value.end - value.start) values.set(name, value);
        if (first < 0) first = next;
        last = value.end;
      }
      next = value?.end ?? end;
      continue;
    }
    const { char, length } = readPunctuation(bytes, next);
    if (char === OPEN) depth++;
    if (char === CLOSE && --depth < 0) {
      return { span: { start: open.found ? open.at : first, end: next + length }, get: (name) => values.get(name) };
    }
    next += length;
  }
  if (first < 0) return undefined;
  return { span: { start: open.found ? open.at : first, end: last }, get: (name) => values.get(name) };
}

const isSameName = (bytes: Uint8Array, start: number, end: number, at: number, nameEnd: number): boolean => {
  if (end - start !== nameEnd - at) return false;
  for (let i = 0; i < end - start; i++) if (bytes[start + i] !== bytes[at + i]) return false;
  return true;
};

/** Where the object around the name opens, or where the text before it begins. */
function findOpen(bytes: Uint8Array, at: number, nameEnd: number): { readonly at: number; readonly found: boolean } {
  const floor = Math.max(0, at - MAX_OBJECT_CHARS);
  let depth = 0;
  for (let i = at - 1; i >= floor; i--) {
    const char = bytes[i]!;
    if (!isTextChar(char)) return { at: i + 1, found: false };
    if (char === bytes[at] && !isWordChar(bytes[i - 1] ?? 0) && !isWordChar(bytes[i + nameEnd - at] ?? 0)) {
      const end = i + nameEnd - at;
      if (end <= at && isSameName(bytes, i, end, at, nameEnd)) return { at: end, found: false };
    }
    const brace = char === OPEN || char === CLOSE ? { char, at: i } : escapedBrace(bytes, i);
    if (brace?.char === CLOSE) depth++;
    if (brace?.char === OPEN && --depth < 0) return { at: brace.at, found: true };
  }
  return { at: floor, found: false };
}

/** `%7B`, `\u007b` and their closing kin, whose last character is at `last`. */
function escapedBrace(bytes: Uint8Array, last: number): { readonly char: number; readonly at: number } | undefined {
  if (bytes[last - 1] !== 0x37) return undefined;
  const char = escapedPunctuation(bytes, last - 1);
  if (char !== OPEN && char !== CLOSE) return undefined;
  if (bytes[last - 2] === 0x25) return { char, at: last - 2 };
  return bytes[last - 4] === 0x75 && bytes[last - 5] === BACKSLASH ? { char, at: last - 5 } : undefined;
}
