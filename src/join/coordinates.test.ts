import { describe, expect, it } from 'vitest';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { parametersOf, SHORT_CURVES } from '../proof/short-curves.ts';
import { Contents } from './contents.ts';
import { boxedLayoutsIn, type Coordinate, CoordinateTable } from './coordinates.ts';
import { createWindow } from './join.ts';
import { BN_DIGITS, NUMBER_LAYOUTS } from './number-layouts.ts';

const make = createMake('coordinates');

function runToEnd<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

describe.each(SHORT_CURVES)('CoordinateTable on %s', (curve) => {
  const { p, size } = parametersOf(curve);
  const coordinateBytes = Math.ceil(size / 8) * 8;
  const keys = Array.from({ length: 20 }, () => make.ec(curve));
  const table = new CoordinateTable(curve);
  const residueOf = (x: Uint8Array): Uint8Array =>
    make.le((bigintFromBe(x) << BigInt(8 * coordinateBytes)) % p, coordinateBytes);
  for (const [i, { x }] of keys.entries()) table.add(i, make.le(bigintFromBe(x), coordinateBytes), residueOf(x));

  function find(bytes: Uint8Array): [number, Coordinate][] {
    const found = new Map<number, Coordinate>();
    table.find(bytes, found);
    return [...found];
  }

  it.each(NUMBER_LAYOUTS.map(({ id }) => id))('finds one as %s', (layout) => {
    const bytes = make.concat(make.bytes(40).fill(0x11), writeNumber(layout, keys[7]!.x), make.bytes(40).fill(0x11));
    expect(find(bytes)).toEqual([[7, {}]]);
    expect(find(bytes.subarray(0, 40 + size / 2))).toEqual([]);
  });

  it('finds Montgomery residues', () => {
    expect(find(make.concat(make.bytes(3), residueOf(keys[19]!.x), make.bytes(9)))).toEqual([[19, {}]]);
  });

  it.runIf(curve === 'secp256k1' || curve === 'P-521')('finds digits of the field', () => {
    const [bits, count] = curve === 'P-521' ? [58n, 9] : [52n, 5];
    const x = bigintFromBe(keys[5]!.x);
    const digits = Array.from({ length: count }, (_, i) => make.le((x >> (BigInt(i) * bits)) % 2n ** bits, 8));
    expect(find(make.concat(make.bytes(3), ...digits, make.bytes(40)))).toEqual([[5, {}]]);
  });

  it.runIf(curve === 'secp256k1')('finds digits of the field in words of 32 bits', () => {
    const x = bigintFromBe(keys[6]!.x);
    const digits = Array.from({ length: 10 }, (_, i) => make.le((x >> (BigInt(i) * 26n)) % 2n ** 26n, 4));
    expect(find(make.concat(make.bytes(3), ...digits, make.bytes(40)))).toEqual([[6, {}]]);
  });

  const bits = new Map<string, bigint>([
    ['P-256', 260n],
    ['P-384', 390n],
    ['P-521', 546n],
  ]).get(curve);
  it.runIf(bits).each(BN_DIGITS.map(({ id }) => id))('finds residues of bn.js as %s', (layout) => {
    for (const [i, { x }] of keys.entries()) {
      const residue = make.be((bigintFromBe(x) << bits!) % p, size);
      const bytes = make.concat(make.le(1n, 8), writeNumber(layout, residue), make.bytes(16).fill(0x11));
      expect(find(bytes)).toEqual([[i, {}]]);
    }
  });

  it('looks for boxed digits where there are any', () => {
    const digits = writeNumber('jsc-digits-26', keys[2]!.x);
    const windows = [make.bytes(size), digits].map((bytes) =>
      createWindow({ kind: 'number', encoding: 'bytes', start: 8, end: 8 + bytes.length }, bytes, 0),
    );
    const boxed = boxedLayoutsIn(windows);
    expect(boxed.map(({ id }) => id)).toEqual(['jsc-digits-26']);
    const some = new CoordinateTable(curve, boxed);
    some.add(0, make.le(bigintFromBe(keys[2]!.x), coordinateBytes), residueOf(keys[2]!.x));
    for (const [layout, count] of [
      ['jsc-digits-26', 1],
      ['smi-digits-26', 0],
      ['little-endian', 1],
    ] as const) {
      const found = new Map<number, Coordinate>();
      some.find(make.concat(writeNumber(layout, keys[2]!.x), new Uint8Array(16)), found);
      expect(found.size, layout).toBe(count);
    }
  });

  it('tells compressed points', () => {
    for (const sign of [2, 3] as const) {
      expect(find(make.concat(Uint8Array.of(0, sign), keys[3]!.x))).toEqual([[3, { compressed: sign }]]);
    }
  });

  it('finds nothing else, and nothing after it was cleared', () => {
    expect(find(make.concat(...Array.from({ length: 50 }, () => make.bytes(size))))).toEqual([]);
    const other = new CoordinateTable(curve);
    const found = new Map<number, Coordinate>();
    other.add(4, make.le(bigintFromBe(keys[0]!.x), coordinateBytes), residueOf(keys[0]!.x));
    other.clear();
    other.find(keys[0]!.x, found);
    expect(found.size).toBe(0);
    other.add(5, make.le(bigintFromBe(keys[0]!.x), coordinateBytes), residueOf(keys[0]!.x));
    other.find(keys[0]!.x, found);
    expect([...found]).toEqual([[5, {}]]);
  });

  it('finds the same where it knows the contents, and keeps hardly anything else', () => {
    const bytes = make.concat(make.bytes(40).fill(0x11), writeNumber('little-endian', keys[7]!.x), keys[11]!.x);
    const known = new CoordinateTable(curve, undefined, runToEnd(Contents.of([bytes])));
    for (const [i, { x }] of keys.entries()) known.add(i, make.le(bigintFromBe(x), coordinateBytes), residueOf(x));
    const found = new Map<number, Coordinate>();
    known.find(bytes, found);
    expect([...found.keys()]).toEqual([7, 11]);
  });
});
