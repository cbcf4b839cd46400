/**
 * On which curves an artifact's scalars are looked for: the common ones always, rare ones where a document names them. Each costs
 * as much as a common one, and nearly no process has keys on them.
 */
import { concat } from '../bytes/reader.ts';
import { CURVE_BY_NAME } from '../proof/curves.ts';
import { COMMON_CURVES, RARE_CURVES, type ShortCurve } from '../proof/short-curves.ts';
import type { LeadWindow } from './join.ts';
import { findBytes } from './number-places.ts';
import type { HarvestedKeys } from './public-keys.ts';

const OBJECT_IDENTIFIER = 0x06;
/** [1] of an ECPrivateKey: its publicKey, which comes behind the parameters (RFC 5915, 3). */
const PUBLIC_KEY = 0xa1;

/** The identifier in what is left of an ECPrivateKey: between its scalar and its point, so beside leads. */
const NAMES = RARE_CURVES.map((curve) => {
  const { oid } = CURVE_BY_NAME.get(curve)!;
  return concat(Uint8Array.of(OBJECT_IDENTIFIER, oid.length), oid, Uint8Array.of(PUBLIC_KEY));
});

export function curvesNamedIn(windows: readonly LeadWindow[], harvested: HarvestedKeys['ec']): ShortCurve[] {
  const named = findBytes(windows, NAMES);
  const rare = RARE_CURVES.filter((name, i) => named.has(i) || harvested.some(({ curve }) => curve === name));
  return [...COMMON_CURVES, ...rare];
}
