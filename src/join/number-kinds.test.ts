import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { createWindow } from './join.ts';
import { byRarity, kindOf, readIntegers, readOctets, splitBulk, thinKinds } from './number-kinds.ts';
import { BIG_ENDIAN, JAVA_INTS, LITTLE_ENDIAN, NUMBER_LAYOUTS } from './number-layouts.ts';

const NO_ARRAYS = { integers: [], octets: [] };

const make = createMake('number-kinds');
const windowOf = (before: number, length: number, start: number) => {
  const around = new Uint8Array(16 + length + 16);
  around.set(make.bytes(length), 16);
  around[8] = before;
  return createWindow({ kind: 'number', encoding: 'bytes', start, end: start + length }, around, 16);
};

describe('number kinds', () => {
  it('are told by the word before and the length', () => {
    const kind = (before: number, length: number): number => kindOf(windowOf(before, length, 0).around, 16, length);
    expect(kind(8, 32)).toBe(kind(8, 32));
    expect(new Set([kind(8, 32), kind(9, 32), kind(8, 40)]).size).toBe(3);
  });

  it('keeps all that are rare, and about equally many of the others', () => {
    const kinds = [...Array(1000).fill(1), ...Array(800).fill(2), 3, 3, 4];
    expect(thinKinds(kinds, 1000)).toEqual(
      new Map([
        [1, 2],
        [2, 2],
      ]),
    );
    expect(thinKinds([1, 2, 3, 4], 3)).toBeUndefined();
    expect(thinKinds([], 0)).toBeUndefined();
  });

  it('tells bulk from the rest, in order', () => {
    const bulk = Array.from({ length: 12_000 }, (_, i) => windowOf(7, 32, 100 * i));
    const rare = Array.from({ length: 50 }, (_, i) => windowOf(0x31, 32, 5000 * i + 50));
    const all = [...bulk, ...rare].sort((a, b) => a.lead.start - b.lead.start);
    expect(splitBulk(all)).toEqual({ rare, bulk, arrays: NO_ARRAYS });
    expect(splitBulk(rare)).toEqual({ rare, bulk: [], arrays: NO_ARRAYS });
  });

  it('puts rare kinds first, and what has no header last', () => {
    const many = Array.from({ length: 50 }, (_, i) => windowOf(7, 64, 100 * i));
    const without = Array.from({ length: 60 }, (_, i) => {
      const window = windowOf(i, 64, 100 * i + 7);
      window.around.set(make.bytes(4), 12);
      return window;
    });
    const few = [windowOf(9, 64, 5), windowOf(0x51, 64, 2005), windowOf(0x51, 64, 9005)];
    const all = [...many, ...without, ...few].sort((a, b) => a.lead.start - b.lead.start);
    expect(byRarity(all)).toEqual([...few, ...many, ...without]);
  });

  it('knows arrays of digits by their count, where there are many', () => {
    // Of ints; of a BigInt of V8, whose highest digit is small.
    for (const [word, length] of [
      [8, 32],
      [18, 64],
    ] as const) {
      const integers = Array.from({ length: 300 }, (_, i) => windowOf(word, length, 100 * i));
      expect(splitBulk(integers)).toEqual({ rare: [], bulk: [], arrays: { integers, octets: [] } });
      const few = integers.slice(0, 200);
      expect(splitBulk(few)).toEqual({ rare: few, bulk: [], arrays: NO_ARRAYS });
    }
    // An allocation header.
    const allocations = Array.from({ length: 300 }, (_, i) => windowOf(0x31, 32, 100 * i));
    expect(splitBulk(allocations).arrays).toEqual(NO_ARRAYS);
  });

  it('reads integers that have as many digits, BigInts of V8 as limbs only', () => {
    const read = (map: number, word: number, length: number, size: number, count32 = 0): number => {
      const windows = Array.from({ length: 300 }, (_, i) => {
        const window = windowOf(word, length, 100 * i);
        window.around[0] = map;
        window.around[12] = count32;
        return window;
      });
      let count = 0;
      for (const _ of readIntegers(splitBulk(windows).arrays, size, () => count++, {}));
      return count;
    };
    expect(read(0x41, 8, 32, 32)).toBe(300);
    // Also as `int[]` of Java, whose most significant digit comes first.
    expect(read(0x40, 8, 32, 32)).toBeGreaterThan(599);
    // Behind an odd mark word, a class and a count.
    expect(read(0x01, 0x38, 32, 32, 8)).toBeGreaterThan(599);
    // A digit to spare, and one too many.
    expect(read(0x40, 9, 32, 32)).toBeGreaterThan(299);
    expect(read(0x41, 10, 40, 32)).toBe(0);
    expect(read(0x41, 16, 64, 32)).toBe(0);
  });

  it('reads arrays in heap dumps of Java as they lie and, turned round, as all else', () => {
    const numbers = Array.from({ length: 300 }, () => make.bytes(32));
    const read = (wordBytes?: 4): (readonly [number: string, layout: string])[] => {
      const windows = numbers.map((number, i) => {
        const around = make.concat(new Uint8Array(11), Uint8Array.of(0, 0, 0, 8, 10), number, new Uint8Array(16));
        const window = createWindow(
          { kind: 'number', encoding: 'bytes', start: 100 * i, end: 100 * i + 32 },
          around,
          16,
        );
        return wordBytes ? { ...window, wordBytes } : window;
      });
      const found: (readonly [string, string])[] = [];
      const { arrays } = splitBulk(windows);
      for (const _ of readIntegers(
        arrays,
        32,
        (bytes, _s, _f, { layout }) => found.push([bytes.join(), layout.id]),
        {},
      ));
      return found;
    };
    // Beside the numbers themselves, what happens to lie behind a byte that looks like its length.
    const asTheyLie = new Set(read().map(([number]) => number));
    expect(numbers.filter((number) => !asTheyLie.has(number.join()))).toEqual([]);
    expect(new Set(read().map(([, id]) => id))).toEqual(new Set([BIG_ENDIAN.id]));
    const turned = read(4).filter(([, id]) => id === LITTLE_ENDIAN.id);
    expect(turned).toEqual(numbers.map((number) => [number.toReversed().join(), LITTLE_ENDIAN.id]));
    expect(read(4).some(([, id]) => id === BIG_ENDIAN.id || id === JAVA_INTS.id)).toBe(false);
  });

  it.each(['mit-scheme-digits', 'pypy-digits', 'cpython-digits', 'tommath-digits', 'int-digits-26'])(
    'reads integers in digits that do not fill their slots: %s',
    (id) => {
      const layout = NUMBER_LAYOUTS.find((one) => one.id === id)!;
      for (const [size, spare] of [32, 48, 256].flatMap((size) => [0, 1].map((spare) => [size, spare] as const))) {
        const numbers = Array.from({ length: 300 }, () => make.bytes(size));
        const windows = numbers.map((number) => {
          const written = layout.write(number);
          const elementBytes = layout.step === 4 || id === 'int-digits-26' ? 4 : 8;
          // The highest digit is no random word, or there is one to spare.
          const run = elementBytes === 8 ? written.length - (spare ? 0 : 8) : written.length & ~7;
          const window = windowOf(0, run, 0);
          const around = new Uint8Array(16 + written.length + 16);
          around.set(written, 16);
          around[8] = written.length / elementBytes + spare;
          return createWindow(window.lead, around, 16);
        });
        const found = new Set<string>();
        for (const _ of readIntegers(splitBulk(windows).arrays, size, (number) => found.add(number.join()), {}));
        expect(numbers.filter((number) => found.has(number.join())).length).toBe(300);
      }
    },
  );

  it('reads arrays of bytes, behind lengths, and both of two, but not in blocks', () => {
    const read = (count: number, size: number, write?: (bytes: Uint8Array) => void): number[] => {
      const windows = Array.from({ length: 300 }, () => {
        const window = windowOf(count, count, 0);
        // Random bytes must not happen to be what is meant by others.
        window.bytes.fill(0x80);
        write?.(window.bytes);
        return window;
      });
      const { arrays } = splitBulk(windows);
      expect(arrays.octets.length).toBe(300);
      const starts = new Set<number>();
      for (const _ of readOctets(arrays, size, (_number, start) => starts.add(start), {}));
      return [...starts].sort((a, b) => a - b);
    };
    expect(read(32, 32)).toEqual([0]);
    expect(read(64, 32)).toEqual([0, 32]);
    // The sign of a big-endian number.
    expect(read(33, 32, (bytes) => (bytes[0] = 0))).toEqual([0, 1]);
    expect(read(48, 32)).toEqual([]);
    // A byte string of CBOR.
    expect(read(112, 32, (bytes) => bytes.set([0x58, 32], 40))).toEqual([42]);
    expect(read(32, 48)).toEqual([]);
  });
});
