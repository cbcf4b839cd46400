import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { expandKey, keyOfSchedule, layOutSchedule, proveSchedule, type ScheduleLayout, scheduleBytes } from './aes.ts';

const make = createMake('aes');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const fromHex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

const LAYOUTS: readonly ScheduleLayout[] = ([128, 192, 256] as const).flatMap((bits) =>
  (['encryption', 'decryption', 'decryption-rotated'] as const).flatMap((order) =>
    [false, true].map((isSwapped) => ({ bits, order, isSwapped })),
  ),
);
const name = ({ bits, order, isSwapped }: ScheduleLayout) => `${bits} ${order}${isSwapped ? ' swapped' : ''}`;

describe('expandKey', () => {
  // FIPS 197, appendix A: the examples' keys, and the last word of each expansion.
  it.each([
    ['2b7e151628aed2a6abf7158809cf4f3c', 'b6630ca6'],
    ['8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b', '01002202'],
    ['603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4', '706c631e'],
  ])('gives the example of FIPS 197', (key, last) => {
    expect(hex(expandKey(fromHex(key)).slice(-4))).toBe(last);
  });
});

describe('layouts', () => {
  it.each(LAYOUTS.map((layout) => [name(layout), layout] as const))('%s gives the key back', (_, layout) => {
    const key = make.bytes(layout.bits / 8);
    const schedule = layOutSchedule(key, layout);
    expect(schedule).toHaveLength(scheduleBytes(layout));
    expect(keyOfSchedule(schedule, layout)).toEqual(key);
    expect(proveSchedule(schedule, layout, 0)).toEqual(key);
  });

  it('differ from each other', () => {
    const key = make.bytes(32);
    const of256 = LAYOUTS.filter(({ bits }) => bits === 256);
    expect(new Set(of256.map((layout) => hex(layOutSchedule(key, layout)))).size).toBe(of256.length);
  });
});

describe('proveSchedule', () => {
  const layout: ScheduleLayout = { bits: 256, order: 'encryption', isSwapped: false };
  const schedule = layOutSchedule(make.bytes(32), layout);

  it('tolerates as many wrong bits as it may', () => {
    const damaged = schedule.slice();
    for (let i = 0; i < 10; i++) damaged[60 + 17 * i]! ^= 0x10;
    expect(proveSchedule(damaged, layout, 10)).toEqual(schedule.slice(0, 32));
    damaged[50]! ^= 1;
    expect(proveSchedule(damaged, layout, 10)).toBeUndefined();
  });

  it('refutes other bytes, and fewer of them', () => {
    expect(proveSchedule(make.bytes(240), layout, 10)).toBeUndefined();
    expect(proveSchedule(schedule.slice(0, 239), layout, 10)).toBeUndefined();
  });
});
