/**
 * Numbers in the memory of a big-endian machine (s390x, PowerPC, MIPS): their limbs and digits are in the same order as on any other, the
 * least significant first, but the bytes of each are the other way round. With each word turned round they are what all
 * layouts read. Nothing else is: octets, texts and `int[]` with the most significant int first (Java) are read as they lie.
 * So are the numbers in heap dumps of Java, which are big-endian whatever the machine: libraries that compute in digits of their own
 * (Bouncy Castle's curves) keep the least significant first.
 */
import { u32le } from '../bytes/reader.ts';
import type { Span } from '../model/place.ts';
import { hprofArray } from './array-headers.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { thinWindows } from './number-kinds.ts';

export type WordBytes = 4 | 8;
/** What is turned: words; or the ints and longs of arrays in heap dumps of Java. */
export type Turn = WordBytes | 'array';

export type TurnedWindow = LeadWindow & Required<Pick<LeadWindow, 'wordBytes'>>;

/** Words of which runs are made. */
const RUN_WORD = 8;

/**
 * Copies of the windows of numbers, each word turned round, in memory that the caller wipes. Places remain: words stay where they are,
 * but a number that is shorter than its words lies in them elsewhere (`wholeWords`).
 */
export function turnWords(windows: readonly LeadWindow[], turn: Turn): TurnedWindow[] {
  const numbers = windows.filter(({ lead }) => lead.kind === 'number');
  return turn === 'array' ? turnArrays(numbers) : numbers.map((window) => turnWindow(window, turn));
}

/** Longer arrays hold no number of a key. */
const MAX_ARRAY_BYTES = 1024;
/** Of very many, which are temporary results of arithmetic, as many are turned: of those alike, some all over the heap. */
const MAX_ARRAYS = 50_000;

function turnArrays(windows: readonly LeadWindow[]): TurnedWindow[] {
  const arrays = windows.filter(({ bytes }) => bytes.length <= MAX_ARRAY_BYTES);
  return thinWindows(arrays, MAX_ARRAYS).flatMap(turnArray);
}

/** The array that fills the window, if there is one; what lies before it stays as it is. */
function turnArray({ lead, bytes, around }: LeadWindow): TurnedWindow[] {
  const first = bytes.byteOffset - around.byteOffset;
  const array = hprofArray(around, first);
  if (!array || array.elementBytes === 1) return [];
  const { elementBytes, count } = array;
  const end = first + count * elementBytes;
  if (end > around.length || end < first + bytes.length - RUN_WORD) return [];
  const turned = around.slice();
  for (let at = first; at < end; at += elementBytes) turned.subarray(at, at + elementBytes).reverse();
  const window = createWindow({ ...lead, end: lead.start + end - first }, turned, first);
  return [{ ...window, wordBytes: elementBytes }];
}

function turnWindow({ lead, bytes, around }: LeadWindow, wordBytes: WordBytes): TurnedWindow {
  const first = bytes.byteOffset - around.byteOffset;
  const turned = around.slice();
  for (let at = first % wordBytes; at + wordBytes <= turned.length; at += wordBytes) {
    turned.subarray(at, at + wordBytes).reverse();
  }
  let [from, to] = [first, first + bytes.length];
  // The kernel, which reads words as little-endian, takes pointers of such a machine for random ones, and small last digits for none.
  while (to - from > RUN_WORD && isPointer(around, from)) from += RUN_WORD;
  while (to - from > RUN_WORD && isPointer(around, to - RUN_WORD)) to -= RUN_WORD;
  if (isSmall(turned, to)) to += RUN_WORD;
  const span = { start: lead.start + from - first, end: lead.start + to - first };
  return { ...createWindow({ ...lead, ...span }, turned, from), wordBytes };
}

/** What a place in turned words covers of the words as they lie. */
export function wholeWords({ start, end }: Span, lead: Span, wordBytes: WordBytes): Span {
  const down = (at: number): number => lead.start + Math.floor((at - lead.start) / wordBytes) * wordBytes;
  return { start: down(start), end: down(end + wordBytes - 1) };
}

const isPointer = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0 && bytes[at + 1] === 0;

/** Whether a word is there, not zero and below 2^32. */
const isSmall = (bytes: Uint8Array, at: number): boolean => u32le(bytes, at + 4) === 0 && u32le(bytes, at)! > 0;
