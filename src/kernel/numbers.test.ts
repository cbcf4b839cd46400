import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findRunsByBruteForce, type Run } from '../../test/support/number-runs.ts';
import { createKernel } from './create.ts';
import type { Kernel } from './kernel.ts';
import { NUMBER_REACH_BYTES, type NumberPhases } from './numbers.ts';
import { createPlan } from './plan.ts';
import { createRandom, type Random } from './train/sample.ts';

const PAGE = 4096;
const MARGIN = Math.ceil(NUMBER_REACH_BYTES / PAGE) * PAGE;
const PLAN = createPlan([], { leads: true });
const KERNELS = (['relaxed', 'plain', 'off'] as const).map((simd) =>
  createKernel(PLAN, { chunkBytes: 4 * PAGE, marginBytes: MARGIN, simd }),
);
const WINDOW = KERNELS[0]!.window.length;

function search(kernel: Kernel, data: Uint8Array, start: number, end: number, phases: NumberPhases): Run[] {
  kernel.window.fill(0xa5);
  kernel.window.set(data);
  const runs: Run[] = [];
  kernel.search(start, end, data.length, (_, at, length) => runs.push([at, length]), phases);
  return runs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** All kernels and the brute force agree; returns the runs. */
function agree(data: Uint8Array, start: number, end: number, phases: NumberPhases = 1): Run[] {
  const expected = findRunsByBruteForce(data, start, end, phases);
  for (const kernel of KERNELS) expect(search(kernel, data, start, end, phases), kernel.kind).toEqual(expected);
  return expected;
}

const bytesOf = (random: Random, length: number) => Uint8Array.from({ length }, () => random(256));
const wordOf = (value: bigint) => new Uint8Array(BigUint64Array.of(value).buffer);
/** `count` digits of `bits` bits in `slot` bytes. */
const digits = (random: Random, count: number, bits: number, slot: 4 | 8) => {
  const bytes = new Uint8Array(count * slot);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) {
    view.setUint32(i * slot, random(2 ** Math.min(32, bits)), true);
    if (bits > 32) view.setUint32(i * slot + 4, random(2 ** (bits - 32)), true);
  }
  return bytes;
};
/** How engines of JavaScript store a digit. */
const BOXES: readonly ((digit: number) => Uint8Array)[] = [
  (digit) => wordOf(BigInt(digit) << 32n),
  (digit) => wordOf(0xfffe_0000_0000_0000n + BigInt(digit)),
  (digit) => wordOf(0xfff8_8000_0000_0000n + BigInt(digit)),
  (digit) => new Uint8Array(Float64Array.of(digit).buffer),
  (digit) => new Uint8Array(Uint32Array.of(2 * digit).buffer),
  (digit) => new Uint8Array(Uint32Array.of(8 * digit + 4).buffer),
];
/** Values between words that say their types, of which a byte is set. */
const wideArray = (values: readonly Uint8Array[], type: () => Uint8Array) =>
  concat(...values.flatMap((value) => [type(), value]).slice(1));
/** Digits of `bits` bits in such words. */
const boxed = (random: Random, count: number, bits: number, box = BOXES[0]!) =>
  concat(...Array.from({ length: count }, () => box(random(2 ** bits))));
const javaArray = (length: number, data: Uint8Array) => [wordOf((BigInt(length) << 32n) | 0xf8001234n), data];
const concat = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** Numbers, what surrounds them, and what looks like them, at multiples of 8 unless `isLoose`. */
function randomData(seed: number, length: number, isLoose: boolean): Uint8Array {
  const random = createRandom(seed);
  const data = new Uint8Array(length);
  const small = () => wordOf(BigInt(random(3) * (random(300) + 1)));
  const sizes = [3, 4, 4, 5, 6, 8, 16, 17, 32, 64, 128];
  const number = () => bytesOf(random, 8 * sizes[random(sizes.length)]!);
  const pointer = () => wordOf(0x7f0000000000n + BigInt(random(2 ** 31)) * 8n);
  const makers: (() => readonly Uint8Array[])[] = [
    () => [small(), number()],
    () => [small(), number(), small()],
    () => [small(), number(), wordOf(BigInt(random(2 ** 31)))],
    () => [wordOf(2n ** 64n - 1n), number()],
    () => [new Uint8Array(random(7)), Uint8Array.of(random(20)), bytesOf(random, 32), Uint8Array.of(random(30), 0, 0)],
    () => [number()],
    () => [number(), new Uint8Array(8 * random(9)).fill(0x5c), number()],
    () => [number(), digits(random, random(7), 52, 8), small()],
    () => [pointer(), number(), pointer()],
    () => [small(), digits(random, 9 + random(60), 30, 4), new Uint8Array(4)],
    () => [small(), digits(random, 4 + random(30), 60, 8)],
    () => [small(), digits(random, 5 * random(2), 64, 8), digits(random, 4 + random(20), 52, 8), small()],
    () => {
      const box = BOXES[random(6)]!;
      return [box(random(90)), boxed(random, 6 + random(40), 22 + random(7), box), box(random(9))];
    },
    () => [number(), boxed(random, 9 + random(40), 28, BOXES[random(6)]), number()],
    () => {
      const [type, garbage] = [random(70), random(3)];
      const bits = 20 + random(13);
      const box = random(2) === 0 ? wordOf : BOXES[3]!;
      const values = Array.from({ length: 5 + random(30) }, () => {
        const digit = random(2 ** bits);
        return box === wordOf ? wordOf(BigInt(digit)) : BOXES[3]!(digit);
      });
      const types = () =>
        wordOf(BigInt((random(40) === 0 ? random(70) : type) + (random(3) < garbage ? random(2 ** 31) * 2 ** 8 : 0)));
      return [small(), wideArray(values, types), small(), wordOf(BigInt(random(5000)))];
    },
    () => [boxed(random, 6 + random(9), 26, BOXES[random(5)]), boxed(random, 6 + random(9), 26, BOXES[random(5)])],
    () => [boxed(random, 6 + random(9), 28 + random(4), BOXES[random(4)]), small()],
    () => javaArray(33, bytesOf(random, 33)),
    () => javaArray(random(3) + 31, bytesOf(random, 128)),
    () => javaArray(16, bytesOf(random, 128)),
    () => [Uint8Array.of(1, 2, 3, 0, 0, 0, 64, 8), bytesOf(random, 64), small()],
    () => [Uint8Array.of(1, 2, 3, 0, 0, 0, 64, 10 + random(2)), bytesOf(random, 256 + 256 * random(2)), small()],
    () => [Uint8Array.of(1, 0x80, 0xce, 0xfa, 0x97, 0x88, 0xf0, 7, 0x80, 1), bytesOf(random, 128)],
    () => [Uint8Array.of(1, 0x80, 0xce, 0xfa, 0x97, 0x88, 0xf0, 7, 16 * random(8)), bytesOf(random, 32), small()],
    () => Array.from({ length: random(20) }, pointer),
    () => [small(), Uint8Array.from({ length: 8 * random(40) }, () => 0x20 + random(0x5f))],
    () => [small(), Uint8Array.from({ length: 8 * random(40) }, (_, i) => (i % 4 === 3 ? 0xe1 : random(256)))],
    () => [small(), Uint8Array.from({ length: 8 * random(40) }, () => (random(4) === 0 ? 0 : random(256)))],
    () => [small(), Uint8Array.from({ length: 8 * random(40) }, () => 0x60 + random(0x40))],
    () => [new Uint8Array(8 * random(700))],
    () => [wordOf(0x4011n), bytesOf(random, 8 * (12 + random(700))), pointer(), pointer()],
    () => [small(), bytesOf(random, 8 * (4094 + random(5)))],
  ];
  for (let at = 0; at < length; ) {
    // Long runs, at the end of the list, are rare, so that the window holds other things as well.
    const part = concat(...makers[random(makers.length - (random(20) === 0 ? 0 : 2))]!());
    data.set(part.subarray(0, length - at), at);
    at += isLoose ? part.length + random(9) : Math.ceil(part.length / 8) * 8;
  }
  return data;
}

describe('number runs: kernels agree with the brute force', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('on random data (seed %i)', (seed) => {
    const random = createRandom(seed);
    const data = randomData(seed, WINDOW - random(2) * random(2 * PAGE), false);
    const whole = Math.floor(data.length / PAGE) * PAGE;
    expect(agree(data, 0, whole).length).toBeGreaterThan(20);
    agree(data, 2 * PAGE, 6 * PAGE);
    agree(data, 0, 3 * PAGE);
    agree(data, whole - 2 * PAGE, whole);
    agree(data, whole - PAGE, data.length);
    const cut = data.subarray(0, 5 * PAGE + random(PAGE));
    agree(cut, 4 * PAGE, cut.length);
  });

  it.each([11, 12, 13])('at all alignments (seed %i)', (seed) => {
    const data = randomData(seed, WINDOW, true);
    expect(agree(data, 0, Math.floor(WINDOW / PAGE) * PAGE, 'go').length).toBeGreaterThan(20);
    expect(agree(data, 0, Math.floor(WINDOW / PAGE) * PAGE, 'hprof').length).toBeGreaterThan(20);
    expect(agree(data, 0, Math.floor(WINDOW / PAGE) * PAGE, 2).length).toBeGreaterThan(20);
  });

  it.each([1, 3, 4, 6, 7])('where words begin %i bytes into the page', (shift) => {
    const data = randomData(31 + shift, WINDOW - shift, false);
    const shifted = concat(new Uint8Array(shift), data);
    const at = agree(data, PAGE, 5 * PAGE).map(([at, length]) => [at + shift, length]);
    expect(at.length).toBeGreaterThan(5);
    expect(agree(shifted, PAGE + shift, 5 * PAGE + shift)).toEqual(at);
  });

  it('on machine code', () => {
    const binary = readFileSync(process.execPath);
    for (const at of [0, 0.2, 0.4, 0.6, 0.8]) {
      const offset = Math.floor((binary.length * at) / PAGE) * PAGE;
      const piece = Uint8Array.from(binary.subarray(offset, offset + WINDOW));
      agree(piece, PAGE, 5 * PAGE);
      agree(piece, PAGE, 3 * PAGE, 'go');
      agree(piece, PAGE, 3 * PAGE, 'hprof');
      agree(piece, PAGE, 3 * PAGE, 2);
    }
  });

  it.each([0x00, 0x80, 0xff, 0x35])('on a window full of byte %i', (byte) => {
    expect(agree(new Uint8Array(WINDOW).fill(byte), PAGE, 5 * PAGE, 'go')).toEqual([]);
  });
});

describe('number runs', () => {
  const random = createRandom(21);
  const at = 2 * PAGE + 64;
  /** What is found around a number in the middle of zeros. */
  const found = (...parts: readonly Uint8Array[]) => {
    const data = new Uint8Array(8 * PAGE);
    data.set(concat(...parts), at - parts[0]!.length);
    return agree(data, 0, data.length);
  };

  it.each([32, 48, 56, 64, 72, 128, 192, 256, 384, 512, 1024])('are found when %d bytes long', (length) => {
    expect(found(wordOf(0n), bytesOf(random, length))).toEqual([[at, length]]);
    expect(found(wordOf(0x211n), bytesOf(random, length), wordOf(0x7f1234567890n))).toEqual([[at, length]]);
    expect(found(...javaArray(length, bytesOf(random, length)))).toEqual([[at, length]]);
  });

  it('are found once at every place around a chunk boundary', () => {
    const number = bytesOf(random, 64);
    for (let place = 3 * PAGE - 80; place <= 3 * PAGE + 16; place += 8) {
      const data = new Uint8Array(5 * PAGE);
      data.set(number, place);
      expect([...agree(data, 2 * PAGE, 3 * PAGE), ...agree(data, 3 * PAGE, 4 * PAGE)]).toEqual([[place, 64]]);
    }
  });

  it('take the last digit, or the top limb, along', () => {
    expect(found(wordOf(35n), digits(random, 35, 30, 4))).toEqual([[at, 144]]);
    expect(found(wordOf(0x51n), bytesOf(random, 64), wordOf(0x1abn))).toEqual([[at, 72]]);
  });

  it('take the coordinates along whose digits of 52 bits are too small for random words', () => {
    const scalar = bytesOf(random, 32);
    const coordinate = (...tops: readonly number[]) => {
      const bytes = digits(random, 5, 52, 8);
      for (const [i, top] of tops.entries()) new DataView(bytes.buffer).setUint32(8 * i + 4, top, true);
      return bytes;
    };
    const x = coordinate(0x9_2345, 0x8_3456, 0x7_4567, 0x6_5678, 0x5678);
    const y = coordinate(0x1234, 0x8_4567, 0x2345, 0x9_6789, 0x0abc);
    expect(found(wordOf(0x81n), concat(scalar, x, y), wordOf(0n))).toEqual([[at, 112]]);
    expect(found(wordOf(0x81n), concat(x, y), wordOf(1n))).toEqual([[at, 80]]);
    const small = coordinate(0x9_2345, 0x1234, 0x7_4567, 0x6_5678, 0x5678);
    expect(found(wordOf(0x81n), concat(scalar, small, y), wordOf(0n))).toEqual([[at, 112]]);
    // No more than a point has, and nothing behind a word that is no digit.
    expect(found(wordOf(0x81n), concat(x, y, y, y), wordOf(0n))).toEqual([[at, 32 + 80]]);
    scalar[31]! |= 0x80;
    // The first digit ends the run.
    const early = coordinate(0x1234, 0x8_4567, 0x7_4567, 0x6_5678, 0x5678);
    expect(found(wordOf(0x81n), concat(scalar, early, y), wordOf(0n))).toEqual([[at, 112]]);
    const addresses = concat(...Array.from({ length: 5 }, () => wordOf(0x7f12_3456_7890n)));
    expect(found(wordOf(0x81n), concat(scalar, addresses), wordOf(0n))).toEqual([[at, 32]]);
    expect(found(wordOf(0x81n), scalar, wordOf(0x7f12_3456_7890n))).toEqual([[at, 32]]);
  });

  it.each([0x5c5c_5c5c_5c5c_5c5cn, 0xa5a5_a5a5_a5a5_a5a5n, 0xdead_beef_dead_beefn])(
    'end where memory was filled: %i',
    (fill) => {
      const [first, number] = [bytesOf(random, 256), bytesOf(random, 56)];
      expect(found(wordOf(0n), first, concat(wordOf(fill), wordOf(fill)), number, wordOf(0n))).toEqual([
        [at, 256],
        [at + 272, 56],
      ]);
      expect(found(wordOf(0n), bytesOf(random, 56), wordOf(fill), number, wordOf(0n))).toEqual([[at, 120]]);
    },
  );

  it.each([
    ['V8', BOXES[0]!, 30],
    ['JavaScriptCore', BOXES[1]!, 30],
    ['SpiderMonkey', BOXES[2]!, 30],
    ['doubles', BOXES[3]!, 28],
  ])('are digits of JavaScript libraries, as %s', (_, box, most) => {
    const lengths = [10, 21, 37, 74, 147];
    for (const [bits, count] of [24, 26, 28, most].flatMap((bits) => lengths.map((count) => [bits, count] as const))) {
      const array = concat(...Array.from({ length: count }, () => box(random(2 ** bits - 4096) + 4096)));
      const next = wordOf(0x7f1234567891n);
      expect(found(concat(wordOf(0x3c4d_0000_0a31n), box(count)), array, next)).toEqual([[at, count * 8]]);
      expect(found(box(count + 1), array, box(3), next)).toEqual([[at, count * 8 + 8]]);
      expect(found(box(count + 9), array, box(0), box(0))).toEqual([[at, count * 8]]);
      // Digits of more bits, and small numbers.
      array.set(box(2 ** most), 56);
      if (count < 18) expect(found(box(count), array)).toEqual([]);
      const small = Array.from({ length: count }, () => box(70_000 + random(9) * 256));
      expect(found(box(count), concat(...small))).toEqual([]);
    }
  });

  it.each([
    ['V8', BOXES[4]!],
    ['Hermes', BOXES[5]!],
  ])('are digits in halves of words without what looks random beside them: %s', (_, box) => {
    // Tagged pointers to maps.
    const pointer = () => concat(Uint8Array.of(0x91 + 8 * random(8)), bytesOf(random, 2), Uint8Array.of(0x25));
    const array = concat(...Array.from({ length: 20 }, () => box(random(2 ** 26 - 4096) + 4096)));
    for (const phases of [1, 2] as const) {
      for (const shift of [0, 4]) {
        const data = new Uint8Array(8 * PAGE);
        const fields = concat(...Array.from({ length: 4 + shift / 4 }, pointer));
        data.set(concat(fields, array, pointer(), pointer(), pointer()), at - 16);
        // Hermes' digits of 26 bits could be V8's as well.
        const runs = new Set(agree(data, 0, data.length, phases).map((run) => run.join(' ')));
        expect([...runs]).toEqual([`${at + shift} ${array.length}`]);
      }
    }
  });

  it.each([
    ['integers', [24, 26, 28, 30, 31, 32], (digit: number) => wordOf(BigInt(digit))],
    ['doubles', [24, 26, 28], BOXES[3]!],
  ] as const)('are %s between words that say their types', (_, sizes, box) => {
    const garbage = () => wordOf(4n + (BigInt(random(2 ** 31)) << 32n));
    for (const bits of sizes) {
      for (const count of [8, 9, 10, 37]) {
        const values = Array.from({ length: count }, () => box(random(2 ** bits - 4096) + 4096));
        const length = count * 16 - 8;
        const stale = () => wordOf(3n + BigInt(box === BOXES[3] ? 0 : random(2 ** 16) * 2 ** 8));
        for (const type of [() => wordOf(0n), () => wordOf(19n), garbage, stale]) {
          const array = wideArray(values, type);
          expect(found(wordOf(0x91n), array, type(), wordOf(0n))).toEqual([[at, length]]);
          expect(found(concat(wordOf(0x91n), type()), array, wordOf(0x31n))).toEqual([[at, length]]);
          expect(found(wordOf(0x91n), wideArray([...values, box(200)], type), wordOf(0x31n))).toEqual([
            [at, length + 16],
          ]);
        }
      }
      const values = Array.from({ length: 9 }, () => box(random(2 ** bits - 4096) + 4096));
      expect(found(wordOf(0n), wideArray(values.slice(0, 7), garbage), wordOf(0n))).toEqual([]);
      expect(
        found(
          wordOf(0n),
          wideArray(values, () => wordOf(64n)),
          wordOf(0n),
        ),
      ).toEqual([]);
      let type = 0;
      expect(
        found(
          wordOf(0n),
          wideArray(values, () => wordOf(BigInt(type++))),
          wordOf(0n),
        ),
      ).toEqual([]);
    }
  });

  it('are the whole of a 16 KiB chunk', () => {
    const [first, second] = [bytesOf(random, 8000), bytesOf(random, 8376)];
    expect(found(wordOf(0x4015n), first, wordOf(0x123456789abcn), second)[0]).toEqual([at, 16_384]);
    expect(found(wordOf(0x3015n), first, wordOf(0x123456789abcn), second)[0]).toEqual([at, 8000]);
    const early = bytesOf(random, 128);
    expect(found(wordOf(0x4015n), early, wordOf(0x123456789abcn), first, second)[0]).toEqual([at, 16_384]);
  });

  it('end where the array ends whose length is stated', () => {
    const number = bytesOf(random, 64);
    const mark = wordOf(1n);
    for (const length of [64, 16, 8]) expect(found(...javaArray(length, number), mark)).toEqual([[at, 64]]);
    expect(found(...javaArray(17, number), wordOf(0x1234_5678n))).toEqual([[at, 68]]);
    expect(found(...javaArray(66, number), wordOf(0x1234n))).toEqual([[at, 66]]);
    expect(found(...javaArray(99, number), mark)).toEqual([[at, 72]]);
  });

  it('need a boundary only where the alignment is unknown', () => {
    const number = bytesOf(random, 64);
    const data = new Uint8Array(8 * PAGE);
    for (const before of [wordOf(0x7f1234567890n), wordOf(0x31n), wordOf(2n ** 64n - 1n)]) {
      data.set(concat(before, number, wordOf(0n)), at - 8);
      expect(agree(data, 0, data.length, 1)).toEqual([[at, 64]]);
      const runs = agree(data, 0, data.length, 'go').filter(([start]) => start === at);
      expect(runs).toEqual(before[7] === 0 && before[5] !== 0 ? [] : [[at, 64]]);
    }
  });

  it('are cut to the array in HPROF, wherever it lies', () => {
    for (let shift = 0; shift < 8; shift++) {
      const data = new Uint8Array(8 * PAGE);
      data.set([0x23, 0, 0, 0, 0, 0xfc, 0x1b, 0x35, 0x80, 0, 0, 0, 1, 0, 0, 0, 16, 10], at + shift - 18);
      data.set(bytesOf(random, 64), at + shift);
      data.set([0x21, 0, 0, 0, 0, 0xfc, 0x1b, 0x36, 0x10, 0, 0, 0, 1], at + shift + 64);
      expect(agree(data, 0, data.length, 'hprof')).toContainEqual([at + shift, 64]);
    }
  });

  it('are not seen a second time in HPROF by what its records look like at other alignments', () => {
    for (const id of [0x80, 0x88, 0x90, 0xa0]) {
      const data = new Uint8Array(8 * PAGE);
      // The last byte of the id, and that of the serial number, look like sizes of 128 to 256 bytes.
      data.set([0x23, 0, 0, 0, 0, 0xfc, 0x1b, 0x35, id, 0, 0, 0, 1, 0, 0, 0, 65, 10], at - 18);
      data.set(bytesOf(random, 260), at);
      data.set([0x21, 0, 0, 0, 0, 0xfc, 0x1b, 0x36, 0x10, 0, 0, 0, 1], at + 260);
      expect(agree(data, 0, data.length, 'hprof')).toEqual([[at, 260]]);
    }
  });

  it('are seen behind text whose words look random', () => {
    const point = bytesOf(random, 64);
    for (let i = 0; i < 64; i += 8) point[i]! |= 0x80;
    const text = Buffer.from('(private-key(ecc(curve NIST P-25', 'latin1');
    expect(found(wordOf(0n), concat(text, point))).toEqual([[at + 32, 64]]);
    expect(found(wordOf(0n), concat(bytesOf(random, 8), text, point))).toEqual([[at + 40, 64]]);
    expect(found(wordOf(0n), concat(text, point, text.subarray(8), point))).toEqual([[at + 32, 152]]);
  });

  it('are seen before what is left of text', () => {
    const scalar = bytesOf(random, 32);
    for (let i = 0; i < 32; i += 8) scalar[i]! |= 0x80;
    const text = Uint8Array.from({ length: 256 }, () => 0x61 + random(6));
    expect(found(wordOf(0n), concat(scalar, text))).toEqual([[at, 32]]);
  });

  it('are seen behind fields of WebAssembly', () => {
    // CPython's count of references, type, number of digits. With them, the number isn't varied enough.
    const header = concat(wordOf(0x30b534_00000001n), Uint8Array.of(0x48, 0, 0, 0));
    const number = Uint8Array.from({ length: 28 }, (_, i) => 37 * (i + 1));
    number.copyWithin(12, 0, 3);
    number.copyWithin(16, 4, 7);
    expect(found(wordOf(0n), concat(header, number))).toEqual([[at + 8, 32]]);
  });

  it('are seen between addresses of ARM64 with tags', () => {
    // Of some scalars, the run goes on over the addresses behind them.
    const scalar = bytesOf(createRandom(1), 32);
    for (let i = 0; i < 32; i += 8) scalar[i]! |= 0x80;
    // As Android's allocator tags them, the memory tagging extension, and authentication of pointers.
    for (const address of [0xb400_0073_1234_5670n, 0x0300_ffff_8c01_2340n, 0x002d_aaaa_cb8e_e620n]) {
      const fields = concat(...Array.from({ length: 4 }, (_, i) => wordOf(address + 0x1a40n * BigInt(i))));
      const [start, length] = found(wordOf(0x51n), concat(fields, scalar, fields))[0] ?? [0, 0];
      expect(start).toBeGreaterThan(at);
      expect(start).toBeLessThanOrEqual(at + fields.length);
      expect(start + length).toBe(at + fields.length + scalar.length);
    }
  });

  it('are seen behind long text', () => {
    const point = bytesOf(random, 64);
    for (let i = 0; i < 64; i += 8) point[i]! |= 0x80;
    const line = Buffer.from('(d #4C6974746C65656E6469616E20776F726473#)(e)(q ', 'latin1');
    const long = concat(...new Array<Uint8Array>(10).fill(line));
    expect(found(wordOf(0n), concat(long, point))).toEqual([[at + long.length, 64]]);
  });

  it('are seen in HPROF when they begin like a record of Go', () => {
    for (const word of [
      [1, 2, 3, 4, 0xde, 0x0d, 0xc0, 0x3d],
      [1, 2, 3, 4, 5, 0xde, 0x0d, 0x40],
    ]) {
      const data = new Uint8Array(8 * PAGE);
      data.set([0x23, 0, 0, 0, 0, 0xfc, 0x1b, 0x35, 0x80, 0, 0, 0, 1, 0, 0, 0, 32, 8], at - 18);
      data.set(bytesOf(random, 32), at);
      data.set(word, at);
      data.set([0x23, 0, 0, 0, 0, 0xfc, 0x1b, 0x36, 0x10, 0, 0, 0, 1], at + 32);
      expect(agree(data, 0, data.length, 'hprof')).toContainEqual([at, 32]);
    }
  });

  it('are cut to the object in a heap dump of Go', () => {
    for (const [header, length] of [
      [[0xf0, 7, 0x20], 32],
      [[0xf0, 7, 0x80, 2], 256],
      [[0xf0, 7, 0xa0, 2], 256],
    ] as const) {
      for (let shift = 0; shift < 8; shift++) {
        const data = new Uint8Array(8 * PAGE);
        data.set([1, 0x80, 0xce, 0xfa, 0x97, 0x88, ...header], at + shift - 6 - header.length);
        data.set(bytesOf(random, length), at + shift);
        expect(agree(data, 0, data.length, 'go')).toContainEqual([at + shift, length]);
      }
    }
  });

  it('are neither bulk data nor text', () => {
    expect(found(wordOf(0n), bytesOf(random, 8 * 2000))).toHaveLength(1);
    const bulk = new Uint8Array(20 * PAGE);
    bulk.set(bytesOf(random, 8 * 4097), PAGE);
    expect(agree(bulk, 0, 4 * PAGE).filter(([at]) => at === PAGE)).toEqual([]);
    const text = Uint8Array.from({ length: 64 }, () => 0x41 + random(26));
    expect(found(wordOf(0n), text)).toEqual([]);
  });

  const digitWords = (count: number, bits: number) =>
    Array.from({ length: count }, () => wordOf(BigInt(random(2 ** bits))));
  it.each<[string, () => Uint8Array]>([
    ['32-byte values', () => bytesOf(random, 32)],
    ['256-byte values', () => bytesOf(random, 256)],
    ['9 digits of 30 bits', () => digits(random, 9, 30, 4)],
    ['69 digits of 30 bits', () => digits(random, 69, 30, 4)],
    ['10 digits of 26 bits', () => boxed(random, 10, 26)],
    ['37 digits of 28 bits', () => boxed(random, 37, 28)],
    ['35 digits of 30 bits', () => boxed(random, 35, 30)],
    ['37 digits of 28 bits of Hermes', () => boxed(random, 37, 28, BOXES[5])],
    ['8 digits of 31 bits beside their types', () => wideArray(digitWords(8, 31), () => wordOf(4n))],
    ['8 digits of 32 bits beside their types', () => wideArray(digitWords(8, 32), () => wordOf(4n))],
    ['10 digits of 26 bits beside their types', () => wideArray(digitWords(10, 26), () => wordOf(0n))],
  ])('pass nearly all %s', (_, make) => {
    const kernel = KERNELS[0]!;
    const step = 512;
    let seen = 0;
    const rounds = 30;
    for (let round = 0; round < rounds; round++) {
      const data = new Uint8Array(WINDOW);
      for (let place = 8 * random(40); place < WINDOW - step; place += step) data.set(make(), place);
      seen += search(kernel, data, 0, WINDOW, 1).length;
    }
    const shots = rounds * Math.floor(WINDOW / step);
    expect(seen / shots).toBeGreaterThan(0.985);
  });
});
