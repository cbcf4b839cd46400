/** Looks a key up in lists of published keys, by binary search. */
import type { KnownList } from '../model/known-list.ts';
import { sanitizeLabel } from '../model/label.ts';

/** Longest label that is read from a list, in bytes. */
const MAX_LABEL_BYTES = 160;

export interface KnownKeyNames {
  readonly publicKeySha256?: string | undefined;
  readonly publicValueSha256?: string | undefined;
}

/** The list and the label of a key; undefined when no list has it. The first list counts. */
export function findKnownKey(lists: readonly KnownList[], names: KnownKeyNames): string | undefined {
  for (const list of lists) {
    const digest = list.of === 'spki' ? names.publicKeySha256 : names.publicValueSha256;
    const number = digest === undefined ? undefined : lookUp(list, digest);
    if (number === undefined) continue;
    const label = labelOf(list, number);
    return sanitizeLabel(label ? `${list.name}: ${label}` : list.name);
  }
  return undefined;
}

/** The number of a digest (hex). */
function lookUp({ table, digestBytes, numberBytes }: KnownList, digest: string): number | undefined {
  const record = digestBytes + numberBytes;
  const wanted = Uint8Array.from({ length: digestBytes }, (_, i) =>
    Number.parseInt(digest.slice(2 * i, 2 * i + 2), 16),
  );
  let [low, high] = [0, Math.floor(table.length / record)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareAt(table, middle * record, wanted) < 0) low = middle + 1;
    else high = middle;
  }
  const at = low * record;
  if (at >= table.length || compareAt(table, at, wanted) !== 0) return undefined;
  let number = 0;
  for (let i = digestBytes; i < record; i++) number = number * 256 + table[at + i]!;
  return number;
}

/** Below zero when the bytes at `at` come before `wanted`. */
function compareAt(table: Uint8Array, at: number, wanted: Uint8Array): number {
  for (let i = 0; i < wanted.length; i++) {
    const difference = table[at + i]! - wanted[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

function labelOf({ labels }: KnownList, number: number): string {
  if (!(labels instanceof Uint8Array)) return labels[number] ?? `id${number}`;
  let end = number;
  while (end < labels.length && end < number + MAX_LABEL_BYTES && labels[end] !== 0x0a && labels[end] !== 0x0d) end++;
  // Text of a list, in memory of its own: decoders refuse shared memory.
  return new TextDecoder().decode(labels.slice(number, end)).trim();
}
