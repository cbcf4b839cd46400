/**
 * Tells machine code from random bytes. Code fills whole libraries with words that look random one by one, but a
 * handful of bytes (REX prefixes and MOV on x86, the top bytes of instructions on ARM64) makes up most of it.
 */

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

/**
 * Ten bits: of a million random numbers of 32 bytes one scores more for either of the two, of pieces of code that look random
 * otherwise 19 in 20.
 */
const MIN_SCORE = 40;
/** Bytes that are judged together: the shortest private keys. */
const PIECE_BYTES = 32;

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

/** Whether every piece of `bytes[start, end)` looks like machine code: nowhere in it is there room for a key. */
export function isAllCode(bytes: Uint8Array, start: number, end: number): boolean {
  return isAllOf(X86_64, bytes, start, end) || isAllOf(ARM64, bytes, start, end);
}

function isAllOf(table: Int8Array, bytes: Uint8Array, start: number, end: number): boolean {
  let score = 0;
  for (let at = start; at < end; at++) {
    score += table[bytes[at]!]!;
    if (at - start < PIECE_BYTES - 1) continue;
    if (score <= MIN_SCORE) return false;
    score -= table[bytes[at - PIECE_BYTES + 1]!]!;
  }
  return end - start >= PIECE_BYTES || score > MIN_SCORE;
}
