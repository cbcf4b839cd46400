/** All places of known numbers in windows: every layout, every byte. */

import type { Lead } from '../model/task.ts';
import { equalBytes } from '../proof/hash.ts';
import { type LeadWindow, startOfAround } from './join.ts';
import { isWritten, type NumberLayout } from './number-layouts.ts';
import { layoutsIn } from './number-reader.ts';
import { PrefixTable } from './prefix-table.ts';
import { isText } from './text-keys.ts';

/** Copies of one number that are remembered. */
const MAX_PLACES = 16;
/** A prefix of this length is looked up first. */
const MIN_BYTES = 8;

export interface NumberPlace {
  /** Index of the number. */
  readonly number: number;
  /** Span in the input; of a number in a text, all of it. */
  readonly start: number;
  readonly end: number;
  readonly lead: Lead;
  readonly window: LeadWindow;
}

/**
 * @param numbers big-endian, without leading zeros, more than eight bytes; equal ones are found once for each. All at once: each time, all
 * windows are read
 * @param layouts all that any of the windows may have
 */
export function findNumbers(
  windows: readonly LeadWindow[],
  numbers: readonly Uint8Array[],
  layouts: readonly NumberLayout[] = layoutsIn(windows),
): NumberPlace[] {
  const needles: {
    readonly bytes: Uint8Array;
    readonly layout: NumberLayout;
    readonly number: number;
    places: number;
  }[] = [];
  for (const [number, bytes] of numbers.entries()) {
    if (bytes.length <= MIN_BYTES) continue;
    for (const layout of layouts) needles.push({ bytes: layout.write(bytes), layout, number, places: 0 });
  }
  if (needles.length === 0) return [];
  const table = new PrefixTable(needles.length);
  for (const [i, { bytes }] of needles.entries()) table.add(bytes, i);
  const places: NumberPlace[] = [];
  const seen = new Set<string>();
  for (const window of windows) {
    const origin = startOfAround(window);
    table.scan(window.around, (index, at) => {
      const needle = needles[index]!;
      const end = at + needle.bytes.length;
      if (end > window.around.length || !isWritten(needle.layout, window.around.subarray(at, end), needle.bytes))
        return;
      const place = `${needle.number} ${origin + at}`;
      // The surroundings of neighbouring leads overlap.
      if (seen.has(place) || needle.places >= MAX_PLACES) return;
      seen.add(place);
      needle.places++;
      const { lead } = window;
      const span = isText(lead) ? { start: lead.start, end: lead.end } : { start: origin + at, end: origin + end };
      places.push({ number: needle.number, ...span, lead, window });
    });
  }
  table.wipe();
  for (const { bytes } of needles) bytes.fill(0);
  return places;
}

/** Which of `needles` lie in the windows, by index. */
export function findBytes(windows: readonly LeadWindow[], needles: readonly Uint8Array[]): Set<number> {
  const table = new PrefixTable(needles.length);
  const found = new Set<number>();
  for (const [i, bytes] of needles.entries()) if (bytes.length >= MIN_BYTES) table.add(bytes, i);
  for (const { around } of windows) {
    table.scan(around, (i, at) => {
      const needle = needles[i]!;
      if (equalBytes(around.subarray(at, at + needle.length), needle)) found.add(i);
    });
  }
  table.wipe();
  return found;
}
