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
  round = round === 0xffff ? 1 : round + 1;
  if (round === 1) seenIn.fill(0);
  let distinct = 0;
  let printable = 0;
  let run = 1;
  // Of each bit of the bytes, how often it is set: four counts of eight bits in a number, at most 255 each.
  const counted = Math.min(length, 255);
  let low = 0;
  let high = 0;
  let before = -1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (seenIn[byte] !== round) {
      seenIn[byte] = round;
      distinct++;
    }
    if (at - start < counted) {
      low += SPREAD[byte & 15]!;
      high += SPREAD[byte >> 4]!;
    }
    if (byte >= 0x20 && byte < 0x7f) printable++;
    run = byte === before ? run + 1 : 1;
    if (run > 3) return false;
    before = byte;
  }
  // Expected distinct bytes of n draws from 256 is 256(1-(255/256)^n): 30.2 of 32. Five standard deviations below is 23.
  const minDistinct = length >= 64 ? 44 : length >= 48 ? 34 : length >= 32 ? 23 : 11;
  if (distinct < minDistinct || printable >= length * 0.85) return false;
  let all = 0;
  let balanced = true;
  for (const counts of [low, high]) {
    for (let shift = 0; shift < 32; shift += 8) {
      const ones = (counts >>> shift) & 0xff;
      all += ones;
      balanced &&= length < 32 || deviation(ones, counted) < 5;
    }
  }
  return balanced && deviation(all, counted * 8) < 5;
}

/** In which call of `looksRandom` each byte was last seen. */
const seenIn = new Uint16Array(256);
let round = 0;
/** The four bits of a number, eight apart. */
const SPREAD = Uint32Array.from(
  { length: 16 },
  (_, bits) => (bits & 1) | ((bits & 2) << 7) | ((bits & 4) << 14) | ((bits & 8) << 21),
);

/** How many standard deviations `count` heads in `draws` throws of a coin are from the middle. */
const deviation = (count: number, draws: number): number => Math.abs(count - draws / 2) / Math.sqrt(draws / 4);
