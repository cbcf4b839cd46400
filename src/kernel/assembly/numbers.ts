/**
 * Dense test for numbers in memory: `number-run` (rules in ../numbers.ts, the reference).
 *
 * Gate: four probes of 16 bytes, 24 apart, at once: a byte of 0x80 or more, and a top half-word that isn't zero in both
 * words. It passes few but numbers, code, compressed pointers and packed 16-bit data; the rest of the probe costs a few
 * instructions, and only then a run is measured. The end of the last run is remembered.
 */
import { pushHit } from './hits';
import { BYTE_SET, NUMBER_ENDS, PAGE } from './layout';

const WORD: usize = 8;
const MIN_BYTES: usize = 4 * WORD;
const MAX_BYTES: usize = 4096 * WORD;
const STRIDE: usize = 24;
const PROBE: usize = 16;
const PREKEY_BYTES: usize = 16384;
const PREKEY_MIN_BYTES: usize = 2048;

let anchor: u32 = 0;
let phases: usize = 1;
let ownEnd: usize = 0;
let dataEnd: usize = 0;

export function configureNumbers(numberAnchor: u32): void {
  anchor = numberAnchor;
}

/** @param alignments 1 or 8 */
export function ownNumbers(start: usize, end: usize, limit: usize, alignments: usize): void {
  phases = alignments;
  ownEnd = end;
  dataEnd = limit;
  for (let phase: usize = 0; phase < 8; phase++) store<u32>(NUMBER_ENDS + (phase << 2), <u32>start);
}

/** Lanes are probes: all words of `low` and `high` that could be random have a sign bit of 0 in the result. */
// @ts-ignore: decorator
@inline
function rejects(low: v128, high: v128): v128 {
  const zeroTops = i16x8.eq(i16x8.min_u(low, high), i16x8.splat(0));
  const highBytes = v128.and(v128.or(low, high), i8x16.splat(-128));
  return v128.or(zeroTops, i64x2.eq(highBytes, i64x2.splat(0)));
}

/** Tests the runs that begin in the page at `p`. Needs room for 1024 hits. */
export function findNumbers(p: usize): void {
  for (let phase: usize = 0; phase < phases; phase++) findAligned(p + phase, NUMBER_ENDS + (phase << 2));
}

/** Tests the runs of words at multiples of 8 from `at`, in a page. `since` is the address of where the last one ended. */
function findAligned(at: usize, since: usize): void {
  const end = at + PAGE;
  do {
    const a = v128.load(at),
      b = v128.load(at, STRIDE),
      c = v128.load(at, 2 * STRIDE),
      d = v128.load(at, 3 * STRIDE);
    const rejected =
      i64x2.bitmask(rejects(i64x2.shuffle(a, b, 0, 2), i64x2.shuffle(a, b, 1, 3))) |
      (i64x2.bitmask(rejects(i64x2.shuffle(c, d, 0, 2), i64x2.shuffle(c, d, 1, 3))) << 2);
    for (let probes = rejected ^ 15; probes; probes &= probes - 1) numberAround(at + STRIDE * <usize>ctz(probes), since);
    at += 4 * STRIDE;
  } while (at < end);
}

// @ts-ignore: decorator
@inline
function isRandom(at: usize): bool {
  const word = load<u64>(at);
  // One comparison for both ends of the range.
  return popcnt(word) - 10 <= 44 && word >>> 48 != 0;
}

/** At most two zeros, and at most two bytes that are the same four further on: compressed pointers have more. */
// @ts-ignore: decorator
@inline
function isVaried(at: usize): bool {
  const v = v128.load(at);
  const zeros = i8x16.bitmask(i8x16.eq(v, i8x16.splat(0)));
  const repeated = i8x16.bitmask(i8x16.eq(v, v128.load(at, 4))) & 0xfff;
  return popcnt(zeros) <= 2 && popcnt(repeated) <= 2;
}

function numberAround(probe: usize, sinceAt: usize): void {
  const since = <usize>load<u32>(sinceAt);
  if (probe < since || !isVaried(probe) || !isRandom(probe) || !isRandom(probe + WORD)) return;
  let start = probe;
  while (start >= since && isRandom(start - WORD)) start -= WORD;
  let end = probe + PROBE;
  const cut = (start < since ? probe : start) + MAX_BYTES + WORD;
  while (end < cut && isRandom(end)) end += WORD;
  store<u32>(sinceAt, <u32>end);
  if (start < since || start >= ownEnd) return;
  const length = end - start;
  if (length < MIN_BYTES || length > MAX_BYTES || (phases != 1 && !isBoundary(start, length)) || !isMixture(start, length)) return;
  pushHit(anchor, start, min(numberEnd(start, end), dataEnd) - start);
}

/** Whether the word before a run of `length` bytes can stand before a number. */
function isBoundary(start: usize, length: usize): bool {
  const word = load<u64>(start - WORD);
  return word < 0x10000 || word == u64.MAX_VALUE || statedSize(start, length) != 0;
}

// @ts-ignore: decorator
@inline
function fits(size: u64, length: usize): bool {
  return size - <u64>length < 8;
}

/** Size in bytes of the array that begins with a run of `length` bytes, if the word before it is that of one; else 0. */
function statedSize(start: usize, length: usize): usize {
  const word = load<u64>(start - WORD);
  const elements = word >>> 32;
  for (let shift = 0; shift <= 3; shift++) {
    if (shift != 1 && fits(elements << shift, length)) return <usize>(elements << shift);
  }
  if (phases == 1) return 0;
  const type = word >>> 56;
  const shift = type == 8 ? 0 : type == 10 ? 2 : 3;
  const size = <u64>bswap(<u32>(word >>> 24)) << shift;
  return (type == 8 || type == 10 || type == 11) && size >= MIN_BYTES && size < <u64>length + 8 ? <usize>size : 0;
}

function isMixture(at: usize, length: usize): bool {
  if (length >= 256) return isMixtureOf(at, 256, 70, 160, 100);
  if (length >= 64) return isMixtureOf(at, 64, 12, 48, 44);
  return isMixtureOf(at, 32, 4, 26, 24);
}

function isMixtureOf(at: usize, bytes: usize, minHigh: u32, maxHigh: u32, minDistinct: u32): bool {
  let high: u32 = 0;
  for (let i: usize = 0; i < bytes; i += 16) high += popcnt(<u32>i8x16.bitmask(v128.load(at + i)));
  if (high < minHigh || high > maxHigh) return false;
  // One flag for each value of a byte.
  memory.fill(BYTE_SET, 0, 256);
  for (let i: usize = 0; i < bytes; i++) store<u8>(BYTE_SET + <usize>load<u8>(at + i), 1);
  let distinct: u32 = 0;
  for (let i: usize = 0; i < 256; i += 8) distinct += <u32>popcnt(load<u64>(BYTE_SET + i));
  return distinct >= minDistinct;
}

/** Where the number that begins with this run ends. */
function numberEnd(start: usize, end: usize): usize {
  const stated = statedSize(start, end - start);
  if (stated != 0) return start + stated;
  const chunk = load<u64>(start - WORD) & ~7;
  if ((chunk == PREKEY_BYTES + 16 || chunk == PREKEY_BYTES + 32) && end - start >= PREKEY_MIN_BYTES) {
    return max(end, start + PREKEY_BYTES);
  }
  const tail = load<u64>(end);
  return tail != 0 && tail >>> 32 == 0 ? end + WORD : end;
}
