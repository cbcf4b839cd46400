import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe, bigintToBe } from '../bytes/limbs.ts';
import { CURVE_BY_NAME, ecPublicPoint } from './curves.ts';
import { encodePoint, isOnCurve, isScalar, multiplyBase, SHORT_CURVES, toMontgomery } from './short-curves.ts';

const make = createMake('short-curves');

describe.each(SHORT_CURVES)('%s', (curve) => {
  const parameters = CURVE_BY_NAME.get(curve)!;
  const { size } = parameters;

  it('multiplies as OpenSSL does', () => {
    const keys = Array.from({ length: 5 }, () => make.ec(curve).d);
    const small = [1n, 2n, 3n, 255n, 256n, 257n, 65_536n, 2n ** 255n].map((value) => bigintToBe(value, size));
    const scalars = [...keys, ...small, ...keys.slice(0, 1)];
    const points = multiplyBase(curve, scalars);
    for (const [i, point] of points.entries()) {
      expect(encodePoint(curve, point!)).toEqual(ecPublicPoint(parameters, scalars[i]!));
      expect(isOnCurve(curve, point!)).toBe(true);
      expect(isOnCurve(curve, { ...point!, y: point!.y ^ 1n })).toBe(false);
    }
  });

  it('gives nothing for zero, and for nothing', () => {
    expect(multiplyBase(curve, [new Uint8Array(size), bigintToBe(1n, size)])[0]).toBeUndefined();
    expect(multiplyBase(curve, [])).toEqual([]);
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
