/** UTF-8 as both automata read it, as Go's regexp does: what is not valid is U+FFFD, one for each byte. */
import { EMPTY, type Program } from './program.ts';

const RUNE_ERROR = 0xfffd;

/** What stands before a place, for `^`, `\A` and `\b`. */
export const BEFORE = { nothing: 0, newline: 1, word: 2, other: 3 } as const;

/** Code point × 8 + bytes of the character at `at`, which is before `end`. */
export function decode(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return first * 8 + 1;
  const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || at + more >= end) return RUNE_ERROR * 8 + 1;
  let rune = first & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const byte = bytes[at + i]!;
    if ((byte & 0xc0) !== 0x80) return RUNE_ERROR * 8 + 1;
    rune = (rune << 6) | (byte & 0x3f);
  }
  // Overlong forms, surrogates, and what is beyond Unicode.
  const least = more === 1 ? 0x80 : more === 2 ? 0x800 : 0x10000;
  if (rune < least || rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff)) return RUNE_ERROR * 8 + 1;
  return rune * 8 + more + 1;
}

/** Index of the class that a code point belongs to. */
export function classOf({ bounds }: Program, rune: number): number {
  let low = 0;
  let high = bounds.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (bounds[middle]! <= rune) low = middle;
    else high = middle;
  }
  return low;
}

/** The kind of a character, as what stands before the next one. */
export function kindOf(rune: number): number {
  if (rune === 0x0a) return BEFORE.newline;
  const isWord =
    (rune >= 0x30 && rune <= 0x39) || (rune >= 0x41 && rune <= 0x5a) || rune === 0x5f || (rune >= 0x61 && rune <= 0x7a);
  return isWord ? BEFORE.word : BEFORE.other;
}

/** Bits of `EMPTY` that hold between `before` (a kind) and `after` (a kind, `nothing` at the end of the text). */
export function emptyFlags(before: number, after: number): number {
  let flags = 0;
  if (before === BEFORE.nothing) flags |= EMPTY.beginLine | EMPTY.beginText;
  else if (before === BEFORE.newline) flags |= EMPTY.beginLine;
  if (after === BEFORE.nothing) flags |= EMPTY.endLine | EMPTY.endText;
  else if (after === BEFORE.newline) flags |= EMPTY.endLine;
  const isSame = (before === BEFORE.word) === (after === BEFORE.word);
  return flags | (isSame ? EMPTY.noWordBoundary : EMPTY.wordBoundary);
}
