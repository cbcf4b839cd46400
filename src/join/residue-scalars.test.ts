import { expect, it } from 'vitest';
import { ORDERS } from '../../corpus/encode/ecdsa.ts';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { CURVE_BY_NAME, ecPublicPoint } from '../proof/curves.ts';
import { SHORT_CURVES } from '../proof/short-curves.ts';
import { ResidueTargets } from './residue-scalars.ts';

const make = createMake('residue-scalars');

it.each(SHORT_CURVES)('tells the residue of a scalar by its multiple on %s', (curve) => {
  const keys = Array.from({ length: 3 }, () => make.ec(curve));
  const points = keys.map(({ x, y }) => ({ x: bigintFromBe(x), y: bigintFromBe(y) }));
  const targets = new ResidueTargets(curve, points);
  const { d } = keys[1]!;
  const limbBytes = Math.ceil(d.length / 8) * 8;
  const residue = make.be((bigintFromBe(d) << BigInt(8 * limbBytes)) % ORDERS[curve], d.length);
  const xOf = (scalar: Uint8Array): Uint8Array => {
    const point = ecPublicPoint(CURVE_BY_NAME.get(curve)!, scalar)!;
    return make.le(bigintFromBe(point.subarray(1, 1 + d.length)), limbBytes);
  };
  expect(targets.find(xOf(residue))).toEqual(points[1]);
  expect(targets.scalarOf(residue)).toEqual(d);
  expect(targets.find(xOf(d))).toBeUndefined();
  expect(new ResidueTargets(curve, []).find(xOf(residue))).toBeUndefined();
});
