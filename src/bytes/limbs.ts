/**
 * Numbers to and from bytes without a string in between: a string made from secret bytes could not be wiped
 * (a bigint can't be either, see SECURITY.md, but it is not interned, logged or quoted in errors).
 */
import { hexValue } from './ascii.ts';

/** Big-endian unsigned number in `bytes[start, end)`. */
export function bigintFromBe(bytes: Uint8Array, start = 0, end = bytes.length): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let value = 0n;
  let at = start;
  for (const head = start + ((end - start) % 8); at < head; at++) value = (value << 8n) | BigInt(bytes[at]!);
  for (; at < end; at += 8) value = (value << 64n) | view.getBigUint64(at);
  return value;
}

/** Little-endian unsigned number in `bytes[start, end)`. */
export function bigintFromLe(bytes: Uint8Array, start = 0, end = bytes.length): bigint {
  const reversed = bytes.slice(start, end).reverse();
  const value = bigintFromBe(reversed);
  reversed.fill(0);
  return value;
}

/** Digits in `bytes[start, end)`, all of that base; hex in either case. */
export function bigintFromDigits(bytes: Uint8Array, start: number, end: number, base: 10 | 16): bigint {
  let value = 0n;
  for (let at = start; at < end; ) {
    let digits = 0;
    let scale = 1;
    // Exact: 10^15 and 16^13 are below 2^53.
    for (; at < end && scale < 1e15; at++, scale *= base) digits = digits * base + hexValue(bytes[at]);
    value = value * BigInt(scale) + BigInt(digits);
  }
  return value;
}

/** Length of a number in bits; 0 for 0. */
export function bitLength(value: bigint): number {
  let bits = 0;
  let rest = value;
  for (let step = 4096; step >= 64; step >>= 1) {
    for (const shift = BigInt(step); rest >> shift > 0n; rest >>= shift) bits += step;
  }
  while (rest > 0n) {
    bits += 1;
    rest >>= 1n;
  }
  return bits;
}

/** Big-endian bytes, padded in front to `length`; without a length, as few as the number needs (none for 0). */
export function bigintToBe(value: bigint, length = Math.ceil(bitLength(value) / 8)): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let rest = value;
  let at = length;
  for (; at >= 8; rest >>= 64n) {
    at -= 8;
    view.setBigUint64(at, BigInt.asUintN(64, rest));
  }
  while (at > 0) {
    bytes[--at] = Number(rest & 255n);
    rest >>= 8n;
  }
  return bytes;
}
