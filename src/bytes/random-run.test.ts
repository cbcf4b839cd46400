import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { countCompany, endsText, isIsolated, NEIGHBOURHOOD, namesDigest } from './random-run.ts';
import { concat, latin1 } from './reader.ts';

const make = createMake('random run');
const value = make.base64(make.bytes(32));

/** The value behind `before` and in front of `after`. */
const isolated = (before: string, after: string): boolean => {
  const bytes = latin1(`${before}\0${value}\0${after}`);
  return isIsolated(bytes, before.length + 1, before.length + 1 + value.length);
};

describe('isIsolated', () => {
  it('takes words, code and short runs for no company', () => {
    expect(isolated('export function createPrivateKeyFromPassphrase2(', 'a1B2c3D4 /usr/lib/x86_64-linux-gnu')).toBe(
      true,
    );
  });

  it.each([
    ['another value', make.base64(make.bytes(32))],
    ['a digest', make.hex(make.bytes(20))],
    ['a constant in hex', 'F'.repeat(32)],
  ])('takes %s for company, on either side', (_, other) => {
    expect(isolated(other, '')).toBe(false);
    expect(isolated('', other)).toBe(false);
  });

  it('takes no copy of itself for company', () => {
    expect(isolated(value, value.slice(0, 30))).toBe(true);
  });

  it('looks no further than its neighbourhood', () => {
    const far = '\0'.repeat(NEIGHBOURHOOD);
    const other = make.base64(make.bytes(32));
    expect(isolated(other + far, far + other)).toBe(true);
  });
});

it('counts company up to a ceiling', () => {
  const others = Array.from({ length: 4 }, () => make.base64(make.bytes(24))).join(' ');
  const bytes = concat(latin1(`${value} `), latin1(others));
  expect(countCompany(bytes, 0, value.length, 512, 10)).toBe(4);
  expect(countCompany(bytes, 0, value.length, 512, 2)).toBe(2);
});

it('knows names of digests in the 64 bytes before', () => {
  const named = (text: string) => namesDigest(latin1(text), text.length);
  expect(named('"integrity": "')).toBe(true);
  expect(named('SHA256 of it: ')).toBe(true);
  expect(named('session: ')).toBe(false);
  expect(named(`sha256${' '.repeat(64)}`)).toBe(false);
});

it('ends text at line ends, binary and the end of the data', () => {
  expect([undefined, 0, 0x0a, 0x80].map(endsText)).toEqual([true, true, true, true]);
  expect([0x20, 0x22, 0x41].map(endsText)).toEqual([false, false, false]);
});
