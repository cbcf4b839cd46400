/**
 * Prefilter: which positions may end one of the plan's grams (three fixed bytes of each pattern)? After Teddy, from
 * Hyperscan and Rust's aho-corasick. Each gram is in one of eight buckets, one bit each. Six table look-ups (low and
 * high nibble of three bytes) tell for 16 positions at once which buckets accept; the tables are trained so that about
 * three positions in a hundred pass.
 *
 * What mattered, measured on V8 11: the trained tables (8 times), 2 x 16 bytes an iteration instead of 4 x 16, which
 * makes V8 spill its sixteen vector registers (1.35 times), and no call and no branch on candidates in the loop: the
 * list is written always and advanced when a mask is not zero (1.5 times). Leaving out lines of zeros costs more (4 %)
 * than it saves: one to five lines in a hundred are, of pages that aren't empty.
 */
import { BLOCKS, TEDDY } from './layout';
import { highNibbles, lookUp, lowNibbles } from './simd';

// @ts-ignore: decorator
@inline
function buckets(lowTable: v128, highTable: v128, low: v128, high: v128): v128 {
  return v128.and(lookUp(lowTable, low), lookUp(highTable, high));
}

/** The last byte of `before`, then 15 of `v`: what the byte one earlier accepted. */
// @ts-ignore: decorator
@inline
function oneEarlier(before: v128, v: v128): v128 {
  return i8x16.shuffle(before, v, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
}

// @ts-ignore: decorator
@inline
function twoEarlier(before: v128, v: v128): v128 {
  return i8x16.shuffle(before, v, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
}

/** Bit i is set when byte i of the 32 is not zero. */
// @ts-ignore: decorator
@inline
function nonZero(v: v128, w: v128): u32 {
  const zero = i8x16.splat(0);
  return ~(<u32>i8x16.bitmask(i8x16.eq(v, zero)) | (<u32>i8x16.bitmask(i8x16.eq(w, zero)) << 16));
}

/**
 * Writes to `BLOCKS` the 32-byte blocks of `[p, end)`, a multiple of 64 bytes, in which a gram may end; returns the
 * end of the list. Reads the 16 bytes before `p`.
 */
export function prefilter(p: usize, end: usize): usize {
  const low0 = v128.load(TEDDY),
    high0 = v128.load(TEDDY, 16),
    low1 = v128.load(TEDDY, 32),
    high1 = v128.load(TEDDY, 48),
    low2 = v128.load(TEDDY, 64),
    high2 = v128.load(TEDDY, 80);
  const before = v128.load(p - 16);
  let last0 = buckets(low0, high0, lowNibbles(before), highNibbles(before));
  let last1 = buckets(low1, high1, lowNibbles(before), highNibbles(before));
  let list = BLOCKS;
  do {
    const v = v128.load(p),
      w = v128.load(p, 16);
    let low = lowNibbles(v),
      high = highNibbles(v);
    const now0 = buckets(low0, high0, low, high),
      now1 = buckets(low1, high1, low, high);
    let now2 = buckets(low2, high2, low, high);
    const accepted = v128.and(now2, v128.and(oneEarlier(last1, now1), twoEarlier(last0, now0)));
    low = lowNibbles(w);
    high = highNibbles(w);
    last0 = buckets(low0, high0, low, high);
    last1 = buckets(low1, high1, low, high);
    now2 = buckets(low2, high2, low, high);
    const mask = nonZero(
      accepted,
      v128.and(now2, v128.and(oneEarlier(now1, last1), twoEarlier(now0, last0))),
    );
    store<u32>(list, <u32>p);
    store<u32>(list, mask, 4);
    list += <usize>(mask != 0) << 3;
    p += 32;
  } while (p < end);
  return list;
}
