/**
 * Looks for coordinates of points in windows, thousands at once, in every form in which libraries keep them: plain in all
 * number layouts, and as Montgomery residues. A table of first eight bytes finds them, the whole number confirms.
 */
import { bigintFromLe, bigintToBe, bitLength } from '../bytes/limbs.ts';
import { u32le } from '../bytes/reader.ts';
import { CURVE_BY_NAME } from '../proof/curves.ts';
import { bitsOfR, parametersOf, type ShortCurve, toMontgomery } from '../proof/short-curves.ts';
import type { Contents } from './contents.ts';
import type { LeadWindow } from './join.ts';
import {
  BN_DIGITS,
  BOXED_DIGITS,
  type BoxedLayout,
  DIGITS,
  FIELD_DIGITS,
  isWritten,
  JAVA_INTS,
  LITTLE_ENDIAN,
  type NumberLayout,
  SHORT_FIELD_DIGITS,
} from './number-layouts.ts';
import { PrefixTable } from './prefix-table.ts';

type Write = (curve: ShortCurve, value: bigint) => Uint8Array;

const minimal =
  ({ write }: NumberLayout): Write =>
  (_, value) =>
    write(bigintToBe(value));

/** bn.js, so elliptic: residues with R a power of 2^26. */
const bnResidue =
  ({ write }: NumberLayout): Write =>
  (curve, value) => {
    const bits = BN_BITS * Math.ceil(bitLength(parametersOf(curve).p) / BN_BITS);
    return write(bigintToBe(toMontgomery(curve, value, bits)));
  };
const BN_BITS = 26;

/** Plain forms come without leading zeros; big-endian ones fill the field; residues fill limbs of 64 bits. */
const FORMS: readonly Write[] = [
  minimal(LITTLE_ENDIAN),
  minimal(JAVA_INTS),
  ...DIGITS.map(minimal),
  (curve, value) => bigintToBe(value, CURVE_BY_NAME.get(curve)!.size),
  (curve, value) => {
    return LITTLE_ENDIAN.write(bigintToBe(toMontgomery(curve, value, bitsOfR(curve))));
  },
  (curve, value) => (hasFieldDigits(curve) ? FIELD_DIGITS[curve].write(bigintToBe(value)) : new Uint8Array()),
  (curve, value) => (curve === 'secp256k1' ? SHORT_FIELD_DIGITS.write(bigintToBe(value)) : new Uint8Array()),
  ...BOXED_DIGITS.map(minimal),
  ...BN_DIGITS.map(bnResidue),
];
interface BoxedForm {
  readonly layout: BoxedLayout;
  /** Index in `FORMS`. */
  readonly form: number;
}
/** The last of the forms. */
const BOXED_FORMS: readonly BoxedForm[] = [...BOXED_DIGITS, ...BN_DIGITS].map((layout, i, { length }) => ({
  layout,
  form: FORMS.length - length + i,
}));

function hasFieldDigits(curve: ShortCurve): curve is keyof typeof FIELD_DIGITS {
  return curve in FIELD_DIGITS;
}

/** Shorter values are found by chance; one coordinate in 2^64 is. */
const MIN_BYTES = 24;
/** The top of a 521-bit number is a word of its own, which may be cut off. */
const MAX_CUT_BYTES = 2;
/** Digits of the layouts are read off the lowest 64 bits. */
const BITS_31 = 0x7fff_ffff;
const BITS_30 = 0x3fff_ffff;
const BITS_28 = 0x0fff_ffff;
const BITS_26 = 0x03ff_ffff;
/** What of the upper 32 bits belongs to the lowest digit of the field. */
const UPPER_BITS = { secp256k1: 0x000f_ffff, 'P-521': 0x03ff_ffff };
const PREFIX_BYTES = 8;

export interface Coordinate {
  /** The byte before it where it is 02 or 03: a compressed point. */
  readonly compressed?: 0x02 | 0x03;
}

const BN_CURVES: readonly ShortCurve[] = ['P-256', 'P-384', 'P-521'];
/**
 * The lowest two digits of x·2^(26·k), 2^(26·k) the first power above p, from x and from x·2^(8·length): p of P-256 and P-384 ends
 * with 32 ones (behind which P-384 has zeros) and begins with as many; p of P-521 is all ones, so that x is rotated by 25 bits.
 */
function lowestBnDigits(curve: ShortCurve, plain: Uint8Array, montgomery: Uint8Array): [number, number] {
  if (curve === 'P-521') {
    const top = plain[62]! | (plain[63]! << 8) | (plain[64]! << 16) | ((plain[65]! & 1) << 24);
    return [top | ((plain[0]! & 1) << 25), (u32le(plain, 0)! >>> 1) & BITS_26];
  }
  const { length } = montgomery;
  const shift = length === 32 ? 260 - 256 : 390 - 384;
  // So often p is subtracted; wrong once in 2^28.
  const times = u32le(montgomery, length - 4)! >>> (32 - shift);
  const [low, high] = [u32le(montgomery, 0)!, u32le(montgomery, 4)!];
  const second = (low >>> (BN_BITS - shift)) | (high << (32 - BN_BITS + shift));
  const borrow = curve === 'P-384' ? times << (32 - BN_BITS) : 0;
  return [((low << shift) + times) & BITS_26, (second - borrow) & BITS_26];
}

/** Layouts of boxed digits in which any window could be read: most programs are none of JavaScript. */
export function boxedLayoutsIn(windows: readonly LeadWindow[]): readonly BoxedLayout[] {
  return BOXED_DIGITS.filter(({ mayBegin }) =>
    windows.some(({ around, bytes }) => mayBegin(around, bytes.byteOffset - around.byteOffset)),
  );
}

/** Of those coordinates that may be there, as many are looked for at once: each time, all windows are read. */
const MANY_ENTRIES = 1 << 18;

/** Holds coordinates of one curve: public values of candidates, which `clear` forgets. */
export class CoordinateTable {
  readonly #curve: ShortCurve;
  readonly #boxed: readonly BoxedForm[];
  readonly #residues: readonly BoxedForm[];
  readonly #contents: Contents | undefined;
  readonly #big: Uint8Array;
  #table = new PrefixTable(0);
  /** Of each coordinate, a form of which may be there: its index, and its value, plain, little-endian. */
  #rows: { readonly index: number; readonly value: Uint8Array }[] = [];

  /**
   * @param boxed those of `BOXED_DIGITS` that are looked for
   * @param contents of all that will be searched
   */
  constructor(curve: ShortCurve, boxed: readonly BoxedLayout[] = BOXED_DIGITS, contents?: Contents) {
    this.#curve = curve;
    const isWanted = ({ layout }: BoxedForm): boolean => boxed.includes(layout);
    this.#boxed = BOXED_FORMS.slice(0, BOXED_DIGITS.length).filter(isWanted);
    this.#residues = BOXED_FORMS.slice(BOXED_DIGITS.length).filter(isWanted);
    this.#contents = contents;
    this.#big = new Uint8Array(CURVE_BY_NAME.get(curve)!.size);
  }

  /** Whether it is time to search and to `clear`. */
  get isFull(): boolean {
    return this.#table.count > MANY_ENTRIES;
  }

  /**
   * Little-endian bytes, as long as the field, rounded up to 8: the coordinate, and its product with 2^(8·length).
   * @param index what `find` gives back
   */
  add(index: number, plain: Uint8Array, montgomery: Uint8Array): void {
    const before = this.#table.count;
    this.#addForms(plain, montgomery);
    if (this.#table.count > before) this.#rows.push({ index, value: plain.slice() });
  }

  #addForms(plain: Uint8Array, montgomery: Uint8Array): void {
    let { length } = plain;
    while (length > 0 && plain[length - 1] === 0) length--;
    if (length < MIN_BYTES) return;
    const [low, high] = [u32le(plain, 0)!, u32le(plain, 4)!];
    const top = ((length + 3) & ~3) - 4;
    const big = this.#big;
    for (let i = 0; i < big.length; i++) big[i] = plain[big.length - 1 - i]!;
    // In the order of FORMS.
    const firstId = this.#rows.length * FORMS.length;
    let id = firstId;
    this.#addWords(low, high, id++);
    this.#addWords(u32le(plain, top)!, u32le(plain, top - 4)!, id++);
    this.#addWords(low & BITS_30, ((low >>> 30) | (high << 2)) & BITS_30, id++);
    this.#addWords(low & BITS_28, ((low >>> 28) | (high << 4)) & BITS_28, id++);
    this.#addWords(low, high & BITS_28, id++);
    this.#addWords(low, high & BITS_30, id++);
    this.#addWords(low, high & BITS_31, id++);
    this.#addWords(u32le(big, 0)!, u32le(big, 4)!, id++);
    this.#addWords(u32le(montgomery, 0)!, u32le(montgomery, 4)!, id++);
    if (hasFieldDigits(this.#curve)) this.#addWords(low, high & UPPER_BITS[this.#curve], id);
    id++;
    if (this.#curve === 'secp256k1') this.#addWords(low & BITS_26, ((low >>> 26) | (high << 6)) & BITS_26, id);
    id++;
    for (const { layout, form } of this.#boxed) {
      const mask = 2 ** layout.bits - 1;
      const second = (low >>> layout.bits) | (high << (32 - layout.bits));
      this.#addDigits(layout, low & mask, second & mask, firstId + form);
    }
    // elliptic reduces others otherwise.
    if (!BN_CURVES.includes(this.#curve)) return;
    const [first, second] = lowestBnDigits(this.#curve, plain, montgomery);
    for (const { layout, form } of this.#residues) this.#addDigits(layout, first, second, firstId + form);
  }

  #addWords(low: number, high: number, id: number): void {
    if (this.#contents?.mayHold(low, high) ?? true) this.#table.addWords(low, high, id);
  }

  #addDigits(layout: BoxedLayout, first: number, second: number, id: number): void {
    const { slotBytes, wordsOf } = layout.box;
    const [low, high] = wordsOf(first);
    this.#addWords(low, slotBytes === 4 ? wordsOf(second)[0] : high, id);
  }

  /** Adds the coordinates in `bytes` to `found`, by index. */
  find(bytes: Uint8Array, found: Map<number, Coordinate>): void {
    if (this.#rows.length === 0) return;
    this.#table.scan(bytes, (id, at) => {
      const boxed = BOXED_FORMS[(id % FORMS.length) - FORMS.length + BOXED_FORMS.length];
      // Of a digit in a box the lowest words are those of any small number, which lie everywhere.
      if (boxed && !boxed.layout.mayBegin(bytes, at)) return;
      const { index, value } = this.#rows[Math.floor(id / FORMS.length)]!;
      const wanted = FORMS[id % FORMS.length]!(this.#curve, bigintFromLe(value, 0, value.length));
      const there = bytes.subarray(at, at + wanted.length);
      if (there.length < Math.max(PREFIX_BYTES, wanted.length - MAX_CUT_BYTES)) return;
      if (!isWritten(boxed?.layout ?? LITTLE_ENDIAN, there, wanted.subarray(0, there.length))) return;
      const before = bytes[at - 1];
      if (before === 0x02 || before === 0x03) found.set(index, { compressed: before });
      else if (!found.has(index)) found.set(index, {});
    });
  }

  clear(): void {
    this.#table.wipe();
    this.#table = new PrefixTable(0);
    for (const { value } of this.#rows) value.fill(0);
    this.#rows = [];
  }
}
