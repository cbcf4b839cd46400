/**
 * AES key schedules as programs keep them (FIPS 197, 5.2 and 5.3.5). Words may be byte-swapped: code that works on
 * integers stores each big-endian word in the machine's order, code for AES instructions keeps the bytes in order.
 */

export type ScheduleOrder = 'encryption' | 'decryption' | 'decryption-rotated';

export interface ScheduleLayout {
  readonly bits: 128 | 192 | 256;
  /**
   * - `encryption`: rounds first to last.
   * - `decryption`: for the equivalent inverse cipher: rounds last to first, InvMixColumns applied to all but the outer two.
   * - `decryption-rotated`: the same, its last round moved to the front, as Java does.
   */
  readonly order: ScheduleOrder;
  readonly isSwapped: boolean;
}

const ROW = 16;

/** Rounds of a key: the schedule has one row of 16 bytes more. */
function roundsOf(bits: number): number {
  return bits / 32 + 6;
}

export function scheduleBytes({ bits }: Pick<ScheduleLayout, 'bits'>): number {
  return (roundsOf(bits) + 1) * ROW;
}

/** Multiplication by x in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. */
function double(value: number): number {
  return ((value << 1) ^ ((value >> 7) * 0x11b)) & 0xff;
}

function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 1, power = a; bit <= b; bit <<= 1, power = double(power)) if (b & bit) product ^= power;
  return product;
}

/** Made when it is first needed. */
let sBox: Uint8Array | undefined;

/** FIPS 197, 5.1.1: the inverse, then an affine map. */
const makeSBox = (): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, value) => {
    let inverse = value;
    // The inverse is the 254th power.
    for (let i = 0; i < 6; i++) inverse = multiply(multiply(inverse, inverse), value);
    inverse = multiply(inverse, inverse);
    let mapped = 0x63;
    for (let i = 0; i < 5; i++) mapped ^= (inverse << i) | (inverse >> (8 - i));
    return mapped & 0xff;
  });

/** KeyExpansion (FIPS 197, 5.2) of 16, 24 or 32 bytes. Memory of its own: wipe it. */
export function expandKey(key: Uint8Array): Uint8Array {
  const box = (sBox ??= makeSBox());
  const keyBytes = key.length;
  const schedule = new Uint8Array(scheduleBytes({ bits: (keyBytes * 8) as ScheduleLayout['bits'] }));
  schedule.set(key);
  let constant = 1;
  const word = new Uint8Array(4);
  for (let at = keyBytes; at < schedule.length; at += 4) {
    word.set(schedule.subarray(at - 4, at));
    if (at % keyBytes === 0) {
      const first = word[0]!;
      for (let i = 0; i < 4; i++) word[i] = box[i < 3 ? word[i + 1]! : first]!;
      word[0]! ^= constant;
      constant = double(constant);
    } else if (keyBytes === 32 && at % keyBytes === ROW) {
      for (let i = 0; i < 4; i++) word[i] = box[word[i]!]!;
    }
    for (let i = 0; i < 4; i++) schedule[at + i] = schedule[at + i - keyBytes]! ^ word[i]!;
  }
  word.fill(0);
  return schedule;
}

/** MixColumns (FIPS 197, 5.1.3) or, with the other coefficients, InvMixColumns (5.3.3), in place. */
function mixColumns(row: Uint8Array, coefficients: readonly number[]): void {
  const column = new Uint8Array(4);
  for (let at = 0; at < row.length; at += 4) {
    column.set(row.subarray(at, at + 4));
    for (let i = 0; i < 4; i++) {
      let sum = 0;
      for (let j = 0; j < 4; j++) sum ^= multiply(column[(i + j) % 4]!, coefficients[j]!);
      row[at + i] = sum;
    }
  }
  column.fill(0);
}
const MIX = [2, 3, 1, 1];
const INVERSE_MIX = [14, 11, 13, 9];

function swapWords(bytes: Uint8Array): void {
  for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
}

/** Round (row) of the encryption schedule that lies at `index` in a layout. */
function roundAt({ bits, order }: ScheduleLayout, index: number): number {
  const rounds = roundsOf(bits);
  if (order === 'encryption') return index;
  if (order === 'decryption') return rounds - index;
  return index === 0 ? 0 : rounds + 1 - index;
}

/** The schedule of a key as it lies in memory. Memory of its own: wipe it. */
export function layOutSchedule(key: Uint8Array, layout: ScheduleLayout): Uint8Array {
  const expanded = expandKey(key);
  const rounds = roundsOf(layout.bits);
  const laidOut = new Uint8Array(expanded.length);
  for (let index = 0; index <= rounds; index++) {
    const round = roundAt(layout, index);
    const row = laidOut.subarray(index * ROW, (index + 1) * ROW);
    row.set(expanded.subarray(round * ROW, (round + 1) * ROW));
    if (layout.order !== 'encryption' && round > 0 && round < rounds) mixColumns(row, INVERSE_MIX);
  }
  if (layout.isSwapped) swapWords(laidOut);
  expanded.fill(0);
  return laidOut;
}

/**
 * Whether the first word of the schedule at `start` that went through the S-box is right but for `mostWrongBits`: cheaper than
 * `proveSchedule`, and tells what fulfils the linear half of the expansion alone (zeros, then a part of a schedule).
 */
export function couldBeSchedule(
  bytes: Uint8Array,
  start: number,
  layout: ScheduleLayout,
  mostWrongBits: number,
): boolean {
  const keyWords = layout.bits / 32;
  const box = (sBox ??= makeSBox());
  const word = unmixedWord(bytes, start, layout, 0);
  const last = unmixedWord(bytes, start, layout, keyWords - 1);
  for (let i = 0; i < 4; i++) word[i]! ^= box[last[(i + 1) % 4]!]!;
  word[0]! ^= 1;
  if (layout.order !== 'encryption') mixColumns(word, INVERSE_MIX);
  if (layout.isSwapped) word.reverse();
  const at = start + placeOfWord(layout, keyWords);
  let wrong = 0;
  for (let i = 0; i < 4; i++) wrong += countOnes(word[i]! ^ bytes[at + i]!);
  word.fill(0);
  last.fill(0);
  return wrong <= mostWrongBits;
}

/** Where word `index` of the expansion lies in a layout. */
function placeOfWord(layout: ScheduleLayout, index: number): number {
  // Each order of rounds is its own inverse.
  return roundAt(layout, index >> 2) * ROW + (index % 4) * 4;
}

/** Word `index` of the expansion, one of the first two rounds. */
function unmixedWord(bytes: Uint8Array, start: number, layout: ScheduleLayout, index: number): Uint8Array {
  const at = start + placeOfWord(layout, index);
  const word = bytes.slice(at, at + 4);
  if (layout.isSwapped) word.reverse();
  if (layout.order !== 'encryption' && index >= 4) mixColumns(word, MIX);
  return word;
}

/** Bits that are set. */
export function countOnes(byte: number): number {
  let ones = 0;
  for (let bits = byte; bits !== 0; bits &= bits - 1) ones++;
  return ones;
}

/** The key that `schedule`, as long as its layout says, would be of. Memory of its own: wipe it. */
export function keyOfSchedule(schedule: Uint8Array, layout: ScheduleLayout): Uint8Array {
  const key = new Uint8Array(layout.bits / 8);
  for (let index = 0; index * ROW < schedule.length; index++) {
    const round = roundAt(layout, index);
    if (round * ROW >= key.length) continue;
    const row = schedule.slice(index * ROW, (index + 1) * ROW);
    if (layout.isSwapped) swapWords(row);
    if (layout.order !== 'encryption' && round > 0) mixColumns(row, MIX);
    key.set(row.subarray(0, key.length - round * ROW), round * ROW);
    row.fill(0);
  }
  return key;
}

/** The key, when `schedule` differs from its recomputed schedule in at most `mostWrongBits` bits. */
export function proveSchedule(
  schedule: Uint8Array,
  layout: ScheduleLayout,
  mostWrongBits: number,
): Uint8Array | undefined {
  const key = keyOfSchedule(schedule, layout);
  const expected = layOutSchedule(key, layout);
  let wrong = 0;
  for (let at = 0; at < expected.length && wrong <= mostWrongBits; at++) {
    wrong += countOnes(expected[at]! ^ (schedule[at] ?? 0xff));
  }
  expected.fill(0);
  if (wrong <= mostWrongBits && schedule.length === expected.length) return key;
  key.fill(0);
  return undefined;
}
