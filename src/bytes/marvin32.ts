/**
 * Marvin32 (US patent 8,555,057; .NET's string hash), which Azure's "identifiable keys" carry as a checksum. The trap: .NET
 * reads the seed's eight ASCII characters as a big-endian number, and the low half goes first.
 */
import { u32be, u32le } from './reader.ts';

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/**
 * @param seed eight bytes: the ASCII name of the seed, such as `Default0`
 * @returns an unsigned number
 */
export function marvin32(bytes: Uint8Array, seed: Uint8Array): number {
  let p1 = u32be(seed, 0) ?? 0;
  let p0 = u32be(seed, 4) ?? 0;
  const mix = (word: number): void => {
    p0 = (p0 + word) | 0;
    p1 ^= p0;
    p0 = (rotate(p0, 20) + p1) | 0;
    p1 = rotate(p1, 9) ^ p0;
    p0 = (rotate(p0, 27) + p1) | 0;
    p1 = rotate(p1, 19);
  };
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) mix(u32le(bytes, at)!);
  let last = 0x80;
  for (let i = bytes.length - 1; i >= at; i--) last = (last << 8) | bytes[i]!;
  mix(last);
  mix(0);
  return (p0 ^ p1) >>> 0;
}
