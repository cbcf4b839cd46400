/**
 * Dense tests for free-standing secrets: `base64-run`, `hex-run`, `decimal-run` and `wide-run` (rules in ../runs.ts, the reference).
 *
 * Gate: a base64 run that begins in a page covers 16 bytes, and a hex run 8 bytes, at a multiple of 24 from the page's
 * start, 4104 at most; a decimal run and a wide run 16 bytes at every second of them. So four such cells are tested at once, for ranges of
 * bytes that hold little else than the characters of the class; exact classes are looked up around the cells that pass. A
 * cell in the middle of a long run costs one comparison, because the end of the last run is remembered.
 */
import { pushHit } from './hits';
import { BASE64_CLASS, PAGE } from './layout';
import { highNibbles, inRange, lookUp, lowNibbles } from './simd';

const BASE64_MIN: usize = 40;
const MIME_LINE: usize = 76;
const HEX_MIN: usize = 32;
const DECIMAL_MIN: usize = 64;
/** Cells are `CELL_STRIDE` apart: the shortest run covers one, wherever it begins. */
const BASE64_CELL: usize = 16;
const HEX_CELL: usize = 8;
const DECIMAL_CELL: usize = 16;
/** In bytes: 43 units of UTF-16. */
const WIDE_MIN: usize = 86;
const CELL_STRIDE: usize = 24;
/** The mixture of characters is judged by the first 256. */
const SAMPLE: usize = 256;
/** Of a decimal run by the first 64. */
const LEAST_DIGITS: u32 = 8;
/** Digits on average that make numbers no octets, nor what tables hold. */
const LONG_NUMBER: u32 = 20;

/** Classes of characters. */
const BASE64: u32 = 0;
const HEX: u32 = 1;
const DECIMAL: u32 = 2;

let base64Anchor: u32 = 0;
let hexAnchor: u32 = 0;
let decimalAnchor: u32 = 0;
let wideAnchor: u32 = 0;
/** Longest run that is measured. */
let longest: usize = 0;

let ownEnd: usize = 0;
/** Where the last run of each class ended or was cut; a run that continues here was reported before. */
let base64End: usize = 0;
let hexEnd: usize = 0;
let decimalEnd: usize = 0;
let wideEnd: usize = 0;

export function configureRuns(base64: u32, hex: u32, decimal: u32, wide: u32, maxLength: usize): void {
  base64Anchor = base64;
  hexAnchor = hex;
  decimalAnchor = decimal;
  wideAnchor = wide;
  longest = maxLength;
}

export function ownRuns(start: usize, end: usize): void {
  ownEnd = end;
  base64End = start;
  hexEnd = start;
  decimalEnd = start;
  wideEnd = start;
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

/** Bit i is set when byte i is a digit, a comma, a minus or blank. */
// @ts-ignore: decorator
@inline
function decimalBits(p: usize): u32 {
  const v = v128.load(p);
  const blanks = v128.or(inRange(v, 0x09, 4), i8x16.eq(v, i8x16.splat(0x20)));
  return i8x16.bitmask(v128.or(blanks, v128.or(inRange(v, 0x2c, 1), inRange(v, 0x30, 9))));
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

/** The 8 bytes at `a` and the 8 bytes at `b`. */
// @ts-ignore: decorator
@inline
function firstHalves(a: v128, b: v128): v128 {
  return i64x2.shuffle(a, b, 0, 2);
}

// @ts-ignore: decorator
@inline
function secondHalves(a: v128, b: v128): v128 {
  return i64x2.shuffle(a, b, 1, 3);
}

/** Halves all of whose bytes could be in a base64 run, all ones: bytes from 0x2b to 0x7f, signed. */
// @ts-ignore: decorator
@inline
function mayBeBase64(a: v128, b: v128): v128 {
  const least = i8x16.min_s(firstHalves(a, b), secondHalves(a, b));
  return i64x2.eq(i8x16.gt_s(least, i8x16.splat(0x2a)), i8x16.splat(-1));
}

/** Halves of `v` all of whose bytes, made lower case, are from 0x30 to 0x66, all ones. One signed comparison. */
// @ts-ignore: decorator
@inline
function mayBeHex(v: v128): v128 {
  const fromLowest = i8x16.add(v128.or(v, i8x16.splat(0x20)), i8x16.splat(-128 - 0x30));
  return i64x2.eq(i8x16.gt_s(i8x16.splat(-128 + 0x37), fromLowest), i8x16.splat(-1));
}

/** Halves all of whose bytes could be in a decimal run, all ones: bytes from 0x09 to 0x39. */
// @ts-ignore: decorator
@inline
function mayBeDecimal(a: v128, b: v128): v128 {
  const bias = i8x16.splat(-128 - 0x09);
  const most = i8x16.max_s(i8x16.add(firstHalves(a, b), bias), i8x16.add(secondHalves(a, b), bias));
  return i64x2.eq(i8x16.gt_s(i8x16.splat(-128 + 0x31), most), i8x16.splat(-1));
}

/** Halves all of whose units of UTF-16LE, in `v` and `w`, are characters from 0x2b to 0x7a, all ones. */
// @ts-ignore: decorator
@inline
function mayBeWide(v: v128, w: v128): v128 {
  const bias = i16x8.splat(-32768 - 0x2b);
  const most = i16x8.max_s(i16x8.add(v, bias), i16x8.add(w, bias));
  return i64x2.eq(i16x8.gt_s(i16x8.splat(-32768 + 0x50), most), i8x16.splat(-1));
}

/** The bytes of each unit, swapped. */
// @ts-ignore: decorator
@inline
function swapUnits(v: v128): v128 {
  return v128.or(i16x8.shl(v, 8), i16x8.shr_u(v, 8));
}

/**
 * Tests the runs that begin in the page at `p`. Needs room for `PAGE / HEX_MIN + PAGE / BASE64_MIN + PAGE / DECIMAL_MIN +
 * PAGE / WIDE_MIN` hits.
 */
export function findRuns(p: usize, base64: bool, hex: bool, decimal: bool, wide: bool): void {
  const end = p + PAGE;
  do {
    const a = v128.load(p),
      b = v128.load(p, CELL_STRIDE),
      c = v128.load(p, 2 * CELL_STRIDE),
      d = v128.load(p, 3 * CELL_STRIDE);
    const base64AB = mayBeBase64(a, b),
      base64CD = mayBeBase64(c, d),
      hexAB = mayBeHex(firstHalves(a, b)),
      hexCD = mayBeHex(firstHalves(c, d)),
      decimalAC = mayBeDecimal(a, c),
      littleAC = mayBeWide(firstHalves(a, c), secondHalves(a, c)),
      bigAC = mayBeWide(swapUnits(firstHalves(a, c)), swapUnits(secondHalves(a, c))),
      narrow = v128.or(v128.or(base64AB, base64CD), v128.or(hexAB, hexCD));
    if (v128.any_true(v128.or(v128.or(narrow, decimalAC), v128.or(littleAC, bigAC)))) {
      if (base64) {
        let cells = i64x2.bitmask(base64AB) | (i64x2.bitmask(base64CD) << 2);
        for (; cells; cells &= cells - 1) base64Around(p + CELL_STRIDE * <usize>ctz(cells));
      }
      if (hex) {
        let cells = i64x2.bitmask(hexAB) | (i64x2.bitmask(hexCD) << 2);
        for (; cells; cells &= cells - 1) hexAround(p + CELL_STRIDE * <usize>ctz(cells));
      }
      if (decimal) {
        let cells = i64x2.bitmask(decimalAC);
        for (; cells; cells &= cells - 1) decimalAround(p + 2 * CELL_STRIDE * <usize>ctz(cells));
      }
      if (wide) {
        let cells = i64x2.bitmask(littleAC);
        for (; cells; cells &= cells - 1) wideAround(p + 2 * CELL_STRIDE * <usize>ctz(cells), 0);
        cells = i64x2.bitmask(bigAC);
        for (; cells; cells &= cells - 1) wideAround(p + 2 * CELL_STRIDE * <usize>ctz(cells), 1);
      }
    }
    p += 4 * CELL_STRIDE;
  } while (p < end);
}

function base64Around(cell: usize): void {
  const since = base64End;
  if (cell < since || !measureRun(cell, since, BASE64)) return;
  base64End = runEnd;
  if (runStart < since || runStart >= ownEnd || isMimeLine() || !isBase64Mixture(runStart, min(runEnd - runStart, SAMPLE))) return;
  const cut = runStart + longest;
  let end = runEnd;
  for (let padding = 0; padding < 2 && end < cut && load<u8>(end) == 0x3d; padding++) end++;
  pushHit(base64Anchor, runStart, end - runStart);
}

/** Whether the run that `measureRun` found is 76 characters before LF or CR. */
function isMimeLine(): bool {
  return runEnd - runStart == MIME_LINE && (load<u8>(runEnd) == 0x0a || load<u8>(runEnd) == 0x0d);
}

function hexAround(cell: usize): void {
  const since = hexEnd;
  if (cell < since || !measureRun(cell, since, HEX)) return;
  hexEnd = runEnd;
  if (runStart < since || runStart >= ownEnd || !isHexMixture(runStart, min(runEnd - runStart, SAMPLE))) return;
  pushHit(hexAnchor, runStart, runEnd - runStart);
}

function decimalAround(cell: usize): void {
  const since = decimalEnd;
  if (cell < since || !measureRun(cell, since, DECIMAL)) return;
  decimalEnd = runEnd;
  if (runStart < since || runStart >= ownEnd || !isDecimalMixture(runStart, runEnd - runStart)) return;
  pushHit(decimalAnchor, runStart, runEnd - runStart);
}

/** @param low 0 for UTF-16LE, 1 for UTF-16BE: where in a unit its character is */
function wideAround(cell: usize, low: usize): void {
  const since = wideEnd;
  if (cell < since) return;
  let start = cell;
  while (start >= since && isWide(start - 2, low)) start -= 2;
  const cut = (start < since ? cell : start) + (longest & ~1);
  let end = cell;
  while (end < cut && isWide(end, low)) end += 2;
  // The gate lets some characters pass that are none of base64.
  if (end == cell || (start >= since && end - start < WIDE_MIN)) return;
  wideEnd = end;
  if (start >= since && start < ownEnd) pushHit(wideAnchor, start, end - start);
}

// @ts-ignore: decorator
@inline
function isWide(p: usize, low: usize): bool {
  const char = load<u8>(p + low);
  const classes = load<u8>(BASE64_CLASS + (char & 15)) & load<u8>(BASE64_CLASS + 16 + (char >> 4));
  return classes != 0 && load<u8>(p + 1 - low) == 0;
}

/** The run that `measureRun` found. */
let runStart: usize = 0;
let runEnd: usize = 0;

/**
 * Measures the run around a cell. False when the cell isn't wholly in one, or when it is too short. A run that began
 * before `since` is a part of one that was dealt with: `runStart` is then below `since`, and only its end is right.
 */
function measureRun(cell: usize, since: usize, kind: u32): bool {
  let count = countFrom(classBits(cell, kind));
  const cellBytes = kind == BASE64 ? BASE64_CELL : kind == HEX ? HEX_CELL : DECIMAL_CELL;
  if (count < cellBytes) return false;
  let end = cell + count;
  let start = cell;
  let before: usize = 0;
  do {
    before = countBefore(classBits(start - 16, kind));
    start -= before;
  } while (before == 16 && start >= since);
  const cut = (start < since ? cell : start) + longest;
  while (count == 16 && end < cut) {
    count = countFrom(classBits(end, kind));
    end += count;
  }
  runStart = start;
  runEnd = min(end, cut);
  return start < since || runEnd - start >= (kind == BASE64 ? BASE64_MIN : kind == HEX ? HEX_MIN : DECIMAL_MIN);
}

// @ts-ignore: decorator
@inline
function classBits(p: usize, kind: u32): u32 {
  return kind == BASE64 ? base64Bits(p) : kind == HEX ? hexBits(p) : decimalBits(p);
}

/** Lanes of `v` that are set, of the first `count`. */
// @ts-ignore: decorator
@inline
function countLanes(v: v128, count: usize): u32 {
  return popcnt(<u32>i8x16.bitmask(v) & <u32>((1 << min<usize>(count, 16)) - 1));
}

function isBase64Mixture(at: usize, length: usize): bool {
  // "_Z"
  if (load<u16>(at) == 0x5a5f) return false;
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
  if (<u32>length - n > 7 + ((<u32>length) >> 4)) return false;
  if (62 * (5 * upper * upper + 5 * lower * lower + 13 * digits * digits) > 130 * n * n + 3120 * n) return false;
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
  return missing <= 0 || missing * missing <= (digits == 0 ? 11638 : 20658) * pairs;
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
  return difference * difference <= 960 * <i32>length;
}

function isDecimalMixture(at: usize, length: usize): bool {
  let inSample: u32 = 0,
    digits: u32 = 0,
    numbers: u32 = 0;
  for (let i: usize = 0; i < length; i += 16) {
    const v = inRange(v128.load(at + i), 0x30, 9);
    // Of the byte before the run it is known that it's no digit.
    const before = inRange(v128.load(at + i - 1), 0x30, 9);
    digits += countLanes(v, length - i);
    numbers += countLanes(v128.andnot(v, before), length - i);
    if (i == DECIMAL_MIN - 16) inSample = digits;
  }
  if (inSample < LEAST_DIGITS) return false;
  if (digits >= LONG_NUMBER * numbers || isKeyLength(numbers)) return true;
  let first = at;
  while (load<u8>(first) - 0x30 > 9) first++;
  return load<u16>(first) == 0x3834 && load<u8>(first + 2) - 0x30 > 9;
}

/** Octets of keys and of points (`KEY_BYTES`, `POINT_BYTES` in join/text-keys.ts). */
// @ts-ignore: decorator
@inline
function isKeyLength(numbers: u32): bool {
  return (
    (numbers >= 31 && numbers <= 33) ||
    (numbers >= 47 && numbers <= 49) ||
    (numbers >= 64 && numbers <= 67) ||
    numbers == 97 ||
    numbers == 133
  );
}
