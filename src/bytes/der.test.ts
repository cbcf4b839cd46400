import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { encodeElement, encodeInteger, readElement, readElements, readTag, sequenceHeaderBefore, TAG } from './der.ts';

const make = createMake('der');
const { der } = make;

describe('readElement', () => {
  it.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])('reads %i bytes of content', (length) => {
    const bytes = make.concat(der.oct(new Uint8Array(length)), Uint8Array.of(9));
    const start = bytes.length - 1 - length;
    expect(readElement(bytes, 0)).toEqual({ tag: TAG.OCTET_STRING, at: 0, start, end: start + length, cut: false });
  });

  it.each([
    ['no length', [0x30]],
    ['indefinite length', [0x30, 0x80, 0, 0]],
    ['four bytes of length', [0x30, 0x84, 0, 0, 0, 1, 0]],
    ['length cut off', [0x30, 0x82, 1]],
    ['a length of one byte in two', [0x30, 0x81, 0x10]],
    ['a length with a leading zero', [0x30, 0x82, 0x00, 0x90]],
    ['a tag of several bytes', [0x1f, 0x81, 0x01, 0x00]],
  ])('refuses: %s', (_, bytes) => {
    expect(readElement(Uint8Array.from(bytes), 0)).toBeUndefined();
  });

  it('refuses indexes outside of the bytes', () => {
    for (const at of [-1, 1, 2, 99]) expect(readElement(der.nul(), at)).toBeUndefined();
  });

  it('marks an element that the limit cuts', () => {
    expect(readElement(der.oct(make.bytes(10)), 0, 8)).toMatchObject({ start: 2, end: 8, cut: true });
  });
});

describe('readElements', () => {
  const three = make.concat(der.int(1), der.nul(), der.oct(make.bytes(4)));
  it('reads one after another', () => {
    expect(readElements(three, 0, three.length).map(({ tag }) => tag)).toEqual([
      TAG.INTEGER,
      TAG.NULL,
      TAG.OCTET_STRING,
    ]);
  });
  it('stops at the ceiling, at what is malformed, and after what is cut', () => {
    expect(readElements(three, 0, three.length, 2)).toHaveLength(2);
    expect(readElements(make.concat(der.nul(), Uint8Array.of(0x30, 0x80), der.nul()), 0, 6)).toHaveLength(1);
    expect(readElements(three, 0, three.length - 1).map(({ cut }) => cut)).toEqual([false, false, true]);
  });
});

it('reads a tag only', () => {
  expect(readTag(der.nul(), 0, TAG.NULL)).toBeDefined();
  expect(readTag(der.nul(), 0, TAG.OID)).toBeUndefined();
});

it.each([1, 127, 128, 255, 256, 65_536])('finds the SEQUENCE before its content of %i bytes', (length) => {
  const inner = der.oct(make.bytes(length));
  const bytes = make.concat(make.bytes(3), der.seq(inner));
  const content = bytes.length - inner.length;
  expect(sequenceHeaderBefore(bytes, content)).toBe(3);
  expect(sequenceHeaderBefore(bytes, content + 1)).toBe(-1);
});

it.each([0, 1, 127, 128, 255, 256, 70_000])('encodes %i bytes as the specification does', (length) => {
  const content = make.bytes(length);
  const [head, tail] = [content.slice(0, length >> 1), content.slice(length >> 1)];
  expect(encodeElement(TAG.OCTET_STRING, head, tail)).toEqual(der.oct(content));
});

it.each([0n, 1n, 127n, 128n, 255n, 256n, 1n << 64n])('encodes the INTEGER %i', (value) => {
  expect(encodeInteger(make.be(value))).toEqual(der.int(value));
});
