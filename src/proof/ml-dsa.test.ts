import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { ML_DSA_SIZES, mlDsaPublicKey, mlDsaPublicKeyOfExpanded } from './ml-dsa.ts';

const make = createMake('ml-dsa');
/** Where the parts of an expanded key begin. */
const SETS = [
  { set: 'ML-DSA-44', noble: ml_dsa44, eta: 2, s2At: 128 + 4 * 96, t0At: 128 + 8 * 96 },
  { set: 'ML-DSA-65', noble: ml_dsa65, eta: 4, s2At: 128 + 5 * 128, t0At: 128 + 11 * 128 },
  { set: 'ML-DSA-87', noble: ml_dsa87, eta: 2, s2At: 128 + 7 * 96, t0At: 128 + 15 * 96 },
] as const;

/** The number at index `i` of those packed in `bits` bits each from `at` on, and how to write another. */
function field(key: Uint8Array, at: number, bits: number, i: number) {
  const places = Array.from({ length: bits }, (_, bit) => at * 8 + i * bits + bit);
  return {
    value: places.reduce((sum, place, bit) => sum | (((key[place >> 3]! >> (place & 7)) & 1) << bit), 0),
    set: (value: number) => {
      for (const [bit, place] of places.entries()) {
        key[place >> 3]! &= ~(1 << (place & 7));
        key[place >> 3]! |= ((value >> bit) & 1) << (place & 7);
      }
    },
  };
}

describe.each(SETS)('$set', ({ set, noble, eta, s2At, t0At }) => {
  const { secretKey: key, publicKey } = noble.keygen(make.bytes(32));
  const flipped = (bit: number): Uint8Array => {
    const copy = key.slice();
    copy[bit >> 3]! ^= 1 << (bit & 7);
    return copy;
  };

  it('agrees with another implementation', () => {
    for (let i = 0; i < 10; i++) {
      const seed = make.bytes(32);
      const pair = noble.keygen(seed);
      expect(mlDsaPublicKey(set, seed)).toEqual(pair.publicKey);
      expect(mlDsaPublicKeyOfExpanded(set, pair.secretKey)).toEqual(pair.publicKey);
    }
  });

  it('has the sizes of the table', () => {
    expect(ML_DSA_SIZES[set]).toEqual({ seed: 32, expanded: key.length, public: publicKey.length });
  });

  it.each([
    ['rho', 0, 32],
    ['tr', 64, 128],
    ['s1', 128, s2At],
    ['s2', s2At, t0At],
    ['t0', t0At, ML_DSA_SIZES[set].expanded],
  ])('refutes a key with another %s', (_, from, to) => {
    const inside = Array.from({ length: 10 }, () => from * 8 + make.int((to - from) * 8));
    for (const bit of [from * 8, to * 8 - 1, ...inside]) {
      expect(mlDsaPublicKeyOfExpanded(set, flipped(bit)), `bit ${bit}`).toBeUndefined();
    }
  });

  it('refutes a coefficient above its bound, though all else agrees', () => {
    // One less in s2 and in t0 (packed as bound minus coefficient): t1, and so the public key, stay as they are.
    const lessAt = (packed: number): Uint8Array => {
      const copy = key.slice();
      for (let i = 0; ; i++) {
        const s2 = field(copy, s2At, eta === 2 ? 3 : 4, i);
        const t0 = field(copy, t0At, 13, i);
        if (s2.value !== packed || t0.value === 8191) continue;
        s2.set(s2.value + 1);
        t0.set(t0.value + 1);
        return copy;
      }
    };
    expect(mlDsaPublicKeyOfExpanded(set, lessAt(2 * eta - 1))).toEqual(publicKey);
    expect(mlDsaPublicKeyOfExpanded(set, lessAt(2 * eta))).toBeUndefined();
  });

  it("doesn't look at K, nor changes the key", () => {
    const other = flipped(32 * 8 + make.int(32 * 8));
    const copy = other.slice();
    expect(mlDsaPublicKeyOfExpanded(set, other)).toEqual(publicKey);
    expect(other).toEqual(copy);
  });

  it('refutes other bytes and lengths', () => {
    const { expanded } = ML_DSA_SIZES[set];
    expect(mlDsaPublicKeyOfExpanded(set, make.bytes(expanded))).toBeUndefined();
    expect(mlDsaPublicKeyOfExpanded(set, new Uint8Array(expanded))).toBeUndefined();
    expect(mlDsaPublicKeyOfExpanded(set, new Uint8Array(expanded).fill(0xff))).toBeUndefined();
    for (const length of [0, 32, expanded - 1]) {
      expect(mlDsaPublicKeyOfExpanded(set, key.subarray(0, length))).toBeUndefined();
    }
    expect(mlDsaPublicKeyOfExpanded(set, Uint8Array.of(...key, 0))).toBeUndefined();
    for (const length of [0, 31, 33]) expect(() => mlDsaPublicKey(set, new Uint8Array(length))).toThrow(RangeError);
  });
});
