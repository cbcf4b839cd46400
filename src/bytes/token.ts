/**
 * Shapes of tokens that services issue: literal parts and runs of an alphabet, matched from left to right without
 * going back. What tells them from text is their exact length, what stands before and after, and that they were drawn.
 */

import { holdsWord, isHex } from './ascii.ts';
import { characterClass, countCharacters, letterEvidence, switchEvidence } from './random-text.ts';
import { hasText } from './reader.ts';

export const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const HEX = `${DIGITS}abcdef`;
export const UPPER_HEX = `${DIGITS}ABCDEF`;
export const ANY_HEX = `${HEX}ABCDEF`;
export const LETTERS = LOWER + UPPER;
export const LOWER36 = DIGITS + LOWER;
export const UPPER36 = DIGITS + UPPER;
export const BASE32 = `${UPPER}234567`;
export const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
export const BASE62 = DIGITS + UPPER + LOWER;
export const BASE64 = `${BASE62}+/`;
export const BASE64URL = `${BASE62}-_`;

/** A literal, or a run of `least` to `most` characters. `any`: the run need not look random (a number, an encoded document). */
export type TokenPart = string | readonly [alphabet: string, least: number, most?: number, any?: 'any'];

/** 8-4-4-4-12 lower-case hex digits. */
export const UUID: readonly TokenPart[] = [[HEX, 8, 8], '-', [HEX, 4], '-', [HEX, 4], '-', [HEX, 4], '-', [HEX, 12]];

const tables = new Map<string, Uint8Array>();

/** 256 entries, 1 for the characters of the alphabet. */
function tableOf(alphabet: string): Uint8Array {
  let table = tables.get(alphabet);
  if (!table) {
    table = new Uint8Array(256);
    for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = 1;
    tables.set(alphabet, table);
  }
  return table;
}

export interface TokenRun {
  readonly start: number;
  readonly end: number;
  readonly alphabet: string;
  /** It need not look random. */
  readonly any: boolean;
}

export interface TokenMatch {
  readonly end: number;
  readonly runs: readonly TokenRun[];
}

/** The parts at `at`, each run as long as it can be. */
export function matchParts(bytes: Uint8Array, at: number, parts: readonly TokenPart[]): TokenMatch | undefined {
  const runs: TokenRun[] = [];
  let next = at;
  for (const part of parts) {
    if (typeof part === 'string') {
      if (!hasText(bytes, next, part)) return undefined;
      next += part.length;
      continue;
    }
    const [alphabet, least, most = least, any] = part;
    const table = tableOf(alphabet);
    const start = next;
    const limit = Math.min(bytes.length, start + most);
    while (next < limit && table[bytes[next]!] === 1) next++;
    if (next - start < least) return undefined;
    runs.push({ start, end: next, alphabet, any: any !== undefined });
  }
  return { end: next, runs };
}

/** Fewest and most characters of the parts. */
export function partsLength(parts: readonly TokenPart[]): { readonly least: number; readonly most: number } {
  const lengths = parts.map((part) =>
    typeof part === 'string' ? [part.length, part.length] : [part[1], part[2] ?? part[1]],
  );
  return {
    least: lengths.reduce((sum, [least]) => sum + least!, 0),
    most: lengths.reduce((sum, [, most]) => sum + most!, 0),
  };
}

/** Letters, digits, `_` and `-`: what a token is not glued to. */
function isTokenChar(char: number | undefined): boolean {
  const kind = char === undefined ? 0 : characterClass(char);
  return (kind !== 0 && kind !== 8) || char === 0x5f || char === 0x2d;
}

const BACKSLASH = 0x5c;
const PERCENT = 0x25;
/** Characters before a token that `beginsClean` looks at: `\u003d`. */
export const BEFORE_TOKEN = 6;

/**
 * Whether a token of `length` characters may begin at `at`: what stands before is no part of it. Letters and digits that
 * end an escape (`\n`, `%3D`, `\u003d`) or are the length that serialisers write before a string don't count.
 */
export function beginsClean(bytes: Uint8Array, at: number, length: number): boolean {
  const before = bytes[at - 1];
  if (at <= 0 || !isTokenChar(before)) return true;
  if (before === length) return true;
  if (bytes[at - 2] === BACKSLASH) return true;
  const hexBefore = (digits: number): boolean => at >= digits && isHex(bytes, at - digits, at);
  if (bytes[at - 3] === PERCENT && hexBefore(2)) return true;
  return bytes[at - 6] === BACKSLASH && (bytes[at - 5]! | 0x20) === 0x75 && hexBefore(4);
}

/** Whether a token may end before `end`. */
export const endsClean = (bytes: Uint8Array, end: number): boolean => !isTokenChar(bytes[end]);

/** In lower case. None is likely in a random draw: four characters in a row are given with a chance of 1 in 10^5. */
const PLACEHOLDERS = [
  'example',
  'placeholder',
  'changeme',
  'redacted',
  'dummy',
  'sample',
  'secret',
  'replace',
  'insert',
  'foobar',
  'yourtoken',
  'your_',
  'your-',
  'yourapi',
  '123456',
  'abcdef',
  'deadbeef',
  'xxxx',
];
/** Runs shorter than this say nothing. */
const MIN_JUDGED = 12;
const MIN_DOCUMENT = 40;
/** In bits: of 20 random characters one in 1,000 has less, of words nearly all. */
const MIN_EVIDENCE = -5;

/** Longest stretch of equal characters, and of characters that count up or down. */
function longestStretch(bytes: Uint8Array, start: number, end: number): number {
  let longest = 1;
  const lengths = [1, 1, 1];
  for (let at = start + 1; at < end; at++) {
    const step = bytes[at]! - bytes[at - 1]!;
    for (const [i, wanted] of [-1, 0, 1].entries()) {
      lengths[i] = step === wanted ? lengths[i]! + 1 : 1;
      longest = Math.max(longest, lengths[i]!);
    }
  }
  return longest;
}

/** Different characters in `draws` from `alphabet`: five standard deviations below what is expected. */
function leastDistinct(alphabet: number, draws: number): number {
  const missing = (1 - 1 / alphabet) ** draws;
  const bothMissing = (1 - 2 / alphabet) ** draws;
  const variance = alphabet * missing + alphabet * (alphabet - 1) * bothMissing - (alphabet * missing) ** 2;
  return alphabet * (1 - missing) - 5 * Math.sqrt(Math.max(0, variance));
}

/** Documents in base64 have more different characters. */
const LEAST_IN_DOCUMENT = 12;

/** Whether the run could have been drawn from its alphabet: no words, placeholders, repetitions or sequences. */
export function looksIssued(bytes: Uint8Array, { start, end, alphabet, any }: TokenRun): boolean {
  const length = end - start;
  const small = alphabet.length < 24;
  const counts = alphabet.length < 16 || length < 6 ? undefined : countCharacters(bytes, start, end);
  if (!counts) return true;
  if (any) return length < MIN_DOCUMENT || counts.distinct >= LEAST_IN_DOCUMENT;
  if (longestStretch(bytes, start, end) > (small ? 5 : 4) || holdsWord(bytes, start, end, PLACEHOLDERS)) return false;
  if (length < MIN_JUDGED) return true;
  if (counts.distinct < leastDistinct(small ? 16 : alphabet.length, length)) return false;
  if (small) {
    // Of either case: what is written is of one.
    const share = 10 / 16;
    return Math.abs(counts.digits - length * share) < 4.5 * Math.sqrt(length * share * (1 - share));
  }
  return letterEvidence(bytes, start, end) + switchEvidence(counts) >= MIN_EVIDENCE;
}
