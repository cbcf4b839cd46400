import { describe, expect, it } from 'vitest';
import { textEnd, textStart } from './text-extent.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const wide = (text: string): Uint8Array => Uint8Array.from(Array.from(text, (c) => [c.charCodeAt(0), 0]).flat());

describe('text', () => {
  it.each<[string, Uint8Array, number, number, number]>([
    ['ends at control characters', utf8('\u0001ab\tc\n\u0000d'), 2, 1, 6],
    ['holds UTF-8', utf8('\0aé€\u{1f600}b\0'), 1, 1, 12],
    ['ends where it is not UTF-8', Uint8Array.of(0xc3, 0x61, 0x62, 0xe2, 0x82, 0x63), 2, 1, 3],
    ['ends at a lone continuation byte', Uint8Array.of(0x61, 0x80, 0x61, 0x62, 0x80, 0x61), 3, 2, 4],
    ['ends with the bytes', utf8('abc'), 1, 0, 3],
  ])('%s', (_, bytes, at, start, end) => {
    expect(textStart(bytes, at, 0, 'bytes')).toBe(start);
    expect(textEnd(bytes, at, bytes.length, 'bytes')).toBe(end);
  });

  it('of two bytes a character ends at what is not ASCII', () => {
    const bytes = Uint8Array.from([0xe9, 0, ...wide('abc'), 0, 0, 0x61, 0]);
    expect(textStart(bytes, 4, 0, 'utf-16le')).toBe(2);
    expect(textEnd(bytes, 4, bytes.length, 'utf-16le')).toBe(8);
    expect(textStart(bytes.subarray(1), 3, 0, 'utf-16be')).toBe(3);
  });

  it('goes no further than asked', () => {
    const bytes = utf8('abcdefgh');
    expect(textStart(bytes, 5, 3, 'bytes')).toBe(3);
    expect(textEnd(bytes, 5, 6, 'bytes')).toBe(6);
    expect(textEnd(utf8('aé'), 0, 2, 'bytes')).toBe(1);
  });
});
