/**
 * Public keys of EdDSA as libraries compute with them: the y of the point in digits, least significant first, each in a word of
 * its own. Where a program keeps points only, the 32 or 57 octets are nowhere.
 */
import type { OkpCurve } from '../proof/curves.ts';

interface Digits {
  /** Bits of each digit; repeated. */
  readonly bits: readonly number[];
  readonly wordBytes: 4 | 8;
}

/**
 * Of the field over 255 bits: ref10 (and Go before 1.17), Bouncy Castle, all on machines of 64 bits. Of 448 bits: Bouncy Castle and libdecaf
 * on 32 bits; libdecaf, OpenSSL and circl on 64.
 */
const DIGITS: Partial<Record<OkpCurve, readonly Digits[]>> = {
  Ed25519: [
    { bits: [26, 25], wordBytes: 4 },
    { bits: [26, 26, 25, 26, 25], wordBytes: 4 },
    { bits: [51], wordBytes: 8 },
  ],
  Ed448: [
    { bits: [28], wordBytes: 4 },
    { bits: [56], wordBytes: 8 },
  ],
};

/** Bytes of y; above it, or in its top bit, is the sign of x (RFC 8032, 5.1.2, 5.2.2). */
const FIELD_BITS: Partial<Record<OkpCurve, number>> = { Ed25519: 255, Ed448: 448 };

/** The y of a public key in each form: as many for all keys of a curve; none for those of X25519 and X448, which are no points. */
export function writeEdwardsDigits(curve: OkpCurve, publicKey: Uint8Array): Uint8Array[] {
  const fieldBits = FIELD_BITS[curve] ?? 0;
  return (DIGITS[curve] ?? []).map(({ bits, wordBytes }) => {
    const out: number[] = [];
    for (let from = 0, i = 0; from < fieldBits; i++) {
      const width = Math.min(bits[i % bits.length]!, fieldBits - from);
      for (let at = 0; at < 8 * wordBytes; at += 8)
        out.push(at < width ? bitsOf(publicKey, from + at, Math.min(8, width - at)) : 0);
      from += width;
    }
    return Uint8Array.from(out);
  });
}

/** At most eight bits of a little-endian number. */
function bitsOf(bytes: Uint8Array, from: number, count: number): number {
  const at = from >> 3;
  return (((bytes[at]! | ((bytes[at + 1] ?? 0) << 8)) >> (from & 7)) & ((1 << count) - 1)) >>> 0;
}
