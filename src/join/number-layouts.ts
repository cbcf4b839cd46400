/**
 * The ways in which programs lay out one large number in memory. Sources: OpenSSL, Go and V8 keep little-endian limbs;
 * Java's BigInteger an int[], most significant first; CPython, PyPy, LibTomMath and JavaScript libraries keep digits of
 * fewer bits than their slots, least significant first.
 */

export interface NumberLayout {
  readonly id: string;
  /** Such numbers begin at multiples of this. */
  readonly step: 1 | 4 | 8;
  /** Such numbers follow their length, so they begin with their run of random words. */
  readonly isArray?: true;
  /** Bytes in memory of a number of `size` bytes. */
  lengthOf(size: number): number;
  /** Index in these of the number's lowest byte. */
  lowestAt(size: number): number;
  /** The number's highest byte; -1 when the bytes can't be such a number. Cheap: looks at its top only. */
  topAt(bytes: Uint8Array, at: number, size: number): number;
  /**
   * Reads the number at `at` into `out`, big-endian, as long as `out`. False when the bytes can't be such a number;
   * `out` then holds anything. The caller has checked that `lengthOf(out.length)` bytes are there.
   */
  read(bytes: Uint8Array, at: number, out: Uint8Array): boolean;
  /** The bytes in memory, `lengthOf(number.length)` of them, of a big-endian number. */
  write(number: Uint8Array): Uint8Array;
}

export const LITTLE_ENDIAN: NumberLayout = {
  id: 'little-endian',
  step: 8,
  lengthOf: (size) => size,
  lowestAt: () => 0,
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
  lowestAt: (size) => size - 1,
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
const javaInts: NumberLayout = {
  id: 'java-ints',
  step: 4,
  isArray: true,
  lengthOf: (size) => (size + 3) & ~3,
  lowestAt: (size) => ((size + 3) & ~3) - 4,
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

/** Little-endian digits of `bits` bits, each in a slot of `slotBytes` bytes after `skip` zero bytes. */
function digits(id: string, bits: number, slotBytes: 4 | 8, skip: 0 | 4): NumberLayout {
  const fullBytes = bits >> 3;
  const topMask = 0xff & ~((1 << (bits & 7)) - 1);
  const limit = 2 ** bits;
  /** -1 when the slot holds more than a digit. */
  const digitAt = (bytes: Uint8Array, slot: number): number => {
    for (let i = 0; i < skip; i++) if (bytes[slot + i] !== 0) return -1;
    let digit = 0;
    for (let i = slotBytes - 1; i >= skip; i--) digit = digit * 256 + bytes[slot + i]!;
    return digit < limit ? digit : -1;
  };
  return {
    id,
    step: slotBytes,
    lengthOf: (size) => Math.ceil((size * 8) / bits) * slotBytes,
    lowestAt: () => skip,
    topAt(bytes, at, size) {
      const last = Math.ceil((size * 8) / bits) - 1;
      // Of the number's bits, the topmost digit has so many.
      const width = size * 8 - last * bits;
      const top = digitAt(bytes, at + last * slotBytes);
      if (top < 0 || top >= 2 ** width) return -1;
      if (width >= 8) return Math.floor(top / 2 ** (width - 8));
      const next = digitAt(bytes, at + (last - 1) * slotBytes);
      return next < 0 ? -1 : top * 2 ** (8 - width) + Math.floor(next / 2 ** (bits - 8 + width));
    },
    read(bytes, at, out) {
      const count = Math.ceil((out.length * 8) / bits);
      let buffer = 0;
      let buffered = 0;
      let to = out.length;
      for (let i = 0, slot = at; i < count; i++, slot += slotBytes) {
        for (let j = 0; j < skip; j++) if (bytes[slot + j] !== 0) return false;
        const digit = slot + skip;
        const end = slot + slotBytes;
        if ((bytes[digit + fullBytes]! & topMask) !== 0) return false;
        for (let j = digit + fullBytes + 1; j < end; j++) if (bytes[j] !== 0) return false;
        for (let j = 0; j <= fullBytes; j++) {
          const width = j < fullBytes ? 8 : bits & 7;
          buffer |= bytes[digit + j]! << buffered;
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
      const out = new Uint8Array(Math.ceil((number.length * 8) / bits) * slotBytes);
      for (let bit = 0; bit < number.length * 8; bit++) {
        if (((number[number.length - 1 - (bit >> 3)]! >> (bit & 7)) & 1) === 0) continue;
        const inDigit = bit % bits;
        const at = Math.floor(bit / bits) * slotBytes + skip + (inDigit >> 3);
        out[at] = out[at]! | (1 << (inDigit & 7));
      }
      return out;
    },
  };
}

/** How implementations of one curve keep its coordinates: libsecp256k1 and k256, fiat-crypto. */
export const FIELD_DIGITS = {
  secp256k1: digits('secp256k1-digits', 52, 8, 0),
  'P-521': digits('p521-digits', 58, 8, 0),
} as const;

export const SMI_DIGITS_26 = digits('smi-digits-26', 26, 8, 4);

export const CPYTHON_DIGITS = digits('cpython-digits', 30, 4, 0);

/** In this order, `CoordinateTable` knows their first words. */
export const NUMBER_LAYOUTS: readonly NumberLayout[] = [
  LITTLE_ENDIAN,
  BIG_ENDIAN,
  javaInts,
  CPYTHON_DIGITS,
  // LibTomMath without integers of 128 bits, as in Tcl.
  digits('tcl-digits', 28, 4, 0),
  digits('tommath-digits', 60, 8, 0),
  digits('mit-scheme-digits', 62, 8, 0),
  digits('pypy-digits', 63, 8, 0),
  // V8's Smis without pointer compression: the value in the upper half of the word.
  digits('smi-digits-28', 28, 8, 4),
  SMI_DIGITS_26,
];
