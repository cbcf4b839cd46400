import { expect, test } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { proveElGamal } from './elgamal.ts';

const { p, g, y, x } = createMake('elgamal').dsa();

test('proves x by y', () => {
  expect(proveElGamal({ p, g, y, x })?.traits).toEqual({ algorithm: 'ElGamal', bits: 1024, proof: 'd*G=Q' });
});

test.each([
  ['another y', { p, g, y: y + 1n, x }],
  ['a generator of one', { p, g: 1n, y: 1n, x }],
  ['a small exponent', { p, g: 2n, y: 8n, x: 3n }],
  ['an even modulus', { p: p + 1n, g, y, x }],
  ['a toy', { p: 23n, g: 5n, y: 8n, x: 6n }],
])('refuses %s', (_, numbers) => {
  expect(proveElGamal(numbers)).toBeUndefined();
});
