/**
 * Reads the numbers of one size out of windows, in every layout. Nearly all keys are numbers that fill their run of
 * random words, begin with it, or follow their length; others lie in blocks of adjacent numbers.
 */
import { type LeadWindow, startOfAround } from './join.ts';
import { NUMBER_LAYOUTS, type NumberLayout } from './number-layouts.ts';

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
  /** In longer runs only the ends are read. */
  readonly maxBlockBytes?: number;
  /** Distance of places in a block from its start is a multiple of this. */
  readonly blockStep?: number;
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
  {
    oddOnly = false,
    fit: worst = FIT.block,
    maxBlockBytes = MAX_BLOCK_BYTES,
    blockStep = 1,
    layouts = NUMBER_LAYOUTS,
  }: ReadingOptions = {},
): void {
  const number = new Uint8Array(size);
  for (const layout of layouts) {
    const length = layout.lengthOf(size);
    const lowest = layout.lowestAt(size);
    for (const window of windows) {
      const { around, bytes } = window;
      if (around.length < length || bytes.length + 2 * SLACK_BYTES < length) continue;
      const origin = startOfAround(window);
      for (const [at, fit] of placesOf(window, layout, length, size, worst, maxBlockBytes, blockStep)) {
        if ((oddOnly && (around[at + lowest]! & 1) === 0) || !layout.read(around, at, number)) continue;
        onNumber(number, origin + at, fit);
      }
    }
  }
  number.fill(0);
}

/** Indexes in `around`, each once. */
function* placesOf(
  { around, bytes }: LeadWindow,
  { step }: NumberLayout,
  length: number,
  size: number,
  worst: Fit,
  maxBlockBytes: number,
  blockStep: number,
): Generator<readonly [at: number, fit: Fit]> {
  const first = bytes.byteOffset - around.byteOffset;
  const last = first + bytes.length - length;
  const isFilling = Math.abs(last - first) <= SLACK_BYTES;
  if (worst === FIT.filling && !isFilling) return;
  const isBlock = worst === FIT.block && bytes.length <= maxBlockBytes && !isFilling;
  const from = Math.max(0, Math.min(first, last) - SLACK_BYTES);
  const to = Math.min(around.length - length, Math.max(first, last) + SLACK_BYTES);
  const stride = isBlock ? step : Math.max(4, step);
  for (let at = from + ((first - from) % stride); at <= to; at += stride) {
    if (at === first) yield [at, isFilling ? FIT.filling : FIT.start];
    else if (step === 1 && isBehindLength(around, at, size)) yield [at, FIT.filling];
    else if (Math.abs(at - first) <= SLACK_BYTES && at % 4 === first % 4) yield [at, isFilling ? FIT.start : FIT.end];
    else if (Math.abs(at - last) <= SLACK_BYTES && at % 4 === first % 4) yield [at, FIT.end];
    else if (isBlock && (at - first) % blockStep === 0) yield [at, FIT.block];
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
