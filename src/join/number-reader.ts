/**
 * Reads the numbers of one size out of windows, in every layout. Nearly all keys are numbers that fill their run of
 * random words, begin with it, or follow their length; others lie in blocks of adjacent numbers.
 */
import { type LeadWindow, startOfAround } from './join.ts';
import { BIG_ENDIAN, LITTLE_ENDIAN, NUMBER_LAYOUTS, type NumberLayout } from './number-layouts.ts';

/** Longer blocks are bulk data. */
const MAX_BLOCK_BYTES = 4096;
/** How far the first byte of a number may be from the start of its run, and its last one from the end. */
const SLACK_BYTES = 8;

/**
 * How sure it is that a number begins here: it fills its run or follows its length; it begins with its run; it ends with
 * it; it is somewhere in a block.
 */
export const FIT = { filling: 0, start: 1, end: 2, block: 3 } as const;
export type Fit = (typeof FIT)[keyof typeof FIT];

export interface ReadingOptions {
  readonly oddOnly?: boolean;
  /** Numbers that fit worse are left out; `filling` also leaves out runs that are longer than the number. */
  readonly fit?: Fit;
  /** Of longer runs only the start is read. */
  readonly maxBlockBytes?: number;
  /** Distance of places in a block from its start is a multiple of this. */
  readonly blockStep?: number;
  /** Least first byte of a number in a block, to pass over most of what is none. */
  readonly blockTop?: number;
  readonly layouts?: readonly NumberLayout[];
}

/**
 * @param number big-endian, in memory that the next number overwrites
 * @param start offset in the input of its first byte in memory
 */
export type OnNumber = (number: Uint8Array, start: number, fit: Fit) => void;

/** Calls `onNumber` for each number of `size` bytes. */
export function readNumbers(
  windows: readonly LeadWindow[],
  size: number,
  onNumber: OnNumber,
  options: ReadingOptions = {},
): void {
  const number = new Uint8Array(size);
  for (const layout of options.layouts ?? NUMBER_LAYOUTS) {
    for (const window of windows) readWindow(window, layout, number, onNumber, options);
  }
  number.fill(0);
}

function readWindow(
  window: LeadWindow,
  layout: NumberLayout,
  number: Uint8Array,
  onNumber: OnNumber,
  {
    oddOnly = false,
    fit: worst = FIT.block,
    maxBlockBytes = MAX_BLOCK_BYTES,
    blockStep = 1,
    blockTop = 0,
  }: ReadingOptions,
): void {
  const { around, bytes } = window;
  const size = number.length;
  const length = layout.lengthOf(size);
  const lowest = layout.lowestAt(size);
  const first = bytes.byteOffset - around.byteOffset;
  const last = first + bytes.length - length;
  if (last < first - SLACK_BYTES) return;
  const isFilling = last <= first + SLACK_BYTES;
  if (worst === FIT.filling && !isFilling) return;
  const isBulk = bytes.length > maxBlockBytes;
  // Digits and Java's arrays follow their length: they begin their run.
  const isBlock = worst === FIT.block && !isBulk && !isFilling && (layout === LITTLE_ENDIAN || layout === BIG_ENDIAN);
  const step = isBlock ? layout.step : Math.max(4, layout.step);
  const to = Math.min(around.length - length, isBulk ? first + SLACK_BYTES : Math.max(first, last) + SLACK_BYTES);
  const origin = startOfAround(window);
  for (let at = first; at <= to; at += step) {
    if (oddOnly && (around[at + lowest]! & 1) === 0) continue;
    let fit: Fit = FIT.block;
    if (at === first) fit = isFilling ? FIT.filling : FIT.start;
    else if (layout.step === 1 && isBehindLength(around, at, size)) fit = FIT.filling;
    else if ((at - first) % 4 === 0 && (at - first <= SLACK_BYTES || Math.abs(at - last) <= SLACK_BYTES)) fit = FIT.end;
    else if (!isBlock || (at - first) % blockStep !== 0) continue;
    if (fit > worst || (fit === FIT.block && layout.step === 1 && around[at]! < blockTop)) continue;
    if (!layout.read(around, at, number) || (fit === FIT.block && number[0]! < blockTop)) continue;
    onNumber(number, origin + at, fit);
  }
}

/**
 * Whether a big-endian number of `size` bytes at `at` follows its length: as an INTEGER of DER (X.690, 8.3), a string of
 * an S-expression (`129:`), or an mpint of SSH (RFC 4251, 5). All three put a zero byte before a set top bit.
 */
function isBehindLength(bytes: Uint8Array, at: number, size: number): boolean {
  const padding = bytes[at - 1] === 0 ? 1 : 0;
  const before = at - padding;
  const length = size + padding;
  if (bytes[before - 1] === 0x3a) return true;
  if (bytes[before - 1] !== (length & 0xff)) return false;
  if (length < 0x80 && bytes[before - 2] === 0x02) return true;
  if (bytes[before - 2] === 0x81 && bytes[before - 3] === 0x02) return true;
  return bytes[before - 2] === length >> 8 && (bytes[before - 3] === 0x82 || bytes[before - 3] === 0);
}
