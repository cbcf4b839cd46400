import { checkPrimeSync, getDiffieHellman } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { gcd, invertAll, isProbablePrime, modInverse, modPow } from './modular.ts';

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

// OpenSSL computes these; the plain way is that of smaller numbers.
it.each([512, 1000, 3072, 3080])('powers modulo numbers of %i bits', (bits) => {
  const bytes = make.bytes(Math.ceil(bits / 8));
  const modulus = BigInt.asUintN(bits, BigInt(`0x${make.hex(bytes)}`)) | 1n | (1n << BigInt(bits - 1));
  for (const exponent of [modulus - 1n, modulus >> 1n, modulus, modulus + 2n, 1n << 200n, 3n]) {
    for (const base of [0n, 1n, 2n, modulus - 1n, modulus >> 3n, -5n]) {
      let power = 1n;
      for (const bit of exponent.toString(2)) power = (power * power * (bit === '1' ? base : 1n)) % modulus;
      expect(modPow(base, exponent, modulus)).toBe(power);
    }
  }
});

it('tells the primes of well-known groups', () => {
  const prime = BigInt(`0x${getDiffieHellman('modp16').getPrime('hex')}`);
  expect([isProbablePrime(prime, 2), isProbablePrime((prime - 1n) / 2n, 1), isProbablePrime(prime - 2n, 1)]).toEqual([
    true,
    true,
    false,
  ]);
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
  expect(invertAll([2n, 3n, 12n], 13n)).toEqual([7n, 9n, 12n]);
  expect(invertAll([], 13n)).toEqual([]);
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
