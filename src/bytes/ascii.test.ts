import { expect, it } from 'vitest';
import { decodeHex, hasWord, hexValue, holdsWord, isHex, isLetterOrDigit } from './ascii.ts';
import { latin1 } from './reader.ts';

it('knows letters and digits, and nothing beside them', () => {
  const all = Array.from({ length: 256 }, (_, i) => i).filter(isLetterOrDigit);
  expect(String.fromCharCode(...all)).toBe('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
  expect(isLetterOrDigit(undefined)).toBe(false);
});

it('reads hex of either case', () => {
  const digits = Array.from({ length: 256 }, (_, i) => i).filter((char) => hexValue(char) >= 0);
  expect(String.fromCharCode(...digits)).toBe('0123456789ABCDEFabcdef');
  expect(decodeHex(latin1('00fFA9'))).toEqual(Uint8Array.of(0, 255, 0xa9));
  expect([decodeHex(latin1('0')), decodeHex(latin1('0g'))]).toEqual([undefined, undefined]);
  expect([isHex(latin1('xABx'), 1, 3), isHex(latin1('xABx'), 1, 4)]).toEqual([true, false]);
});

it('finds words in either case, within bounds', () => {
  const text = latin1('My Pass_Word[');
  expect(hasWord(text, 3, 'pass_word')).toBe(true);
  expect([hasWord(text, -1, 'm'), hasWord(text, 12, 'd{'), hasWord(text, 12, '{')]).toEqual([false, false, false]);
  expect(holdsWord(text, 0, text.length, ['secret', 'word'])).toBe(true);
  expect(holdsWord(text, 0, 11, ['word'])).toBe(false);
  expect(holdsWord(text, 9, text.length, ['word'])).toBe(false);
  expect(holdsWord(text, 0, text.length, [])).toBe(false);
});
