/** Public points in memory: encoded ones (SEC 1, 2.3.3), and coordinates in the layouts of libraries. */
import { bigintFromBe, bigintToBe } from '../bytes/limbs.ts';
import { CURVE_BY_NAME } from '../proof/curves.ts';
import { equalBytes } from '../proof/hash.ts';
import { isOnCurve, type Point, SHORT_CURVES, type ShortCurve, toMontgomery } from '../proof/short-curves.ts';
import type { PrivateCandidate } from './candidates.ts';
import { type LeadWindow, startOfAround } from './join.ts';
import { BIG_ENDIAN, LITTLE_ENDIAN, NUMBER_LAYOUTS } from './number-layouts.ts';
import { FIT } from './number-reader.ts';
import { PrefixTable } from './prefix-table.ts';
import type { HarvestedKeys } from './public-keys.ts';

const UNCOMPRESSED = 0x04;

export interface KnownPoint {
  readonly point: Point;
  /** Offset in the input. */
  readonly start: number;
  /** What lies before it, where an ECPrivateKey (RFC 5915) has its scalar. */
  readonly scalars: readonly PrivateCandidate[];
}

/**
 * Bytes between scalar and point in an ECPrivateKey: the headers of publicKey, and before them perhaps the parameters.
 * Documents are freed and partly overwritten, the middle stays.
 */
const SCALAR_DISTANCES: Readonly<Record<ShortCurve, readonly number[]>> = {
  'P-256': [5, 5 + 12],
  'P-384': [5, 5 + 9],
  'P-521': [7, 7 + 9],
  secp256k1: [5, 5 + 9],
};

/** Points by curve: those that were harvested, and encoded ones in windows. */
export function findPoints(
  windows: readonly LeadWindow[],
  harvested: HarvestedKeys['ec'],
): Map<ShortCurve, readonly KnownPoint[]> {
  const points = new Map<ShortCurve, KnownPoint[]>();
  const add = (curve: ShortCurve, point: KnownPoint): void => {
    const same = points.get(curve);
    if (same) same.push(point);
    else points.set(curve, [point]);
  };
  for (const { curve, point, start } of harvested) {
    const short = SHORT_CURVES.find((name) => name === curve);
    const half = (point.length + 1) / 2;
    const [x, y] = [bigintFromBe(point, 1, half), bigintFromBe(point, half)];
    if (short && isOnCurve(short, { x, y })) add(short, { point: { x, y }, start, scalars: [] });
  }
  for (const window of windows) {
    const { around } = window;
    for (let at = around.indexOf(UNCOMPRESSED); at >= 0; at = around.indexOf(UNCOMPRESSED, at + 1)) {
      for (const curve of SHORT_CURVES) {
        const { size } = CURVE_BY_NAME.get(curve)!;
        if (at + 1 + 2 * size > around.length) continue;
        const x = bigintFromBe(around, at + 1, at + 1 + size);
        const y = bigintFromBe(around, at + 1 + size, at + 1 + 2 * size);
        if (!isOnCurve(curve, { x, y })) continue;
        const start = startOfAround(window) + at;
        add(curve, { point: { x, y }, start, scalars: scalarsBefore(curve, window, at, size) });
      }
    }
  }
  return points;
}

function scalarsBefore(curve: ShortCurve, window: LeadWindow, at: number, size: number): PrivateCandidate[] {
  return SCALAR_DISTANCES[curve].flatMap((distance) => {
    const from = at - distance - size;
    if (from < 0) return [];
    const bytes = window.around.slice(from, from + size);
    return { bytes, start: startOfAround(window) + from, fit: FIT.filling };
  });
}

type Write = (curve: ShortCurve, value: bigint) => Uint8Array;

/** How coordinates are stored: plain, in every layout; as Montgomery residues in little-endian limbs of 64 bits. */
const COORDINATE_FORMS: readonly Write[] = [
  ...NUMBER_LAYOUTS.filter((layout) => layout !== BIG_ENDIAN).map(
    (layout): Write =>
      (_, value) =>
        layout.write(bigintToBe(value)),
  ),
  (curve, value) => bigintToBe(value, CURVE_BY_NAME.get(curve)!.size),
  (curve, value) => {
    const bits = Math.ceil(CURVE_BY_NAME.get(curve)!.size / 8) * 64;
    return LITTLE_ENDIAN.write(bigintToBe(toMontgomery(curve, value, bits)));
  },
];
/** Shorter values are found by chance; one coordinate in 2^64 is. */
const MIN_BYTES = 24;

export interface Coordinate {
  /** The byte before it where it is 02 or 03: a compressed point. */
  readonly compressed?: 0x02 | 0x03;
}

/** Which of `values` lie in the windows, by index; what is undefined is left out. */
export function findCoordinates(
  curve: ShortCurve,
  windows: readonly LeadWindow[],
  values: readonly (bigint | undefined)[],
): Map<number, Coordinate> {
  const forms = COORDINATE_FORMS.length;
  const wanted = values.filter((value) => value !== undefined).length;
  const found = new Map<number, Coordinate>();
  if (wanted === 0) return found;
  const table = new PrefixTable(wanted * forms);
  for (const [i, value] of values.entries()) {
    if (value === undefined) continue;
    for (const [form, write] of COORDINATE_FORMS.entries()) {
      const bytes = write(curve, value);
      if (bytes.length >= MIN_BYTES) table.add(bytes, i * forms + form);
    }
  }
  for (const { around } of windows) {
    table.scan(around, (index, at) => {
      const i = Math.floor(index / forms);
      const bytes = COORDINATE_FORMS[index % forms]!(curve, values[i]!);
      // The top of a 521-bit number is a word of its own, which may be cut off.
      const there = around.subarray(at, at + bytes.length);
      if (there.length < bytes.length - 2 || !equalBytes(there, bytes.subarray(0, there.length))) return;
      const before = around[at - 1];
      if (before === 0x02 || before === 0x03) found.set(i, { compressed: before });
      else if (!found.has(i)) found.set(i, {});
    });
  }
  return found;
}
