import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe, bigintToBe } from '../bytes/limbs.ts';
import { CURVE_BY_NAME, ecPublicPoint } from './curves.ts';
import { doubleAll, encodePoint, isOnCurve, isScalar, SHORT_CURVES, toMontgomery } from './short-curves.ts';

const make = createMake('short-curves');

describe.each(SHORT_CURVES)('%s', (curve) => {
  const parameters = CURVE_BY_NAME.get(curve)!;
  const { size } = parameters;

  it('knows its points', () => {
    const { d, x, y } = make.ec(curve);
    const point = { x: bigintFromBe(x), y: bigintFromBe(y) };
    expect(encodePoint(curve, point)).toEqual(ecPublicPoint(parameters, d));
    expect(isOnCurve(curve, point)).toBe(true);
    expect(isOnCurve(curve, { ...point, y: point.y ^ 1n })).toBe(false);
  });

  it('doubles as OpenSSL does', () => {
    const scalars = [1n, 2n, 3n, 255n, 2n ** 200n, bigintFromBe(make.bytes(size - 4))];
    const of = (scalar: bigint): Uint8Array => ecPublicPoint(parameters, bigintToBe(scalar, size))!;
    const points = scalars.map((scalar) => {
      const point = of(scalar);
      return { x: bigintFromBe(point.subarray(1, 1 + size)), y: bigintFromBe(point.subarray(1 + size)) };
    });
    const doubled = doubleAll(curve, points, 9);
    expect(doubled.map((point) => encodePoint(curve, point!))).toEqual(scalars.map((scalar) => of(scalar << 9n)));
    expect(doubleAll(curve, [], 9)).toEqual([]);
  });

  it('knows its scalars', () => {
    expect(isScalar(curve, make.ec(curve).d)).toBe(true);
    expect(isScalar(curve, new Uint8Array(size))).toBe(false);
    expect(isScalar(curve, new Uint8Array(size).fill(0xff))).toBe(false);
  });
});

it('makes Montgomery residues', () => {
  const p = 2n ** 521n - 1n;
  const value = bigintFromBe(make.bytes(64));
  expect(toMontgomery('P-521', value, 576)).toBe((value * 2n ** 576n) % p);
});
