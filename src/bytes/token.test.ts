import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { BASE62, beginsClean, endsClean, HEX, looksIssued, matchParts, partsLength } from './token.ts';

const ascii = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const drawn = (text: string, alphabet: string): boolean => {
  const bytes = ascii(text);
  return looksIssued(bytes, { start: 0, end: bytes.length, alphabet, any: false });
};

describe('matchParts', () => {
  it('takes each run as long as it can be', () => {
    const parts = ['ab-', [HEX, 2, 4], '.', [BASE62, 3]] as const;
    expect(partsLength(parts)).toEqual({ least: 9, most: 11 });
    expect(matchParts(ascii('ab-01f.xYz9'), 0, parts)?.end).toBe(10);
    expect(matchParts(ascii('ab-0.xYz'), 0, parts)).toBeUndefined();
    expect(matchParts(ascii('ab-01234.xYz'), 0, parts)).toBeUndefined();
    expect(matchParts(ascii('ab-01'), 0, parts)).toBeUndefined();
  });
});

describe('what stands around', () => {
  it.each(['"', '=', ' ', '\0', '/', '\\n', '%3D', '\\u003d'])('lets a token begin after %j', (before) => {
    expect(beginsClean(ascii(`${before}token`), before.length, 5)).toBe(true);
  });
  it.each(['a', 'Z', '0', '_', '-'])('lets none begin or end at %j', (char) => {
    expect(beginsClean(ascii(`${char}token`), 1, 5)).toBe(false);
    expect(endsClean(ascii(`token${char}`), 5)).toBe(false);
  });
  it('takes the length that serialisers write before a string', () => {
    expect(beginsClean(ascii(`A${'x'.repeat(65)}`), 1, 65)).toBe(true);
  });
});

describe('looksIssued', () => {
  it('takes random draws', () => {
    const make = createMake('issued');
    let refused = 0;
    for (let i = 0; i < 2000; i++) {
      if (!drawn(make.text(32), BASE62)) refused++;
      if (!drawn(make.text(40, HEX), HEX)) refused++;
    }
    expect(refused).toBeLessThan(16);
  });
  it.each([
    'x'.repeat(32),
    'EXAMPLEEXAMPLEEXAMPLEEXAMPLE1234',
    'abcdefghijklmnopqrstuvwxyz012345',
    'your_token_goes_here_and_nowhere',
    'thisIsTheNameOfSomethingImportant',
  ])('refuses %s', (text) => expect(drawn(text, BASE62)).toBe(false));
  it('refuses decimal numbers and repetitions for hex', () => {
    expect(drawn('1029384756102938475610293847561029384756', HEX)).toBe(false);
    expect(drawn('0'.repeat(40), HEX)).toBe(false);
  });
});
