import { expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { FixedBase } from './fixed-base.ts';
import { modPow } from './modular.ts';

const make = createMake('fixed-base');

it('gives the powers that modPow gives', () => {
  const { p, q, g } = make.dsa();
  const steps = FixedBase.of(g, p, 20);
  let step = steps.next();
  while (!step.done) step = steps.next();
  const exponents = [...Array.from({ length: 20 }, () => make.bytes(20)), make.be(q, 20), make.be(1n, 20), make.be(5n)];
  for (const exponent of exponents) expect(step.value.pow(exponent)).toBe(modPow(g, bigintFromBe(exponent), p));
  expect(step.value.pow(new Uint8Array(20))).toBe(1n);
});
