/**
 * Arithmetic on short Weierstrass curves (SEC 1, 2.2.1; parameters: SEC 2) for joins: of many points at once, in affine
 * coordinates with one shared inversion for each step. For candidates from a dump: not constant-time.
 */
import { bigintFromBe, bigintToBe } from '../bytes/limbs.ts';
import { modInverse } from './modular.ts';

/** Those of most keys. */
export const COMMON_CURVES = ['P-256', 'P-384', 'P-521', 'secp256k1'] as const;
/** RFC 5639, 3; GB/T 32918.5. */
export const RARE_CURVES = ['brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1', 'SM2'] as const;
export const SHORT_CURVES = [...COMMON_CURVES, ...RARE_CURVES] as const;
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
  brainpoolP256r1: define({
    p: 0xa9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377n,
    a: 0x7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9n,
    b: 0x26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6n,
    order: 0xa9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7n,
    base: {
      x: 0x8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262n,
      y: 0x547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997n,
    },
    size: 32,
  }),
  brainpoolP384r1: define({
    p: 0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53n,
    a: 0x7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826n,
    b: 0x04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11n,
    order: 0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565n,
    base: {
      x: 0x1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1en,
      y: 0x8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315n,
    },
    size: 48,
  }),
  brainpoolP512r1: define({
    p: 0xaadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3n,
    a: 0x7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94can,
    b: 0x3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723n,
    order:
      0xaadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069n,
    base: {
      x: 0x81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822n,
      y: 0x7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892n,
    },
    size: 64,
  }),
  SM2: define({
    p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
    a: -3n,
    b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
    order: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
    base: {
      x: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
      y: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
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

/** R of Montgomery residues is 2 to this: 64 to the number of limbs. */
export const bitsOfR = (curve: ShortCurve): number => Math.ceil(PARAMETERS[curve].size / 8) * 64;

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
