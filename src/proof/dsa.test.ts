import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { type DsaNumbers, proveDh, proveDsa } from './dsa.ts';
import { modPow } from './modular.ts';

const make = createMake('proof/dsa');
const key = make.dsa();
const { p, q, g, x } = key;

describe('proveDsa', () => {
  it.each<[string, DsaNumbers, string]>([
    ['with y', key, 'd*G=Q'],
    ['without y', { p, q, g, x }, 'document'],
  ])('proves: %s', (_, numbers, proof) => {
    const traits = { algorithm: 'DSA', proof, publicKeySha256: make.publicKeySha256(key) };
    expect(proveDsa(numbers)).toMatchObject({ verdict: 'proven', secret: make.secret(key), traits });
  });

  it.each<[string, DsaNumbers]>([
    ['y of another key', { ...key, y: make.dsa().y }],
    ['another x', { ...key, x: x - 1n }],
    ['q does not divide p-1', { p, q: q + 2n, g, x }],
    ['g of another order', { p, q, g: g + 1n, x }],
    ['g = 1', { p, q, g: 1n, x }],
    ['x = 0', { p, q, g, x: 0n }],
    ['x = q', { p, q, g, x: q }],
    ['x that nobody drew', { p, q, g, x: 12_345n }],
    ['a short q', { p, q: 3n, g, x: 2n }],
    ['p too short', { p: 23n, q: 11n, g: 2n, x: 3n }],
  ])('refuses: %s', (_, numbers) => {
    expect(proveDsa(numbers)).toBeUndefined();
  });
});

describe('proveDh', () => {
  const { der } = make;
  const algorithm = der.seq(der.oid('1.2.840.113549.1.3.1'), der.seq(der.int(p), der.int(g)));

  it('derives the public value', () => {
    const spki = der.seq(algorithm, der.bits(der.int(modPow(g, x, p))));
    expect(proveDh({ p, g, x }, algorithm)).toMatchObject({
      verdict: 'proven',
      secret: make.be(x),
      traits: { algorithm: 'DH', proof: 'document', publicKeySha256: make.hex(make.hash('sha256', spki)) },
    });
  });

  it.each([
    ['p not prime', { p: p + 2n, g, x }],
    ['g = 1', { p, g: 1n, x }],
    ['x = p', { p, g, x: p }],
    ['x that nobody drew', { p, g, x: 1n << 200n }],
    ['p too short', { p: 23n, g: 5n, x: 3n }],
  ])('refuses: %s', (_, numbers) => {
    expect(proveDh(numbers, algorithm)).toBeUndefined();
  });
});
