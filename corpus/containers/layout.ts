/** Numbers and places for the writers of containers. */
import { le } from '../encode/text.ts';

export const u16 = (value: number): Uint8Array => le(BigInt(value), 2);
export const u32 = (value: number): Uint8Array => le(BigInt(value), 4);
export const u64 = (value: number): Uint8Array => le(BigInt(value), 8);
/** Both byte orders, one after the other (ECMA-119, 7.3.3). */
export const both32 = (value: number): Uint8Array => Uint8Array.of(...u32(value), ...u32(value).reverse());

/** `bytes` with zeros behind it up to a multiple of `unit`. */
export function padTo(bytes: Uint8Array, unit: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / unit) * unit);
  out.set(bytes);
  return out;
}

/** `size` zeros with pieces set at their offsets. */
export function place(size: number, ...pieces: readonly (readonly [at: number, bytes: Uint8Array])[]): Uint8Array {
  const out = new Uint8Array(size);
  for (const [at, bytes] of pieces) out.set(bytes, at);
  return out;
}
