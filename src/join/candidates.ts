/** Numbers that could be private scalars or seeds, in the order in which they are tried. */
import { looksRandom } from '../bytes/entropy.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import type { LeadWindow } from './join.ts';
import type { NumberLayout } from './number-layouts.ts';
import { FIT, type Fit, readNumbers } from './number-reader.ts';

/** Scalars and seeds inside longer runs are beside their public key, or in a structure of a few numbers. */
const MAX_BLOCK_BYTES = 192;
const WORD_BYTES = 8;
/** The first byte of a P-521 scalar is 0 or 1. */
const TOP_BYTES = 2;

export interface PrivateCandidate {
  /** Big-endian, as long as the field, in memory of its own. */
  readonly bytes: Uint8Array;
  /** Offset in the input. */
  readonly start: number;
  readonly fit: Fit;
}

/** Each number once, with its best place. */
export function readPrivateCandidates(
  windows: readonly LeadWindow[],
  size: number,
  options: { readonly fit?: Fit; readonly layouts?: readonly NumberLayout[] } = {},
): PrivateCandidate[] {
  const candidates = new Map<bigint, PrivateCandidate>();
  const onNumber = (number: Uint8Array, start: number, fit: Fit): void => {
    if (!looksRandom(number, size % WORD_BYTES === 0 ? 0 : TOP_BYTES)) return;
    const key = bigintFromBe(number);
    const known = candidates.get(key);
    if (!known || known.fit > fit) candidates.set(key, { bytes: known?.bytes ?? number.slice(), start, fit });
  };
  readNumbers(windows, size, onNumber, { ...options, maxBlockBytes: MAX_BLOCK_BYTES, blockStep: WORD_BYTES });
  return [...candidates.values()];
}

/** Best fit first; of the same fit, those nearest to any of `starts` (offsets of public values). */
export function orderCandidates(candidates: PrivateCandidate[], starts: readonly number[]): PrivateCandidate[] {
  const sorted = [...starts].sort((a, b) => a - b);
  const distances = new Map(candidates.map((candidate) => [candidate, distanceTo(sorted, candidate.start)]));
  return candidates.sort((a, b) => a.fit - b.fit || distances.get(a)! - distances.get(b)! || a.start - b.start);
}

/** From `at` to the nearest of `sorted`; 0 when there is none. */
function distanceTo(sorted: readonly number[], at: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < at) low = middle + 1;
    else high = middle;
  }
  const distances = [sorted[low - 1], sorted[low]].flatMap((start) =>
    start === undefined ? [] : Math.abs(start - at),
  );
  return distances.length === 0 ? 0 : Math.min(...distances);
}

/** Worst fit worth trying where no public value of the curve is known. */
export const BLIND_FIT = FIT.start;
