import { checkPrimeSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { gcd, isProbablePrime, modInverse, modPow } from './modular.ts';

const make = createMake('modular');
const { p, q, n, e, d } = make.rsa(512);

it.each([
  [0n, 0n, 7n, 1n],
  [2n, 10n, 1000n, 24n],
  [5n, 3n, 1n, 0n],
  [5n, 3n, 0n, 0n],
  [2n, p - 1n, p, 1n],
  [modPow(42n, e, n), d, n, 42n],
])('%i ^ %i mod %i', (base, exponent, modulus, power) => {
  expect(modPow(base, exponent, modulus)).toBe(power);
});

it.each([
  [0n, 5n, 5n],
  [12n, 18n, 6n],
  [p, q, 1n],
  [n, p * 6n, p],
])('gcd', (a, b, divisor) => {
  expect(gcd(a, b)).toBe(divisor);
});

it('inverts what has an inverse', () => {
  expect((modInverse(e, p - 1n)! * e) % (p - 1n)).toBe(1n);
  expect(modInverse(-3n, 7n)).toBe(2n);
  expect(modInverse(6n, 9n)).toBeUndefined();
  expect(modInverse(0n, 9n)).toBeUndefined();
});

describe('isProbablePrime', () => {
  it('agrees with OpenSSL below 2000 and on large numbers', () => {
    for (let value = 0n; value < 2000n; value++) expect(isProbablePrime(value)).toBe(checkPrimeSync(value));
    expect(isProbablePrime(p)).toBe(true);
    expect(isProbablePrime(n)).toBe(false);
    expect(isProbablePrime(p, 1)).toBe(true);
  });

  it('knows numbers that pass for primes to one base', () => {
    // Strong pseudoprimes to base 2 (OEIS A001262) and a Carmichael number.
    for (const value of [2047n, 3277n, 4033n, 29_341n, 561n]) expect(isProbablePrime(value)).toBe(false);
  });
});
