/**
 * Overwrites bytes at the same length, by the rules of what is around them: zeros in memory; in text `*` for each
 * character, so that line breaks, JSON's structure and its escapes stay what they are. The trap: a span may begin or end within
 * an escape (`\n`, `\u002b`) or a UTF-8 sequence, which is then overwritten whole.
 */
import { isDigit } from '../bytes/ascii.ts';
import type { Edit } from './edits.ts';

/** What an artifact is, for the choice of the rule. */
export type Content = 'binary' | 'text' | 'json' | 'utf-16le' | 'utf-16be';

/** Bytes around a span that must be at hand, to see where escapes begin: a run of backslashes may be long. */
export const CONTEXT_BYTES = 256;

const STAR = 0x2a;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const LOWER_U = 0x75;
const ONE = 0x31;

/** Characters of a text in units of 1 or 2 bytes. */
interface Units {
  readonly length: number;
  get(at: number): number;
  set(at: number, char: number): void;
}

function unitsOf(bytes: Uint8Array, from: number, content: Content): Units {
  if (content !== 'utf-16le' && content !== 'utf-16be') {
    return { length: bytes.length, get: (at) => bytes[at] ?? -1, set: (at, char) => void (bytes[at] = char) };
  }
  const origin = from % 2;
  const low = content === 'utf-16le' ? 0 : 1;
  return {
    length: (bytes.length - origin) >> 1,
    get: (at) => (at < 0 ? -1 : (bytes[origin + 2 * at + low] ?? -1) | (bytes[origin + 2 * at + 1 - low]! << 8)),
    set: (at, char) => {
      bytes[origin + 2 * at + low] = char;
      bytes[origin + 2 * at + 1 - low] = 0;
    },
  };
}

/**
 * Overwrites `[start, end)` of `bytes`, and up to 6 characters more on each side.
 * @param bytes the span with `CONTEXT_BYTES` on each side, less where the artifact ends
 */
export function fill(
  bytes: Uint8Array,
  start: number,
  end: number,
  content: Content,
  { form }: Pick<Edit, 'form'>,
): void {
  if (content === 'binary') {
    bytes.fill(0, start, end);
    return;
  }
  const isWide = content === 'utf-16le' || content === 'utf-16be';
  const origin = isWide ? start % 2 : 0;
  const units = unitsOf(bytes, start, content);
  const from = escapeStart(units, isWide ? (start - origin) / 2 : start);
  const to = escapeEnd(units, isWide ? Math.ceil((end - origin) / 2) : end);
  const first = isWide ? from : characterStart(bytes, from);
  const last = isWide ? to : characterEnd(bytes, to);
  if (form === 'xml') fillXml(units, first, last);
  else if (content === 'json' && holdsQuote(units, first, last)) fillJson(units, first, last, form === 'jwk');
  else if (isNumberList(units, first, last)) fillNumbers(units, first, last, content === 'json');
  else for (let at = first; at < last; at++) star(units, at);
}

/** Octets of a key one by one, or one number. */
function isNumberList(units: Units, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const char = units.get(at);
    if (!isDigit(char) && !isBlank(char) && char !== COMMA && char !== MINUS) return false;
  }
  return true;
}

/** Nothing stays where it was: how many digits an octet has says something of it. JSON's arrays stay arrays, its numbers numbers. */
function fillNumbers(units: Units, from: number, to: number, isJson: boolean): void {
  let isList = false;
  for (let at = from; at < to; at++) isList ||= units.get(at) === COMMA;
  for (let at = from; at < to; at++) {
    const isComma = isList && (at - from) % 2 === 1 && at + 1 < to;
    units.set(at, !isJson ? STAR : isComma ? COMMA : ONE);
  }
}

/** Line breaks and tabs stay. */
function star(units: Units, at: number): void {
  const char = units.get(at);
  if (char !== 0x0a && char !== 0x0d && char !== 0x09) units.set(at, STAR);
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

function characterStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && at - start < 3 && isContinuation(bytes[start])) start--;
  return start;
}

function characterEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end - at < 3 && isContinuation(bytes[end])) end++;
  return end;
}

/** Whether the character at `at` is escaped: an odd number of backslashes before it. */
function isEscaped(units: Units, at: number): boolean {
  let count = 0;
  while (units.get(at - 1 - count) === BACKSLASH) count++;
  return count % 2 === 1;
}

const isHex = (char: number): boolean =>
  (char >= 0x30 && char <= 0x39) || ((char | 0x20) >= 0x61 && (char | 0x20) <= 0x66);

/** Index of the backslash of the escape that `at` lies within, if there is one; its first character is not within. */
function escapeAround(units: Units, at: number): number | undefined {
  if (isEscaped(units, at)) return at - 1;
  for (let back = 1; back <= 4; back++) {
    const char = units.get(at - back);
    if (char === LOWER_U && isEscaped(units, at - back)) return at - back - 1;
    if (!isHex(char)) return undefined;
  }
  return undefined;
}

const escapeStart = (units: Units, at: number): number => escapeAround(units, at) ?? at;

function escapeEnd(units: Units, at: number): number {
  const start = escapeAround(units, at);
  if (start === undefined) return at;
  return Math.min(units.length, start + (units.get(start + 1) === LOWER_U ? 6 : 2));
}

function holdsQuote(units: Units, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (units.get(at) === QUOTE && !isEscaped(units, at)) return true;
  return false;
}

const isBlank = (char: number): boolean => char === 0x20 || (char >= 0x09 && char <= 0x0d);
/** `{`, `[`, `"`, `,`, `:`, `}` and `]`: a span that begins with one begins outside of strings. */
const isStructure = (char: number): boolean => [0x7b, 0x5b, QUOTE, COMMA, COLON, 0x7d, 0x5d].includes(char);

interface JsonString {
  readonly from: number;
  readonly to: number;
  readonly isName: boolean;
  /** Its name when it is a member's value, of at most two characters. */
  readonly member: string;
}

/** RFC 7518, 6: private members of keys. */
const PRIVATE_MEMBERS = new Set(['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'r', 't']);

/** Values in strings; member names and structure stay. Of a JWK only the private members, if it has any. */
function fillJson(units: Units, from: number, to: number, isJwk: boolean): void {
  const strings: JsonString[] = [];
  let at = from;
  while (at < to && isBlank(units.get(at))) at++;
  let inString = !isStructure(units.get(at));
  let opened = from;
  let member = '';
  const outside: number[] = [];
  for (at = from; at <= to; at++) {
    const isQuote = at < to && units.get(at) === QUOTE && !isEscaped(units, at);
    if (inString && (isQuote || at === to)) {
      let next = at + 1;
      while (next < units.length && isBlank(units.get(next))) next++;
      const isName = isQuote && units.get(next) === COLON;
      strings.push({ from: opened, to: at, isName, member });
      member = isName ? shortText(units, opened, at) : '';
      inString = false;
    } else if (isQuote) {
      inString = true;
      opened = at + 1;
    } else if (!inString && at < to) outside.push(at);
  }
  const values = strings.filter(({ isName }) => !isName);
  const hidden = isJwk ? values.filter((value) => PRIVATE_MEMBERS.has(value.member)) : [];
  for (const value of hidden.length > 0 ? hidden : values)
    for (let i = value.from; i < value.to; i++) units.set(i, STAR);
  // Numbers stay numbers.
  if (!isJwk) for (const i of outside) if (isDigit(units.get(i))) units.set(i, ONE);
}

function shortText(units: Units, from: number, to: number): string {
  return to - from > 2 ? '' : String.fromCharCode(...Array.from({ length: to - from }, (_, i) => units.get(from + i)));
}

/** Text between tags. */
function fillXml(units: Units, from: number, to: number): void {
  let inTag = false;
  for (let at = from; at < to; at++) {
    const char = units.get(at);
    if (char === 0x3c) inTag = true;
    else if (char === 0x3e) inTag = false;
    else if (!inTag) star(units, at);
  }
}
