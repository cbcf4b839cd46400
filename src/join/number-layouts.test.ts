import { describe, expect, it } from 'vitest';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { NUMBER_LAYOUTS, type NumberLayout } from './number-layouts.ts';

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
