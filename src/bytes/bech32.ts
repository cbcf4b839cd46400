/**
 * Bech32 (BIP 173) without its limit of 90 characters, as age uses it. Works on bytes, so that no string is made
 * of a secret.
 */

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const BAD = 0xff;
/** Value of a character of either case, or 0xff. */
const VALUE = new Uint8Array(256).fill(BAD);
for (let i = 0; i < CHARSET.length; i++) {
  VALUE[CHARSET.charCodeAt(i)] = i;
  VALUE[CHARSET.toUpperCase().charCodeAt(i)] = i;
}
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_CHARS = 6;

function step(checksum: number, value: number): number {
  let next = ((checksum & 0x1ffffff) << 5) ^ value;
  for (let i = 0; i < 5; i++) if ((checksum >>> (25 + i)) & 1) next ^= GENERATORS[i]!;
  return next;
}

/**
 * The data of the Bech32 text whose human-readable part is `prefix` (the separator `1` left out) and whose data
 * characters, checksum included, are `bytes[start, end)`. Undefined when the checksum or the padding is wrong.
 */
export function decodeBech32(prefix: string, bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  const chars = end - start - CHECKSUM_CHARS;
  if (chars < 0 || end > bytes.length) return undefined;
  let checksum = 1;
  const lower = prefix.toLowerCase();
  for (let i = 0; i < lower.length; i++) checksum = step(checksum, lower.charCodeAt(i) >> 5);
  checksum = step(checksum, 0);
  for (let i = 0; i < lower.length; i++) checksum = step(checksum, lower.charCodeAt(i) & 31);
  const out = new Uint8Array((chars * 5) >> 3);
  let bits = 0;
  let count = 0;
  let length = 0;
  for (let at = start; at < end; at++) {
    const value = VALUE[bytes[at]!]!;
    if (value === BAD) return undefined;
    checksum = step(checksum, value);
    if (at >= end - CHECKSUM_CHARS) continue;
    bits = ((bits << 5) | value) & 0xfff;
    count += 5;
    if (count >= 8) {
      count -= 8;
      out[length++] = (bits >> count) & 255;
    }
  }
  const padding = bits & ((1 << count) - 1);
  if (checksum === 1 && count < 5 && padding === 0) return out;
  out.fill(0);
  return undefined;
}
