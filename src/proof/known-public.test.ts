import { generatePrimeSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { concat } from '../bytes/reader.ts';
import { createExponentTest, createFactorTest, createScalarTest, createSeedTest } from './known-public.ts';
import { gcd, modInverse } from './modular.ts';

const make = createMake('known-public');
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe('createFactorTest', () => {
  const keys = range(3).map(() => make.rsa(1024));
  /** Enough to be asked whether a candidate is a prime: products of what is no prime of any key here. */
  const many = range(150).map(() => bigintFromBe(make.bytes(128)) | (1n << 1023n) | 1n);

  it.each([
    ['a few', keys.map(({ n }) => n)],
    ['many', [...many.slice(0, 70), ...keys.map(({ n }) => n), ...many.slice(70)]],
  ])('finds the modulus of a prime among %s', (_, moduli) => {
    const test = createFactorTest(moduli, 64);
    for (const { n, p, q } of keys) {
      expect(test(make.be(p, 64))).toBe(n);
      expect(test(make.be(q, 64))).toBe(n);
    }
    const other = make.rsa(1024);
    expect(test(make.be(other.p, 64))).toBeUndefined();
    expect(test(make.be(keys[0]!.p * 2n, 65))).toBeUndefined();
    expect(test(make.be(keys[0]!.p - 2n, 64))).toBeUndefined();
    for (let i = 0; i < 500; i++) expect(test(make.bytes(64))).toBeUndefined();
    for (const byte of [0, 0xff]) expect(test(new Uint8Array(64).fill(byte))).toBeUndefined();
    expect(test(new Uint8Array(0))).toBeUndefined();
  });

  it.each([512, 1024, 3072, 4096])('works for %d bits', (bits) => {
    const { n, p } = make.rsa(bits);
    expect(createFactorTest([n], bits / 16)(make.be(p, bits / 16))).toBe(n);
  });

  it('takes a prime of an odd number of bytes', () => {
    const { n, p } = make.rsa(1040);
    expect(createFactorTest([n], 65)(make.be(p, 65))).toBe(n);
  });
});

describe('createExponentTest', () => {
  const keys = range(20).map(() => make.rsa(1024));
  const { find: test } = createExponentTest(keys, 128);

  it('finds the key of d modulo lambda and modulo phi', () => {
    for (const key of keys) {
      expect(test(make.be(key.d, 128))).toBe(key);
      expect(test(make.be(modInverse(key.e, (key.p - 1n) * (key.q - 1n))!, 128))).toBe(key);
    }
  });

  it.each([3n, 17n, 257n, 65_539n, 16_777_259n, 4_294_967_311n])('takes e = %d', (e) => {
    for (;;) {
      const { n, p, q } = make.rsa(1024);
      const d = modInverse(e, (p - 1n) * (q - 1n));
      if (d === undefined) continue;
      expect(createExponentTest([...keys, { n, e }], 128).find(make.be(d, 128))).toMatchObject({ n });
      return;
    }
  });

  it.each([2, 22, 34, 48, 62, 64, 66, 74, 78, 60, 98, 102])(
    'finds d modulo lambda when p-1 and q-1 share the divisor %d',
    (divisor) => {
      const prime = (): bigint => generatePrimeSync(512, { bigint: true, add: BigInt(divisor), rem: 1n });
      const e = 65_537n;
      let [p, q] = [prime(), prime()];
      while (gcd(p - 1n, q - 1n) !== BigInt(divisor)) [p, q] = [q, prime()];
      const d = modInverse(e, ((p - 1n) * (q - 1n)) / gcd(p - 1n, q - 1n))!;
      const key = { n: p * q, e };
      expect(createExponentTest([key], 128).find(make.be(d, 128))).toBe(key);
    },
  );

  it('refuses noise, other keys, small numbers and wrong sizes', () => {
    for (let i = 0; i < 2000; i++) expect(test(make.bytes(128))).toBeUndefined();
    expect(test(make.be(make.rsa(1024).d, 128))).toBeUndefined();
    for (const byte of [0, 0xff]) expect(test(new Uint8Array(128).fill(byte))).toBeUndefined();
    for (const number of [1n, 3n, keys[0]!.p, keys[0]!.n]) expect(test(make.be(number, 128))).toBeUndefined();
    expect(test(make.be(keys[0]!.d, 129))).toBeUndefined();
    expect(test(new Uint8Array(0))).toBeUndefined();
  });
});

describe('createScalarTest', () => {
  it.each(['P-256', 'P-384', 'P-521', 'secp256k1'] as const)('finds the point of a scalar on %s', (curve) => {
    const keys = range(5).map(() => make.ec(curve));
    const test = createScalarTest(
      curve,
      keys.map(({ x, y }) => concat(Uint8Array.of(4), x, y)),
    );
    for (const [i, key] of keys.entries()) expect(test(key.d)).toBe(i);
    expect(test(make.ec(curve).d)).toBeUndefined();
    for (const byte of [0, 0xff]) expect(test(keys[0]!.d.map(() => byte))).toBeUndefined();
    expect(test(new Uint8Array(0))).toBeUndefined();
  });

  it('has an answer for a curve without arithmetic', () => {
    expect(createScalarTest('Curve25519', [make.bytes(65)])(make.bytes(32))).toBeUndefined();
  });
});

describe('createSeedTest', () => {
  it.each(['Ed25519', 'Ed448', 'X25519', 'X448'] as const)('finds the public key of a private key on %s', (curve) => {
    const keys = range(5).map(() => make.okp(curve));
    const test = createSeedTest(
      curve,
      keys.map(({ x }) => x),
    );
    for (const [i, key] of keys.entries()) expect(test(key.d)).toBe(i);
    expect(test(make.okp(curve).d)).toBeUndefined();
    expect(test(new Uint8Array(0))).toBeUndefined();
    expect(test(new Uint8Array(33))).toBeUndefined();
  });
});
