/**
 * How programs store a private value: as bytes and digits of several libraries, and as text. Made without strings, which
 * could not be wiped.
 */
import { bigintToBe } from '../bytes/limbs.ts';
import type { Form } from '../model/finding.ts';
import type { Encoding } from '../model/place.ts';

export interface Spelling {
  readonly bytes: Uint8Array;
  readonly form: Form;
  readonly encoding: Encoding;
  /** Bytes that must agree for a part of it to be no accident. */
  readonly least: number;
  /** Bytes from one place at which it is looked up to the next: of what is left of it, so many and three are found anyhow. */
  readonly step: number;
}

const double = (digit: bigint): bigint => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Number(digit));
  return view.getBigUint64(0);
};
const plain = (digit: bigint): bigint => digit;

/** Digit bits, bytes of a slot, and what is in a slot. */
type Digits = readonly [bits: number, slotBytes: number, box: (digit: bigint) => bigint];

/** Smis of V8; JavaScriptCore; SpiderMonkey. */
const integersOf = (bits: number): readonly Digits[] => [
  [bits, 8, (digit) => digit << 32n],
  [bits, 8, (digit) => digit + 0xfffe_0000_0000_0000n],
  [bits, 8, (digit) => digit + 0xfff8_8000_0000_0000n],
];

const DIGITS: readonly Digits[] = [
  [30, 4, plain], // CPython int
  [28, 4, plain], // LibTomMath, 32 bits, Tcl; BigInteger.js, jsbn in a typed array
  [26, 4, plain], // bn.js in a typed array
  // jsbn, bn.js, sjcl and msrcrypto in engines of JavaScript.
  ...[28, 26, 24].flatMap((bits): Digits[] => [
    ...integersOf(bits),
    // Smis of V8 with compressed pointers; Hermes; doubles; QuickJS and Duktape, whose type of a number is zero.
    [bits, 4, (digit) => digit << 1n],
    [bits, 4, (digit) => digit * 8n + 4n],
    [bits, 8, double],
    [bits, 16, plain],
    [bits, 16, double],
  ]),
  ...integersOf(30), // JSBI
  ...[30, 31, 32].map((bits): Digits => [bits, 16, plain]), // JSBI, phpseclib, lua-bint, where that type is zero
  [60, 8, plain], // LibTomMath, 64 bits
  [62, 8, plain], // MIT Scheme
  [63, 8, plain], // PyPy
  [52, 8, plain], // OpenSSL's AVX-512 code
];

const LOWER = 0x27;
const UPPER = 0x07;

/** @param value octets, or a big-endian number without leading zeros */
export function* spellBytes(value: Uint8Array, form: Form): Generator<Spelling> {
  const raw = { form, encoding: 'bytes', least: Math.min(16, value.length), step: 16 } as const;
  yield { ...raw, bytes: value.slice() };
  yield { ...raw, bytes: value.slice().reverse() };
  for (const start of [0, 1, 2]) {
    yield* wide({ ...text(value.length), bytes: base64(value, start, 0x2b, 0x2f), form: 'base64-run' });
    yield* wide({ ...text(value.length), bytes: base64(value, start, 0x2d, 0x5f), form: 'base64-run' });
  }
  for (const letters of [LOWER, UPPER]) {
    yield* wide({ ...text(value.length), bytes: hex(value, letters), form: 'hex-run' });
    // In lines of 15 or 16 octets.
    const colons = hex(value, letters, 0x3a);
    yield { bytes: colons, form: 'hex-run', encoding: 'bytes', least: Math.min(24, colons.length), step: 12 };
  }
}

/** The same of a number, and what only numbers have. */
export function* spellNumber(value: bigint, form: Form): Generator<Spelling> {
  const be = bigintToBe(value);
  yield* spellBytes(be, form);
  for (const word of [4, 8]) {
    const words = bigintToBe(value, Math.ceil(be.length / word) * word);
    for (let at = 0; at < words.length; at += word) words.subarray(at, at + word).reverse();
    yield { bytes: words, form, encoding: 'bytes', least: 16, step: 16 };
  }
  for (const [bits, slotBytes, box] of DIGITS) {
    const bytes = digits(value, bits, slotBytes, box);
    yield { bytes, form, encoding: 'bytes', least: Math.min(32, bytes.length), step: 24 };
  }
  yield* wide({ ...text(be.length), bytes: decimal(value), form: 'keyword-value' });
  be.fill(0);
}

const text = (octets: number): Pick<Spelling, 'encoding' | 'least' | 'step'> => ({
  encoding: 'bytes',
  least: Math.min(24, octets),
  step: 20,
});

/** Big-endian UTF-16 reads as little-endian from its second byte on, so it needs no spelling of its own. */
function* wide(spelling: Spelling): Generator<Spelling> {
  yield spelling;
  for (const [encoding, width] of [
    ['utf-16le', 2],
    ['utf-32le', 4],
  ] as const) {
    const bytes = new Uint8Array(spelling.bytes.length * width);
    for (const [i, char] of spelling.bytes.entries()) bytes[i * width] = char;
    yield { ...spelling, bytes, encoding, least: spelling.least * width, step: spelling.step * width };
  }
}

const base64Char = (value: number, char62: number, char63: number): number => {
  if (value < 26) return 0x41 + value;
  if (value < 52) return 0x61 + value - 26;
  if (value < 62) return 0x30 + value - 52;
  return value === 62 ? char62 : char63;
};

/** The characters that the octets alone determine when they begin at `start` modulo 3 of what was encoded. */
function base64(value: Uint8Array, start: number, char62: number, char63: number): Uint8Array {
  const firstChar = Math.ceil((start * 8) / 6);
  const endChar = Math.floor(((start + value.length) * 8) / 6);
  const bit = (at: number): number => (value[(at >> 3) - start]! >> (7 - (at & 7))) & 1;
  return Uint8Array.from({ length: endChar - firstChar }, (_, i) => {
    let sextet = 0;
    for (let at = (firstChar + i) * 6; at < (firstChar + i + 1) * 6; at++) sextet = (sextet << 1) | bit(at);
    return base64Char(sextet, char62, char63);
  });
}

function hex(value: Uint8Array, letters: number, separator?: number): Uint8Array {
  const width = separator === undefined ? 2 : 3;
  const out = new Uint8Array(value.length * width - (width - 2));
  const digit = (nibble: number): number => 0x30 + nibble + (nibble > 9 ? letters : 0);
  for (const [i, byte] of value.entries()) {
    out[i * width] = digit(byte >> 4);
    out[i * width + 1] = digit(byte & 15);
    if (separator !== undefined && i + 1 < value.length) out[i * width + 2] = separator;
  }
  return out;
}

function decimal(value: bigint): Uint8Array {
  const out: number[] = [];
  for (let rest = value; rest > 0n; rest /= 10n) out.push(0x30 + Number(rest % 10n));
  return Uint8Array.from(out.reverse());
}

function digits(value: bigint, bits: number, slotBytes: number, box: (digit: bigint) => bigint): Uint8Array {
  const mask = (1n << BigInt(bits)) - 1n;
  const slots: bigint[] = [];
  for (let rest = value; rest > 0n; rest >>= BigInt(bits)) slots.push(box(rest & mask));
  const out = new Uint8Array(slots.length * slotBytes);
  for (const [i, slot] of slots.entries()) out.set(bigintToBe(slot, slotBytes).reverse(), i * slotBytes);
  return out;
}
