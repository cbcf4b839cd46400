import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { countCharacters, generatedBits, letterEvidence } from './random-text.ts';
import { latin1 } from './reader.ts';

const bits = (text: string) => generatedBits(latin1(text), 0, text.length);
const make = createMake('random text');
const DRAWS = 400;
const share = (draw: () => string): number => {
  let found = 0;
  for (let i = 0; i < DRAWS; i++) if (bits(draw()) > 0) found++;
  return found / DRAWS;
};

describe('generatedBits', () => {
  const lower = 'abcdefghijklmnopqrstuvwxyz0123456789';
  it.each([
    ['12 of 62', () => make.text(12), 0.7],
    ['16 of 62', () => make.text(16), 0.8],
    ['32 of 62', () => make.text(32), 0.97],
    ['32 bytes in base64', () => make.base64(make.bytes(32)), 0.99],
    ['32 bytes in base64url', () => make.base64url(make.bytes(32)), 0.99],
    ['16 bytes in hex', () => make.hex(make.bytes(16)), 0.99],
    ['32 of lower case and digits', () => make.text(32, lower), 0.85],
    ['16 with punctuation', () => make.text(16, `${lower}ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%*-_+`), 0.75],
  ])('finds %s', (_, draw, least) => {
    expect(share(draw)).toBeGreaterThan(least);
  });

  it('counts the bits of the alphabet', () => {
    expect(bits(make.hex(make.bytes(32)))).toBe(256);
    expect(bits(make.base64(make.bytes(32)))).toBeCloseTo(44 * Math.log2(70));
  });

  it.each([
    'correct-horse-battery-staple-1',
    'changeme123456',
    'com.example.service.PasswordEncoder2',
    '/run/secrets/kubernetes.io/token1',
    '2026-01-01T00:00:00Z',
    '1234567890123456',
    'aaaaaaaaaaaaaaaa1111',
    'process.env.DB_PASSWORD2',
    'deadbeef',
    '0000000000000000000000000000000a',
    'short1A',
    '',
  ])('leaves out %s', (text) => {
    expect(bits(text)).toBe(0);
  });
});

it('counts classes, and passes over what joins words', () => {
  expect(countCharacters(latin1('ab_C1'), 0, 5)).toEqual({
    upper: 1,
    lower: 2,
    digits: 1,
    symbols: 1,
    switches: 2,
    distinct: 5,
  });
  expect(countCharacters(latin1('a b'), 0, 3)).toBeUndefined();
});

it('weighs letters: words speak against chance, rare letters for it', () => {
  const evidence = (text: string) => letterEvidence(latin1(text), 0, text.length);
  expect(evidence('theinternationalization')).toBeLessThan(-10);
  expect(evidence('qzxjkvwqZXJ')).toBeGreaterThan(15);
  expect(evidence('0123+/=[]{}')).toBe(0);
});
