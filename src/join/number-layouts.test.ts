import { describe, expect, it } from 'vitest';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { areMarkedDigits, isWritten, NUMBER_LAYOUTS, type NumberLayout } from './number-layouts.ts';

const make = createMake('number-layouts');

describe.each(NUMBER_LAYOUTS.map((layout) => [layout.id, layout] as const))('%s', (id, layout: NumberLayout) => {
  it.each([32, 48, 64, 66, 128, 192, 256, 512])('reads numbers of %d bytes', (size) => {
    for (let i = 0; i < 20; i++) {
      const bytes = make.bytes(size);
      if (size === 66) bytes[0] = bytes[0]! & 1;
      const written = writeNumber(id, bytes);
      expect(written.length).toBe(layout.lengthOf(size));
      expect(layout.write(bytes)).toEqual(written);
      expect(layout.isOdd(written, 0, size)).toBe((bytes[size - 1]! & 1) === 1);
      expect(layout.mayBegin?.(written, 0)).not.toBe(false);
      const out = new Uint8Array(size);
      expect(layout.read(make.concat('junk1234', written, 'junk'), 8, out)).toBe(true);
      expect(out).toEqual(bytes);
    }
  });
});

describe('values beside words that say their types', () => {
  const layouts = NUMBER_LAYOUTS.filter(({ id }) => id.startsWith('wide-'));

  it.each(layouts.map((layout) => [layout.id, layout] as const))('%s, of which a byte is set', (id, layout) => {
    for (const size of [32, 66, 128]) {
      const bytes = make.bytes(size);
      bytes[0] = bytes[0]! & 1;
      const written = writeNumber(id, bytes);
      const typed = make.concat(written, make.bytes(8));
      for (let at = 8; at < typed.length; at += 16) typed.set([4, ...make.bytes(7)], at);
      const out = new Uint8Array(size);
      expect(layout.read(typed, 0, out)).toBe(true);
      expect(out).toEqual(bytes);
      expect(layout.mayBegin?.(typed, 0)).toBe(true);
      expect(isWritten(layout, typed.subarray(0, written.length), written)).toBe(true);
      typed[16] = typed[16]! ^ 1;
      expect(isWritten(layout, typed.subarray(0, written.length), written)).toBe(false);
      typed[24] = 5;
      expect(layout.mayBegin?.(typed, 0)).toBe(false);
    }
  });
});

describe('digits in boxes', () => {
  const bitsOf = (id: string): number => Number(/-digits-(\d+)$/.exec(id)?.[1]);
  const boxed = NUMBER_LAYOUTS.filter(({ mayBegin }) => mayBegin).map(({ id }) => id);

  it.each(boxed)('%s are none of more bits', (id) => {
    const written = writeNumber(id, make.bytes(48));
    const box = id.slice(0, -2);
    const begun = NUMBER_LAYOUTS.filter((layout) => layout.id.startsWith(box) && layout.mayBegin?.(written, 0));
    // One bit more is seen too rarely to be told by.
    expect(begun.map((layout) => bitsOf(layout.id) - bitsOf(id)).filter((more) => more < 0 || more > 1)).toEqual([]);
    expect(begun.map((layout) => layout.id)).toContain(id);
  });
});

describe('digits whose boxes are marked', () => {
  const ids = ['smi', 'compressed-smi', 'hermes', 'jsc', 'spidermonkey'].map((box) => `${box}-digits-28`);
  const areMarked = (bytes: Uint8Array) => areMarkedDigits(bytes, 0, bytes.length);

  it.each(ids)('%s are nothing else', (id) => {
    const bytes = writeNumber(id, make.bytes(48));
    expect(areMarked(bytes)).toBe(true);
    expect(areMarked(make.concat(bytes, make.bytes(8)))).toBe(true);
    expect(areMarked(make.concat(bytes, make.bytes(32)))).toBe(false);
    expect(areMarked(make.concat(make.bytes(32), bytes))).toBe(false);
  });

  it.each(NUMBER_LAYOUTS.filter(({ mayBegin }) => !mayBegin).map(({ id }) => id))('are no %s', (id) => {
    for (let i = 0; i < 100; i++) expect(areMarked(writeNumber(id, make.bytes(64)))).toBe(false);
  });
});

describe('digits', () => {
  const digits = NUMBER_LAYOUTS.filter(({ id }) => id.includes('digits'));

  it.each(digits.map((layout) => [layout.id, layout] as const))('of %s refuse noise', (_, layout) => {
    for (let i = 0; i < 200; i++) expect(layout.read(make.bytes(1024), 0, new Uint8Array(64))).toBe(false);
  });

  it('refuse a number that is longer than asked for', () => {
    const layout = NUMBER_LAYOUTS.find(({ id }) => id === 'cpython-digits')!;
    const bytes = new Uint8Array(34).fill(0xff);
    expect(layout.read(writeNumber('cpython-digits', bytes), 0, new Uint8Array(32))).toBe(false);
  });
});
