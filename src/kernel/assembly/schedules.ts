/**
 * Dense test for expanded AES keys: `aes-schedule` (rules in ../schedules.ts, the reference). One probe per 104 bytes:
 * five relations, which are told apart only where all together could do, and a sixth, which holds for fewer bytes.
 */
import { pushHit } from './hits';
import { PAGE } from './layout';

const STRIDE: usize = 104;
const ROW: usize = 16;

let anchor: u32 = 0;
let ownEnd: usize = 0;

export function configureSchedules(scheduleAnchor: u32): void {
  anchor = scheduleAnchor;
}

export function ownSchedules(end: usize): void {
  ownEnd = end;
}

// @ts-ignore: decorator
@inline
function lanes(v: v128): i32 {
  return popcnt(i8x16.bitmask(v));
}

// @ts-ignore: decorator
@inline
function zeros(v: v128): i32 {
  return lanes(isZero(v));
}

/** Zero bytes in three words whose exclusive or vanishes in a schedule. */
// @ts-ignore: decorator
@inline
function related(p: usize, earlier: usize, later: usize): i32 {
  return zeros(v128.xor(v128.xor(v128.load(p), v128.load(p + earlier)), v128.load(p + later)));
}

// @ts-ignore: decorator
@inline
function isZero(v: v128): v128 {
  return i8x16.eq(v, i8x16.splat(0));
}

/** Tests the probes of the page at `p`. Needs room for 40 hits. */
export function findSchedules(p: usize): void {
  const end = min(p + PAGE, ownEnd);
  for (; p < end; p += STRIDE) {
    // The cheapest rule first: text has no bytes of 0x80 and more.
    if (popcnt(i8x16.bitmask(v128.load(p + ROW))) < 2) continue;
    const v = v128.load(p);
    const by16 = v128.xor(v, v128.load(p, 16));
    const by32 = v128.xor(v, v128.load(p, 32));
    const before = v128.load(p - 4);
    const a = isZero(v128.xor(by16, v128.load(p, 12))),
      b = isZero(v128.xor(by32, v128.load(p, 28))),
      c = isZero(v128.xor(by16, before)),
      d = isZero(v128.xor(by32, before)),
      e = isZero(v128.xor(v128.xor(v, v128.load(p, 24)), v128.load(p, 20)));
    const sparse = zeros(v128.xor(v128.xor(v, before), v128.load(p, 8)));
    // Where all relations together are not zero often enough, no one is.
    const isDense = popcnt(i8x16.bitmask(v128.or(v128.or(v128.or(a, b), v128.or(c, d)), e))) >= 12;
    if (!isDense && sparse < 4) continue;
    if (!looksRandom(p + ROW)) continue;
    const holds =
      (isDense && (goesOn(p, ROW) || goesOn(p, 0 - ROW))) ||
      (sparse >= 4 && (goesOnSparsely(p, ROW, sparse) || goesOnSparsely(p, 0 - ROW, sparse)));
    if (holds) pushHit(anchor, p, ROW);
  }
}

function looksRandom(at: usize): bool {
  const v = v128.load(at);
  return zeros(v) <= 4 && popcnt(i8x16.bitmask(v)) >= 2;
}

/** Whether the relation of AES-192's decryption, which holds for `zeros` bytes at `p`, goes on for two rows of `step` bytes. */
function goesOnSparsely(p: usize, step: usize, zeros: i32): bool {
  const next = related(p + step, 8, -4),
    last = related(p + 2 * step, 8, -4);
  if (min(next, last) < 4 || zeros + next + last < 20) return false;
  return looksRandom(p) && looksRandom(p + step) && looksRandom(p + 2 * step);
}

/** Whether a relation that holds at `p` holds `step` bytes on as well. */
function goesOn(p: usize, step: usize): bool {
  return (
    holdsTwice(p, step, 16, 12) ||
    holdsTwice(p, step, 24, 20) ||
    holdsTwice(p, step, 32, 28) ||
    holdsTwice(p, step, 16, -4) ||
    holdsTwice(p, step, 32, -4)
  );
}

function holdsTwice(p: usize, step: usize, a: usize, b: usize): bool {
  return related(p, a, b) >= 12 && related(p + step, a, b) >= 12;
}
