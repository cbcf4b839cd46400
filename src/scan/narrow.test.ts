import { describe, expect, it } from 'vitest';
import type { Encoding } from '../model/place.ts';
import { isShadow, narrowText, WIDTH } from './narrow.ts';

type Wide = Exclude<Encoding, 'bytes'>;
const WIDE: readonly Wide[] = ['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'];

/** `text` in `encoding` at `at`, in 256 bytes of `fill`. */
function window(text: string, encoding: Wide, at: number, fill = 0x99): Uint8Array {
  const bytes = new Uint8Array(256).fill(fill);
  const width = WIDTH[encoding];
  for (let i = 0; i < text.length; i++) {
    bytes.fill(0, at + i * width, at + (i + 1) * width);
    bytes[at + i * width + (encoding.endsWith('le') ? 0 : width - 1)] = text.charCodeAt(i);
  }
  return bytes;
}

const all = { start: 0, end: 256 };
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

describe('narrowText', () => {
  it.each(WIDE)('takes the text around a match: %s', (encoding) => {
    const width = WIDTH[encoding];
    const bytes = window('before KEY after', encoding, 16);
    const { bytes: narrow, at } = narrowText(bytes, all, 16 + 7 * width, encoding, 100, 100);
    expect(textOf(narrow)).toBe('before KEY after');
    expect(at).toBe(7);
  });

  it.each(WIDE)('stops at its reach and at the ends of the data: %s', (encoding) => {
    const width = WIDTH[encoding];
    const bytes = window('before KEY after', encoding, 16);
    const match = 16 + 7 * width;
    expect(textOf(narrowText(bytes, all, match, encoding, 2, 5).bytes)).toBe('e KEY a');
    const data = { start: 16 + 5 * width, end: 16 + 11 * width };
    expect(textOf(narrowText(bytes, data, match, encoding, 100, 100).bytes)).toBe('e KEY ');
  });

  it('ends at a NUL and at a character that is not ASCII', () => {
    const bytes = window('one\0KEY two\u00e9three', 'utf-16le', 0);
    const { bytes: narrow, at } = narrowText(bytes, all, 8, 'utf-16le', 100, 100);
    expect(textOf(narrow)).toBe('KEY two');
    expect(at).toBe(0);
  });
});

describe('isShadow', () => {
  /** Index of the match of `KEY` as each byte order would report it. */
  const matchAt = (start: number, width: number, little: boolean, reportedLittle: boolean): number =>
    start + 4 * width + (little === reportedLittle ? 0 : reportedLittle ? width - 1 : 1 - width);

  it('is not fooled by a character from another script after the text', () => {
    const bytes = window('one KEY two', 'utf-16le', 32);
    bytes.set([0x03, 0x26], 32 + 2 * 11); // U+2603 reads as a control character one byte earlier
    expect(isShadow(bytes, all, 32 + 8, 'utf-16le')).toBe(false);
    expect(isShadow(bytes, all, 32 + 7, 'utf-16be')).toBe(true);
  });

  it.each([
    ['utf-16le', 'utf-16be'],
    ['utf-16be', 'utf-16le'],
    ['utf-32le', 'utf-32be'],
    ['utf-32be', 'utf-32le'],
  ] as const)('text in %s is not %s', (encoding, other) => {
    const width = WIDTH[encoding];
    for (const fill of [0x99, 0x00]) {
      const bytes = window('one KEY two', encoding, 32, fill);
      const little = encoding.endsWith('le');
      expect(isShadow(bytes, all, matchAt(32, width, little, little), encoding)).toBe(false);
      expect(isShadow(bytes, all, matchAt(32, width, little, !little), other)).toBe(true);
    }
  });
});
