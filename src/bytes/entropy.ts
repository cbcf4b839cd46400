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
 * Whether 16 to 66 bytes could be a private scalar or seed drawn at random: enough different bytes, bits in balance,
 * not text, no long stretch of one byte. A random string of 32 bytes passes with a chance above 1 - 2^-20;
 * constants, tables, pointers, counters and text don't.
 */
export function looksRandom(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  const length = end - start;
  if (length < 16) return false;
  const seen = new Set<number>();
  let ones = 0;
  let printable = 0;
  let run = 1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    seen.add(byte);
    for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
    if (byte >= 0x20 && byte < 0x7f) printable++;
    run = at > start && byte === bytes[at - 1] ? run + 1 : 1;
    if (run > 3) return false;
  }
  // Expected distinct bytes of n draws from 256 is 256(1-(255/256)^n): 30.2 of 32. Five standard deviations below is 23.
  const minDistinct = length >= 64 ? 44 : length >= 48 ? 34 : length >= 32 ? 23 : 11;
  const deviation = Math.abs(ones - length * 4) / Math.sqrt(length * 2);
  return seen.size >= minDistinct && deviation < 5 && printable < length * 0.85;
}
