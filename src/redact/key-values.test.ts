import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { expect, it } from 'vitest';
import { LAYOUTS, writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { mlDsaShortVectors } from '../proof/ml-dsa.ts';
import { spellKey } from './key-values.ts';

const make = createMake('redact/key-values');

it.each([
  ['ML-DSA-44', ml_dsa44, 8],
  ['ML-DSA-65', ml_dsa65, 11],
  ['ML-DSA-87', ml_dsa87, 15],
] as const)(
  'spells the short vectors of %s, whether the seed or the expanded key is known',
  (algorithm, noble, count) => {
    const seed = make.bytes(32);
    const expanded = new Uint8Array(noble.keygen(seed).secretKey);
    const traits = { algorithm, form: 'expanded', proof: 'd*G=Q' } as const;
    const vectors = (secret: Uint8Array) => [...spellKey(traits, secret)].filter(({ least }) => least === 1024);
    expect(vectors(seed)).toHaveLength(count);
    expect(vectors(seed)).toEqual(vectors(expanded));
    expect(mlDsaShortVectors(algorithm, seed)).toEqual(mlDsaShortVectors(algorithm, expanded));
    // Small numbers, and such below q.
    const words = new Uint32Array(vectors(seed)[0]!.bytes.slice().buffer);
    expect([...words].every((word) => word <= 4 || word > 8_380_412)).toBe(true);
    expect([...spellKey(traits, seed)][0]).toMatchObject({ bytes: seed, form: 'seed' });
    expect(() => mlDsaShortVectors(algorithm, seed.subarray(1))).toThrow(RangeError);
  },
);

it.each(LAYOUTS)('spells x of a DSA key as %s', (layout) => {
  const x = make.bytes(32);
  x[0]! |= 0x80;
  const traits = { algorithm: 'DSA', bits: 2048, form: 'scalar', proof: 'd*G=Q' } as const;
  const written = writeNumber(layout, x);
  const spellings = [...spellKey(traits, x)].map(({ bytes }) => Buffer.from(bytes));
  // In slots beside a type, or whose last one is shorter, the number ends earlier.
  expect(spellings.some((bytes) => bytes.subarray(0, 32).equals(written.subarray(0, 32)))).toBe(true);
});
