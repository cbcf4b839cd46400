import { expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { ValueTable } from './value-table.ts';

const make = createMake('value-table');
const windowOf = (text: string, start: number): LeadWindow =>
  createWindow({ kind: 'base64url-value', encoding: 'bytes', start, end: start + text.length }, make.ascii(text), 0);

it('keeps each value once, with its places in order', () => {
  const table = new ValueTable();
  const [a, b] = [make.bytes(32), make.bytes(32)];
  for (const [i, value] of [a, b, a, a].entries()) table.addBase64url(windowOf(make.base64url(value), 100 * i));
  expect(table.ofSize(32).map(({ bytes }) => bytes)).toEqual([a, b]);
  expect(table.find(a)!.leads.map(({ start }) => start)).toEqual([0, 200, 300]);
  expect(table.find(make.bytes(32))).toBeUndefined();
  expect(table.ofSize(33)).toEqual([]);
});

it('tells values of one hash apart', () => {
  // Among 2^17 values, two pairs share a hash of 32 bits on average.
  const table = new ValueTable();
  const values = Array.from({ length: 131_072 }, (_, i) => make.be(BigInt(i), 9));
  for (const [i, value] of values.entries()) table.addBase64url(windowOf(make.base64url(value), i));
  for (const i of [0, 1, 77_777, 131_071]) expect(table.find(values[i]!)!.leads).toMatchObject([{ start: i }]);
  expect(table.ofSize(9)).toHaveLength(values.length);
});

it('wipes what it holds', () => {
  const table = new ValueTable();
  table.addBase64url(windowOf(make.base64url(make.bytes(32)), 0));
  const { bytes } = table.ofSize(32)[0]!;
  table.wipe();
  expect(bytes).toEqual(new Uint8Array(32));
  expect(table.ofSize(32)).toEqual([]);
});
