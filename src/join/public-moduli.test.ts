import { expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { withoutModuli } from './public-moduli.ts';

const make = createMake('public-moduli');
const { n, e } = make.rsa(2048);
const RSA = [{ n, e, start: 0 }];
const AROUND = new Uint8Array(16);

const windowOf = (...parts: readonly Uint8Array[]): LeadWindow => {
  const bytes = make.concat(...parts);
  const lead = { kind: 'number', encoding: 'bytes', start: 4096, end: 4096 + bytes.length } as const;
  return createWindow(lead, make.concat(AROUND, bytes, AROUND), AROUND.length);
};

it.each<[string, LeadWindow]>([
  ['limbs', windowOf(make.le(n, 256))],
  ['a document', windowOf(make.bytes(4), make.be(n, 256), make.bytes(7))],
])('leaves out a modulus that is known: %s', (_, window) => {
  expect(withoutModuli([window], RSA)).toEqual([]);
  expect(withoutModuli([window], [])).toEqual([window]);
});

it.each<[string, LeadWindow]>([
  ['a scalar beside it', windowOf(make.le(n, 256), make.bytes(32))],
  ['a scalar before it', windowOf(make.bytes(32), make.be(n, 256))],
  ['another modulus', windowOf(make.le(make.rsa(2048).n, 256))],
  ['its beginning', windowOf(make.le(n, 256).slice(0, 200))],
  ['a seed', windowOf(make.bytes(32))],
])('keeps %s', (_, window) => {
  expect(withoutModuli([window], RSA)).toEqual([window]);
});
