/**
 * Public keys of Ed25519 seeds (RFC 8032, 5.1.5) and X25519 scalars (RFC 7748, 5) by a table of multiples of the base
 * point: several times faster than importing each candidate into OpenSSL. For candidates from a dump: not constant-time.
 *
 * Points are extended twisted Edwards coordinates; the table holds (y+x, y-x, 2dxy) of affine points (Hisil et al. 2008, 3.1).
 */
import { bigintToBe } from '../bytes/limbs.ts';
import { digest } from './hash.ts';
import { invertAll, modInverse } from './modular.ts';

const P = (1n << 255n) - 19n;
const mod = (value: bigint): bigint => {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
};
const inverse = (value: bigint): bigint => modInverse(value, P)!;
const D2 = mod(-121_665n * inverse(121_666n) * 2n);
/** Base point: y = 4/5, x even. */
const BASE_Y = mod(4n * inverse(5n));
const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n;
const BYTES = 32;

interface Point {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
  readonly t: bigint;
}
interface Precomputed {
  readonly sum: bigint;
  readonly difference: bigint;
  readonly product: bigint;
}

const IDENTITY: Point = { x: 0n, y: 1n, z: 1n, t: 0n };

/** Seven multiplications. Complete: right for doubling and for the identity, too. */
function add({ x, y, z, t }: Point, { sum, difference, product }: Precomputed): Point {
  const a = (y - x) * difference;
  const b = (y + x) * sum;
  const c = t * product;
  const d = 2n * z;
  const [e, f, g, h] = [mod(b - a), mod(d - c), mod(d + c), mod(b + a)];
  return { x: (e * f) % P, y: (g * h) % P, z: (f * g) % P, t: (e * h) % P };
}

function precompute({ x, y, z }: Point): Precomputed {
  const reciprocal = inverse(z);
  const [affineX, affineY] = [(x * reciprocal) % P, (y * reciprocal) % P];
  return {
    sum: (affineY + affineX) % P,
    difference: mod(affineY - affineX),
    product: (((affineX * affineY) % P) * D2) % P,
  };
}

/** `table[i][j]` is (j+1)·256^i·G. Made once, in some hundred milliseconds. */
let table: readonly (readonly Precomputed[])[] | undefined;

function createTable(): (readonly Precomputed[])[] {
  let base = precompute({ x: BASE_X, y: BASE_Y, z: 1n, t: 0n });
  return Array.from({ length: BYTES }, () => {
    const row: Precomputed[] = [];
    let multiple = IDENTITY;
    for (let j = 1; j <= 256; j++) {
      multiple = add(multiple, base);
      row.push(precompute(multiple));
    }
    base = row.pop()!;
    return row;
  });
}

/** Multiple of the base point by a little-endian scalar of 32 bytes. */
function multiplyBase(scalar: Uint8Array): Point {
  table ??= createTable();
  let point = IDENTITY;
  for (let i = 0; i < BYTES; i++) if (scalar[i] !== 0) point = add(point, table[i]![scalar[i]! - 1]!);
  return point;
}

/** RFC 7748, 5; RFC 8032, 5.1.5. In place. */
function clamp(scalar: Uint8Array): void {
  scalar[0]! &= 248;
  scalar[31] = (scalar[31]! & 127) | 64;
}

const toLe = (value: bigint): Uint8Array => bigintToBe(value, BYTES).reverse();

/** Public key of a seed of 32 bytes. */
export function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  const hash = digest('sha512', seed)!;
  const scalar = hash.subarray(0, BYTES);
  clamp(scalar);
  const encoded = ed25519PublicKeyOf(scalar);
  hash.fill(0);
  return encoded;
}

/** Public key of a private scalar, little-endian. */
export function ed25519PublicKeyOf(scalar: Uint8Array): Uint8Array {
  const { x, y, z } = multiplyBase(scalar);
  const reciprocal = inverse(z);
  const encoded = toLe((y * reciprocal) % P);
  encoded[31]! |= Number(((x * reciprocal) % P) & 1n) << 7;
  return encoded;
}

/** Public key of a scalar of 32 bytes: u = (1+y)/(1-y) of the point on the birationally equivalent Edwards curve. */
export function x25519PublicKey(privateKey: Uint8Array): Uint8Array {
  const scalar = privateKey.slice();
  clamp(scalar);
  const { y, z } = multiplyBase(scalar);
  scalar.fill(0);
  return toLe((mod(z + y) * inverse(mod(z - y))) % P);
}

/** Coefficient of the Montgomery curve v² = u³ + A·u² + u, and its base point (RFC 7748, 4.1). */
const A = 486_662n;
const BASE_U = 9n;
const BASE_V = 14781619447589544791020593568409986887264606134616475288964881837755586237401n;
const THIRD_OF_A = mod(A * inverse(3n));
/** x = SCALE·u/v. */
const SCALE = mod(BASE_X * BASE_V * inverse(BASE_U));

/** The same group as points of y² = x³ + ax + b, with x = u + A/3 and y = v, for those who multiply many scalars at once. */
export const WEIERSTRASS_25519 = {
  p: P,
  a: mod((3n - A * A) * inverse(3n)),
  base: { x: mod(BASE_U + THIRD_OF_A), y: BASE_V },
  size: BYTES,
};

/** Clamped scalar of an RFC 8032 seed, big-endian. */
export function ed25519Scalar(seed: Uint8Array): Uint8Array {
  const hash = digest('sha512', seed)!;
  const scalar = hash.slice(0, BYTES);
  hash.fill(0);
  clamp(scalar);
  return scalar.reverse();
}

/** Clamped scalar of an RFC 7748 private key, big-endian. */
export function x25519Scalar(privateKey: Uint8Array): Uint8Array {
  const scalar = privateKey.slice();
  clamp(scalar);
  return scalar.reverse();
}

/** X25519 public key of a point of `WEIERSTRASS_25519`. */
export const x25519Encode = (x: bigint): Uint8Array => toLe(mod(x - THIRD_OF_A));

/** Ed25519 public keys of points of `WEIERSTRASS_25519`; they share one inversion. */
export function ed25519EncodeAll(points: readonly { readonly x: bigint; readonly y: bigint }[]): Uint8Array[] {
  // (u+1)·v is zero for points of small order only: no clamped scalar gives one, and 1 keeps the others right.
  const us = points.map(({ x }) => mod(x - THIRD_OF_A));
  const divisors = points.map(({ y: v }, i) => mod((us[i]! + 1n) * v) || 1n);
  return invertAll(divisors, P).map((one, i) => {
    const [u, v] = [us[i]!, points[i]!.y];
    // 1/v = one·(u+1), 1/(u+1) = one·v
    const x = (((SCALE * u) % P) * ((one * (u + 1n)) % P)) % P;
    const y = mod(u - 1n) * ((one * v) % P);
    const encoded = toLe(y % P);
    encoded[31]! |= Number(x & 1n) << 7;
    return encoded;
  });
}
