import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintToBe } from '../bytes/limbs.ts';
import { CURVE_BY_NAME, ecPublicPoint } from '../proof/curves.ts';
import {
  ed25519EncodeAll,
  ed25519PublicKey,
  ed25519Scalar,
  WEIERSTRASS_25519,
  x25519Encode,
  x25519PublicKey,
  x25519Scalar,
} from '../proof/edwards25519.ts';
import { encodePoint, orderOf, parametersOf, SHORT_CURVES } from '../proof/short-curves.ts';
import { BaseMultiplier } from './points.ts';

const make = createMake('points');

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const CASES = SHORT_CURVES.flatMap((curve) => [
  { curve, digitBits: 10 as const },
  { curve, digitBits: 5 as const },
]);

describe.each(CASES)('BaseMultiplier on $curve, digits of $digitBits bits', ({ curve, digitBits }) => {
  const { size } = parametersOf(curve);
  const multiplier = new BaseMultiplier(parametersOf(curve), digitBits);
  const order = orderOf(curve);
  const small = [0n, 1n, 2n, 3n, 255n, 256n, 257n, 65_536n, 1n << 200n].map((number) => bigintToBe(number, size));
  const large = [order, order - 1n, order - 2n, order >> 1n, (order >> 1n) + 1n].map((number) =>
    bigintToBe(number, size),
  );
  // Digits of half the base and one more, where those of the next begin to be negative.
  const halves = [0n, 1n, -1n].map((more) => {
    const digit = (1n << BigInt(digitBits - 1)) + more;
    const all = Array.from(
      { length: Math.floor((size * 8 - 8) / digitBits) },
      (_, i) => digit << BigInt(i * digitBits),
    );
    return bigintToBe(
      all.reduce((sum, one) => sum + one, 0n),
      size,
    );
  });
  const random = Array.from({ length: 300 }, () => {
    const scalar = make.bytes(size);
    // Below every order.
    scalar[0] = 0;
    if (curve === 'P-521') scalar[1] = scalar[1]! & 1;
    return scalar;
  });

  it('agrees with OpenSSL', () => {
    const scalars = [...small, ...large, ...halves, ...random];
    multiplier.multiply(concat(scalars));
    for (const [i, scalar] of scalars.entries()) {
      const point = ecPublicPoint(CURVE_BY_NAME.get(curve)!, scalar);
      expect(multiplier.hasPoint(i)).toBe(point !== undefined);
      if (point) expect(encodePoint(curve, { x: multiplier.x(i), y: multiplier.y(i) })).toEqual(point);
    }
  });

  it('gives coordinates in Montgomery form, too', () => {
    multiplier.multiply(concat(random.slice(0, 3)));
    const { p } = parametersOf(curve);
    const r = 1n << BigInt(8 * multiplier.coordinateBytes);
    const expected = bigintToBe((multiplier.x(1) * r) % p, multiplier.coordinateBytes).reverse();
    const at = 2 * multiplier.coordinateBytes;
    expect(multiplier.montgomery.slice(at, at + multiplier.coordinateBytes)).toEqual(expected);
  });

  it('takes as many scalars as it says, and none', () => {
    const scalars = Array.from({ length: multiplier.most }, (_, i) => random[i % random.length]!);
    multiplier.multiply(concat(scalars));
    const last = multiplier.most - 1;
    const [x, y] = [multiplier.x(last), multiplier.y(last)];
    multiplier.multiply(new Uint8Array(0));
    multiplier.multiply(random[last % random.length]!);
    expect([multiplier.x(0), multiplier.y(0)]).toEqual([x, y]);
    expect(() => multiplier.multiply(new Uint8Array((multiplier.most + 1) * size))).toThrow(RangeError);
  });
});

describe.each([5, 10] as const)('BaseMultiplier on Curve25519, digits of %d bits', (digitBits) => {
  const multiplier = new BaseMultiplier(WEIERSTRASS_25519, digitBits);
  const keys = Array.from({ length: 200 }, () => make.bytes(32));

  it('gives the public keys of Ed25519 seeds', () => {
    multiplier.multiply(concat(keys.map(ed25519Scalar)));
    const points = keys.map((_, i) => ({ x: multiplier.x(i), y: multiplier.y(i) }));
    expect(ed25519EncodeAll(points)).toEqual(keys.map(ed25519PublicKey));
  });

  it('gives those of X25519 keys', () => {
    multiplier.multiply(concat(keys.map(x25519Scalar)));
    expect(keys.map((_, i) => x25519Encode(multiplier.x(i)))).toEqual(keys.map(x25519PublicKey));
  });
});
