/** Windows of leads as a scan would hand them to a join. */
import { createWindow, type LeadWindow } from '../../src/join/join.ts';
import type { Make } from '../../src/model/make.ts';

export const SPACING = 1 << 20;

/** Each value in a lead of its own, a megabyte apart, between small words. @param first how many megabytes before the first one */
export function spacedWindows(
  make: Make,
  values: readonly Uint8Array[],
  kind: LeadWindow['lead']['kind'] = 'number',
  first = 1,
): LeadWindow[] {
  return values.map((bytes, i) => {
    const start = SPACING * (first + i);
    // As of a Java array: the number of its ints before it.
    const header = make.concat(make.le(0x31n, 12), make.le(BigInt(bytes.length >> 2), 4));
    const around = make.concat(header, bytes, make.le(0n, 16));
    return createWindow({ kind, encoding: 'bytes', start, end: start + bytes.length }, around, 16);
  });
}
