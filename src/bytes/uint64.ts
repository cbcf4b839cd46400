/** 64-bit integers at an index; out of range reads give undefined. */
import { u32be, u32le } from './reader.ts';

export function u64le(bytes: Uint8Array, at: number): bigint | undefined {
  const [low, high] = [u32le(bytes, at), u32le(bytes, at + 4)];
  return low === undefined || high === undefined ? undefined : (BigInt(high) << 32n) | BigInt(low);
}

export function u64be(bytes: Uint8Array, at: number): bigint | undefined {
  const [high, low] = [u32be(bytes, at), u32be(bytes, at + 4)];
  return low === undefined || high === undefined ? undefined : (BigInt(high) << 32n) | BigInt(low);
}

/** As a number, exact below 2^53: for sizes and offsets, which are compared with the size of the input before use. */
export function size64le(bytes: Uint8Array, at: number): number | undefined {
  const [low, high] = [u32le(bytes, at), u32le(bytes, at + 4)];
  return low === undefined || high === undefined ? undefined : high * 2 ** 32 + low;
}

/** See `size64le`. */
export function size64be(bytes: Uint8Array, at: number): number | undefined {
  const [high, low] = [u32be(bytes, at), u32be(bytes, at + 4)];
  return low === undefined || high === undefined ? undefined : high * 2 ** 32 + low;
}
