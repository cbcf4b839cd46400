import { describe, expect, it } from 'vitest';
import {
  concat,
  hasBytes,
  hasText,
  indexOfText,
  lastIndexOfText,
  latin1,
  u16be,
  u16le,
  u32be,
  u32le,
} from './reader.ts';

const bytes = Uint8Array.of(0x81, 0x02, 0x83, 0x04, 0xf5);

describe('integers', () => {
  it.each([
    ['u16be', u16be, 0x8102, 2],
    ['u16le', u16le, 0x0281, 2],
    ['u32be', u32be, 0x81028304, 4],
    ['u32le', u32le, 0x04830281, 4],
  ])('%s', (_, read, value, size) => {
    expect(read(bytes, 0)).toBe(value);
    for (const at of [-1, bytes.length - size + 1, 99]) expect(read(bytes, at)).toBeUndefined();
    expect(read(bytes, bytes.length - size)).toBeGreaterThanOrEqual(0);
  });
});

describe('text', () => {
  const text = latin1('abcabcab');
  it.each([
    ['abc', 0, 8, 0, 3],
    ['abc', 1, 8, 3, 3],
    ['ab', 0, 8, 0, 6],
    ['ab', 0, 7, 0, 3],
    ['ab', 1, 4, -1, -1],
    ['abd', 0, 8, -1, -1],
    ['abc', 0, 99, 0, 3],
    ['abcabcabc', 0, 8, -1, -1],
    ['b', 7, 8, 7, 7],
    ['a', 8, 8, -1, -1],
  ])('%j in [%i, %i) is first at %i, last at %i', (part, from, to, first, last) => {
    expect(indexOfText(text, part, from, to)).toBe(first);
    expect(lastIndexOfText(text, part, from, to)).toBe(last);
  });

  it('is compared at an index', () => {
    expect(hasText(text, 3, 'abc')).toBe(true);
    expect(hasText(text, 6, 'abc')).toBe(false);
    expect(hasText(text, -1, 'a')).toBe(false);
    expect(hasBytes(text, 1, [0x62, 0x63])).toBe(true);
    expect(hasBytes(text, 7, [0x62, 0x63])).toBe(false);
  });
});

it('concatenates into memory of its own', () => {
  const joined = concat(bytes.subarray(1, 3), new Uint8Array(0), bytes.subarray(4));
  expect(joined).toEqual(Uint8Array.of(0x02, 0x83, 0xf5));
  expect(joined.buffer.byteLength).toBe(3);
});
