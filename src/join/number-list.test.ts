import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { BIG_ENDIAN, LITTLE_ENDIAN } from './number-layouts.ts';
import { NumberList } from './number-list.ts';
import { FIT } from './number-reader.ts';

const make = createMake('number-list');
const SIZE = 64;
const windowOf = (bytes: Uint8Array): LeadWindow =>
  createWindow({ kind: 'number', encoding: 'bytes', start: 0, end: bytes.length }, bytes, 0);

describe('NumberList', () => {
  it('keeps where numbers lie, and reads them again', () => {
    const list = new NumberList(SIZE, 1000);
    const numbers = Array.from({ length: 600 }, () => make.bytes(SIZE));
    for (const [i, number] of numbers.entries()) {
      const isBig = i % 2 === 0;
      const bytes = make.concat(new Uint8Array(i % 9), isBig ? number : number.toReversed());
      const layout = isBig ? BIG_ENDIAN : LITTLE_ENDIAN;
      list.add(number, 1000 - i, i % 3 === 0 ? FIT.block : FIT.filling, windowOf(bytes), layout, i % 9);
    }
    expect(list.count).toBe(600);
    for (const i of [0, 1, 255, 256, 599]) {
      expect(list.numberOf(i)).toBe(bigintFromBe(numbers[i]!));
      expect(list.lows[i]).toBe(Number(BigInt.asIntN(32, bigintFromBe(numbers[i]!))));
      expect(list.starts[i]).toBe(1000 - i);
    }
    const sure = list.withFit(FIT.filling);
    expect(sure).toHaveLength(400);
    expect(sure.slice(0, 3)).toEqual([599, 598, 596]);
    expect(list.withFit(FIT.block)).toHaveLength(600);
  });

  it('keeps each number once, with its best place', () => {
    const list = new NumberList(SIZE, 10);
    const number = make.bytes(SIZE);
    const window = windowOf(number);
    list.add(number, 5, FIT.end, window, BIG_ENDIAN, 0);
    list.add(number, 9, FIT.filling, window, BIG_ENDIAN, 0);
    list.add(number, 1, FIT.start, window, BIG_ENDIAN, 0);
    expect([list.count, list.starts[0], list.fits[0]]).toEqual([1, 9, FIT.filling]);
    expect(list.layoutOf(0)).toBe(BIG_ENDIAN);
  });

  it('says when it is full', () => {
    const list = new NumberList(SIZE, 3);
    for (let i = 0; i < 4; i++) {
      const number = make.bytes(SIZE);
      list.add(number, i, FIT.start, windowOf(number), BIG_ENDIAN, 0);
    }
    expect([list.count, list.overflowed]).toEqual([3, true]);
  });
});
