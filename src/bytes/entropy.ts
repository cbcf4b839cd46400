/** How random bytes and characters look. */

/** Shannon entropy of `bytes[start, end)` in bits per byte; at most log2 of the length. */
export function shannonEntropy(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const counts = new Uint32Array(256);
  for (let at = start; at < end; at++) counts[bytes[at]!]!++;
  const total = end - start;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

/**
 * Whether 16 to 66 bytes could be a private scalar or seed drawn at random: enough different bytes, bits in balance (all
 * together, and each position in the byte), not text, no long stretch of one byte. A random string of 32 bytes passes
 * with a chance above 1 - 2^-18; constants, tables, pointers, counters and text don't.
 */
export function looksRandom(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  const length = end - start;
  if (length < 16) return false;
  const seen = new Set<number>();
  const ones = [0, 0, 0, 0, 0, 0, 0, 0];
  let printable = 0;
  let run = 1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    seen.add(byte);
    for (let bit = 0; bit < 8; bit++) ones[bit]! += (byte >> bit) & 1;
    if (byte >= 0x20 && byte < 0x7f) printable++;
    run = at > start && byte === bytes[at - 1] ? run + 1 : 1;
    if (run > 3) return false;
  }
  const all = ones.reduce((sum, count) => sum + count);
  const balanced =
    deviation(all, length * 8) < 5 && (length < 32 || ones.every((count) => deviation(count, length) < 5));
  // Expected distinct bytes of n draws from 256 is 256(1-(255/256)^n): 30.2 of 32. Five standard deviations below is 23.
  const minDistinct = length >= 64 ? 44 : length >= 48 ? 34 : length >= 32 ? 23 : 11;
  return balanced && seen.size >= minDistinct && printable < length * 0.85;
}

/** How many standard deviations `count` heads in `draws` throws of a coin are from the middle. */
const deviation = (count: number, draws: number): number => Math.abs(count - draws / 2) / Math.sqrt(draws / 4);
