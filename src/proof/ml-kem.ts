/**
 * Public (encapsulation) keys of ML-KEM private (decapsulation) keys (FIPS 203), which are seeds or expanded: node:crypto
 * knows them from OpenSSL 3.5 on, later than the oldest Node that we support. For keys from a dump: not constant-time.
 */
import { concat } from '../bytes/reader.ts';
import { digest, equalBytes } from './hash.ts';
import {
  createRing,
  DEGREE,
  type LatticeSizes,
  type Polynomial,
  pack,
  samplePolynomial,
  shake,
  unpack,
  unpackPolynomials,
  wipe,
} from './lattice.ts';

export type MlKemSet = 'ML-KEM-512' | 'ML-KEM-768' | 'ML-KEM-1024';

export const ML_KEM_SIZES: Readonly<Record<MlKemSet, LatticeSizes>> = {
  'ML-KEM-512': { seed: 64, expanded: 1632, public: 800 },
  'ML-KEM-768': { seed: 64, expanded: 2400, public: 1184 },
  'ML-KEM-1024': { seed: 64, expanded: 3168, public: 1568 },
};

interface Parameters {
  readonly k: number;
  /** η1: bound of the coefficients of s and e. */
  readonly eta: 2 | 3;
}

/** FIPS 203, table 2. */
const PARAMETERS: Readonly<Record<MlKemSet, Parameters>> = {
  'ML-KEM-512': { k: 2, eta: 3 },
  'ML-KEM-768': { k: 3, eta: 2 },
  'ML-KEM-1024': { k: 4, eta: 2 },
};

const RING = createRing(3329, 17, 7);
const BITS = 12;
const POLYNOMIAL_BYTES = (DEGREE * BITS) / 8;
const HASH_BYTES = 32;
/** Bytes of s that tell a key from random ones. */
const TELLING_BYTES = 108;

/**
 * Encapsulation key t‖rho of a seed (K-PKE.KeyGen and ML-KEM.KeyGen_internal, algorithms 13 and 16).
 *
 * @param seed d‖z, 64 bytes; z doesn't matter
 * @throws RangeError if it is of another length
 */
export function mlKemPublicKey(set: MlKemSet, seed: Uint8Array): Uint8Array {
  if (seed.length !== ML_KEM_SIZES[set].seed) throw new RangeError(`seed of ${seed.length} bytes`);
  const { k, eta } = PARAMETERS[set];
  const expanded = digest('sha3-512', seed.subarray(0, 32), Uint8Array.of(k))!;
  const rho = expanded.slice(0, 32);
  const sigma = expanded.subarray(32);
  // s and e in one numbering.
  const short = Array.from({ length: 2 * k }, (_, n) => sampleShort(eta, sigma, n));
  for (const polynomial of short) RING.transform(polynomial);
  const [s, e] = [short.slice(0, k), short.slice(k)];
  const t = multiply(rho, s);
  for (let i = 0; i < k; i++) for (let j = 0; j < DEGREE; j++) t[i]![j] = RING.residue(t[i]![j]! + e[i]![j]!);
  wipe(expanded, ...short);
  return concat(...t.map((row) => pack(row, BITS)), rho);
}

/**
 * Encapsulation key that lies in an expanded private key s‖ek‖H(ek)‖z (algorithm 16). Undefined unless the hash is that of
 * ek, and both s and e = t - A·s are such as a key generation gives; z is free. Any bytes may be given.
 */
export function mlKemPublicKeyOfExpanded(set: MlKemSet, dk: Uint8Array): Uint8Array | undefined {
  if (dk.length !== ML_KEM_SIZES[set].expanded) return undefined;
  const { k, eta } = PARAMETERS[set];
  const rhoAt = 2 * k * POLYNOMIAL_BYTES;
  const hashAt = rhoAt + 32;
  const ek = dk.slice(k * POLYNOMIAL_BYTES, hashAt);
  if (!equalBytes(digest('sha3-256', ek)!, dk.subarray(hashAt, hashAt + HASH_BYTES))) return undefined;
  const s = unpackPolynomials(dk.subarray(0, k * POLYNOMIAL_BYTES), BITS);
  const t = unpackPolynomials(dk.subarray(k * POLYNOMIAL_BYTES, rhoAt), BITS);
  const isReduced = [...s, ...t].every((polynomial) => polynomial.every((value) => value < RING.q));
  const isOwn = isReduced && isShortSolution(dk.subarray(rhoAt, hashAt), s, t, eta);
  wipe(...s);
  return isOwn ? ek : undefined;
}

/** Whether the first coefficients of s are below q, as those of one in a million random keys are. Any bytes may be given. */
export function mayBeMlKemExpanded(dk: Uint8Array): boolean {
  return unpack(dk.subarray(0, TELLING_BYTES), BITS).every((value) => value < RING.q);
}

/**
 * Whether s and e = t - A·s are short. Both have to be: anybody can compute the long s with e = 0 from ek. All are
 * transformed; `s` is left as it was before that.
 */
function isShortSolution(rho: Uint8Array, s: readonly Polynomial[], t: readonly Polynomial[], eta: number): boolean {
  const product = multiply(rho, s);
  const e = t.map((row, i) => row.map((value, j) => value - product[i]![j]!));
  for (const polynomial of [...s, ...e]) RING.inverse(polynomial);
  const isShort = [...s, ...e].every((polynomial) => RING.isShort(polynomial, eta));
  wipe(...product, ...e);
  return isShort;
}

/** A·v, all transformed. */
function multiply(rho: Uint8Array, vector: readonly Polynomial[]): Polynomial[] {
  return vector.map((_, row) => {
    const sum = new Int32Array(DEGREE);
    for (const [column, factor] of vector.entries()) addProduct(sum, sampleEntry(rho, row, column), factor);
    return sum;
  });
}

/** MultiplyNTTs (algorithms 11 and 12): pairs are remainders modulo X² - γ; neighbours' γ differ in the sign only. */
function addProduct(sum: Polynomial, a: Polynomial, b: Polynomial): void {
  for (let i = 0; i < DEGREE; i += 2) {
    const zeta = RING.zetas[64 + (i >> 2)]!;
    const gamma = i % 4 === 0 ? zeta : -zeta;
    const [a0, a1, b0, b1] = [a[i]!, a[i + 1]!, b[i]!, b[i + 1]!];
    sum[i] = (sum[i]! + a0 * b0 + ((a1 * b1) % RING.q) * gamma) % RING.q;
    sum[i + 1] = (sum[i + 1]! + a0 * b1 + a1 * b0) % RING.q;
  }
}

/** An entry of A, transformed (SampleNTT, algorithm 7). */
const sampleEntry = (rho: Uint8Array, row: number, column: number): Polynomial =>
  samplePolynomial('shake128', BITS, (value) => (value < RING.q ? value : undefined), rho, Uint8Array.of(column, row));

/** A polynomial of s or e (PRF and SamplePolyCBD, algorithm 8): differences of sums of η bits. */
function sampleShort(eta: 2 | 3, sigma: Uint8Array, index: number): Polynomial {
  const stream = shake('shake256', 64 * eta, sigma, Uint8Array.of(index));
  const values = unpack(stream, eta);
  const bitSum = (value: number): number => (value & 1) + ((value >> 1) & 1) + (value >> 2);
  const polynomial = new Int32Array(DEGREE).map((_, i) => bitSum(values[2 * i]!) - bitSum(values[2 * i + 1]!));
  wipe(stream, values);
  return polynomial;
}
