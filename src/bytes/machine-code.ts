/**
 * Tells machine code from random bytes. Code fills whole libraries with words that look random one by one, but a
 * handful of bytes (REX prefixes and MOV on x86, the top bytes of instructions on ARM64) makes up most of it.
 */
import type { Span } from '../model/place.ts';

/**
 * How much likelier each byte is in code than among random bytes, in quarters of a bit (scripts/code-bytes.mjs). Of the GNU
 * debugger, libcrypto and libc on x86-64, and of Node on ARM64.
 */
// biome-ignore format: rows of 16
const X86_64 = Int8Array.of(
  0, 7, 1, -1, 2, 1, -3, -2, 5, -3, -4, -5, -2, -3, -5, 12,
  3, -3, -6, -5, -3, -2, -5, -5, 1, -6, -7, -7, -5, -6, -6, 5,
  1, -5, -7, -7, 8, -3, -7, -7, 0, -1, -7, -5, -6, -6, -2, -7,
  -1, 7, -7, -6, -5, -3, -7, -7, -1, 0, -6, -5, -4, -1, -7, -6,
  2, 7, -5, -3, 6, 5, -5, -4, 16, 4, -6, -6, 7, 0, -6, -6,
  -1, -7, -7, -2, 0, 0, -4, -4, -4, -7, -7, -2, -2, 0, -5, -5,
  -4, -8, -5, -4, -2, -7, 5, -8, -5, -7, -7, -7, -5, -7, -6, -1,
  -4, -7, -5, -5, 4, 1, -6, -5, -4, -7, -8, -5, -2, -3, -5, -3,
  1, -4, -6, 7, 5, 7, -7, -5, -3, 13, -8, 10, -7, 7, -6, -7,
  -1, -8, -8, -7, -5, -5, -8, -8, -5, -8, -8, -8, -7, -7, -8, -8,
  -5, -8, -8, -8, -7, -8, -8, -8, -5, -8, -8, -8, -7, -8, -8, -7,
  -5, -8, -8, -8, -7, -6, -2, -7, -1, -6, -3, -7, -5, -5, -1, -4,
  6, 1, -1, 2, 1, 1, -1, 3, -2, -1, -5, -6, -6, -6, -5, -6,
  -1, -4, 0, -5, -6, -6, -5, -4, -2, -6, -5, -3, -6, -6, -4, -1,
  -1, -4, -4, -6, -5, -5, -4, -3, 9, 3, -3, 0, -2, -3, -3, 0,
  -1, -5, -4, -2, -5, -4, 1, -2, 1, -3, -2, -2, -2, 0, 2, 15,
);
// biome-ignore format: rows of 16
const ARM64 = Int8Array.of(
  0, 10, 9, 14, 6, 0, 3, 0, 2, -3, 0, 0, -1, -5, -2, -3,
  0, -2, 0, 4, 3, 0, 0, 6, -1, -3, -1, -2, -1, -7, -4, 6,
  6, 4, -1, -1, -4, -7, -6, -5, -5, -5, 1, -6, -6, -8, -7, -7,
  -7, -7, -6, -4, -2, -3, -4, -3, -3, 2, -7, -6, -4, -6, -8, 1,
  12, 4, 3, 1, -3, -5, -6, -5, -5, -7, -5, -5, -8, -8, -6, -6,
  -7, -5, 4, 2, 7, -8, -8, -7, -8, -8, -7, -1, -7, -8, -7, 3,
  5, 0, -1, 2, -5, -7, -7, -7, -4, -7, -6, 0, -8, -8, -6, -7,
  -6, 2, -4, -2, -6, -7, -7, -7, -3, -3, -6, 2, -3, -6, -6, 0,
  9, -1, -1, -2, -3, -7, -7, -7, -6, -8, -7, 1, -7, -9, -8, -8,
  -3, 9, -4, -3, 2, -8, -8, 6, -8, -8, -5, -5, -8, -9, -7, -1,
  1, -3, -4, -4, -7, -6, -8, -8, -1, 8, 9, -8, -8, -6, -9, -9,
  -3, -8, -6, -7, 1, -3, -7, -7, -4, 4, -7, -7, -7, -7, -6, -3,
  4, -3, -3, -3, -6, -7, -6, -7, -5, -8, -7, -2, -4, -8, -8, -8,
  -4, -3, 2, -2, -6, 1, 1, -7, -8, -8, -7, -8, -8, -9, -8, -4,
  8, 5, 2, 0, -2, -4, -4, -5, -4, -6, -6, 2, -7, -7, -7, -7,
  -1, -3, -4, 3, -2, 1, -4, 0, 2, 12, -4, -2, -1, 4, 0, 11,
);

/** Unwind tables (`.eh_frame`, DWARF 5, 6.4), which are loaded with the code, name registers by number. Of the programs above, V8 and LLVM. */
// biome-ignore format: rows of 16
const X86_64_UNWIND = Int8Array.of(
  0, 5, 11, 9, 7, 5, 8, 8, 10, -4, 6, 6, 6, 4, 17, -6,
  12, -6, -6, -6, -1, -6, -7, -7, 7, -7, -7, -8, 0, -7, -7, -7,
  7, -7, -7, -7, -2, -7, -7, -7, 5, -8, -8, -5, 0, -8, -7, -8,
  4, -8, -8, -8, -3, -8, -8, -8, 3, -8, -8, -8, -4, -8, -8, -8,
  -2, 11, 11, 4, 6, 3, 0, 1, 2, -1, -2, -3, 0, -4, -5, -5,
  -1, -5, -6, -6, -4, -6, -7, -7, -4, -6, -7, -7, -4, -7, -7, -7,
  -3, -7, -7, -7, -4, -7, -7, -7, -4, -7, -8, -7, -5, -7, -8, -8,
  -3, -7, -7, -8, -5, -8, -7, -7, -5, -8, -8, -8, -5, -8, -7, -8,
  -4, -8, -8, 7, -5, -8, 7, -8, -5, -8, -8, -8, 6, 4, 4, 3,
  -4, -8, -8, -8, -5, -8, -8, -8, -5, -8, -8, -8, -5, -8, -8, -8,
  -4, -8, -8, -8, -5, -8, -8, -8, -5, -8, -8, -8, -5, -8, -8, -8,
  -4, -8, -8, -8, -5, -8, -8, -8, -5, -8, -8, -8, -5, -9, -8, -8,
  -4, -8, -7, -4, -5, -8, -5, -8, -5, -8, -8, -8, -4, -7, -7, -7,
  -5, -8, -8, -8, -5, -8, -8, -8, -5, -8, -7, -8, -5, -8, -9, -9,
  -4, -8, -8, -7, -5, -8, -8, -8, -5, -9, -9, -8, -5, -7, -7, -7,
  -4, -8, -9, -9, -6, -9, -9, -9, -6, -8, -4, -1, 2, -8, -9, 7,
);
// biome-ignore format: rows of 16
const ARM64_UNWIND = Int8Array.of(
  0, 5, 10, 2, 8, -5, 6, -7, 7, -7, 10, 8, 14, -8, 13, -7,
  8, -8, -2, -8, 1, -8, -3, -8, 0, -8, -8, -8, -3, 7, -8, 9,
  6, -9, -8, -8, -2, -8, -8, -8, -1, -8, -8, -8, -2, -1, -8, -8,
  7, -8, -7, -7, -1, -8, -8, -8, -2, -8, -8, -8, -2, -8, -8, -8,
  5, -8, -8, -8, 12, -8, -8, -8, 6, -7, -7, -8, 6, -9, -8, -8,
  7, -8, -8, -8, 3, -8, -8, -8, 1, -9, -9, -8, 1, -9, -9, -8,
  2, -8, -9, -8, -3, -9, -9, -9, -3, -9, -9, -9, -3, -9, -10, -9,
  -1, -9, -9, -9, -3, -9, -9, -9, -3, -9, -9, -9, -3, -9, -9, -9,
  -2, -9, -9, -9, -5, -9, -9, -9, -4, -8, -8, -8, -4, -8, -9, -9,
  -3, -9, -9, 6, 5, 4, 3, 1, 1, -2, -3, -4, -2, 7, 7, -9,
  -3, -9, -9, -9, -5, -9, -9, -9, -5, -10, -10, -9, -5, -10, -9, -9,
  -4, -10, -9, -9, -5, -9, -10, -9, -5, -9, -9, -9, -5, -9, -9, -9,
  -4, -9, -9, -9, -5, -9, -9, -9, -5, -9, -9, -9, -5, -9, -9, -9,
  -4, -10, -10, 9, 8, 7, 5, 3, 2, -1, -2, -4, -2, 9, 10, -10,
  -5, -9, -9, -9, -5, -9, -9, -9, -5, -9, -9, -9, -5, -9, -9, -9,
  -5, -9, -9, -9, -5, -9, -9, -9, -5, -5, 4, 4, -3, -9, -9, -9,
);
const TABLES = [X86_64, X86_64_UNWIND, ARM64, ARM64_UNWIND];

/**
 * Ten bits: of a million random numbers of 32 bytes one scores more for either of the two, of pieces of code that look random
 * otherwise 19 in 20.
 */
const MIN_SCORE = 40;
/** Bytes that are judged together: the shortest private keys. */
const PIECE_BYTES = 32;

/** With code on both sides, a piece that scores more is code as well. */
const MIN_SCORE_INSIDE = -60;
/** A key on P-521 that looks as little like code as it can is longer. */
const MAX_WEAK_BYTES = 96;
/**
 * Judged on each side. Of 400,000 places in the memory of Node, Java and Python 16 have both sides pass, of 100 in the code of a browser 88;
 * without the distinct bytes, which arrays of equal objects lack, 2,400.
 */
const CONTEXT_BYTES = 96;
const MIN_CONTEXT_SCORE = 80;
const MIN_CONTEXT_DISTINCT = 32;

/** Whether `bytes[start, end)` is a piece of machine code rather than a random number. */
export function looksLikeCode(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  let x86 = 0;
  let arm = 0;
  for (let at = start; at < end; at++) {
    x86 += X86_64[bytes[at]!]!;
    arm += ARM64[bytes[at]!]!;
  }
  return x86 > MIN_SCORE || arm > MIN_SCORE;
}

/**
 * Whether `bytes[start, end)` is machine code: every piece of it looks like code, or could be and has code on both sides, so that there's
 * no room for a key. Of random numbers of 32 bytes in the middle of code 5 in 100 could be code, of 66 bytes one in 2,000; anywhere else next to
 * none have code on both sides.
 *
 * @param data where `bytes` holds data: context is looked for in it, so without it there's none
 */
export function isAllCode(bytes: Uint8Array, start: number, end: number, data: Span = { start, end }): boolean {
  return TABLES.some((table) => isAllOf(table, bytes, start, end, data));
}

function isAllOf(table: Int8Array, bytes: Uint8Array, start: number, end: number, data: Span): boolean {
  let score = 0;
  // The pieces that don't look like code, as far as they overlap.
  let weakStart = 0;
  let weakEnd = 0;
  for (let at = start; at < end; at++) {
    score += table[bytes[at]!]!;
    if (at - start < PIECE_BYTES - 1) continue;
    const pieceStart = at + 1 - PIECE_BYTES;
    if (score <= MIN_SCORE) {
      if (score <= MIN_SCORE_INSIDE) return false;
      if (weakEnd === 0 || pieceStart > weakEnd) {
        if (weakEnd > 0 && !isBetweenCode(table, bytes, weakStart, weakEnd, data)) return false;
        weakStart = pieceStart;
      }
      weakEnd = at + 1;
      if (weakEnd - weakStart > MAX_WEAK_BYTES) return false;
    }
    score -= table[bytes[pieceStart]!]!;
  }
  if (end - start < PIECE_BYTES) return score > MIN_SCORE;
  return weakEnd === 0 || isBetweenCode(table, bytes, weakStart, weakEnd, data);
}

function isBetweenCode(table: Int8Array, bytes: Uint8Array, start: number, end: number, data: Span): boolean {
  return (
    start - CONTEXT_BYTES >= data.start &&
    end + CONTEXT_BYTES <= data.end &&
    isContextOfCode(table, bytes, start - CONTEXT_BYTES) &&
    isContextOfCode(table, bytes, end)
  );
}

const seenBytes = new Uint8Array(256);

function isContextOfCode(table: Int8Array, bytes: Uint8Array, start: number): boolean {
  let score = 0;
  let distinct = 0;
  let last = 0xff;
  seenBytes.fill(0);
  for (let at = start; at < start + CONTEXT_BYTES; at++) {
    const byte = bytes[at]!;
    // Fills between functions are no code, and small negative numbers as common elsewhere.
    if (byte !== last && byte !== 0xff) score += table[byte]!;
    distinct += 1 - seenBytes[byte]!;
    seenBytes[byte] = 1;
    last = byte;
  }
  return score > MIN_CONTEXT_SCORE && distinct >= MIN_CONTEXT_DISTINCT;
}
