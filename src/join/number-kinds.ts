/**
 * Kinds of numbers, by what lies before them and their length. Curve arithmetic in JavaScript's BigInts leaves each of its
 * intermediate results on the heap, hundreds of thousands, all alike: the few numbers of other kinds, among which the
 * key may be, must not drown in them.
 */
import { u32le } from '../bytes/reader.ts';
import type { LeadWindow } from './join.ts';

/** So many can all be tried. */
const FEW = 10_000;
/** A kind is bulk when it has more than so many, and more than this share of all. */
const MIN_BULK = 1000;
const BULK_SHARE = 1 / 64;

/** A hash of the word before the number (a length, an allocation header, a type) and of its length; never 0. */
export function kindOf(bytes: Uint8Array, at: number, length: number): number {
  const low = u32le(bytes, at - 8) ?? 0;
  const high = u32le(bytes, at - 4) ?? 0;
  return Math.imul(low ^ Math.imul(high, 31) ^ Math.imul(length, 0x9e3779b1), 0x85ebca6b) >>> 0 || 1;
}

/**
 * One in how many of each kind to keep, so that at most `most` are left: all of the rare kinds, which aren't listed, and of
 * the others about equally many. Undefined when even one of each kind is too many.
 */
export function thinKinds(kinds: readonly number[], most: number): Map<number, number> | undefined {
  const counts = countKinds(kinds);
  const strides = new Map<number, number>();
  for (let share = most; share >= 1; share = Math.floor(share / 2)) {
    let kept = 0;
    for (const [kind, count] of counts) {
      const stride = Math.ceil(count / share);
      if (stride > 1) strides.set(kind, stride);
      kept += Math.ceil(count / stride);
    }
    if (kept <= most) return strides;
  }
  return undefined;
}

/** Numbers of bulk kinds apart: both in the same order. */
export function splitBulk(windows: readonly LeadWindow[]): {
  readonly rare: readonly LeadWindow[];
  readonly bulk: readonly LeadWindow[];
} {
  if (windows.length <= FEW) return { rare: windows, bulk: [] };
  const kinds = windows.map(({ around, bytes }) => kindOf(around, bytes.byteOffset - around.byteOffset, bytes.length));
  const counts = countKinds(kinds);
  const most = Math.max(MIN_BULK, windows.length * BULK_SHARE);
  const isBulk = (i: number): boolean => counts.get(kinds[i]!)! > most;
  return { rare: windows.filter((_, i) => !isBulk(i)), bulk: windows.filter((_, i) => isBulk(i)) };
}

function countKinds(kinds: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
