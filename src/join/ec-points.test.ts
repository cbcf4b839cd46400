import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import type { EcKey } from '../model/make.ts';
import { encodePoint, parametersOf, SHORT_CURVES, type ShortCurve } from '../proof/short-curves.ts';
import { findPoints, type KnownPoint } from './ec-points.ts';
import { createWindow, type LeadWindow } from './join.ts';
import type { HarvestedKeys } from './public-keys.ts';

const make = createMake('ec-points');
const START = 0x2000;
const windowOf = (bytes: Uint8Array): LeadWindow =>
  createWindow({ kind: 'number', encoding: 'bytes', start: START, end: START + bytes.length }, bytes, 0);
const pointOf = ({ x, y }: EcKey): Uint8Array => make.concat(Uint8Array.of(4), x, y);

function find(
  windows: readonly LeadWindow[],
  harvested: HarvestedKeys['ec'] = [],
): ReadonlyMap<ShortCurve, readonly KnownPoint[]> {
  const steps = findPoints(windows, harvested, SHORT_CURVES);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Of RustCrypto's p521: nine digits of 58 bits, each in 8 bytes. */
const fiatDigits = (coordinate: Uint8Array): Uint8Array => {
  const value = bigintFromBe(coordinate);
  const digits = Array.from({ length: 9 }, (_, i) => make.le((value >> BigInt(58 * i)) & (2n ** 58n - 1n), 8));
  return make.concat(...digits);
};

it('finds the digits of a point behind the residue of its scalar', () => {
  const { x, y } = make.ec('P-521');
  const structure = make.concat(make.bytes(72), fiatDigits(x), fiatDigits(y));
  const found = find([windowOf(structure), windowOf(make.concat(fiatDigits(x), fiatDigits(x)))]);
  const point = { x: bigintFromBe(x), y: bigintFromBe(y) };
  expect([...found]).toMatchObject([['P-521', [{ point, start: START + 72 }]]]);
});

describe.each(SHORT_CURVES)('findPoints on %s', (curve) => {
  const key = make.ec(curve);
  const point = { x: bigintFromBe(key.x), y: bigintFromBe(key.y) };

  it('finds an encoded point at any byte', () => {
    for (const before of [0, 1, 37]) {
      const found = find([windowOf(make.concat(new Uint8Array(before), pointOf(key), new Uint8Array(5)))]);
      expect([...found.keys()]).toEqual([curve]);
      expect(found.get(curve)).toMatchObject([{ point, start: START + before }]);
    }
  });

  it('takes harvested points', () => {
    expect(find([], [{ curve, point: pointOf(key), start: 9 }]).get(curve)).toMatchObject([
      { point, start: 9, scalars: [] },
    ]);
  });

  it('gives what lies where an ECPrivateKey has its scalar', () => {
    for (const parameters of [false, true]) {
      const document = make.sec1(key, { parameters });
      const scalarAt = make.hex(document).indexOf(make.hex(key.d)) / 2;
      const bytes = make.concat(make.bytes(3), document.slice(scalarAt));
      const scalars = find([windowOf(bytes)]).get(curve)?.[0]?.scalars ?? [];
      expect(scalars).toContainEqual({ bytes: key.d, start: START + 3 });
    }
  });

  it('gives what lies right before it, and right behind it', () => {
    const behind = find([windowOf(make.concat(make.bytes(3), pointOf(key), key.d, make.bytes(9)))]);
    expect(behind.get(curve)?.[0]?.scalars).toContainEqual({ bytes: key.d, start: START + 3 + pointOf(key).length });
    const before = find([windowOf(make.concat(make.bytes(3), key.d, pointOf(key)))]);
    expect(before.get(curve)?.[0]?.scalars).toContainEqual({ bytes: key.d, start: START + 3 });
  });

  it('leaves out what is on no curve, cut off, or the base point', () => {
    const wrong = pointOf(key);
    wrong[wrong.length - 1]! ^= 1;
    expect(find([windowOf(wrong)]).size).toBe(0);
    expect(find([windowOf(pointOf(key).subarray(0, -1))]).size).toBe(0);
    expect(find([windowOf(encodePoint(curve, parametersOf(curve).base))]).size).toBe(0);
    expect(find([], [{ curve, point: wrong, start: 9 }]).size).toBe(0);
  });
});
