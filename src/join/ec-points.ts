/** Encoded public points in memory (SEC 1, 2.3.3), and what lies before them. */
import { bigintFromBe, bigintFromLe } from '../bytes/limbs.ts';
import { CURVE_BY_NAME } from '../proof/curves.ts';
import { fromMontgomery, isOnCurve, type Point, parametersOf, type ShortCurve } from '../proof/short-curves.ts';
import { type LeadWindow, startOfAround } from './join.ts';
import { splitBulk } from './number-kinds.ts';
import type { HarvestedKeys } from './public-keys.ts';
import { isInHandshake, type PublicEvidence } from './session-keys.ts';

const UNCOMPRESSED = 0x04;
/** Windows between two breaths. */
const WINDOWS_PER_STEP = 1024;

export interface KnownPoint {
  readonly point: Point;
  /** Offset in the input. */
  readonly start: number;
  /** What lies beside it, and where an ECPrivateKey (RFC 5915) has its scalar: big-endian, as long as the field. */
  readonly scalars: readonly { readonly bytes: Uint8Array; readonly start: number }[];
  /** Where it lies, for telling keys of sessions apart. */
  readonly evidence: PublicEvidence;
}

const DOCUMENT: PublicEvidence = { isDocument: true, isHandshake: false };

/**
 * Bytes between scalar and point in an ECPrivateKey: the headers of publicKey, and before them perhaps the parameters.
 * Documents are freed and partly overwritten, the middle stays. In structures of bytes the one is right behind the other.
 */
const SCALAR_DISTANCES: Readonly<Record<ShortCurve, readonly number[]>> = {
  'P-256': [0, 5, 5 + 12],
  'P-384': [0, 5, 5 + 9],
  'P-521': [0, 7, 7 + 9],
  secp256k1: [0, 5, 5 + 9],
  brainpoolP256r1: [0, 5, 5 + 13],
  brainpoolP384r1: [0, 5, 5 + 13],
  brainpoolP512r1: [0, 7, 7 + 13],
  SM2: [0, 5, 5 + 12],
};

/** Points by curve, on `curves` only: those that were harvested, and encoded ones in windows. */
export function* findPoints(
  windows: readonly LeadWindow[],
  harvested: HarvestedKeys['ec'],
  curves: readonly ShortCurve[],
): Generator<undefined, Map<ShortCurve, readonly KnownPoint[]>> {
  const points = new Map<ShortCurve, KnownPoint[]>();
  const add = (curve: ShortCurve, point: KnownPoint): void => {
    const same = points.get(curve);
    if (same) same.push(point);
    else points.set(curve, [point]);
  };
  for (const { curve, point, start } of harvested) {
    const short = curves.find((name) => name === curve);
    const half = (point.length + 1) / 2;
    const [x, y] = [bigintFromBe(point, 1, half), bigintFromBe(point, half)];
    if (short && isOnCurve(short, { x, y })) add(short, { point: { x, y }, start, scalars: [], evidence: DOCUMENT });
  }
  // Of these, arithmetic in a virtual machine leaves a hundred thousand, and each is one number.
  const { integers } = splitBulk(windows.filter(({ lead }) => lead.kind === 'number')).arrays;
  const single = new Set(integers);
  for (const [i, window] of windows.entries()) {
    if (i % WINDOWS_PER_STEP === 0) yield;
    const { around } = window;
    for (let at = around.indexOf(UNCOMPRESSED); at >= 0; at = around.indexOf(UNCOMPRESSED, at + 1)) {
      for (const curve of curves) {
        const { size } = CURVE_BY_NAME.get(curve)!;
        if (at + 1 + 2 * size > around.length) continue;
        const x = bigintFromBe(around, at + 1, at + 1 + size);
        const y = bigintFromBe(around, at + 1 + size, at + 1 + 2 * size);
        // Every implementation holds the base point, which says nothing of keys.
        if (!isOnCurve(curve, { x, y }) || x === parametersOf(curve).base.x) continue;
        const start = startOfAround(window) + at;
        const evidence = { isDocument: false, isHandshake: isInHandshake(around, at, 1 + 2 * size, curve) };
        add(curve, { point: { x, y }, start, scalars: scalarsBeside(curve, window, at, size), evidence });
      }
    }
    for (const { curve, point, start } of single.has(window) ? [] : coordinatePairs(window)) {
      add(curve, { point, start, scalars: [], evidence: { isDocument: false, isHandshake: false } });
    }
  }
  return points;
}

const MAX_STRUCTURE_BYTES = 512;
const MAX_PLACES = 16;

/** How a library keeps the coordinates of points whose scalar is a residue, too, so that only they tell it. */
interface CoordinateForm {
  readonly curve: ShortCurve;
  /** Bytes of a coordinate. */
  readonly bytes: number;
  readonly read: (bytes: Uint8Array, at: number) => bigint | undefined;
}

/** Of RustCrypto: p384 keeps Montgomery residues, p521 (by fiat-crypto) digits of 58 bits. */
const COORDINATE_FORMS: readonly CoordinateForm[] = [
  {
    curve: 'P-384',
    bytes: 48,
    read: (bytes, at) => fromMontgomery('P-384', bigintFromLe(bytes, at, at + 48), 384),
  },
  {
    curve: 'P-521',
    bytes: 72,
    read: readP521Digits,
  },
];

/** Nine digits in 8 bytes each, least significant first. */
function readP521Digits(bytes: Uint8Array, at: number): bigint | undefined {
  for (let i = 7; i < 72; i += 8) if (bytes[at + i]! > 3) return undefined;
  let value = 0n;
  for (let i = 64; i >= 0; i -= 8) value = (value << 58n) + bigintFromLe(bytes, at + i, at + i + 8);
  return value;
}

/** X and Y one behind the other, in structures. */
function* coordinatePairs({
  lead,
  bytes,
}: LeadWindow): Generator<Pick<KnownPoint, 'point' | 'start'> & { curve: ShortCurve }> {
  if (bytes.length > MAX_STRUCTURE_BYTES) return;
  for (const { curve, bytes: length, read } of COORDINATE_FORMS) {
    for (let i = 0, at = 0; i < MAX_PLACES && at + 2 * length <= bytes.length; i++, at += 8) {
      const [x, y] = [read(bytes, at), read(bytes, at + length)];
      if (x === undefined || y === undefined || x === parametersOf(curve).base.x) continue;
      if (isOnCurve(curve, { x, y })) yield { curve, point: { x, y }, start: lead.start + at };
    }
  }
}

function scalarsBeside(curve: ShortCurve, window: LeadWindow, at: number, size: number): KnownPoint['scalars'] {
  const before = SCALAR_DISTANCES[curve].map((distance) => at - distance - size);
  return [...before, at + 1 + 2 * size].flatMap((from) => {
    if (from < 0 || from + size > window.around.length) return [];
    return { bytes: window.around.slice(from, from + size), start: startOfAround(window) + from };
  });
}
