/**
 * Private scalars of elliptic curves as integers in memory: d·G is computed for each candidate, and must itself lie in
 * the artifact: as a point `04‖X‖Y`, in a certificate, or as two coordinates in the layout of a library.
 */
import { bigintFromBe, bigintToBe } from '../bytes/limbs.ts';
import { CURVE_BY_NAME, ecPublicPoint } from '../proof/curves.ts';
import { proveEc } from '../proof/ec.ts';
import {
  encodePoint,
  isScalar,
  multiplyBase,
  type Point,
  SHORT_CURVES,
  type ShortCurve,
} from '../proof/short-curves.ts';
import { Budget } from './budget.ts';
import { BLIND_FIT, orderCandidates, type PrivateCandidate, readPrivateCandidates } from './candidates.ts';
import { findCoordinates, findPoints, type KnownPoint } from './ec-points.ts';
import type { Join, JoinClaim, LeadWindow } from './join.ts';
import { findNumbers } from './number-places.ts';
import { FIT } from './number-reader.ts';
import { readHarvestedKeys } from './public-keys.ts';

/** About the microseconds of a multiplication. */
const COSTS: Readonly<Record<ShortCurve, number>> = { 'P-256': 20, secp256k1: 50, 'P-384': 130, 'P-521': 160 };
/** For all multiplications of one join: some ten seconds on one thread. */
const BUDGET = 10_000_000;
/** Scalars that share the inversions of a multiplication. */
const GROUP = 256;

/** @param budget in microseconds, as counted by the cost of each multiplication */
export function createEcScalarsJoin(budget = BUDGET): Join {
  return {
    id: 'ec-scalars',
    title: 'EC private key as an integer in memory',
    severity: 'critical',
    doc: `
The private scalar of a key on P-256, P-384, P-521 or secp256k1 as a running program holds it: little-endian limbs (OpenSSL, GMP, Go,
mbedTLS, wolfSSL), \`int[]\` or \`byte[]\` (Java), digits (CPython, LibTomMath), big-endian bytes (libgcrypt, GnuTLS, heap dumps, what is
left of a freed DER document).

**Proof**: the public point d·G lies in the same artifact: in a certificate, as an encoded point, or as coordinates (also in
Montgomery form). X alone is not enough: the nonce of an ECDSA signature has that, too. The key may be that of one TLS session.

**What to do**: replace the key and revoke its certificates; find out who could read the dump.
`,
    kinds: ['number', 'public-key'],
    join(windows) {
      const multiplications = new Budget(budget);
      const numbers = windows.filter(({ lead }) => lead.kind === 'number');
      const points = new Map(findPoints(numbers, readHarvestedKeys(windows).ec));
      // Curves of which something is known come first.
      const curves = [...SHORT_CURVES].sort((a, b) => Number(points.has(b)) - Number(points.has(a)));
      const claims = curves.flatMap((curve) => [
        ...joinCurve(curve, numbers, points.get(curve) ?? [], multiplications),
      ]);
      return { claims, overBudget: multiplications.exhausted };
    },
  };
}

function* joinCurve(
  curve: ShortCurve,
  windows: readonly LeadWindow[],
  known: readonly KnownPoint[],
  budget: Budget,
): Generator<JoinClaim> {
  const { size } = CURVE_BY_NAME.get(curve)!;
  const fit = known.length > 0 || curve === 'P-256' ? FIT.block : BLIND_FIT;
  const before = known.flatMap(({ scalars }) => scalars);
  const candidates = orderCandidates(
    [...before, ...readPrivateCandidates(windows, size, { fit })].filter(({ bytes }) => isScalar(curve, bytes)),
    known.map(({ start }) => start),
  );
  const affordable = candidates.filter(() => budget.take(COSTS[curve]));
  const points = multiplyAll(curve, affordable);
  for (const i of confirm(curve, windows, points, known)) {
    const key = proveEc({ curve, scalar: affordable[i]!.bytes, point: encodePoint(curve, points[i]!) });
    if (!key) continue;
    const minimal = bigintToBe(bigintFromBe(key.secret));
    for (const { start, end, lead } of findNumbers(windows, [minimal])) {
      const traits = { ...key.traits, form: 'scalar' } as const;
      yield { lead, claim: { verdict: key.verdict, span: { start, end }, traits, secret: key.secret.slice() } };
    }
    minimal.fill(0);
    key.secret.fill(0);
  }
  for (const { bytes } of candidates) bytes.fill(0);
}

function multiplyAll(curve: ShortCurve, candidates: readonly PrivateCandidate[]): (Point | undefined)[] {
  const parameters = CURVE_BY_NAME.get(curve)!;
  const scalars = candidates.map(({ bytes }) => bytes);
  // OpenSSL has assembly for this one.
  if (curve === 'P-256') return scalars.map((scalar) => decodePoint(ecPublicPoint(parameters, scalar)));
  const points: (Point | undefined)[] = [];
  for (let i = 0; i < scalars.length; i += GROUP) points.push(...multiplyBase(curve, scalars.slice(i, i + GROUP)));
  return points;
}

function decodePoint(bytes: Uint8Array | undefined): Point | undefined {
  if (!bytes) return undefined;
  const middle = (bytes.length + 1) / 2;
  return { x: bigintFromBe(bytes, 1, middle), y: bigintFromBe(bytes, middle) };
}

/** Indexes of the points that lie in the artifact, each value of scalar once. */
function confirm(
  curve: ShortCurve,
  windows: readonly LeadWindow[],
  points: readonly (Point | undefined)[],
  known: readonly KnownPoint[],
): number[] {
  const knownXs = new Map(known.map(({ point }) => [point.x, point.y]));
  const confirmed = points.map((point) => point !== undefined && knownXs.get(point.x) === point.y);
  const xs = points.map((point, i) => (confirmed[i] ? undefined : point?.x));
  const withX = findCoordinates(curve, windows, xs);
  const ys = points.map((point, i) => (withX.has(i) ? point?.y : undefined));
  const withY = findCoordinates(curve, windows, ys);
  for (const i of withY.keys()) confirmed[i] = true;
  for (const [i, { compressed }] of withX) {
    if (compressed === undefined) continue;
    if (compressed === ((points[i]!.y & 1n) === 1n ? 0x03 : 0x02)) confirmed[i] = true;
  }
  const seen = new Set<bigint>();
  return points.flatMap((point, i) => {
    if (!confirmed[i] || seen.has(point!.x)) return [];
    seen.add(point!.x);
    return i;
  });
}
