import { expect, it } from 'vitest';
import { Fields } from './fields.ts';
import { latin1 } from './reader.ts';

const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

it('reads integers of either byte order, also inside a larger buffer', () => {
  const part = new Fields(Uint8Array.of(0, ...bytes).subarray(1), true);
  expect([part.u8(0), part.u16(0), part.u32(0), part.u64(0)]).toEqual([1, 0x201, 0x4030201, 0x807060504030201n]);
  const big = new Fields(bytes, false);
  expect([big.u16(0), big.u32(4), big.word(0, 4), big.word(0, 8)]).toEqual([
    0x102,
    0x5060708,
    0x1020304n,
    0x102030405060708n,
  ]);
});

it('gives zero beyond the end, and says so', () => {
  const fields = new Fields(bytes, true);
  expect([fields.u8(8), fields.u16(7), fields.u32(5), fields.u64(1), fields.u32(-1)]).toEqual([0, 0, 0, 0n, 0]);
  expect([fields.has(0, 8), fields.has(1, 8), fields.has(-1, 1)]).toEqual([true, false, false]);
});

it('takes what no file reaches for infinite', () => {
  expect(new Fields(new Uint8Array(8).fill(0xff), true).size64(0)).toBe(Number.POSITIVE_INFINITY);
  expect(new Fields(Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0), true).size64(0)).toBe(5);
});

it('reads text up to a NUL, a limit, or the end', () => {
  const fields = new Fields(latin1('name\0rest'), true);
  expect([fields.text(0, 100), fields.text(0, 2), fields.text(5, 100), fields.text(100, 1)]).toEqual([
    'name',
    'na',
    'rest',
    '',
  ]);
});
