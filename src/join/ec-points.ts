/** Encoded public points in memory (SEC 1, 2.3.3), and what lies before them. */
import { bigintFromBe, bigintFromLe } from '../bytes/limbs.ts';
import { CURVE_BY_NAME } from '../proof/curves.ts';
import {
  fromMontgomery,
  isOnCurve,
  type Point,
  parametersOf,
  SHORT_CURVES,
  type ShortCurve,
} from '../proof/short-curves.ts';
import { type LeadWindow, startOfAround } from './join.ts';
import type { HarvestedKeys } from './public-keys.ts';
import { isInHandshake, type PublicEvidence } from './session-keys.ts';

const UNCOMPRESSED = 0x04;
/** Windows between two breaths. */
const WINDOWS_PER_STEP = 1024;

export interface KnownPoint {
  readonly point: Point;
  /** Offset in the input. */
  readonly start: number;
  /** What lies before it, where an ECPrivateKey (RFC 5915) has its scalar: big-endian, as long as the field. */
  readonly scalars: readonly { readonly bytes: Uint8Array; readonly start: number }[];
  /** Where it lies, for telling keys of sessions apart. */
  readonly evidence: PublicEvidence;
}

const DOCUMENT: PublicEvidence = { isDocument: true, isHandshake: false };

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
export function* findPoints(
  windows: readonly LeadWindow[],
  harvested: HarvestedKeys['ec'],
): Generator<undefined, Map<ShortCurve, readonly KnownPoint[]>> {
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
    if (short && isOnCurve(short, { x, y })) add(short, { point: { x, y }, start, scalars: [], evidence: DOCUMENT });
  }
  for (const [i, window] of windows.entries()) {
    if (i % WINDOWS_PER_STEP === 0) yield;
    const { around } = window;
    for (let at = around.indexOf(UNCOMPRESSED); at >= 0; at = around.indexOf(UNCOMPRESSED, at + 1)) {
      for (const curve of SHORT_CURVES) {
        const { size } = CURVE_BY_NAME.get(curve)!;
        if (at + 1 + 2 * size > around.length) continue;
        const x = bigintFromBe(around, at + 1, at + 1 + size);
        const y = bigintFromBe(around, at + 1 + size, at + 1 + 2 * size);
        // Every implementation holds the base point, which says nothing of keys.
        if (!isOnCurve(curve, { x, y }) || x === parametersOf(curve).base.x) continue;
        const start = startOfAround(window) + at;
        const evidence = { isDocument: false, isHandshake: isInHandshake(around, at, 1 + 2 * size, curve) };
        add(curve, { point: { x, y }, start, scalars: scalarsBefore(curve, window, at, size), evidence });
      }
    }
    for (const { point, start } of residuePoints(window)) {
      add(RESIDUE_CURVE, { point, start, scalars: [], evidence: { isDocument: false, isHandshake: false } });
    }
  }
  return points;
}

/** Of RustCrypto's p384 the scalar, too, is a residue: it is found by its point only. */
const RESIDUE_CURVE = 'P-384';
const RESIDUE_BYTES = 48;
const MAX_STRUCTURE_BYTES = 512;
const MAX_RESIDUE_PLACES = 16;

/** X and Y as Montgomery residues, one behind the other, in structures. */
function* residuePoints(window: LeadWindow): Generator<Pick<KnownPoint, 'point' | 'start'>> {
  const { bytes } = window;
  if (bytes.length > MAX_STRUCTURE_BYTES) return;
  const coordinate = (at: number): bigint => {
    const residue = bigintFromLe(bytes, at, at + RESIDUE_BYTES);
    return fromMontgomery(RESIDUE_CURVE, residue, RESIDUE_BYTES * 8);
  };
  for (let i = 0, at = 0; i < MAX_RESIDUE_PLACES && at + 2 * RESIDUE_BYTES <= bytes.length; i++, at += 8) {
    const point = { x: coordinate(at), y: coordinate(at + RESIDUE_BYTES) };
    if (isOnCurve(RESIDUE_CURVE, point) && point.x !== parametersOf(RESIDUE_CURVE).base.x) {
      yield { point, start: window.lead.start + at };
    }
  }
}

function scalarsBefore(curve: ShortCurve, window: LeadWindow, at: number, size: number): KnownPoint['scalars'] {
  return SCALAR_DISTANCES[curve].flatMap((distance) => {
    const from = at - distance - size;
    if (from < 0) return [];
    return { bytes: window.around.slice(from, from + size), start: startOfAround(window) + from };
  });
}
