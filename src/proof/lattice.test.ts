import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { pack, samplePolynomial, unpack } from './lattice.ts';

const make = createMake('lattice');

describe('samplePolynomial', () => {
  it('takes a longer output when nearly all is rejected', () => {
    const seed = make.bytes(32);
    const stream = createHash('shake128', { outputLength: 1 << 16 })
      .update(seed)
      .digest();
    const accepted = [...stream].filter((value) => value < 5).slice(0, 256);
    const polynomial = samplePolynomial('shake128', 8, (value) => (value < 5 ? value : undefined), seed);
    expect([...polynomial]).toEqual(accepted);
  });
});

describe('pack', () => {
  it.each([3, 4, 10, 12, 13, 24])('gives back what was unpacked: %i bits', (bits) => {
    const bytes = make.bytes(32 * bits);
    const values = unpack(bytes, bits);
    expect(values).toHaveLength(256);
    expect(pack(values, bits)).toEqual(bytes);
  });
});
