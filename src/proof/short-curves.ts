/**
 * Arithmetic on short Weierstrass curves (SEC 1, 2.2.1; parameters: SEC 2) for joins: of many points at once, in affine
 * coordinates with one shared inversion for each step. For candidates from a dump: not constant-time.
 */
import { bigintFromBe, bigintToBe } from '../bytes/limbs.ts';
import { modInverse } from './modular.ts';

export const SHORT_CURVES = ['P-256', 'P-384', 'P-521', 'secp256k1'] as const;
export type ShortCurve = (typeof SHORT_CURVES)[number];

export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

interface Parameters {
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
  readonly order: bigint;
  readonly base: Point;
  /** Bytes of a scalar and of a coordinate. */
  readonly size: number;
  /** Something congruent to a number below p², and not much larger than p. */
  reduce(value: bigint): bigint;
}

const P521 = (1n << 521n) - 1n;
const PARAMETERS: Readonly<Record<ShortCurve, Parameters>> = {
  'P-256': define({
    p: (1n << 256n) - (1n << 224n) + (1n << 192n) + (1n << 96n) - 1n,
    a: -3n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    base: {
      x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    },
    size: 32,
  }),
  'P-384': define({
    p: (1n << 384n) - (1n << 128n) - (1n << 96n) + (1n << 32n) - 1n,
    a: -3n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    base: {
      x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
      y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
    },
    size: 48,
  }),
  'P-521': define({
    p: P521,
    a: -3n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    base: {
      x: 0x00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
      y: 0x011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n,
    },
    size: 66,
    reduce: (value) => (value & P521) + (value >> 521n),
  }),
  secp256k1: define({
    p: (1n << 256n) - (1n << 32n) - 977n,
    a: 0n,
    b: 7n,
    order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    base: {
      x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
      y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
    },
    size: 32,
  }),
};

function define(parameters: Omit<Parameters, 'reduce'> & Partial<Parameters>): Parameters {
  return { reduce: (value) => value % parameters.p, ...parameters };
}

const positive = (value: bigint, p: bigint): bigint => {
  const rest = value % p;
  return rest < 0n ? rest + p : rest;
};

/** What a multiplier of the base point must know: p, a, the base point, and the bytes of a scalar. */
export function parametersOf(curve: ShortCurve): Pick<Parameters, 'p' | 'a' | 'base' | 'size'> {
  return PARAMETERS[curve];
}

export function isOnCurve(curve: ShortCurve, { x, y }: Point): boolean {
  const { p, a, b } = PARAMETERS[curve];
  return x < p && y < p && positive(y * y - (x * x + a) * x - b, p) === 0n;
}

/** Value times 2^bits modulo the curve's prime: how OpenSSL and Go keep coordinates. */
export function toMontgomery(curve: ShortCurve, value: bigint, bits: number): bigint {
  return (value << BigInt(bits)) % PARAMETERS[curve].p;
}

/** The coordinate of which `residue` is the product with 2^bits: see `toMontgomery`. */
export function fromMontgomery(curve: ShortCurve, residue: bigint, bits: number): bigint {
  const { p } = PARAMETERS[curve];
  const key = `${curve} ${bits}`;
  let inverse = inversesOfR.get(key);
  if (inverse === undefined) inversesOfR.set(key, (inverse = modInverse((1n << BigInt(bits)) % p, p)!));
  return (residue * inverse) % p;
}

const inversesOfR = new Map<string, bigint>();

/** Whether the big-endian number is a private scalar, from 1 to n - 1. */
export function isScalar(curve: ShortCurve, bytes: Uint8Array): boolean {
  const value = bigintFromBe(bytes);
  return value > 0n && value < PARAMETERS[curve].order;
}

/** Of the base point: scalars are below it. */
export function orderOf(curve: ShortCurve): bigint {
  return PARAMETERS[curve].order;
}

type MaybePoint = Point | undefined;

/** Sums of points, one by one; undefined is the point at infinity. */
function addAll({ p, a, reduce }: Parameters, as: readonly MaybePoint[], bs: readonly MaybePoint[]): MaybePoint[] {
  const slopes = as.map((one, i) => slopeOf(one, bs[i], p, a));
  // Products of all denominators up to each, so that one inversion serves all.
  const products: bigint[] = [];
  let product = 1n;
  for (const slope of slopes) {
    products.push(product);
    if (slope) product = reduce(product * slope.over);
  }
  let inverse = modInverse(product, p)!;
  const sums: MaybePoint[] = new Array<MaybePoint>(as.length);
  for (let i = as.length - 1; i >= 0; i--) {
    const [one, other, slope] = [as[i], bs[i], slopes[i]];
    if (!one || !other || !slope) {
      sums[i] = one && other ? undefined : (one ?? other);
      continue;
    }
    const m = reduce(slope.rise * reduce(inverse * products[i]!));
    inverse = reduce(inverse * slope.over);
    const x = positive(m * m - one.x - other.x, p);
    sums[i] = { x, y: positive(m * (one.x - x) - one.y, p) };
  }
  return sums;
}

/** Slope of the line through two points, or of the tangent; undefined when the line is vertical or a point is missing. */
function slopeOf(one: MaybePoint, other: MaybePoint, p: bigint, a: bigint) {
  if (!one || !other) return undefined;
  if (one.x !== other.x) return { rise: positive(other.y - one.y, p), over: positive(other.x - one.x, p) };
  return one.y === other.y ? { rise: positive(3n * one.x * one.x + a, p), over: 2n * one.y } : undefined;
}

/** 2^times times each point. */
export function doubleAll(curve: ShortCurve, points: readonly Point[], times: number): (Point | undefined)[] {
  let sums: MaybePoint[] = [...points];
  for (let i = 0; i < times && points.length > 0; i++) sums = addAll(PARAMETERS[curve], sums, sums);
  return sums;
}

/** Uncompressed: `04‖X‖Y`. */
export function encodePoint(curve: ShortCurve, { x, y }: Point): Uint8Array {
  const { size } = PARAMETERS[curve];
  const bytes = new Uint8Array(1 + 2 * size);
  bytes[0] = 0x04;
  bytes.set(bigintToBe(x, size), 1);
  bytes.set(bigintToBe(y, size), 1 + size);
  return bytes;
}
