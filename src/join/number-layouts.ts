/**
 * The ways in which programs lay out one large number in memory. Sources: OpenSSL, Go and V8 keep little-endian limbs;
 * Java's BigInteger an int[], most significant first; CPython, PyPy, LibTomMath and JavaScript libraries keep digits of
 * fewer bits than their slots, least significant first. In JavaScript and PHP such a digit is a value like any other, which each
 * engine marks as a number in its own way.
 */
import { u32le } from '../bytes/reader.ts';
import { equalBytes } from '../proof/hash.ts';

export interface NumberLayout {
  readonly id: string;
  /** Such numbers begin at multiples of this. */
  readonly step: 1 | 4 | 8;
  /** Such numbers follow their length, so they begin with their run of random words. */
  readonly isArray?: true;
  /** Whether the four bytes before such a number of `length` bytes can say how many digits it has. */
  isCount?(before: number, length: number): boolean;
  /** Bytes in memory of a number of `size` bytes. */
  lengthOf(size: number): number;
  isOdd(bytes: Uint8Array, at: number, size: number): boolean;
  /** Whether a run that begins at `at` may be such numbers, where few others look like it. */
  mayBegin?(bytes: Uint8Array, at: number): boolean;
  /** The number's highest byte; -1 when the bytes can't be such a number. Cheap: looks at its top only. */
  topAt(bytes: Uint8Array, at: number, size: number): number;
  /**
   * Reads the number at `at` into `out`, big-endian, as long as `out`. False when the bytes can't be such a number;
   * `out` then holds anything. The caller has checked that `lengthOf(out.length)` bytes are there.
   */
  read(bytes: Uint8Array, at: number, out: Uint8Array): boolean;
  /** The bytes in memory, `lengthOf(number.length)` of them, of a big-endian number. */
  write(number: Uint8Array): Uint8Array;
  /** Whether bytes are the same number as what `write` gave, where they need not be the same bytes. */
  isSame?(bytes: Uint8Array, written: Uint8Array): boolean;
  /** How many bytes a run may be shorter than such a number, whose highest digit is zero; 8 where it isn't stated. */
  readonly slackBytes?: number;
}

/** Whether `bytes` are the number that `layout` has written. */
export function isWritten(layout: NumberLayout, bytes: Uint8Array, written: Uint8Array): boolean {
  return layout.isSame?.(bytes, written) ?? equalBytes(bytes, written);
}

export const LITTLE_ENDIAN: NumberLayout = {
  id: 'little-endian',
  step: 8,
  lengthOf: (size) => size,
  isOdd: (bytes, at) => (bytes[at]! & 1) === 1,
  topAt: (bytes, at, size) => bytes[at + size - 1]!,
  read(bytes, at, out) {
    for (let i = 0, from = at + out.length - 1; i < out.length; i++, from--) out[i] = bytes[from]!;
    return true;
  },
  write: (number) => number.slice().reverse(),
};

export const BIG_ENDIAN: NumberLayout = {
  id: 'big-endian',
  step: 1,
  lengthOf: (size) => size,
  isOdd: (bytes, at, size) => (bytes[at + size - 1]! & 1) === 1,
  topAt: (bytes, at) => bytes[at]!,
  read(bytes, at, out) {
    for (let i = 0; i < out.length; i++) out[i] = bytes[at + i]!;
    return true;
  },
  write: (number) => number.slice(),
};

/** Whether the bytes of a number are all there, in order: what most numbers are, and all those in blocks. */
export const isPlain = (layout: NumberLayout): boolean => layout === LITTLE_ENDIAN || layout === BIG_ENDIAN;

/** `int[]` of the Java VM on a little-endian machine: the most significant int first, each little-endian. */
export const JAVA_INTS: NumberLayout = {
  id: 'java-ints',
  step: 4,
  isArray: true,
  lengthOf: (size) => (size + 3) & ~3,
  isOdd: (bytes, at, size) => (bytes[at + ((size + 3) & ~3) - 4]! & 1) === 1,
  topAt(bytes, at, size) {
    const surplus = (4 - (size & 3)) & 3;
    for (let i = 0; i < surplus; i++) if (bytes[at + 3 - i] !== 0) return -1;
    return bytes[at + (surplus ^ 3)]!;
  },
  read(bytes, at, out) {
    const surplus = (4 - (out.length & 3)) & 3;
    for (let i = 0; i < surplus; i++) if (bytes[at + 3 - i] !== 0) return false;
    // Index in a big-endian array of the same length; its last two bits are turned round.
    for (let i = 0; i < out.length; i++) out[i] = bytes[at + ((i + surplus) ^ 3)]!;
    return true;
  },
  write(number) {
    const surplus = (4 - (number.length & 3)) & 3;
    const out = new Uint8Array(number.length + surplus);
    for (let i = 0; i < number.length; i++) out[(i + surplus) ^ 3] = number[i]!;
    return out;
  },
};

/** Bits of a number of `size` bytes: only numbers on P-521 have 66. */
const bitsOf = (size: number): number => (size === 66 ? 521 : size * 8);

/** What any digits have in common, least significant first. `digitAt` gives -1 where there is none. */
function sizesOf(
  bits: number,
  slotBytes: 4 | 8 | 16,
  digitAt: (bytes: Uint8Array, slot: number) => number,
): Pick<NumberLayout, 'step' | 'lengthOf' | 'topAt'> {
  return {
    step: slotBytes === 4 ? 4 : 8,
    lengthOf: (size) => Math.ceil(bitsOf(size) / bits) * slotBytes,
    topAt(bytes, at, size) {
      const last = Math.ceil(bitsOf(size) / bits) - 1;
      // Of the number's bytes, the topmost digit has so many bits.
      const width = size * 8 - last * bits;
      const top = digitAt(bytes, at + last * slotBytes);
      if (top < 0 || top >= 2 ** width) return -1;
      if (width >= 8) return Math.floor(top / 2 ** (width - 8));
      const next = digitAt(bytes, at + (last - 1) * slotBytes);
      return next < 0 ? -1 : top * 2 ** (8 - width) + Math.floor(next / 2 ** (bits - 8 + width));
    },
  };
}

/** Little-endian digits of `bits` bits, each in a slot of `slotBytes` bytes. */
function digits(id: string, bits: number, slotBytes: 4 | 8): NumberLayout {
  const fullBytes = bits >> 3;
  const topMask = 0xff & ~((1 << (bits & 7)) - 1);
  const limit = 2 ** bits;
  /** -1 when the slot holds more than a digit. */
  const digitAt = (bytes: Uint8Array, slot: number): number => {
    let digit = 0;
    for (let i = slotBytes - 1; i >= 0; i--) digit = digit * 256 + bytes[slot + i]!;
    return digit < limit ? digit : -1;
  };
  return {
    id,
    isOdd: (bytes, at) => (bytes[at]! & 1) === 1,
    ...sizesOf(bits, slotBytes, digitAt),
    read(bytes, at, out) {
      const count = Math.ceil(bitsOf(out.length) / bits);
      let buffer = 0;
      let buffered = 0;
      let to = out.length;
      for (let i = 0, slot = at; i < count; i++, slot += slotBytes) {
        const end = slot + slotBytes;
        if ((bytes[slot + fullBytes]! & topMask) !== 0) return false;
        for (let j = slot + fullBytes + 1; j < end; j++) if (bytes[j] !== 0) return false;
        for (let j = 0; j <= fullBytes; j++) {
          const width = j < fullBytes ? 8 : bits & 7;
          buffer |= bytes[slot + j]! << buffered;
          buffered += width;
          if (buffered >= 8) {
            if (to > 0) out[--to] = buffer & 0xff;
            else if ((buffer & 0xff) !== 0) return false;
            buffer >>>= 8;
            buffered -= 8;
          }
        }
      }
      if (to > 0) out[--to] = buffer & 0xff;
      else if (buffer !== 0) return false;
      return to === 0;
    },
    write(number) {
      const out = new Uint8Array(Math.ceil(bitsOf(number.length) / bits) * slotBytes);
      for (let bit = 0; bit < bitsOf(number.length); bit++) {
        if (((number[number.length - 1 - (bit >> 3)]! >> (bit & 7)) & 1) === 0) continue;
        const inDigit = bit % bits;
        const at = Math.floor(bit / bits) * slotBytes + (inDigit >> 3);
        out[at] = out[at]! | (1 << (inDigit & 7));
      }
      return out;
    },
  };
}

/** How an interpreter stores a small number among other values. */
interface Box {
  readonly id: string;
  readonly slotBytes: 4 | 8 | 16;
  /** -1 when it is none, or negative. */
  get(bytes: Uint8Array, slot: number): number;
  /** The slot's bytes as little-endian words; of slots of four bytes the first one only, of those of sixteen the value. */
  wordsOf(digit: number): readonly [low: number, high: number];
}

/** A word that says that the other one is a number. */
const marked = (id: string, valueAt: 0 | 4, mark: number): Box => ({
  id,
  slotBytes: 8,
  get: (bytes, slot) => (u32le(bytes, slot + 4 - valueAt) === mark ? u32le(bytes, slot + valueAt)! : -1),
  wordsOf: (digit) => (valueAt === 0 ? [digit, mark] : [mark, digit]),
});

/** V8's Smis; with pointer compression (Chromium, Electron) they are 31 bits above a zero. */
const SMI = marked('smi', 4, 0);
const COMPRESSED_SMI: Box = {
  id: 'compressed-smi',
  slotBytes: 4,
  get(bytes, slot) {
    const word = u32le(bytes, slot) ?? 1;
    return (word & 1) === 0 ? word >>> 1 : -1;
  },
  wordsOf: (digit) => [digit * 2, 0],
};
/** What isn't boxed: arrays of integers, as GraalJS makes of arrays that hold nothing else, and typed ones. */
const INT: Box = {
  id: 'int',
  slotBytes: 4,
  get: (bytes, slot) => u32le(bytes, slot) ?? -1,
  wordsOf: (digit) => [digit, 0],
};
const HERMES_TAG = 4;
/** Hermes (React Native) where its values have 32 bits: 29 bits above a tag. */
const HERMES_SMI: Box = {
  id: 'hermes',
  slotBytes: 4,
  get(bytes, slot) {
    const word = u32le(bytes, slot) ?? 0;
    return (word & 7) === HERMES_TAG ? word >>> 3 : -1;
  },
  wordsOf: (digit) => [digit * 8 + HERMES_TAG, 0],
};
/** JavaScriptCore (Safari, Bun); SpiderMonkey (Firefox). */
const JSC_INT32 = marked('jsc', 0, 0xfffe_0000);
const SPIDERMONKEY_INT32 = marked('spidermonkey', 0, 0xfff8_8000);

/** A new one for each digit would take most of the time. */
const DOUBLE_WORDS = new DataView(new ArrayBuffer(8));
/** Where a product has been in an array, V8 keeps all of its numbers as doubles; others know no other numbers (Hermes, LuaJIT). */
const DOUBLE: Box = {
  id: 'double',
  slotBytes: 8,
  get(bytes, slot) {
    const [low, high] = [u32le(bytes, slot) ?? 1, u32le(bytes, slot + 4) ?? 0];
    if (low === 0 && high === 0) return 0;
    const exponent = (high >>> 20) - 1023;
    if (exponent < 0 || exponent > 31) return -1;
    const digit = (1 + ((high & 0xf_ffff) + low / 2 ** 32) / 2 ** 20) * 2 ** exponent;
    return Number.isInteger(digit) ? digit : -1;
  },
  wordsOf(digit) {
    DOUBLE_WORDS.setFloat64(0, digit);
    const words = [DOUBLE_WORDS.getUint32(4), DOUBLE_WORDS.getUint32(0)] as const;
    DOUBLE_WORDS.setFloat64(0, 0);
    return words;
  },
};

/**
 * A word beside one that says its type, of which only a byte need be set: whether it stands before (Duktape) or behind (QuickJS,
 * PHP, Lua, MuJS), the words between the values of one array have it.
 */
const WIDE_INT: Box = {
  id: 'wide-int',
  slotBytes: 16,
  get: (bytes, slot) => (u32le(bytes, slot + 4) === 0 ? u32le(bytes, slot)! : -1),
  wordsOf: (digit) => [digit, 0],
};
const WIDE_DOUBLE: Box = { ...DOUBLE, id: 'wide-double', slotBytes: 16 };
/** The word that says the type of the last value is none of the number's. */
const TYPE_BYTES = 8;

function isSameButTypes(bytes: Uint8Array, written: Uint8Array): boolean {
  if (bytes.length !== written.length) return false;
  for (let at = 0; at < bytes.length; at++) if ((at & 8) === 0 && bytes[at] !== written[at]) return false;
  return true;
}

/** Digits that a box must hold at the start of a run, as far as the run goes. */
const MIN_BOXED = 6;
/** Of so many one needs its two topmost bits, else they are digits of fewer bits; all of the shortest numbers have as many. */
const MIN_FULL = 8;
/** What looks like a digit by chance, zeros and small counts. */
const MIN_BOXED_DIGIT = 256;

export interface BoxedLayout extends NumberLayout {
  readonly box: Box;
  readonly bits: number;
  mayBegin(bytes: Uint8Array, at: number): boolean;
}

/** Little-endian digits of `bits` bits, each in a box. */
function boxed(box: Box, bits: number): BoxedLayout {
  const { slotBytes } = box;
  const isWide = slotBytes === 16;
  const limit = 2 ** bits;
  const digitAt = (bytes: Uint8Array, slot: number): number => {
    const digit = box.get(bytes, slot);
    return digit < limit ? digit : -1;
  };
  const sizes = sizesOf(bits, slotBytes, digitAt);
  const lengthOf = (size: number): number => sizes.lengthOf(size) - (isWide ? TYPE_BYTES : 0);
  return {
    id: `${box.id}-digits-${bits}`,
    box,
    bits,
    isOdd: (bytes, at) => (digitAt(bytes, at) & 1) === 1,
    mayBegin(bytes, at) {
      let most = 0;
      for (let i = 0; i < MIN_FULL; i++) {
        const slot = at + i * slotBytes;
        const digit = digitAt(bytes, slot);
        most = Math.max(most, digit);
        if (i >= MIN_BOXED) continue;
        if (digit < MIN_BOXED_DIGIT || (isWide && bytes[slot + 8] !== bytes[at + 8])) return false;
      }
      if (most < limit / 4) return false;
      // What is between them is no digit, as in an array of doubles.
      return box !== WIDE_DOUBLE || box.get(bytes, at + 8) < MIN_BOXED_DIGIT;
    },
    ...sizes,
    lengthOf,
    ...(isWide && { isSame: isSameButTypes, slackBytes: slotBytes }),
    read(bytes, at, out) {
      const count = Math.ceil(bitsOf(out.length) / bits);
      let buffer = 0;
      let buffered = 0;
      let to = out.length;
      for (let i = 0; i < count; i++) {
        const digit = digitAt(bytes, at + i * slotBytes);
        if (digit < 0) return false;
        buffer += digit * 2 ** buffered;
        buffered += bits;
        for (; buffered >= 8 && to > 0; buffered -= 8) {
          out[--to] = buffer & 0xff;
          buffer = Math.floor(buffer / 256);
        }
      }
      if (to > 0) {
        out[--to] = buffer & 0xff;
        buffer = Math.floor(buffer / 256);
      }
      return to === 0 && buffer === 0;
    },
    write(number) {
      const out = new Uint8Array(lengthOf(number.length));
      const view = new DataView(out.buffer);
      for (let slot = 0, bit = 0; slot < out.length; slot += slotBytes) {
        let digit = 0;
        for (let i = 0; i < bits && bit < bitsOf(number.length); i++, bit++) {
          digit += ((number[number.length - 1 - (bit >> 3)]! >> (bit & 7)) & 1) * 2 ** i;
        }
        for (const [i, word] of box.wordsOf(digit).entries()) {
          if (i * 4 < slotBytes) view.setUint32(slot + i * 4, word, true);
        }
      }
      return out;
    },
  };
}

/** How implementations of one curve keep its coordinates: libsecp256k1 and k256, fiat-crypto. */
export const FIELD_DIGITS = {
  secp256k1: digits('secp256k1-digits', 52, 8),
  'P-521': digits('p521-digits', 58, 8),
} as const;

/** Coordinates on secp256k1 where words have 32 bits, or nobody asks how many: libsecp256k1, decred's in Go, so btcec; in Rust libsecp256k1. */
export const SHORT_FIELD_DIGITS = digits('secp256k1-short-digits', 26, 4);

/**
 * Before the digits CPython has their number (ob_size), since 3.12 above three bits for the sign (`lv_tag`, longintrepr.h). Both have the size of
 * an address: in WebAssembly (Pyodide) the first digit shares its word of 8 bytes with them.
 */
export const CPYTHON_DIGITS: NumberLayout = {
  ...digits('cpython-digits', 30, 4),
  isCount: (before, length) => before * 4 === length || (before >>> 3) * 4 === length,
};
export const PYPY_DIGITS = digits('pypy-digits', 63, 8);

/** In all engines: node-forge and jsbn have digits of 28 bits, bn.js (so elliptic) of 26, sjcl and msrcrypto of 24; sjcl's carries make them doubles. */
const BOXES = [SMI, COMPRESSED_SMI, HERMES_SMI, JSC_INT32, SPIDERMONKEY_INT32, DOUBLE, WIDE_INT, WIDE_DOUBLE];
// Of 28 bits, they are those of LibTomMath as well.
export const BN_DIGITS: readonly BoxedLayout[] = [...BOXES, INT].map((box) => boxed(box, 26));
export const BOXED_DIGITS: readonly BoxedLayout[] = [
  ...BN_DIGITS,
  ...[28, 24].flatMap((bits) => BOXES.map((box) => boxed(box, bits))),
  // JSBI, where the integers of an engine have as many bits.
  ...[SMI, JSC_INT32, SPIDERMONKEY_INT32, WIDE_INT].map((box) => boxed(box, 30)),
  // phpseclib without GMP; lua-bint.
  ...[31, 32].map((bits) => boxed(WIDE_INT, bits)),
];

/** Boxes of which each slot has bits that are always the same. */
const MARKED_BOXES = [SMI, COMPRESSED_SMI, HERMES_SMI, JSC_INT32, SPIDERMONKEY_INT32];
/** Random bytes are so many digits of 28 bits once in 2^36. */
const MIN_MARKED = 9;

/** Whether all from `start` to `end`, but its last word, is digits of an engine of JavaScript, and so in no other layout. */
export function areMarkedDigits(bytes: Uint8Array, start: number, end: number): boolean {
  return MARKED_BOXES.some(({ slotBytes, get }) => {
    // Behind a first word of which one half is a length.
    for (const first of slotBytes === 4 ? [start, start + 4] : [start]) {
      let slot = first;
      while (slot < end && isDigit(get(bytes, slot), slotBytes)) slot += slotBytes;
      if (slot >= end - 8 && slot - first >= MIN_MARKED * slotBytes) return true;
    }
    return false;
  });
}

const isDigit = (digit: number, slotBytes: number): boolean =>
  digit >= 0 && digit < (slotBytes === 4 ? 2 ** 28 : 2 ** 30);

/** Whether a run of boxed digits begins at `at`. */
export function beginsBoxed(bytes: Uint8Array, at: number): boolean {
  return BOXED_DIGITS.some(({ mayBegin }) => mayBegin(bytes, at));
}

/** In this order, `CoordinateTable` knows their first words. */
export const DIGITS: readonly NumberLayout[] = [
  CPYTHON_DIGITS,
  // LibTomMath without integers of 128 bits, as in Tcl.
  digits('tcl-digits', 28, 4),
  digits('tommath-digits', 60, 8),
  digits('mit-scheme-digits', 62, 8),
  PYPY_DIGITS,
];

export const NUMBER_LAYOUTS: readonly NumberLayout[] = [
  LITTLE_ENDIAN,
  BIG_ENDIAN,
  JAVA_INTS,
  ...DIGITS,
  ...BOXED_DIGITS,
];
