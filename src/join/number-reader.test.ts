import { describe, expect, it } from 'vitest';
import { writeNumber } from '../../corpus/encode/numbers.ts';
import { createMake } from '../../corpus/make.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { BIG_ENDIAN, LITTLE_ENDIAN, NUMBER_LAYOUTS } from './number-layouts.ts';
import { FIT, type Fit, type PackedOptions, type ReadingOptions, readNumbers, readPacked } from './number-reader.ts';

const make = createMake('number-reader');
const START = 0x1000;
const SIZE = 32;

/** A lead of these bytes, with `before` and `after` around it. */
function windowOf(bytes: Uint8Array, before = make.le(0x31n, 16), after = make.le(0n, 16), start = START): LeadWindow {
  return createWindow(
    { kind: 'number', encoding: 'bytes', start, end: start + bytes.length },
    make.concat(before, bytes, after),
    before.length,
  );
}

interface Read {
  readonly hex: string;
  readonly start: number;
  readonly fit: Fit;
}

function read(window: LeadWindow, options: ReadingOptions = {}, size = SIZE): Read[] {
  const found: Read[] = [];
  const steps = readNumbers(
    [window],
    size,
    (number, start, fit) => found.push({ hex: make.hex(number), start, fit }),
    options,
  );
  while (steps.next().done !== true);
  return found;
}

/** How the number with these big-endian bytes was read. */
const readsOf = (reads: readonly Read[], number: Uint8Array): Read[] =>
  reads.filter(({ hex }) => hex === make.hex(number));

/** Before an array of so many ints, as Java lays it out. */
const javaHeader = (ints: number): Uint8Array => make.concat(make.le(1n, 12), make.le(BigInt(ints), 4));
const POINTER = make.concat(make.le(0n, 8), make.le(0x7f12_3456_7890n, 8));

describe('readNumbers', () => {
  const number = make.bytes(SIZE);

  it.each(NUMBER_LAYOUTS.map(({ id }) => id))('reads a number that fills its run as %s', (layout) => {
    const bytes = writeNumber(layout, number);
    const found = readsOf(read(windowOf(bytes, javaHeader(bytes.length / 4))), number);
    expect(found[0]).toEqual({ hex: make.hex(number), start: START, fit: FIT.filling });
  });

  it('reads a number among others of its size', () => {
    const packed = make.concat(make.bytes(5 * SIZE), number, make.bytes(3 * SIZE));
    const options = { maxBlockBytes: 4 * SIZE, fit: FIT.end };
    const found = read(windowOf(packed), { ...options, packedBytes: packed.length });
    expect(readsOf(found, number)).toMatchObject([{ start: START + 5 * SIZE, fit: FIT.end }]);
    expect(readsOf(read(windowOf(packed), { ...options, packedBytes: packed.length - 1 }), number)).toEqual([]);
  });

  it('reads numbers among others of their size from the end, where the run begins with something else', () => {
    const packed = make.concat(make.bytes(SIZE / 2), make.bytes(5 * SIZE), number, make.bytes(3 * SIZE));
    const found = read(windowOf(packed), { maxBlockBytes: 4 * SIZE, fit: FIT.end, packedBytes: packed.length });
    expect(readsOf(found, number)).toMatchObject([{ start: START + 5.5 * SIZE, fit: FIT.end }]);
  });

  it.each([
    ['behind zeros', new Uint8Array(6), [make.bytes(2 * SIZE), number, make.ascii('hi')], 2 * SIZE],
    [
      'behind fields that look random',
      Uint8Array.of(1, 0, 0, 0, 0xad, 0x3b, 0x9c, 0xaa, 5),
      [make.bytes(SIZE), number],
      SIZE,
    ],
  ])('reads arrays of bytes one behind the other, %s', (_, field, arrays, distance) => {
    const bytes = make.concat(field, ...arrays, new Uint8Array(24));
    // As the kernel sees them: the words that look random, and a last one that is short.
    const first = field.length < 8 ? 8 : 0;
    const end =
      first === 8 ? 8 * Math.floor((field.length + 3 * SIZE) / 8) : 8 * Math.ceil((field.length + 2 * SIZE) / 8);
    const before = make.concat(make.le(0n, 16), bytes.subarray(0, first)).slice(-16);
    const window = windowOf(bytes.slice(first, end), before, bytes.slice(end, end + 16));
    const options = { unaligned: true, looseBlockBytes: 192, fit: FIT.end } as const;
    const start = START - first + field.length + distance;
    expect(readsOf(read(window, options), number)).toMatchObject([{ start, fit: FIT.end }]);
    expect(readsOf(read(window, { ...options, looseBlockBytes: 64 }), number)).toEqual([]);
  });

  it('reads numbers behind a fingerprint of four bytes', () => {
    const bytes = make.concat(make.bytes(4), make.bytes(SIZE), number, make.bytes(28));
    const options = { unaligned: true, looseBlockBytes: 192, blockStep: 8 } as const;
    expect(readsOf(read(windowOf(bytes), options), number)).toMatchObject([
      { start: START + 4 + SIZE, fit: FIT.block },
    ]);
  });

  it('reads a number that ends an array of ints, byte by byte', () => {
    const top = make.concat(Uint8Array.of(1), make.bytes(65));
    const found = readsOf(read(windowOf(make.concat(new Uint8Array(2), top)), { fit: FIT.start }, 66), top);
    expect(found).toEqual([{ hex: make.hex(top), start: START + 2, fit: FIT.filling }]);
  });

  it('reads arrays of ints behind their length only', () => {
    const bytes = writeNumber('java-ints', number);
    expect(readsOf(read(windowOf(bytes)), number)).toEqual([]);
    expect(readsOf(read(windowOf(bytes, javaHeader(40))), number)).toEqual([]);
    const padded = make.concat(make.bytes(8), make.le(BigInt(bytes.length / 4), 8));
    expect(readsOf(read(windowOf(bytes, padded)), number)).toMatchObject([{ start: START, fit: FIT.filling }]);
  });

  it.each([
    ['Chez Scheme', 8, make.le(BigInt((SIZE / 4) << 6) | 6n, 8)],
    ['CLISP', 4, make.le(BigInt((SIZE / 4) << 16) | 0x1an, 4)],
    ['CLISP, below a sign', 8, make.concat(make.le(BigInt((SIZE / 4 + 1) << 16) | 0x1an, 4), new Uint8Array(4))],
    ['Ada', 4, make.le(BigInt(SIZE / 4), 4)],
  ])('reads arrays of ints behind the header of %s', (_, headerBytes, header) => {
    const bytes = make.concat(make.le(0n, 16), header, writeNumber('java-ints', number), make.le(0n, 28));
    const at = 16 + headerBytes;
    // Words lie at multiples of 8: the header, where it is half of one, belongs to the run or doesn't.
    for (const from of [Math.floor(at / 8) * 8, Math.ceil(at / 8) * 8]) {
      const lead = { kind: 'number', encoding: 'bytes', start: START + from, end: START + at + SIZE } as const;
      const window = createWindow(lead, bytes, from);
      expect(readsOf(read(window), number)).toContainEqual({
        hex: make.hex(number),
        start: START + at,
        fit: FIT.filling,
      });
    }
  });

  it.each([
    ['ob_size', 1n],
    ['lv_tag', 8n],
  ])('reads digits of CPython in WebAssembly, which share words with the fields before them: %s', (_, unit) => {
    const bytes = writeNumber('cpython-digits', number);
    const fields = [1n, 0x30b534n, (BigInt(bytes.length) / 4n) * unit].map((field) => make.le(field, 4));
    const object = make.concat(...fields, bytes);
    // As the kernel sees it: whole words.
    const window = windowOf(object.slice(0, 40), make.bytes(16), object.slice(40));
    expect(readsOf(read(window, { fit: FIT.filling }), number)).toEqual([
      { hex: make.hex(number), start: START + 12, fit: FIT.filling },
    ]);
    const uncounted = make.concat(...fields.slice(0, 2), make.le(0x51n, 4), bytes);
    const other = windowOf(uncounted.slice(0, 40), make.bytes(16), uncounted.slice(40));
    expect(readsOf(read(other, { fit: FIT.filling }), number)).toEqual([]);
  });

  it('reads the first and the last number of a longer run', () => {
    const last = make.bytes(SIZE);
    const found = read(windowOf(make.concat(number, make.bytes(24), last)), { layouts: [BIG_ENDIAN] });
    expect(readsOf(found, number)).toMatchObject([{ start: START, fit: FIT.start }]);
    expect(readsOf(found, last)).toMatchObject([{ start: START + SIZE + 24, fit: FIT.end }]);
  });

  it('reads a number between two words, between small bytes', () => {
    const options = { layouts: [BIG_ENDIAN], unaligned: true } as const;
    for (const shift of [1, 3, 7]) {
      // The run is as long as a number, and holds all of this one but its last bytes.
      const bytes = make.concat(make.le(2n, shift), number, make.le(0n, 16)).slice(0, SIZE);
      const after = make.concat(number.slice(SIZE - shift), new Uint8Array(16 - shift));
      expect(readsOf(read(windowOf(bytes, undefined, after), options), number)).toMatchObject([
        { start: START + shift, fit: FIT.filling },
      ]);
      expect(readsOf(read(windowOf(bytes, undefined, make.bytes(16)), options), number)).toEqual([]);
    }
  });

  it('reads a number that ends with a zero between two words, behind a small byte that is none', () => {
    const even = number.slice();
    even.fill(0, SIZE - 1);
    const run = make.concat(make.le(32n, 4), Uint8Array.of(2), even.slice(0, SIZE - 5));
    const after = make.concat(even.slice(SIZE - 5), new Uint8Array(11));
    const found = read(windowOf(run, undefined, after), { layouts: [BIG_ENDIAN], unaligned: true });
    expect(readsOf(found, even)).toMatchObject([{ start: START + 5, fit: FIT.filling }]);
  });

  it('reads past a word that looks random but belongs to something else', () => {
    for (const skip of [4, 8]) {
      const found = read(windowOf(make.concat(make.bytes(skip), number), POINTER));
      expect(readsOf(found, number).map(({ start }) => start)).toContain(START + skip);
    }
  });

  it('reads a number between a field and small fields, beside words that look random', () => {
    const options = { layouts: [BIG_ENDIAN], unaligned: true } as const;
    const run = make.concat(make.le(32n, 4), number, make.le(3n, 2), make.bytes(10));
    for (const after of [0, 8, 16]) {
      const places = readsOf(read(windowOf(make.concat(run, make.bytes(after)).slice(0, 40 + after)), options), number);
      expect(places).toContainEqual({ hex: make.hex(number), start: START + 4, fit: FIT.filling });
    }
  });

  it.each([
    ['behind text', make.ascii('private='), make.le(0x636261n, 8), FIT.filling],
    ['between texts', make.ascii('a key for signing, encoded: here'), make.ascii('and another text'), FIT.start],
    ['before text', make.bytes(8), make.ascii('other text'), FIT.end],
    ['between words', make.bytes(16), make.bytes(8), FIT.end],
  ])('reads a number %s that looks random', (_, before, after, fit) => {
    const bytes = make.concat(before, number, after);
    const places = readsOf(read(windowOf(bytes), { minBlockNumbers: 9, fit: FIT.end }), number);
    expect(places).toContainEqual({ hex: make.hex(number), start: START + before.length, fit });
  });

  it('reads members of a structure: without a boundary where it is short, and behind a u32', () => {
    const options = { layouts: [BIG_ENDIAN], blockStep: 8, looseBlockBytes: 128 } as const;
    const members = make.concat(make.bytes(32), number, make.bytes(32));
    expect(readsOf(read(windowOf(members, POINTER), options), number)).toMatchObject([{ start: START + 32 }]);
    const long = make.concat(members, make.bytes(40));
    expect(readsOf(read(windowOf(long, POINTER), options), number)).toEqual([]);
    const behind = make.concat(make.le(7n, 4), members, make.bytes(4));
    expect(readsOf(read(windowOf(behind, POINTER), options), number)).toMatchObject([{ start: START + 36 }]);
  });

  it('reads inside a block that begins at a boundary, word by word or byte by byte', () => {
    const inside = make.concat(make.bytes(21), number, make.bytes(40));
    const options = { layouts: [BIG_ENDIAN] };
    expect(readsOf(read(windowOf(inside), options), number)).toMatchObject([{ start: START + 21, fit: FIT.block }]);
    expect(readsOf(read(windowOf(inside), { ...options, blockStep: 8 }), number)).toEqual([]);
    expect(readsOf(read(windowOf(inside, POINTER), options), number)).toEqual([]);
    expect(readsOf(read(windowOf(inside), { ...options, maxBlockBytes: 64 }), number)).toEqual([]);
    expect(readsOf(read(windowOf(inside), { ...options, fit: FIT.end }), number)).toEqual([]);
  });

  it.each([
    ['a malloc header', make.le(0x31n, 16)],
    ['zero', make.le(0n, 16)],
    ['all ones', new Uint8Array(16).fill(0xff)],
    ['the number of its ints', javaHeader(23)],
    ['an array of HPROF', make.concat(new Uint8Array(11), make.be(93n, 4), Uint8Array.of(8))],
  ])('takes %s for a boundary', (_, before) => {
    const inside = make.concat(make.bytes(16), number, make.bytes(45));
    expect(readsOf(read(windowOf(inside, before), { layouts: [BIG_ENDIAN] }), number)).toHaveLength(1);
  });

  it('takes every run of a dump that aligns nothing for one with a boundary', () => {
    const inside = make.concat(make.bytes(16), number, make.bytes(45));
    const window = windowOf(inside, POINTER, make.le(0n, 16), START + 3);
    expect(readsOf(read(window, { layouts: [BIG_ENDIAN] }), number)).toHaveLength(1);
  });

  it.each([
    ['an INTEGER', Uint8Array.of(0x02, SIZE)],
    ['a padded INTEGER', Uint8Array.of(0x02, SIZE + 1, 0)],
    ['a string of an S-expression', make.ascii('32:')],
    ['a string of libgcrypt', Uint8Array.of(0x01, SIZE, 0)],
    ['a padded one', Uint8Array.of(0x01, SIZE + 1, 0, 0)],
    ['an mpint of SSH', Uint8Array.of(0, 0, 0, SIZE)],
  ])('reads the content of %s as one that is sure', (_, header) => {
    const bytes = make.concat(make.bytes(50), header, number, make.bytes(50));
    const found = readsOf(read(windowOf(bytes, POINTER), { fit: FIT.filling }), number);
    expect(found).toEqual([]);
    const places = readsOf(read(windowOf(bytes, POINTER), { fit: FIT.end }), number);
    expect(places).toMatchObject([{ start: START + 50 + header.length, fit: FIT.filling }]);
  });

  it.each<[string, readonly number[], Uint8Array?]>([
    ['CBOR', [0x23, 0x58, 0x20]],
    ['MessagePack', [0xa1, 0x64, 0xc4, 0x20]],
    ['Protocol Buffers', [0x1a, 0x20]],
    ['Protocol Buffers, as Tink', [0x1a, 0x21, 0x00]],
    ['an OCTET STRING', [0x04, 0x20]],
    ['bincode', [0x20, 0, 0, 0, 0, 0, 0, 0]],
    ['Borsh', [0x20, 0, 0, 0]],
    ['BSON', [0x64, 0, 0x20, 0, 0, 0, 0]],
    ['a seed before its public key, as libp2p', [0x08, 0x01, 0x12, 0x40], make.bytes(32)],
  ])('reads what follows its length between two words: %s', (_, prefix, behind = new Uint8Array(0)) => {
    for (let shift = 0; shift < 8; shift++) {
      const at = 32 + shift;
      const bytes = make.concat(
        new Uint8Array(at - prefix.length),
        Uint8Array.from(prefix),
        number,
        behind,
        make.le(0n, 24),
      );
      // The run is the whole words of the number.
      const [from, to] = [Math.ceil(at / 8) * 8, Math.floor((at + SIZE) / 8) * 8];
      const lead = { kind: 'number', encoding: 'bytes', start: START + from, end: START + to } as const;
      const window = createWindow(lead, bytes.subarray(0, to + 32), from);
      expect(readsOf(read(window), number), `shift ${shift}`).toContainEqual({
        hex: make.hex(number),
        start: START + at,
        fit: FIT.filling,
      });
    }
  });

  it.each([
    ['CBOR', [0x23, 0x59, 1, 0]],
    ['MessagePack', [0xa1, 0x64, 0xc5, 1, 0]],
    ['Protocol Buffers', [0x1a, 0x80, 0x02]],
    ['Protocol Buffers, of a BigInteger', [0x1a, 0x81, 0x02, 0]],
  ])('reads what follows a long length within a run without a boundary: %s', (_, prefix) => {
    const long = make.bytes(256).fill(0xc1, 0, 1);
    for (let shift = 0; shift < 8; shift++) {
      const bytes = make.concat(make.bytes(64 + shift), Uint8Array.from(prefix), long, make.bytes(64));
      expect(readsOf(read(windowOf(bytes, POINTER), {}, 256), long), `shift ${shift}`).toContainEqual({
        hex: make.hex(long),
        start: START + 64 + shift + prefix.length,
        fit: FIT.filling,
      });
    }
  });

  it('leaves out even numbers, and such as are too high or too low, when asked to', () => {
    const even = number.slice();
    even[SIZE - 1]! &= 0xfe;
    even[0] = 0x20;
    const window = windowOf(even);
    const options = { layouts: [BIG_ENDIAN] };
    expect(read(window, options)).not.toEqual([]);
    expect(readsOf(read(window, { ...options, oddOnly: true }), even)).toEqual([]);
    expect(readsOf(read(window, { ...options, maxTop: 1 }), even)).toEqual([]);
  });

  it('stays inside its window', () => {
    const alone = createWindow({ kind: 'number', encoding: 'bytes', start: 0, end: SIZE }, number, 0);
    expect(readsOf(read(alone, { layouts: [LITTLE_ENDIAN, BIG_ENDIAN] }), number)).toHaveLength(1);
    expect(read(alone, {}, 64)).toEqual([]);
  });

  it('can be stopped between windows', () => {
    const windows = Array.from({ length: 2000 }, () => windowOf(number));
    const steps = readNumbers(windows, SIZE, () => undefined, { layouts: [BIG_ENDIAN] });
    expect([...steps].length).toBeGreaterThan(3);
  });
});

describe('readPacked', () => {
  const number = make.bytes(SIZE);
  function readAll(bytes: Uint8Array, options: PackedOptions = { moreThan: 1024, most: 8192 }): Read[] {
    const found: Read[] = [];
    const steps = readPacked(
      [windowOf(bytes)],
      SIZE,
      (read, start, fit) => found.push({ hex: make.hex(read), start, fit }),
      options,
    );
    while (steps.next().done !== true);
    return found;
  }

  it.each([
    ['start', 0, 8],
    ['end', 16, 0],
  ])('reads numbers one behind the other, counted from the %s of the run', (_, before, behind) => {
    const bytes = make.concat(
      make.bytes(before),
      make.bytes(60 * SIZE),
      number,
      make.bytes(60 * SIZE),
      make.bytes(behind),
    );
    const expected = { start: START + before + 60 * SIZE, fit: FIT.end };
    expect(readsOf(readAll(bytes), number)).toMatchObject([expected]);
    const limbs = make.concat(
      make.bytes(before),
      make.bytes(60 * SIZE),
      writeNumber('little-endian', number),
      make.bytes(60 * SIZE + behind),
    );
    expect(readsOf(readAll(limbs), number)).toMatchObject([expected]);
    expect(readsOf(readAll(bytes, { moreThan: 1024, most: 8192, layouts: [LITTLE_ENDIAN] }), number)).toEqual([]);
  });

  it('reads them in blocks of these sizes only', () => {
    const bytes = make.concat(make.bytes(20 * SIZE), number, make.bytes(20 * SIZE));
    expect(readAll(bytes, { moreThan: bytes.length, most: 8192 })).toEqual([]);
    expect(readAll(bytes, { moreThan: 1024, most: bytes.length - 1 })).toEqual([]);
  });
});
