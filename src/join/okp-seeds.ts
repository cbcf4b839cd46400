/**
 * Ed25519 and X25519 keys (and Ed448, X448) as raw octets in memory: the public key of each candidate is computed, and
 * must itself lie in the artifact: as a number, or in a certificate or SSH key.
 */
import { OKP_CURVES, type OkpCurve } from '../proof/curves.ts';
import { okpPublicKey, proveOkp } from '../proof/ec.ts';
import { ed25519PublicKey, x25519PublicKey } from '../proof/edwards25519.ts';
import { equalBytes } from '../proof/hash.ts';
import { Budget } from './budget.ts';
import { BLIND_FIT, orderCandidates, type PrivateCandidate, readPrivateCandidates } from './candidates.ts';
import type { Join, JoinClaim, LeadWindow } from './join.ts';
import { BIG_ENDIAN } from './number-layouts.ts';
import { findNumbers } from './number-places.ts';
import { FIT } from './number-reader.ts';
import { PrefixTable } from './prefix-table.ts';
import { type HarvestedKeys, readHarvestedKeys } from './public-keys.ts';

interface OkpSearch {
  readonly curve: OkpCurve;
  /** About the microseconds of a derivation. */
  readonly cost: number;
  /** Only when a public key of this curve was harvested. */
  readonly needsHarvested: boolean;
  derive(privateKey: Uint8Array): Uint8Array | undefined;
}

const SEARCHES: readonly OkpSearch[] = [
  { curve: 'Ed25519', cost: 110, needsHarvested: false, derive: ed25519PublicKey },
  { curve: 'X25519', cost: 110, needsHarvested: false, derive: x25519PublicKey },
  { curve: 'Ed448', cost: 600, needsHarvested: true, derive: (seed) => okpPublicKey('Ed448', seed) },
  { curve: 'X448', cost: 600, needsHarvested: true, derive: (scalar) => okpPublicKey('X448', scalar) },
];

/** For all derivations of one join: some ten seconds on one thread. */
const BUDGET = 10_000_000;

/** @param budget in microseconds, as counted by the cost of each derivation */
export function createOkpSeedsJoin(budget = BUDGET): Join {
  return {
    id: 'okp-seeds',
    title: 'Ed25519, Ed448, X25519 or X448 private key in memory',
    severity: 'critical',
    doc: `
The private key of [RFC 8032](https://www.rfc-editor.org/rfc/rfc8032) or [RFC 7748](https://www.rfc-editor.org/rfc/rfc7748) as a running program holds it: 32 random bytes (56 or 57 for
the curves over 448 bits), alone or before the public key (libsodium, Go).

**Proof**: the public key that belongs to it, computed from it, lies in the same artifact: in memory, a certificate or an SSH key.
X25519 and X448 keys may be those of one TLS session.

**What to do**: replace the key, and find out who could read the dump.
`,
    kinds: ['number', 'public-key'],
    join(windows) {
      const derivations = new Budget(budget);
      const numbers = windows.filter(({ lead }) => lead.kind === 'number');
      const { okp } = readHarvestedKeys(windows);
      const claims = SEARCHES.flatMap((search) => [...joinCurve(search, numbers, okp, derivations)]);
      return { claims, overBudget: derivations.exhausted };
    },
  };
}

function* joinCurve(
  { curve, cost, needsHarvested, derive }: OkpSearch,
  windows: readonly LeadWindow[],
  harvested: HarvestedKeys['okp'],
  budget: Budget,
): Generator<JoinClaim> {
  const known = harvested.filter((key) => key.curve === curve);
  if (needsHarvested && known.length === 0) return;
  const { size } = OKP_CURVES.find(({ name }) => name === curve)!;
  // X25519 keys of TLS sessions are many, and lie in allocations of their own.
  const fit = curve === 'X25519' && known.length === 0 ? BLIND_FIT : FIT.block;
  const candidates = orderCandidates(
    readPrivateCandidates(windows, size, { fit, layouts: [BIG_ENDIAN] }),
    known.map(({ start }) => start),
  );
  const pairs: { readonly candidate: PrivateCandidate; readonly publicKey: Uint8Array }[] = [];
  for (const candidate of candidates) {
    if (!budget.take(cost)) break;
    const publicKey = derive(candidate.bytes);
    if (publicKey) pairs.push({ candidate, publicKey });
  }
  for (const i of findPublicKeys(windows, pairs, known)) {
    const { candidate, publicKey } = pairs[i]!;
    const key = proveOkp({ curve, privateKey: candidate.bytes, publicKey });
    if (!key) continue;
    for (const { start, end, lead } of findNumbers(windows, [key.secret], [BIG_ENDIAN])) {
      const traits = { ...key.traits, form: 'seed' } as const;
      yield { lead, claim: { verdict: key.verdict, span: { start, end }, traits, secret: key.secret.slice() } };
    }
    key.secret.fill(0);
  }
  for (const { bytes } of candidates) bytes.fill(0);
}

/** Indexes of the pairs whose public key is in the artifact. */
function findPublicKeys(
  windows: readonly LeadWindow[],
  pairs: readonly { readonly publicKey: Uint8Array }[],
  harvested: HarvestedKeys['okp'],
): Set<number> {
  const table = new PrefixTable(pairs.length);
  for (const [i, { publicKey }] of pairs.entries()) table.add(publicKey, i);
  const found = new Set<number>();
  for (const bytes of [...windows.map(({ around }) => around), ...harvested.map(({ publicKey }) => publicKey)]) {
    table.scan(bytes, (i, at) => {
      const { publicKey } = pairs[i]!;
      if (equalBytes(bytes.subarray(at, at + publicKey.length), publicKey)) found.add(i);
    });
  }
  return found;
}
