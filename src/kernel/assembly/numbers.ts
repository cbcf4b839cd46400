/**
 * Dense test for numbers in memory: `number-run` (rules in ../numbers.ts, the reference).
 *
 * Gate: four probes of 16 bytes, 24 apart, at once: a byte of 0x80 or more, and a top half-word that isn't zero in both
 * words. Besides numbers it passes code, compressed pointers and packed data, which the rest of the probe, then the first
 * 32 bytes of the run tell apart. The end of the last run is remembered. Speed on process memory: 22 GB/s, of which
 * the gate alone 49; on a heap full of numbers 8.
 */
import { pushHit } from './hits';
import { BYTE_SET, NUMBER_ENDS, PAGE } from './layout';

const WORD: usize = 8;
const MIN_BYTES: usize = 4 * WORD;
const MAX_BYTES: usize = 4096 * WORD;
const STRIDE: usize = 24;
const PROBE: usize = 16;
const MIN_FIELD_ZEROS: i32 = 3;
const MAX_FIELD: u8 = 16;
const MAX_DIGIT: u64 = 1 << 28;
const MAX_INT_DIGIT: u64 = 1 << 30;
const MIN_DIGIT: u64 = 1 << 12;
const MIN_PROBED_DIGIT: u64 = 1 << 16;
const MIN_DIGITS: usize = 9;
const MAX_FIELDS: usize = 4;
const MAX_TEXT_BYTES: usize = 16 * WORD;
/** Of values beside their types. */
const MIN_WIDE_DIGITS: usize = 8;
const MAX_WIDE_DIGIT: u64 = 1 << 32;
const MAX_TYPE: u32 = 64;
const WIDE: usize = 16;
const MAX_FIELD_BYTES: usize = 10 * WORD;
const PREKEY_BYTES: usize = 16384;
/** One in 65,536 words begins with two zero bytes and ends a run: of 2048 bytes, one in 256 runs would. */
const PREKEY_MIN_BYTES: usize = 128;

let anchor: u32 = 0;
let phases: usize = 1;
/** At all eight alignments, by the records of HPROF; else by those of Go. */
let isHprof: bool = false;
let ownEnd: usize = 0;
let dataEnd: usize = 0;

export function configureNumbers(numberAnchor: u32): void {
  anchor = numberAnchor;
}

/** @param alignments 1, 2 or 8 */
export function ownNumbers(start: usize, end: usize, limit: usize, alignments: usize, byHprof: bool): void {
  phases = alignments;
  isHprof = byHprof;
  ownEnd = end;
  dataEnd = limit;
  for (let phase: usize = 0; phase < 8; phase++) store<u32>(NUMBER_ENDS + (phase << 2), <u32>start);
}

/** `low` and `high` hold the two words of two probes; the sign bits of the result are those that can't pass. */
// @ts-ignore: decorator
@inline
function rejects(low: v128, high: v128): v128 {
  const zeroTops = i16x8.eq(i16x8.min_u(low, high), i16x8.splat(0));
  const highBytes = v128.and(v128.or(low, high), i8x16.splat(-128));
  return v128.or(zeroTops, i64x2.eq(highBytes, i64x2.splat(0)));
}

/** Tests the runs that begin in the page at `p`. Needs room for 2048 hits. */
export function findNumbers(p: usize): void {
  for (let phase: usize = 0; phase < phases; phase++) {
    const doneAt = NUMBER_ENDS + (phase << 2);
    store<u32>(doneAt, <u32>findAligned(p + (phase * WORD) / phases, <usize>load<u32>(doneAt), phase == 0 && phases != 8));
  }
}

/**
 * Tests the runs of words at multiples of 8 from `at`, in a page, and with `halves` those of digits in halves of words. `done` is where the
 * last run ended; returns the new one.
 */
function findAligned(at: usize, done: usize, halves: bool): usize {
  const end = at + PAGE;
  do {
    const a = v128.load(at),
      b = v128.load(at, STRIDE),
      c = v128.load(at, 2 * STRIDE),
      d = v128.load(at, 3 * STRIDE);
    const rejected =
      i64x2.bitmask(rejects(i64x2.shuffle(a, b, 0, 2), i64x2.shuffle(a, b, 1, 3))) |
      (i64x2.bitmask(rejects(i64x2.shuffle(c, d, 0, 2), i64x2.shuffle(c, d, 1, 3))) << 2);
    if (phases == 1) {
      const wide = mayBeWide(a);
      if (wide) judgeWides(at, wide);
    }
    for (let probes = rejected ^ 15; probes; probes &= probes - 1) {
      const probe = at + STRIDE * <usize>ctz(probes);
      const varied = isVaried(probe);
      if (halves) {
        if (areHalves(probe)) {
          judgeDigits(probe, HALVES, 4, NUMBER_ENDS + 8);
          if (areHermes(probe)) judgeDigits(probe, HERMES, 4, NUMBER_ENDS + 12);
        } else if (areHermes(probe)) {
          judgeDigits(probe, HERMES, 4, NUMBER_ENDS + 12);
        } else if (phases == 1 && (!varied || load<u32>(probe, 4) == SPIDERMONKEY_INT32)) {
          // All others have zeros, so that their probes aren't varied.
          const box = boxOf(load<u64>(probe));
          if (box != NO_BOX && isDigit(probe, box, MIN_PROBED_DIGIT) && isDigit(probe + WORD, box, MIN_PROBED_DIGIT)) {
            judgeDigits(probe, box, WORD, NUMBER_ENDS + 4);
            continue;
          }
        }
      }
      if (varied) {
        if (probe >= done && isRandom(probe) && isRandom(probe + WORD)) done = judgeRun(probe, done);
      } else if (phases == 1 && hasField(probe)) {
        done = judgeBehindField(probe + WORD, done);
      }
    }
    at += 4 * STRIDE;
  } while (at < end);
  return done;
}

// @ts-ignore: decorator
@inline
function isRandom(at: usize): bool {
  const word = load<u64>(at);
  // One comparison for both ends of the range.
  return popcnt(word) - 10 <= 44 && word >>> 48 != 0 && !isFill(at, word) && !isInDigits(at, word);
}

/** Whether the word is two of nine digits or more in halves of words: where engines of JavaScript have those, all other memory looks random. */
// @ts-ignore: decorator
@inline
function isInDigits(at: usize, word: u64): bool {
  if (phases == 8) return false;
  if ((word & 0xe0000001e0000001) == 0 && areManyDigits(at, HALVES)) return true;
  return (word & 0x8000000780000007) == 0x0000000400000004 && areManyDigits(at, HERMES);
}

function areManyDigits(at: usize, box: u32): bool {
  if (!isDigit(at, box, MIN_DIGIT) || !isDigit(at + 4, box, MIN_DIGIT)) return false;
  let count: usize = 2;
  for (let slot = at + 8; count < MIN_DIGITS && isDigit(slot, box, MIN_DIGIT); slot += 4) count++;
  for (let slot = at - 4; count < MIN_DIGITS && isDigit(slot, box, MIN_DIGIT); slot -= 4) count++;
  return count >= MIN_DIGITS;
}

// @ts-ignore: decorator
@inline
function isFill(at: usize, word: u64): bool {
  return word == rotl(word, 32) && (load<u64>(at + WORD) == word || load<u64>(at - WORD) == word);
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

/** Whether most of the word may be a field that a number follows. */
// @ts-ignore: decorator
@inline
function hasField(at: usize): bool {
  return popcnt(i8x16.bitmask(i8x16.eq(v128.load64_zero(at), i8x16.splat(0))) & 0xff) >= MIN_FIELD_ZEROS;
}

function judgeBehindField(at: usize, done: usize): usize {
  return at >= done && isSeen(at) && isRandom(at) && isRandom(at + WORD) ? judgeRun(at, done) : done;
}

/** What the gate tells of a probe, and the rest. */
function isSeen(at: usize): bool {
  return v128.any_true(v128.and(v128.load(at), i8x16.splat(-128))) && isVaried(at);
}

const NO_BOX: u32 = 0;
const SMI: u32 = 1;
const DOUBLE: u32 = 2;
const HALVES: u32 = 3;
const HERMES: u32 = 4;
const WIDE_INT: u32 = 5;
/** Upper halves of the int32 of JavaScriptCore and SpiderMonkey, which are their kinds as well. */
const JSC_INT32: u32 = 0xfffe0000;
const SPIDERMONKEY_INT32: u32 = 0xfff88000;

/** Whether all halves of two words are the double of a number from 2^16 to 2^28. */
// @ts-ignore: decorator
@inline
function areHalves(at: usize): bool {
  if (load<u32>(at) & 0xe0000001) return false;
  const v = v128.load(at);
  if (v128.any_true(v128.and(v, i32x4.splat(0xe0000001)))) return false;
  return i32x4.bitmask(i32x4.sub(v, i32x4.splat(2 << 16))) == 0;
}

/** Whether all halves of two words are a number from 2^16 to 2^28 above a 4 in three bits. */
// @ts-ignore: decorator
@inline
function areHermes(at: usize): bool {
  if ((load<u32>(at) & 7) != 4) return false;
  const v = v128.load(at);
  if (v128.any_true(v128.and(v128.xor(v, i32x4.splat(4)), i32x4.splat(0x80000007)))) return false;
  return i32x4.bitmask(i32x4.sub(v, i32x4.splat(8 << 16))) == 0;
}

/** Which words may be an integer from 2^16 to 2^32, or, by their highest bits, a double from 2^16 to 2^28. */
// @ts-ignore: decorator
@inline
function mayBeWide(words: v128): i32 {
  const integers = i64x2.shr_u(i64x2.sub(words, i64x2.splat(MIN_PROBED_DIGIT)), 32);
  const doubles = i64x2.shr_u(i64x2.sub(words, i64x2.splat(0x40f0000000000000)), 56);
  return i64x2.bitmask(v128.or(i64x2.eq(integers, i64x2.splat(0)), i64x2.eq(doubles, i64x2.splat(0))));
}

/** The only kind of whole word that this one can be. */
// @ts-ignore: decorator
@inline
function boxOf(word: u64): u32 {
  const high = <u32>(word >>> 32);
  if (high == JSC_INT32 || high == SPIDERMONKEY_INT32) return high;
  // Integers below 2^28 in doubles have as many zero bits below the point.
  if (<u32>word << 8) return NO_BOX;
  return high < <u32>MAX_INT_DIGIT ? SMI : DOUBLE;
}

/** The digit in a word, or its lower half, of that kind, or 0. */
// @ts-ignore: decorator
@inline
function digitOf(word: u64, box: u32): u64 {
  if (box == HALVES) return word & 1 ? 0 : <u64>(<u32>word >>> 1);
  if (box == HERMES) return (word & 7) == 4 ? <u64>(<u32>word >>> 3) : 0;
  if (box == SMI) return <u32>word == 0 ? word >>> 32 : 0;
  if (box == WIDE_INT) return word >>> 32 == 0 ? word : 0;
  if (box != DOUBLE) return <u32>(word >>> 32) == box ? <u64>(<u32>word) : 0;
  const exponent = (word >>> 52) - 1023;
  if (exponent > 27 || word << (12 + exponent)) return 0;
  return ((word & 0x000fffffffffffff) | 0x0010000000000000) >>> (52 - exponent);
}

// @ts-ignore: decorator
@inline
function isDigit(at: usize, box: u32, least: u64): bool {
  // One comparison for both ends of the range.
  const most = box == SMI || box == JSC_INT32 || box == SPIDERMONKEY_INT32 ? MAX_INT_DIGIT : MAX_DIGIT;
  return digitOf(load<u64>(at), box) - least < most - least;
}

/** As `judgeRun`, for the digits of JavaScript libraries. `doneAt` is where those of other phases would keep the end of the last run. */
function judgeDigits(probe: usize, box: u32, slot: usize, doneAt: usize): void {
  const done = <usize>load<u32>(doneAt);
  if (probe < done) return;
  let start = probe;
  while (start >= done && isDigit(start - slot, box, MIN_DIGIT)) start -= slot;
  let end = probe + PROBE;
  const cut = (start < done ? probe : start) + MAX_BYTES + WORD;
  while (end < cut && isDigit(end, box, MIN_DIGIT)) end += slot;
  store<u32>(doneAt, <u32>end);
  if (start < done || start >= ownEnd) return;
  const length = end - start;
  if (length < MIN_DIGITS * slot || length > MAX_BYTES || !isDigitMixture(start, box, slot, MIN_DIGITS, 4, 20)) return;
  pushHit(anchor, start, min(isDigit(end, box, 1) ? end + slot : end, dataEnd) - start);
}

/** Whether the value at `at` is one of the kind that is at least `least`. */
// @ts-ignore: decorator
@inline
function isWideDigit(at: usize, box: u32, least: u64): bool {
  return box == WIDE_INT ? load<u64>(at) - least < MAX_WIDE_DIGIT - least : isDigit(at, DOUBLE, least);
}

/** The lowest byte of the word between the value at `at` and the next one; at least `MAX_TYPE` when it is no type, as in an array of doubles. */
// @ts-ignore: decorator
@inline
function typeBehind(at: usize, box: u32): u32 {
  return box == DOUBLE && isWideDigit(at + WORD, box, MIN_DIGIT) ? MAX_TYPE : <u32>load<u8>(at, WORD);
}

/** @param wide which of the two words at `at` may be one */
function judgeWides(at: usize, wide: i32): void {
  const both = wide & mayBeWide(v128.load(at, WIDE));
  if (both & 1) judgeWide(at);
  if (both & 2) judgeWide(at + WORD);
}

/** As `judgeDigits`, for values beside a word that says their type. The last one of a run may begin another one. */
function judgeWide(probe: usize): void {
  const box = load<u32>(probe, 4) == 0 ? WIDE_INT : DOUBLE;
  const type = typeBehind(probe, box);
  if (type >= MAX_TYPE || !isWideDigit(probe, box, MIN_PROBED_DIGIT) || !isWideDigit(probe + WIDE, box, MIN_PROBED_DIGIT)) return;
  // What a type's word holds besides may look like an integer, so the ends of both phases are kept.
  const doneAt = box == DOUBLE ? NUMBER_ENDS + 20 : NUMBER_ENDS + 16 + (probe & 8);
  const done = <usize>load<u32>(doneAt);
  if (probe < done) return;
  let start = probe;
  while (start >= done && isWideDigit(start - WIDE, box, MIN_DIGIT) && typeBehind(start - WIDE, box) == type) start -= WIDE;
  let last = probe;
  const cut = (start < done ? probe : start) + MAX_BYTES + WORD;
  while (last < cut && isWideDigit(last + WIDE, box, MIN_DIGIT) && typeBehind(last, box) == type) last += WIDE;
  store<u32>(doneAt, <u32>last);
  if (start < done || start >= ownEnd) return;
  const length = last + WORD - start;
  if (length < MIN_WIDE_DIGITS * WIDE - WORD || length > MAX_BYTES || !isDigitMixture(start, box, WIDE, MIN_WIDE_DIGITS, 3, 18)) return;
  const isLast = isWideDigit(last + WIDE, box, 1) && typeBehind(last, box) == type;
  pushHit(anchor, start, min(last + WORD + (isLast ? WIDE : 0), dataEnd) - start);
}

/** Whether the lower three bytes of the first `count` digits are a mixture. */
function isDigitMixture(start: usize, box: u32, slot: usize, count: usize, minHigh: u32, minDistinct: u32): bool {
  for (let i: usize = 0; i < 256; i += 16) v128.store(BYTE_SET + i, i8x16.splat(0));
  let high: u32 = 0;
  let distinct: u32 = 0;
  for (let at = start; at < start + count * slot; at += slot) {
    let digit = <u32>digitOf(load<u64>(at), box);
    for (let i = 0; i < 3; i++) {
      const byte = digit & 0xff;
      digit >>>= 8;
      high += byte >>> 7;
      if (load<u8>(BYTE_SET + byte)) continue;
      store<u8>(BYTE_SET + byte, 1);
      distinct++;
    }
  }
  return high >= minHigh && high <= 3 * <u32>count - minHigh && distinct >= minDistinct;
}

/** Measures the run around a probe, and reports it when it could be a number; returns its end. */
function judgeRun(probe: usize, done: usize): usize {
  let start = probe;
  while (start >= done && isRandom(start - WORD)) start -= WORD;
  let end = probe + PROBE;
  const cut = (start < done ? probe : start) + MAX_BYTES + WORD;
  while (end < cut && isRandom(end)) end += WORD;
  if (start < done || start >= ownEnd) return end;
  if (phases == 1 && end - start == MIN_BYTES - WORD && isBetweenFields(start)) {
    pushHit(anchor, start - WORD, min(end + WORD, dataEnd) - (start - WORD));
  }
  if (!pushNumber(start, end) && phases != 8 && end - start <= MAX_BYTES && !pushBesideText(start, end)) pushBehindText(start, end);
  // A run may begin with the record before an object of Go's; one number in 70 has a word that looks like one.
  if (phases == 8 && goObjectSize(load<u64>(start)) != 0) pushNumber(start + WORD, end);
  return end;
}

/** Whether a run of three words is the middle of 32 bytes between small fields. */
function isBetweenFields(start: usize): bool {
  for (let at = start - 1; at > start - WORD; at--) {
    const behind = at + MIN_BYTES;
    if (load<u8>(at - 1) > MAX_FIELD || load<u8>(at) == 0 || load<u8>(behind - 1) == 0) continue;
    const next = load<u8>(behind);
    const isEnd = next == 0 || (next <= MAX_FIELD && load<u8>(behind, 1) == 0);
    if (isEnd && isMixture(at, MIN_BYTES)) return true;
  }
  return false;
}

/** Reports the run when it could be a number, and returns whether it could. */
function pushNumber(start: usize, end: usize): bool {
  const length = end - start;
  if (length < MIN_BYTES || length > MAX_BYTES) return false;
  if ((phases == 8 && !isBoundary(start, length)) || !isMixture(start, length)) return false;
  pushHit(anchor, start, min(numberEnd(start, end), dataEnd) - start);
  return true;
}

/** Reports the number that ends before text, or begins behind fields, or both, and returns whether there is one. */
function pushBesideText(start: usize, end: usize): bool {
  if (pushBeforeText(start, end)) return true;
  for (let at = start; at < start + MAX_FIELDS * WORD && isField(at); ) {
    at += WORD;
    if (pushNumber(at, end) || pushBeforeText(at, end)) return true;
  }
  return false;
}

function pushBeforeText(start: usize, end: usize): bool {
  for (let at = start + MIN_BYTES; at + MIN_BYTES <= end; at += WORD) {
    const isEnd = isText(at) && isText(at + WORD) && isText(at + 2 * WORD) && isText(at + 3 * WORD);
    if (isEnd || (isTaggedAddress(at) && isTaggedAddress(at + WORD))) return pushNumber(start, at);
  }
  return false;
}

/** Of two fields of four bytes, a count or an address of WebAssembly is the first one. */
// @ts-ignore: decorator
@inline
function isField(at: usize): bool {
  return load<u32>(at) < 1 << 24 || isTaggedAddress(at);
}

/** Of ARM64, where a tag or a signature is in the upper bits (not in bit 55), so that the word looks random. */
// @ts-ignore: decorator
@inline
function isTaggedAddress(at: usize): bool {
  const high = load<u8>(at, 5);
  return (high == 0 || high == 0xaa || high == 0xff) && load<u8>(at, 6) < 0x80 && load<u16>(at, 6) != 0;
}

/** Reports the first number behind a word without a byte of 0x80 or more: behind those that the run begins with, or among the words that follow. */
function pushBehindText(start: usize, end: usize): void {
  let at = start;
  while (at < end && isText(at)) at += WORD;
  let isBehindText = at > start;
  const last = min(end, at + MAX_TEXT_BYTES);
  for (; at < last; at += WORD) {
    const text = isText(at);
    if (isBehindText && !text && pushNumber(at, end)) return;
    isBehindText = text;
  }
}

// @ts-ignore: decorator
@inline
function isText(at: usize): bool {
  return (load<u64>(at) & 0x8080808080808080) == 0;
}

/** Whether the word before a run of `length` bytes can stand before a number. */
function isBoundary(start: usize, length: usize): bool {
  const word = load<u64>(start - WORD);
  return (word < 0x10000 && load<u8>(start) != 0) || word == u64.MAX_VALUE || goObjectSize(word) >= <u32>length || statedSize(start, length) != 0;
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
  if (isHprof) return hprofSize(word, length);
  for (let shift = 0; shift <= 3; shift++) {
    if (shift != 1 && fits(elements << shift, length)) return <usize>(elements << shift);
  }
  if (phases != 8) return 0;
  const objectSize = <usize>goObjectSize(word);
  return objectSize < length + 8 ? objectSize : 0;
}

/** The same of HPROF's PRIMITIVE ARRAY DUMP. */
function hprofSize(word: u64, length: usize): usize {
  const type = word >>> 56;
  if (type != 8 && type != 10 && type != 11) return 0;
  const size = <u64>bswap(<u32>(word >>> 24)) << (type == 8 ? 0 : type == 10 ? 2 : 3);
  return size >= MIN_BYTES && size < <u64>length + 8 ? <usize>size : 0;
}

/** Size of the object whose record in a Go heap dump ends with the last bytes of `word`, or 0. */
function goObjectSize(word: u64): u32 {
  if (isHprof) return 0;
  const last = <u32>(word >>> 56),
    second = <u32>(word >>> 48) & 0xff,
    third = <u32>(word >>> 40) & 0xff,
    fourth = <u32>(word >>> 32) & 0xff;
  let size: u32 = 0;
  if (last < 0x80 && second < 0x80 && third >= 0x80) size = last;
  else if (last < 0x80 && second >= 0x80 && third < 0x80 && fourth >= 0x80) size = (last << 7) | (second & 0x7f);
  return size >= <u32>MIN_BYTES && size % 16 == 0 ? size : 0;
}

/** The first 32 bytes are judged by themselves: nearly all code and tables fail there. */
function isMixture(at: usize, length: usize): bool {
  const high = countHigh(at, 32);
  if (high < 4 || high > 26) return false;
  for (let i: usize = 0; i < 256; i += 16) v128.store(BYTE_SET + i, i8x16.splat(0));
  if (addBytes(at, 0, 32) < 24) return false;
  if (length >= 256) return isMixtureOf(at, 256, 70, 160, 100);
  return length < 64 || isMixtureOf(at, 64, 12, 48, 44);
}

function isMixtureOf(at: usize, bytes: usize, minHigh: u32, maxHigh: u32, minDistinct: u32): bool {
  const high = countHigh(at, bytes);
  return high >= minHigh && high <= maxHigh && addBytes(at, 32, bytes) >= minDistinct;
}

// @ts-ignore: decorator
@inline
function countHigh(at: usize, bytes: usize): u32 {
  let high: u32 = 0;
  for (let i: usize = 0; i < bytes; i += 16) high += popcnt(<u32>i8x16.bitmask(v128.load(at + i)));
  return high;
}

/** Sets the flags of the bytes from `from` to `to`; returns how many are set. */
function addBytes(at: usize, from: usize, to: usize): u32 {
  for (let i = from; i < to; i++) store<u8>(BYTE_SET + <usize>load<u8>(at + i), 1);
  let sums = i8x16.splat(0);
  for (let i: usize = 0; i < 256; i += 16) sums = i8x16.add(sums, v128.load(BYTE_SET + i));
  const pairs = i16x8.extadd_pairwise_i8x16_u(sums);
  const quads = i32x4.extadd_pairwise_i16x8_u(pairs);
  return (
    i32x4.extract_lane(quads, 0) + i32x4.extract_lane(quads, 1) + i32x4.extract_lane(quads, 2) + i32x4.extract_lane(quads, 3)
  );
}

/** Where the number that begins with this run ends. */
function numberEnd(start: usize, end: usize): usize {
  const stated = statedSize(start, end - start);
  if (stated != 0) return start + stated;
  const chunk = load<u64>(start - WORD) & ~7;
  if ((chunk == PREKEY_BYTES + 16 || chunk == PREKEY_BYTES + 32) && end - start >= PREKEY_MIN_BYTES) {
    return max(end, start + PREKEY_BYTES);
  }
  const last = fieldEnd(end, end - start);
  if (last != end) return last;
  const tail = load<u64>(end);
  return tail != 0 && tail >>> 32 == 0 ? end + WORD : end;
}

/** Where the digits of 52 bits end that the last word of a run of `length` bytes is one of. */
function fieldEnd(end: usize, length: usize): usize {
  if (length > MAX_FIELD_BYTES || (load<u64>(end - WORD) >>> 52 != 0 && !areFieldDigits(end))) return end;
  const cut = end + MAX_FIELD_BYTES;
  while (end < cut && isFieldDigit(end)) end += WORD;
  return end;
}

function areFieldDigits(at: usize): bool {
  let most: u64 = 0;
  for (let i: usize = 0; i < 5; i++) {
    if (!isFieldDigit(at + i * WORD)) return false;
    most |= load<u64>(at + i * WORD);
  }
  return most >>> 48 != 0;
}

// @ts-ignore: decorator
@inline
function isFieldDigit(at: usize): bool {
  const word = load<u64>(at);
  return word >>> 52 == 0 && word >>> 40 != 0;
}
