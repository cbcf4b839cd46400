/**
 * Public keys of ML-DSA private keys (FIPS 204), which are seeds or expanded: node:crypto knows them from OpenSSL 3.5 on,
 * later than the oldest Node that we support. For keys from a dump: not constant-time.
 */
import { concat } from '../bytes/reader.ts';
import { equalBytes } from './hash.ts';
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

export type MlDsaSet = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87';

export const ML_DSA_SIZES: Readonly<Record<MlDsaSet, LatticeSizes>> = {
  'ML-DSA-44': { seed: 32, expanded: 2560, public: 1312 },
  'ML-DSA-65': { seed: 32, expanded: 4032, public: 1952 },
  'ML-DSA-87': { seed: 32, expanded: 4896, public: 2592 },
};

interface Parameters {
  readonly k: number;
  readonly l: number;
  /** Bound of the coefficients of s1 and s2. */
  readonly eta: 2 | 4;
}

/** FIPS 204, table 1. */
const PARAMETERS: Readonly<Record<MlDsaSet, Parameters>> = {
  'ML-DSA-44': { k: 4, l: 4, eta: 2 },
  'ML-DSA-65': { k: 6, l: 5, eta: 4 },
  'ML-DSA-87': { k: 8, l: 7, eta: 2 },
};

/** The modulus. */
export const ML_DSA_Q = 8_380_417;
const RING = createRing(ML_DSA_Q, 1753, 8);
/** Bits that t0 takes from t, and bits of a coefficient of t1. */
const T0_BITS = 13;
const T1_BITS = 10;
const RHO_BYTES = 32;
/** Where tr and s1 begin in an expanded key: rho‖K‖tr‖s1‖s2‖t0 (algorithm 24). */
const TR_AT = 64;
const S1_AT = 128;

/**
 * Encoded public key, rho‖t1, of a seed ξ (KeyGen_internal, algorithm 6).
 *
 * @param seed 32 bytes
 * @throws RangeError if it is of another length
 */
export function mlDsaPublicKey(set: MlDsaSet, seed: Uint8Array): Uint8Array {
  const { l } = PARAMETERS[set];
  const { rho, s } = expandSeed(set, seed);
  const { t1, t0 } = computeT(rho, s.slice(0, l), s.slice(l));
  wipe(t0, ...s);
  return concat(rho, t1);
}

/** rho, and s1 and s2, of a seed. */
function expandSeed(set: MlDsaSet, seed: Uint8Array): { readonly rho: Uint8Array; readonly s: Polynomial[] } {
  if (seed.length !== ML_DSA_SIZES[set].seed) throw new RangeError(`seed of ${seed.length} bytes`);
  const { k, l, eta } = PARAMETERS[set];
  const expanded = shake('shake256', 128, seed, Uint8Array.of(k, l));
  const rhoPrime = expanded.subarray(RHO_BYTES, 96);
  // s1 and s2 in one numbering (algorithm 33).
  const s = Array.from({ length: l + k }, (_, r) => sampleShort(eta, rhoPrime, r));
  const rho = expanded.slice(0, RHO_BYTES);
  wipe(expanded);
  return { rho, s };
}

/**
 * Encoded public key of an expanded private key (algorithm 24), computed from its rho, s1 and s2. Undefined unless these are
 * such as a key generation gives, and the key's tr and t0 are those of the result; its K is free. Any bytes may be given.
 */
export function mlDsaPublicKeyOfExpanded(set: MlDsaSet, key: Uint8Array): Uint8Array | undefined {
  if (key.length !== ML_DSA_SIZES[set].expanded) return undefined;
  const { l, eta } = PARAMETERS[set];
  const s = decodeShort(set, key);
  if (!s.every((polynomial) => RING.isShort(polynomial, eta))) {
    wipe(...s);
    return undefined;
  }
  const rho = key.subarray(0, RHO_BYTES);
  const { t1, t0 } = computeT(rho, s.slice(0, l), s.slice(l));
  const publicKey = concat(rho, t1);
  const isOwn =
    equalBytes(t0, key.subarray(endOfShort(set))) &&
    equalBytes(shake('shake256', S1_AT - TR_AT, publicKey), key.subarray(TR_AT, S1_AT));
  wipe(t0, ...s);
  return isOwn ? publicKey : undefined;
}

/**
 * s1 and s2, coefficients from -η to η, of a seed or an expanded key of this parameter set. Secret: the caller wipes them.
 *
 * @throws RangeError if it is of another length
 */
export function mlDsaShortVectors(set: MlDsaSet, secret: Uint8Array): Polynomial[] {
  return secret.length === ML_DSA_SIZES[set].expanded ? decodeShort(set, secret) : expandSeed(set, secret).s;
}

/** s1 and s2 of an expanded key; coefficients may be too large in what is none. */
function decodeShort(set: MlDsaSet, key: Uint8Array): Polynomial[] {
  const { eta } = PARAMETERS[set];
  const s = unpackPolynomials(key.subarray(S1_AT, endOfShort(set)), bitsOf(eta));
  for (const polynomial of s) for (let i = 0; i < polynomial.length; i++) polynomial[i] = eta - polynomial[i]!;
  return s;
}

/** Of a packed coefficient of s1 or s2. */
const bitsOf = (eta: 2 | 4): number => (eta === 2 ? 3 : 4);

/** Where t0 begins in an expanded key. */
function endOfShort(set: MlDsaSet): number {
  const { k, l, eta } = PARAMETERS[set];
  return S1_AT + ((k + l) * DEGREE * bitsOf(eta)) / 8;
}

/** Bytes of s1 that tell a key: of random ones, one in a million million million passes for such. */
const TELLING_BYTES = 48;

/** Whether the first coefficients of s1 are small. Any bytes may be given. */
export function mayBeMlDsaExpanded(set: MlDsaSet, key: Uint8Array): boolean {
  const { eta } = PARAMETERS[set];
  return unpack(key.subarray(S1_AT, S1_AT + TELLING_BYTES), bitsOf(eta)).every((value) => value <= 2 * eta);
}

/** The first half of what a seed is expanded to: rho, with which the public key begins. */
export function mlDsaRho(set: MlDsaSet, seed: Uint8Array): Uint8Array {
  const { k, l } = PARAMETERS[set];
  return shake('shake256', RHO_BYTES, seed, Uint8Array.of(k, l));
}

/** t = A·s1 + s2, its upper and lower bits packed as keys have them. `s1` is left transformed. */
function computeT(
  rho: Uint8Array,
  s1: readonly Polynomial[],
  s2: readonly Polynomial[],
): { readonly t1: Uint8Array; readonly t0: Uint8Array } {
  for (const polynomial of s1) RING.transform(polynomial);
  const parts = s2.map((addend, row) => {
    const t = new Int32Array(addend.length);
    for (const [column, factor] of s1.entries()) {
      const entry = sampleEntry(rho, row, column);
      for (let i = 0; i < t.length; i++) t[i] = (t[i]! + entry[i]! * factor[i]!) % RING.q;
    }
    RING.inverse(t);
    for (let i = 0; i < t.length; i++) t[i] = RING.residue(t[i]! + addend[i]!);
    // Power2Round (algorithm 35): t = t1·2^13 + t0 with t0 in (-2^12, 2^12], which is packed as 2^12 - t0.
    const half = 1 << (T0_BITS - 1);
    const upper = t.map((value) => (value + half - 1) >> T0_BITS);
    const lower = t.map((value, i) => half - (value - (upper[i]! << T0_BITS)));
    const packed = { t1: pack(upper, T1_BITS), t0: pack(lower, T0_BITS) };
    wipe(t, lower);
    return packed;
  });
  const t0 = concat(...parts.map((part) => part.t0));
  wipe(...parts.map((part) => part.t0));
  return { t1: concat(...parts.map((part) => part.t1)), t0 };
}

/** An entry of A, transformed (RejNTTPoly and ExpandA, algorithms 30 and 32). */
const sampleEntry = (rho: Uint8Array, row: number, column: number): Polynomial =>
  samplePolynomial(
    'shake128',
    24,
    (value) => ((value & 0x7fffff) < RING.q ? value & 0x7fffff : undefined),
    rho,
    Uint8Array.of(column, row),
  );

/** A polynomial of s1 or s2 (RejBoundedPoly, algorithms 15 and 31). */
const sampleShort = (eta: 2 | 4, rhoPrime: Uint8Array, index: number): Polynomial =>
  samplePolynomial(
    'shake256',
    4,
    eta === 2 ? (value) => (value < 15 ? 2 - (value % 5) : undefined) : (value) => (value < 9 ? 4 - value : undefined),
    rhoPrime,
    Uint8Array.of(index, 0),
  );
