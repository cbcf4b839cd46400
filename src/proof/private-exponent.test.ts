import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { bigintFromBe } from '../bytes/limbs.ts';
import { modInverse } from './modular.ts';
import { createPrivateExponentTest } from './private-exponent.ts';

describe('createPrivateExponentTest', () => {
  const make = createMake('private-exponent');

  it.each([512, 768, 1024, 2048, 3072])('accepts d modulo lambda and modulo phi, %d bits', (bits) => {
    const { n, e, d, p, q } = make.rsa(bits);
    const isExponent = createPrivateExponentTest(n);
    expect(isExponent(d)).toBe(true);
    expect(isExponent(modInverse(e, (p - 1n) * (q - 1n))!)).toBe(true);
  });

  it.each([3n, 17n, 35n, 37n, 257n])('accepts d for e = %d', (e) => {
    for (;;) {
      const { n, p, q } = make.rsa(1024);
      const d = modInverse(e, (p - 1n) * (q - 1n));
      if (d === undefined) continue;
      expect(createPrivateExponentTest(n)(d)).toBe(true);
      return;
    }
  });

  it('refuses other numbers of the same size, and other keys', () => {
    const key = make.rsa(1024);
    const isExponent = createPrivateExponentTest(key.n);
    for (let i = 0; i < 2000; i++) expect(isExponent(bigintFromBe(make.bytes(128)))).toBe(false);
    expect(isExponent(make.rsa(1024).d)).toBe(false);
    expect(isExponent(key.d + (1n << 900n))).toBe(false);
  });

  it('refuses what is left of the modulus', () => {
    for (const bits of [1024, 2048]) {
      const { n } = make.rsa(bits);
      const isExponent = createPrivateExponentTest(n);
      // Its lowest half overwritten, and halves of it.
      for (const rest of [n - (1n << BigInt(bits / 2)), n >> 1n, n >> 8n, n - 2n]) expect(isExponent(rest)).toBe(false);
    }
  });

  it('has an answer for a modulus that is none', () => {
    expect(createPrivateExponentTest(0n)(5n)).toBeTypeOf('boolean');
    expect(createPrivateExponentTest(1n)(1n << 600n)).toBeTypeOf('boolean');
  });
});
