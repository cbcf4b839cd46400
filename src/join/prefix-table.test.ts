import { expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { PrefixTable } from './prefix-table.ts';

const make = createMake('prefix-table');

function scan(table: PrefixTable, bytes: Uint8Array): [number, number][] {
  const found: [number, number][] = [];
  table.scan(bytes, (value, at) => found.push([value, at]));
  return found;
}

it('finds each string at every offset, and nothing in noise', () => {
  const strings = Array.from({ length: 1000 }, () => make.bytes(32));
  const table = new PrefixTable(strings.length);
  for (const [i, string] of strings.entries()) table.add(string, i);
  for (let at = 0; at < 20; at++) {
    expect(scan(table, make.concat(make.bytes(at), strings[at * 7]!, make.bytes(3)))).toEqual([[at * 7, at]]);
  }
  expect(scan(table, make.bytes(100_000))).toEqual([]);
});

it('finds at both ends, prefixes of zeros, and all values of one prefix', () => {
  const table = new PrefixTable(4);
  const smi = Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 4);
  for (const value of [5, 6]) table.add(smi, value);
  table.add(new Uint8Array(8), 7);
  expect(scan(table, smi)).toEqual([
    [5, 0],
    [6, 0],
  ]);
  expect(scan(table, new Uint8Array(9))).toEqual([
    [7, 0],
    [7, 1],
  ]);
  expect(scan(table, smi.subarray(0, 7))).toEqual([]);
});

it('grows beyond what it was made for, and forgets', () => {
  const table = new PrefixTable(4);
  const strings = Array.from({ length: 1000 }, () => make.bytes(8));
  for (const [i, string] of strings.entries()) table.add(string, i);
  expect(table.count).toBe(1000);
  for (const [i, string] of strings.entries()) expect(scan(table, string)).toEqual([[i, 0]]);
  const bytes = make.bytes(8);
  const other = new PrefixTable(1);
  other.add(bytes, 0);
  other.wipe();
  expect(scan(other, bytes)).toEqual([]);
});
