/**
 * Points of EdDSA as libraries compute with them: coordinates in digits, least significant first, each in a word of its own. Where a
 * program keeps points only, the 32 or 57 octets of its public keys are nowhere.
 */
import type { OkpCurve } from '../proof/curves.ts';

export interface Digits {
  /** Bits of each digit; repeated. */
  readonly bits: readonly number[];
  readonly wordBytes: 4 | 8;
  /** Of one coordinate. */
  readonly count: number;
}

interface Field {
  readonly p: bigint;
  readonly bits: number;
  readonly digits: readonly Digits[];
}

/**
 * Over 255 bits: ref10 (pycryptodome), Bouncy Castle, all on machines of 64 bits. Over 448 bits: Bouncy Castle and libdecaf on 32 bits;
 * libdecaf, OpenSSL and circl on 64.
 */
const FIELDS = {
  Ed25519: {
    p: 2n ** 255n - 19n,
    bits: 255,
    digits: [
      { bits: [26, 25], wordBytes: 4, count: 10 },
      { bits: [26, 26, 25, 26, 25], wordBytes: 4, count: 10 },
      { bits: [51], wordBytes: 8, count: 5 },
    ],
  },
  Ed448: {
    p: 2n ** 448n - 2n ** 224n - 1n,
    bits: 448,
    digits: [
      { bits: [28], wordBytes: 4, count: 16 },
      { bits: [56], wordBytes: 8, count: 8 },
    ],
  },
} as const satisfies Partial<Record<OkpCurve, Field>>;

/** Undefined for curves whose public keys are no points. */
export function edwardsField(curve: OkpCurve): Field | undefined {
  return curve === 'Ed25519' || curve === 'Ed448' ? FIELDS[curve] : undefined;
}

/** The y of a public key (RFC 8032, 5.1.2, 5.2.2: the sign of x lies above it) in each form: as many for all keys of a curve. */
export function writeEdwardsDigits(curve: OkpCurve, publicKey: Uint8Array): Uint8Array[] {
  const field = edwardsField(curve);
  return field ? field.digits.map((digits) => writeDigits(digits, publicKey, field.bits)) : [];
}

function writeDigits({ bits, wordBytes, count }: Digits, number: Uint8Array, numberBits: number): Uint8Array {
  const out = new Uint8Array(count * wordBytes);
  for (let i = 0, from = 0; i < count; i++) {
    const width = Math.min(bits[i % bits.length]!, numberBits - from);
    for (let at = 0; at < width; at += 8) {
      out[i * wordBytes + (at >> 3)] = bitsOf(number, from + at, Math.min(8, width - at));
    }
    from += width;
  }
  return out;
}

/** At most eight bits of a little-endian number. */
function bitsOf(bytes: Uint8Array, from: number, count: number): number {
  const at = from >> 3;
  return ((bytes[at]! | ((bytes[at + 1] ?? 0) << 8)) >> (from & 7)) & ((1 << count) - 1);
}

/** Digits are left so much too large, or negative. */
const CARRY_BITS = 2;

/** One coordinate, which may be above p, or negative; undefined where there are no such digits. */
export function readDigits({ bits, wordBytes, count }: Digits, bytes: Uint8Array, at: number): bigint | undefined {
  if (at < 0 || at + count * wordBytes > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, count * wordBytes);
  // Cheaper than the whole: the upper half of each word.
  for (let i = 0; i < count; i++) {
    const top = view.getInt32((i + 1) * wordBytes - 4, true);
    if (Math.abs(top) >= 2 ** (bits[i % bits.length]! + CARRY_BITS - 8 * (wordBytes - 4))) return undefined;
  }
  let value = 0n;
  for (let i = 0, from = 0; i < count; i++) {
    const digit = wordBytes === 4 ? BigInt(view.getInt32(4 * i, true)) : view.getBigInt64(8 * i, true);
    value += digit << BigInt(from);
    from += bits[i % bits.length]!;
  }
  return value;
}
