/**
 * The value that is given to a name: in environments, command lines, INI, properties, JSON, YAML, XML, HCL, SQL and
 * programs. What stands between is told by its first characters; anything else is no assignment.
 */

import type { Span } from '../model/place.ts';
import { hasWord, isLetter } from './ascii.ts';

/** Longest value, in characters. */
export const MAX_VALUE = 512;
/** Most characters between name and value: HCL and YAML align them, XML and lists of variables have words between. */
export const MAX_BETWEEN = 64;

const [NUL, TAB, LF, CR, SPACE, QUOTE, APOSTROPHE, BACKTICK, BACKSLASH] = [0, 9, 10, 13, 0x20, 0x22, 0x27, 0x60, 0x5c];
const isQuote = (char: number | undefined): boolean => char === QUOTE || char === APOSTROPHE || char === BACKTICK;
const isBlank = (char: number | undefined): boolean => char === SPACE || char === TAB;

/** A place in text, that only moves forward. */
class Cursor {
  readonly bytes: Uint8Array;
  at: number;
  readonly limit: number;

  constructor(bytes: Uint8Array, at: number, limit: number) {
    this.bytes = bytes;
    this.at = at;
    this.limit = limit;
  }

  get char(): number | undefined {
    return this.at < this.limit ? this.bytes[this.at] : undefined;
  }

  /** Whether it moved. */
  skip(accepts: (char: number | undefined) => boolean): boolean {
    const from = this.at;
    while (this.at < this.limit && accepts(this.bytes[this.at])) this.at++;
    return this.at > from;
  }

  /** A word in lower case letters, in either case. */
  takeWord(word: string): boolean {
    if (!hasWord(this.bytes, this.at, word)) return false;
    this.at += word.length;
    return true;
  }
}

/**
 * The value of the name `bytes[nameStart, nameEnd)`. Undefined when none follows, it is longer than `MAX_VALUE`, or the
 * bytes end before it does. Total.
 */
export function assignedValue(bytes: Uint8Array, nameStart: number, nameEnd: number): Span | undefined {
  const cursor = new Cursor(bytes, nameEnd, Math.min(bytes.length, nameEnd + MAX_BETWEEN));
  // `--password v` and, in the memory of a process, `--password\0v`.
  if (bytes[nameStart] === 0x2d && (cursor.char === SPACE || cursor.char === NUL)) return readValue(bytes, nameEnd + 1);
  const isClosed = cursor.skip((char) => isQuote(char) || char === BACKSLASH);
  // `ENV['X'] = 'v'`, `char password[] = "v"`
  cursor.skip((char) => char === 0x5b || char === 0x5d || char === QUOTE);
  if (cursor.char === 0x3e) return isMarkup(bytes, nameStart, isClosed) ? readValue(bytes, cursor.at + 1) : undefined;
  const hasBlank = cursor.skip(isBlank);
  if (cursor.char === 0x3d || cursor.char === 0x3a) return afterSeparator(cursor);
  // `setPassword("v")`
  if (cursor.char === 0x28 && !isClosed) {
    cursor.at++;
    return isQuote(cursor.char) ? readValue(bytes, cursor.at) : undefined;
  }
  // `SET PASSWORD 'v'`, `#define KEY "v"`
  if (hasBlank && !isClosed && isQuote(cursor.char)) return readValue(bytes, cursor.at);
  if (isClosed && cursor.char === 0x2c) {
    // `define('X', 'v')`, `{"name":"X","value":"v"}`
    cursor.at++;
    cursor.skip(isSpace);
    const start = cursor.at;
    if (isQuote(cursor.char) && !nameValue(cursor)) return readValue(bytes, start);
    return cursor.at > start ? afterSeparator(cursor) : undefined;
  }
  // `<add key="X" value="v"/>`, `-Name X -Value v`, `- name: X⏎  value: v`
  cursor.skip((char) => isSpace(char) || char === 0x2d);
  return nameValue(cursor) ? afterSeparator(cursor) : undefined;
}

const isSpace = (char: number | undefined): boolean => isBlank(char) || char === LF || char === CR;

/** `value`, perhaps in quotes; the cursor is then behind it. */
function nameValue(cursor: Cursor): boolean {
  const start = cursor.at;
  cursor.skip((char) => isQuote(char) || char === BACKSLASH);
  if (cursor.takeWord('value') && !isLetter(cursor.char)) {
    cursor.skip((char) => isQuote(char) || char === BACKSLASH);
    return true;
  }
  cursor.at = start;
  return false;
}

/** In `<password>v<` and `<entry key="password">v<`; not in `Map<Key>` or `a->token > b`. */
function isMarkup(bytes: Uint8Array, nameStart: number, isClosed: boolean): boolean {
  return isClosed ? isQuote(bytes[nameStart - 1]) : bytes[nameStart - 1] === 0x3c || bytes[nameStart - 1] === 0x3a;
}

/** After `=`, `:`, `:=`, `=>`, or a blank where one is enough; not after `==` and `::`. */
function afterSeparator(cursor: Cursor): Span | undefined {
  cursor.skip(isBlank);
  const [first, second] = [cursor.char, cursor.bytes[cursor.at + 1]];
  if (first === 0x3d || first === 0x3a) {
    if (first === second && !(second === 0x3d && cursor.bytes[cursor.at + 2] !== SPACE)) return undefined;
    cursor.at++;
    if ((first === 0x3a && second === 0x3d) || (first === 0x3d && second === 0x3e)) cursor.at++;
  }
  cursor.skip(isBlank);
  if (first === 0x3a) skipType(cursor);
  return readValue(cursor.bytes, cursor.at);
}

/** `: string = "v"` and `: &'static str = "v"`. */
function skipType(cursor: Cursor): void {
  const start = cursor.at;
  cursor.skip((char) => isLetter(char) || char === 0x26 || char === APOSTROPHE || isBlank(char) || char === 0x3f);
  if (cursor.at > start && cursor.char === 0x3d && cursor.bytes[cursor.at + 1] !== 0x3d) {
    cursor.at++;
    cursor.skip(isBlank);
    if (isQuote(cursor.char)) return;
  }
  cursor.at = start;
}

/** The value at `at`: in quotes (also escaped ones), or up to a blank or a character that ends it. */
function readValue(bytes: Uint8Array, at: number): Span | undefined {
  let start = at;
  while (start < at + 4 && isBlank(bytes[start])) start++;
  if (bytes[start] === BACKSLASH && isQuote(bytes[start + 1])) start++;
  const quote = isQuote(bytes[start]) ? bytes[start] : undefined;
  if (quote !== undefined) start++;
  const limit = Math.min(bytes.length, start + MAX_VALUE);
  let end = start;
  while (end < limit && bytes[end]! > 0x20 && bytes[end]! < 0x7f && !endsValue(bytes[end]!, quote)) end++;
  return end < limit || end === bytes.length ? { start, end } : undefined;
}

/** `" ' , ; < \ &` when nothing quotes the value. */
const ENDS = new Set([QUOTE, APOSTROPHE, 0x2c, 0x3b, 0x3c, BACKSLASH, 0x26]);

function endsValue(char: number, quote: number | undefined): boolean {
  return quote === undefined ? ENDS.has(char) : char === quote || char === BACKSLASH;
}
