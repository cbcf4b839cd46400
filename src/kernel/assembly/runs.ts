/**
 * Dense tests for free-standing secrets: `base64-run` and `hex-run` (rules in ../runs.ts, the reference).
 *
 * Gate: a run of 32 or more that begins in a page covers a whole 8-byte cell at a multiple of 24 from the page's start,
 * the last of which is 4104. So per 96 bytes four cells are tested at once, only for bytes above 0x2a, which all
 * characters of both classes are; exact classes are looked up around the cells that pass. A cell in the middle of a
 * long run costs one comparison, because the end of the last run is remembered.
 */
import { pushHit } from './hits';
import { BASE64_CLASS, PAGE } from './layout';
import { highNibbles, inRange, lookUp, lowNibbles } from './simd';

const CELL: usize = 8;
const CELL_STRIDE: usize = 24;
const BASE64_MIN: usize = 40;
const HEX_MIN: usize = 32;
/** The mixture of characters is judged by the first 256. */
const SAMPLE: usize = 256;

let base64Anchor: u32 = 0;
let hexAnchor: u32 = 0;
/** Longest run that is measured. */
let longest: usize = 0;

let ownEnd: usize = 0;
/** Where the last run of each class ended or was cut; a run that continues here was reported before. */
let base64End: usize = 0;
let hexEnd: usize = 0;

export function configureRuns(base64: u32, hex: u32, maxLength: usize): void {
  base64Anchor = base64;
  hexAnchor = hex;
  longest = maxLength;
}

export function ownRuns(start: usize, end: usize): void {
  ownEnd = end;
  base64End = start;
  hexEnd = start;
}

/** Bit i is set when byte i is one of `A-Za-z0-9+/_-`. */
// @ts-ignore: decorator
@inline
function base64Bits(p: usize): u32 {
  const v = v128.load(p);
  const classes = v128.and(
    lookUp(v128.load(BASE64_CLASS), lowNibbles(v)),
    lookUp(v128.load(BASE64_CLASS, 16), highNibbles(v)),
  );
  return ~i8x16.bitmask(i8x16.eq(classes, i8x16.splat(0))) & 0xffff;
}

/** Bit i is set when byte i is one of `0-9A-Fa-f`. */
// @ts-ignore: decorator
@inline
function hexBits(p: usize): u32 {
  const v = v128.load(p);
  return i8x16.bitmask(v128.or(inRange(v, 0x30, 9), inRange(v128.or(v, i8x16.splat(0x20)), 0x61, 5)));
}

/** Characters of a class straight before `p`, up to 16. */
// @ts-ignore: decorator
@inline
function countBefore(bits: u32): usize {
  return <usize>clz(~(bits << 16));
}

/** Characters of a class from the first lane on, up to 16. */
// @ts-ignore: decorator
@inline
function countFrom(bits: u32): usize {
  return <usize>ctz(~bits);
}

/** Tests the runs that begin in the page at `p`. Needs room for `PAGE / HEX_MIN + PAGE / BASE64_MIN` hits. */
export function findRuns(p: usize, base64: bool, hex: bool): void {
  const above = i8x16.splat(0x2a);
  const all = i8x16.splat(-1);
  const end = p + PAGE;
  do {
    const first = i8x16.gt_s(
      i64x2.shuffle(v128.load(p), v128.load(p, CELL_STRIDE), 0, 2),
      above,
    );
    const second = i8x16.gt_s(
      i64x2.shuffle(v128.load(p, 2 * CELL_STRIDE), v128.load(p, 3 * CELL_STRIDE), 0, 2),
      above,
    );
    if (v128.any_true(v128.or(i64x2.eq(first, all), i64x2.eq(second, all)))) {
      const passed =
        <u32>i64x2.bitmask(i64x2.eq(first, all)) | (<u32>i64x2.bitmask(i64x2.eq(second, all)) << 2);
      testCells(p, passed, base64, hex);
    }
    p += 4 * CELL_STRIDE;
  } while (p < end);
}

function testCells(p: usize, passed: u32, base64: bool, hex: bool): void {
  do {
    const cell = p + CELL_STRIDE * <usize>ctz(passed);
    if (base64 && cell >= base64End) base64Around(cell);
    if (hex && cell >= hexEnd) hexAround(cell);
    passed &= passed - 1;
  } while (passed);
}

function base64Around(cell: usize): void {
  let count = countFrom(base64Bits(cell));
  if (count < CELL) return;
  let end = cell + count;
  let before = countBefore(base64Bits(cell - 16));
  let start = cell - before;
  // Most cells lie in words: one look to each side settles them.
  if (count < 16 && before < 16 && end - start < BASE64_MIN) return;
  while (before == 16 && start >= base64End) {
    before = countBefore(base64Bits(start - 16));
    start -= before;
  }
  const seen = start < base64End;
  const cut = (seen ? cell : start) + longest;
  while (count == 16 && end < cut) {
    count = countFrom(base64Bits(end));
    end += count;
  }
  end = min(end, cut);
  if (seen) {
    base64End = end;
    return;
  }
  if (end - start < BASE64_MIN) return;
  base64End = end;
  if (start >= ownEnd || !isBase64Mixture(start, min(end - start, SAMPLE))) return;
  if (end < cut && load<u8>(end) == 0x3d) end++;
  if (end < cut && load<u8>(end) == 0x3d && load<u8>(end - 1) == 0x3d) end++;
  pushHit(base64Anchor, start, end - start);
}

function hexAround(cell: usize): void {
  let count = countFrom(hexBits(cell));
  if (count < CELL) return;
  let end = cell + count;
  let before = countBefore(hexBits(cell - 16));
  let start = cell - before;
  if (count < 16 && before < 16 && end - start < HEX_MIN) return;
  while (before == 16 && start >= hexEnd) {
    before = countBefore(hexBits(start - 16));
    start -= before;
  }
  const seen = start < hexEnd;
  const cut = (seen ? cell : start) + longest;
  while (count == 16 && end < cut) {
    count = countFrom(hexBits(end));
    end += count;
  }
  end = min(end, cut);
  if (seen) {
    hexEnd = end;
    return;
  }
  if (end - start < HEX_MIN) return;
  hexEnd = end;
  if (start < ownEnd && isHexMixture(start, min(end - start, SAMPLE))) pushHit(hexAnchor, start, end - start);
}

/** Lanes of `v` that are set, of the first `count`. */
// @ts-ignore: decorator
@inline
function countLanes(v: v128, count: usize): u32 {
  return popcnt(<u32>i8x16.bitmask(v) & <u32>((1 << min<usize>(count, 16)) - 1));
}

function isBase64Mixture(at: usize, length: usize): bool {
  let upper: u32 = 0,
    lower: u32 = 0,
    digits: u32 = 0;
  for (let i: usize = 0; i < length; i += 16) {
    const v = v128.load(at + i);
    upper += countLanes(inRange(v, 0x41, 25), length - i);
    lower += countLanes(inRange(v, 0x61, 25), length - i);
    digits += countLanes(inRange(v, 0x30, 9), length - i);
  }
  const n = upper + lower + digits;
  if (digits == 0 || <u32>length - n > 5 + ((<u32>length) >> 4)) return false;
  if (62 * (5 * upper * upper + 5 * lower * lower + 13 * digits * digits) > 130 * n * n + 1690 * n) return false;
  let switches: u32 = 0;
  for (let i: usize = 1; i < length; i += 16) {
    const v = v128.load(at + i);
    const w = v128.load(at + i - 1);
    switches += countLanes(v128.xor(inRange(v, 0x41, 25), inRange(w, 0x41, 25)), length - i);
    switches += countLanes(v128.xor(inRange(v, 0x61, 25), inRange(w, 0x61, 25)), length - i);
    switches += countLanes(v128.xor(inRange(v, 0x30, 9), inRange(w, 0x30, 9)), length - i);
  }
  const pairs = <i32>length - 1;
  const missing = 43 * pairs - 35 * <i32>switches;
  return missing <= 0 || missing * missing <= 11638 * pairs;
}

function isHexMixture(at: usize, length: usize): bool {
  let upper: u32 = 0,
    lower: u32 = 0;
  for (let i: usize = 0; i < length; i += 16) {
    const v = v128.load(at + i);
    upper += countLanes(inRange(v, 0x41, 5), length - i);
    lower += countLanes(inRange(v, 0x61, 5), length - i);
  }
  if (upper != 0 && lower != 0) return false;
  const difference = 16 * <i32>(upper + lower) - 6 * <i32>length;
  return difference * difference <= 600 * <i32>length;
}
