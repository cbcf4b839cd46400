import { createHash } from 'node:crypto';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { ML_KEM_SIZES, mlKemPublicKey, mlKemPublicKeyOfExpanded } from './ml-kem.ts';

const make = createMake('ml-kem');
const SETS = [
  { set: 'ML-KEM-512', noble: ml_kem512, k: 2, eta: 3 },
  { set: 'ML-KEM-768', noble: ml_kem768, k: 3, eta: 2 },
  { set: 'ML-KEM-1024', noble: ml_kem1024, k: 4, eta: 2 },
] as const;
const Q = 3329;

/** The same dk with the hash that its ek has now. */
function rehash(dk: Uint8Array, ekAt: number, hashAt: number): Uint8Array {
  const copy = dk.slice();
  copy.set(createHash('sha3-256').update(copy.subarray(ekAt, hashAt)).digest(), hashAt);
  return copy;
}

/** ByteEncode12 (FIPS 203, algorithm 5). */
const encode = (values: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: (values.length * 3) / 2 }, (_, i) => {
    const [low, high] = [values[Math.floor(i / 3) * 2]!, values[Math.floor(i / 3) * 2 + 1]!];
    return [low & 0xff, (low >> 8) | ((high & 15) << 4), high >> 4][i % 3]!;
  });

/** SampleNTT (FIPS 203, algorithm 7). */
function sample(rho: Uint8Array, column: number, row: number): number[] {
  const stream = createHash('shake128', { outputLength: 1344 }).update(rho).update(Uint8Array.of(column, row)).digest();
  const values: number[] = [];
  for (let i = 0; i < stream.length; i += 3) {
    values.push(stream[i]! | ((stream[i + 1]! & 15) << 8), (stream[i + 1]! >> 4) | (stream[i + 2]! << 4));
  }
  return values.filter((value) => value < Q).slice(0, 256);
}

/** A decapsulation key with e = 0 and the constant `c` for each polynomial of s: a scalar, transformed, too. */
function keyOfConstant(k: number, c: number): Uint8Array {
  const rho = make.bytes(32);
  const range = Array.from({ length: k }, (_, i) => i);
  const s = range.flatMap(() => Array.from({ length: 256 }, (_, i) => (i % 2 === 0 ? c : 0)));
  const t = range.flatMap((row) => {
    const entries = range.map((column) => sample(rho, column, row));
    return Array.from({ length: 256 }, (_, i) => (c * entries.reduce((sum, entry) => sum + entry[i]!, 0)) % Q);
  });
  const dk = Uint8Array.of(...encode(s), ...encode(t), ...rho, ...new Uint8Array(64));
  return rehash(dk, 384 * k, 768 * k + 32);
}

describe.each(SETS)('$set', ({ set, noble, k, eta }) => {
  const [ekAt, rhoAt, hashAt, zAt] = [384 * k, 768 * k, 768 * k + 32, 768 * k + 64];
  const { secretKey: dk, publicKey } = noble.keygen(make.bytes(64));
  const flipped = (bit: number): Uint8Array => {
    const copy = dk.slice();
    copy[bit >> 3]! ^= 1 << (bit & 7);
    return copy;
  };
  const bitsOf = (from: number, to: number): number[] => [
    from * 8,
    to * 8 - 1,
    ...Array.from({ length: 10 }, () => from * 8 + make.int((to - from) * 8)),
  ];

  it('agrees with another implementation', () => {
    for (let i = 0; i < 10; i++) {
      const seed = make.bytes(64);
      const pair = noble.keygen(seed);
      expect(mlKemPublicKey(set, seed)).toEqual(pair.publicKey);
      expect(mlKemPublicKeyOfExpanded(set, pair.secretKey)).toEqual(pair.publicKey);
    }
  });

  it('has the sizes of the table', () => {
    expect(ML_KEM_SIZES[set]).toEqual({ seed: 64, expanded: dk.length, public: publicKey.length });
  });

  it.each([
    ['s', 0, ekAt],
    ['t', ekAt, rhoAt],
    ['rho', rhoAt, hashAt],
    ['H(ek)', hashAt, zAt],
  ])('refutes a key with another %s', (_, from, to) => {
    for (const bit of bitsOf(from, to)) {
      expect(mlKemPublicKeyOfExpanded(set, flipped(bit)), `bit ${bit}`).toBeUndefined();
    }
  });

  it("refutes an s that isn't that of ek, whatever the hash says", () => {
    for (const bit of [...bitsOf(ekAt, rhoAt), ...bitsOf(rhoAt, hashAt)]) {
      expect(mlKemPublicKeyOfExpanded(set, rehash(flipped(bit), ekAt, hashAt)), `bit ${bit}`).toBeUndefined();
    }
  });

  it('refutes an s that is not short: it can be computed from ek', () => {
    const [short, long] = [keyOfConstant(k, eta), keyOfConstant(k, eta + 1)];
    expect(mlKemPublicKeyOfExpanded(set, short)).toEqual(short.slice(ekAt, hashAt));
    expect(mlKemPublicKeyOfExpanded(set, long)).toBeUndefined();
  });

  it('refutes numbers that are not below q, though they are congruent', () => {
    for (const at of [0, ekAt]) {
      // The first number small enough that q more still has 12 bits.
      const key = keyOfConstant(k, 1);
      expect(mlKemPublicKeyOfExpanded(set, key)).toBeDefined();
      let i = at;
      while ((key[i]! | ((key[i + 1]! & 15) << 8)) + Q >= 4096) i += 3;
      const raised = (key[i]! | ((key[i + 1]! & 15) << 8)) + Q;
      key[i] = raised & 0xff;
      key[i + 1] = (key[i + 1]! & 0xf0) | (raised >> 8);
      expect(mlKemPublicKeyOfExpanded(set, rehash(key, ekAt, hashAt))).toBeUndefined();
    }
  });

  it("doesn't look at z, nor changes the key", () => {
    const other = flipped(zAt * 8 + make.int(32 * 8));
    const copy = other.slice();
    expect(mlKemPublicKeyOfExpanded(set, other)).toEqual(publicKey);
    expect(other).toEqual(copy);
  });

  it('refutes other bytes and lengths', () => {
    const { expanded } = ML_KEM_SIZES[set];
    const random = make.bytes(expanded);
    expect(mlKemPublicKeyOfExpanded(set, random)).toBeUndefined();
    expect(mlKemPublicKeyOfExpanded(set, rehash(random, ekAt, hashAt))).toBeUndefined();
    expect(mlKemPublicKeyOfExpanded(set, new Uint8Array(expanded))).toBeUndefined();
    for (const length of [0, 64, expanded - 1]) {
      expect(mlKemPublicKeyOfExpanded(set, dk.subarray(0, length))).toBeUndefined();
    }
    expect(mlKemPublicKeyOfExpanded(set, Uint8Array.of(...dk, 0))).toBeUndefined();
    for (const length of [0, 32, 63, 65]) expect(() => mlKemPublicKey(set, new Uint8Array(length))).toThrow(RangeError);
  });
});
