/** Base58 with Bitcoin's alphabet, and its checksum. */
import { BASE58 } from './token.ts';

const VALUE = new Int8Array(256).fill(-1);
for (let i = 0; i < BASE58.length; i++) VALUE[BASE58.charCodeAt(i)] = i;
/** The decoder takes time in the square of the length. */
const MAX_CHARS = 128;

/** The bytes of `bytes[start, end)`, or undefined when a character is none of base58 or there are more than 128. */
export function decodeBase58(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  if (end - start > MAX_CHARS || end > bytes.length) return undefined;
  const out = new Uint8Array(end - start);
  let first = out.length;
  let zeros = 0;
  for (let at = start; at < end; at++) {
    let carry = VALUE[bytes[at]!]!;
    if (carry < 0) return undefined;
    if (carry === 0 && first === out.length) {
      zeros++;
      continue;
    }
    for (let i = out.length - 1; i >= first || carry > 0; i--) {
      carry += out[i]! * 58;
      out[i] = carry & 255;
      carry >>>= 8;
      first = Math.min(first, i);
    }
  }
  const decoded = out.slice(first - Math.min(zeros, first));
  out.fill(0);
  return decoded;
}
