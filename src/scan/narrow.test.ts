import { describe, expect, it } from 'vitest';
import type { Encoding } from '../model/place.ts';
import { WIDTH, WideText } from './narrow.ts';

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

describe('narrow', () => {
  it.each(WIDE)('takes the text around a match: %s', (encoding) => {
    const width = WIDTH[encoding];
    const bytes = window('before KEY after', encoding, 16);
    const { bytes: narrow, at } = new WideText(bytes).narrow(all, 16 + 7 * width, encoding, 100, 100);
    expect(textOf(narrow)).toBe('before KEY after');
    expect(at).toBe(7);
  });

  it.each(WIDE)('stops at its reach and at the ends of the data: %s', (encoding) => {
    const width = WIDTH[encoding];
    const bytes = window('before KEY after', encoding, 16);
    const match = 16 + 7 * width;
    expect(textOf(new WideText(bytes).narrow(all, match, encoding, 2, 5).bytes)).toBe('e KEY a');
    const data = { start: 16 + 5 * width, end: 16 + 11 * width };
    expect(textOf(new WideText(bytes).narrow(data, match, encoding, 100, 100).bytes)).toBe('e KEY ');
  });

  it('ends at a NUL and at a character that is not ASCII', () => {
    const bytes = window('one\0KEY two\u00e9three', 'utf-16le', 0);
    const { bytes: narrow, at } = new WideText(bytes).narrow(all, 8, 'utf-16le', 100, 100);
    expect(textOf(narrow)).toBe('KEY two');
    expect(at).toBe(0);
  });
});

describe('text that was followed before', () => {
  it.each(WIDE)('gives the same answers as text that was not: %s', (encoding) => {
    const text = 'one KEY two\0three KEY four\u00e9 five KEY six seven KEY eight nine';
    const bytes = window(text.slice(0, 60), encoding, 3);
    const data = { start: 4, end: 250 };
    const known = new WideText(bytes);
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let i = 0; i < 2000; i++) {
      const at = 8 + random(230);
      if (random(2) === 0) {
        expect(known.isShadow(data, at, encoding)).toBe(new WideText(bytes).isShadow(data, at, encoding));
        continue;
      }
      const [before, after] = [random(30), random(30)];
      expect(known.narrow(data, at, encoding, before, after)).toEqual(
        new WideText(bytes).narrow(data, at, encoding, before, after),
      );
    }
    const next = { ...data };
    bytes.fill(0x99);
    expect(known.narrow(next, 8, encoding, 9, 9).bytes).toHaveLength(0);
  });
});

describe('isShadow', () => {
  /** Index of the match of `KEY` as each byte order would report it. */
  const matchAt = (start: number, width: number, little: boolean, reportedLittle: boolean): number =>
    start + 4 * width + (little === reportedLittle ? 0 : reportedLittle ? width - 1 : 1 - width);

  it('is not fooled by a character from another script after the text', () => {
    const bytes = window('one KEY two', 'utf-16le', 32);
    bytes.set([0x03, 0x26], 32 + 2 * 11); // U+2603 reads as a control character one byte earlier
    expect(new WideText(bytes).isShadow(all, 32 + 8, 'utf-16le')).toBe(false);
    expect(new WideText(bytes).isShadow(all, 32 + 7, 'utf-16be')).toBe(true);
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
      expect(new WideText(bytes).isShadow(all, matchAt(32, width, little, little), encoding)).toBe(false);
      expect(new WideText(bytes).isShadow(all, matchAt(32, width, little, !little), other)).toBe(true);
    }
  });
});
