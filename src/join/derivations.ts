/**
 * Public halves of many private keys at once: multiples of base points that share the WebAssembly module's tables and
 * inversions, several times faster than one by one.
 */
import { bigintFromBe } from '../bytes/limbs.ts';
import { concat } from '../bytes/reader.ts';
import type { Curve } from '../model/finding.ts';
import type { OkpCurve } from '../proof/curves.ts';
import {
  ed25519EncodeAll,
  ed25519Scalar,
  WEIERSTRASS_25519,
  x25519Encode,
  x25519Scalar,
} from '../proof/edwards25519.ts';
import { type Point, parametersOf, SHORT_CURVES, type ShortCurve } from '../proof/short-curves.ts';
import { BaseMultiplier } from './points.ts';

/** About the microseconds of a multiplication. */
export const COSTS: Readonly<Record<ShortCurve | 'Ed25519' | 'X25519', number>> = {
  'P-256': 9,
  secp256k1: 9,
  'P-384': 24,
  'P-521': 55,
  brainpoolP256r1: 17,
  brainpoolP384r1: 50,
  brainpoolP512r1: 110,
  SM2: 17,
  Ed25519: 13,
  X25519: 9,
};

/** After as many multiplications, a wide table is worth its time. */
const MANY = 512;
/** Made once per thread, when first needed. */
const multipliers = new Map<string, BaseMultiplier>();
/** Scalars for which a narrow table was given. */
const multiplied = new Map<string, number>();

/** For `count` scalars now. */
export function multiplierOf(curve: ShortCurve | 'Curve25519', count = 1): BaseMultiplier {
  const wide = multipliers.get(`${curve} 10`);
  if (wide) return wide;
  const total = (multiplied.get(curve) ?? 0) + count;
  multiplied.set(curve, total);
  const digitBits = total < MANY ? 5 : 10;
  let multiplier = multipliers.get(`${curve} ${digitBits}`);
  if (!multiplier) {
    multiplier = new BaseMultiplier(curve === 'Curve25519' ? WEIERSTRASS_25519 : parametersOf(curve), digitBits);
    multipliers.set(`${curve} ${digitBits}`, multiplier);
  }
  return multiplier;
}

/** Multiples on Curve25519; wipes the scalars. */
export function multiply25519(scalars: readonly Uint8Array[]): Point[] {
  const curve = multiplierOf('Curve25519', scalars.length);
  const bytes = concat(...scalars);
  curve.multiply(bytes);
  bytes.fill(0);
  for (const scalar of scalars) scalar.fill(0);
  // A clamped scalar is no multiple of the order. An exception gives a point of no use, and hides no other one.
  return scalars.map((_, i) => ({ x: curve.x(i), y: curve.y(i) }));
}

export const ed25519PublicKeys = (seeds: readonly Uint8Array[]): Uint8Array[] =>
  ed25519EncodeAll(multiply25519(seeds.map((seed) => ed25519Scalar(seed))));

export const x25519PublicKeys = (keys: readonly Uint8Array[]): Uint8Array[] =>
  multiply25519(keys.map((key) => x25519Scalar(key))).map(({ x }) => x25519Encode(x));

/** Private keys of one call. */
export const GROUP = 256;

export interface Derivation {
  /** About the microseconds of one. */
  readonly cost: number;
  /** What tells the public halves of at most `GROUP` private keys, each as long as the field; undefined where there is none. */
  deriveAll(privateKeys: readonly Uint8Array[]): (bigint | undefined)[];
  /** The same of a public key: a point `04‖X‖Y`, or octets. */
  of(publicKey: Uint8Array): bigint;
}

/** Undefined for curves that the module doesn't know. */
export function derivationOf(curve: Curve | OkpCurve): Derivation | undefined {
  if (curve === 'Ed25519' || curve === 'X25519') {
    const publicKeys = curve === 'Ed25519' ? ed25519PublicKeys : x25519PublicKeys;
    return {
      cost: COSTS[curve],
      deriveAll: (privateKeys) => publicKeys(privateKeys).map((publicKey) => bigintFromBe(publicKey)),
      of: (publicKey) => bigintFromBe(publicKey),
    };
  }
  const short = SHORT_CURVES.find((name) => name === curve);
  return (
    short && {
      cost: COSTS[short],
      deriveAll(privateKeys) {
        const multiplier = multiplierOf(short, privateKeys.length);
        const scalars = concat(...privateKeys);
        multiplier.multiply(scalars);
        scalars.fill(0);
        return privateKeys.map((_, i) => (multiplier.hasPoint(i) ? multiplier.x(i) : undefined));
      },
      of: (point) => bigintFromBe(point, 1, (point.length + 1) / 2),
    }
  );
}
