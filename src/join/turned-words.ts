/**
 * Numbers in the memory of a big-endian machine (s390x, PowerPC, MIPS): their limbs and digits are in the same order as on any other, the
 * least significant first, but the bytes of each are the other way round. With each word turned round they are what all
 * layouts read. Nothing else is: octets, texts and `int[]` with the most significant int first (Java) are read as they lie.
 */
import { u32le } from '../bytes/reader.ts';
import type { Span } from '../model/place.ts';
import { createWindow, type LeadWindow } from './join.ts';

export type WordBytes = 4 | 8;

/** Words of which runs are made. */
const RUN_WORD = 8;

/**
 * Copies of the windows of numbers, each word turned round, in memory that the caller wipes. Places remain: words stay where they are,
 * but a number that is shorter than its words lies in them elsewhere (`wholeWords`).
 */
export function turnWords(windows: readonly LeadWindow[], wordBytes: WordBytes): LeadWindow[] {
  return windows.filter(({ lead }) => lead.kind === 'number').map((window) => turnWindow(window, wordBytes));
}

function turnWindow({ lead, bytes, around }: LeadWindow, wordBytes: WordBytes): LeadWindow {
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
  return createWindow({ ...lead, start: lead.start + from - first, end: lead.start + to - first }, turned, from);
}

/** What a place in turned words covers of the words as they lie. */
export function wholeWords({ start, end }: Span, lead: Span, wordBytes: WordBytes): Span {
  const down = (at: number): number => lead.start + Math.floor((at - lead.start) / wordBytes) * wordBytes;
  return { start: down(start), end: down(end + wordBytes - 1) };
}

const isPointer = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0 && bytes[at + 1] === 0;

/** Whether a word is there, not zero and below 2^32. */
const isSmall = (bytes: Uint8Array, at: number): boolean => u32le(bytes, at + 4) === 0 && u32le(bytes, at)! > 0;
