/** Checksums for the writers, from their definitions, with big integers: slow, and shared with no reader. */

/** Reflected CRC of any width: CRC-32 of IEEE 802.3 with 0xEDB88320, CRC-64 of ECMA-182 with 0xC96C5795D7870F42. */
export function reflectedCrc(bytes: Uint8Array, polynomial: bigint, width: number): bigint {
  const ones = (1n << BigInt(width)) - 1n;
  let crc = ones;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
  }
  return crc ^ ones;
}

export const crc32Of = (bytes: Uint8Array): number => Number(reflectedCrc(bytes, 0xedb88320n, 32));
export const crc64Of = (bytes: Uint8Array): bigint => reflectedCrc(bytes, 0xc96c5795d7870f42n, 64);

const U64 = (1n << 64n) - 1n;
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;
const rotate = (value: bigint, bits: bigint): bigint => ((value << bits) | (value >> (64n - bits))) & U64;

/** XXH64 with seed 0 (xxhash_spec.md). */
export function xxh64(bytes: Uint8Array): bigint {
  const word = (at: number, count: number): bigint => {
    let value = 0n;
    for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i] ?? 0);
    return value;
  };
  const round = (lane: bigint, input: bigint): bigint => (rotate((lane + input * P2) & U64, 31n) * P1) & U64;
  let at = 0;
  let hash = P5;
  if (bytes.length >= 32) {
    let lanes = [(P1 + P2) & U64, P2, 0n, -P1 & U64];
    for (; at + 32 <= bytes.length; at += 32) {
      const start = at;
      lanes = lanes.map((lane, i) => round(lane, word(start + i * 8, 8)));
    }
    hash = [1n, 7n, 12n, 18n].reduce((sum, bits, i) => sum + rotate(lanes[i] ?? 0n, bits), 0n) & U64;
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * P1 + P4) & U64;
  }
  hash = (hash + BigInt(bytes.length)) & U64;
  for (; at + 8 <= bytes.length; at += 8) hash = (rotate(hash ^ round(0n, word(at, 8)), 27n) * P1 + P4) & U64;
  for (; at + 4 <= bytes.length; at += 4) hash = (rotate(hash ^ ((word(at, 4) * P1) & U64), 23n) * P2 + P3) & U64;
  for (; at < bytes.length; at++) hash = (rotate(hash ^ ((word(at, 1) * P5) & U64), 11n) * P1) & U64;
  hash = ((hash ^ (hash >> 33n)) * P2) & U64;
  hash = ((hash ^ (hash >> 29n)) * P3) & U64;
  return hash ^ (hash >> 32n);
}
