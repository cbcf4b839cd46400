/** The step that all LZ77 decoders share. */

/**
 * Copies `length` bytes within `out` from `distance` before `at`; where the two overlap, the pattern repeats.
 * The caller has checked that `0 < distance <= at` and that the bytes fit.
 */
export function copyMatch(out: Uint8Array, at: number, distance: number, length: number): void {
  let from = at - distance;
  if (length < 32) {
    for (const end = at + length; at < end; ) out[at++] = out[from++]!;
    return;
  }
  if (distance === 1) {
    out.fill(out[from]!, at, at + length);
    return;
  }
  if (distance < 8) {
    for (const end = at + length; at < end; ) out[at++] = out[from++]!;
    return;
  }
  // Twice as much of the pattern lies there after each step.
  let left = length;
  while (left > 0) {
    const step = Math.min(left, at - from);
    out.copyWithin(at, from, from + step);
    at += step;
    left -= step;
  }
}
