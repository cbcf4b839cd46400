/**
 * Private scalars of elliptic curves as integers in memory: d·G is computed for each candidate, and must itself lie in
 * the artifact: as a point `04‖X‖Y`, in a certificate, or as two coordinates in the layout of a library.
 */
import { bigintFromBe, bigintToBe } from '../bytes/limbs.ts';
import { CURVE_BY_NAME } from '../proof/curves.ts';
import { proveEc } from '../proof/ec.ts';
import type { ProvenKey } from '../proof/proven-key.ts';
import {
  encodePoint,
  isScalar,
  type Point,
  parametersOf,
  SHORT_CURVES,
  type ShortCurve,
} from '../proof/short-curves.ts';
import { Budget, shareOut } from './budget.ts';
import { CandidateSet, chooseCandidates, mostInsideOf, readPrivateCandidates } from './candidates.ts';
import { Contents } from './contents.ts';
import { boxedLayoutsIn, type Coordinate, CoordinateTable } from './coordinates.ts';
import { COSTS, multiplierOf } from './derivations.ts';
import { findPoints, type KnownPoint } from './ec-points.ts';
import { findCertainNonces, listAttempts, type Nonce } from './ecdsa-nonces.ts';
import { JacobianPoints } from './jacobian-points.ts';
import { type Join, type JoinStep, type LeadWindow, resultOf } from './join.ts';
import { curvesNamedIn } from './named-curves.ts';
import { findNumbers, type NumberPlace } from './number-places.ts';
import { FIT } from './number-reader.ts';
import type { BaseMultiplier } from './points.ts';
import { readHarvestedKeys } from './public-keys.ts';
import { withoutModuli } from './public-moduli.ts';
import { ResidueTargets } from './residue-scalars.ts';
import { type PublicEvidence, severityOf } from './session-keys.ts';
import { readSignedTokens, type SignedToken } from './signed-tokens.ts';
import { readAsNumbers } from './text-keys.ts';

/** For all multiplications of one join: some ten seconds on one thread. */
const BUDGET = 10_000_000;
/** Candidates that are multiplied before it is asked whether it is time to look for what they gave. */
const BATCH = 16_384;
/** Windows between two breaths. */
const WINDOWS_PER_STEP = 4096;

export interface EcScalarsOptions {
  /** In microseconds, as counted by the cost of each multiplication. */
  readonly budget?: number;
  /** All by default; rare ones only where a document names them. */
  readonly curves?: readonly ShortCurve[];
}

export function createEcScalarsJoin({ budget = BUDGET, curves = SHORT_CURVES }: EcScalarsOptions = {}): Join {
  return {
    id: 'ec-scalars',
    title: 'EC private key as an integer in memory',
    severity: 'critical',
    doc: `
The private scalar of a key on P-256, P-384, P-521 or secp256k1 (and on brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 or SM2 where a
document in the artifact names that curve) as a running program holds it: little-endian limbs (OpenSSL, GMP, Go,
mbedTLS, wolfSSL), \`int[]\` or \`byte[]\` (Java), digits (CPython, PyPy, LibTomMath), big-endian bytes (libgcrypt, GnuTLS, heap dumps, what is
left of a freed DER document), or as text in hex or base64.

**Proof**: the public point d·G lies in the same artifact: in a certificate, as an encoded point, or as coordinates (also in
Montgomery form). X alone is not enough: the nonce of an ECDSA signature has that, too. Where there are so many
numbers that some were left out (a gap), a key whose point is in no document is \`likely\`: what tells a nonce may be among them.

**Severity**: a key whose public half lies in a message of a TLS or SSH handshake, and in no certificate or other document, is that of
one session: \`low\`, for there is nothing to replace.

**Nonces**: with the nonce k of an ECDSA signature, the signature (DER, r‖s, a JSON Web Token, or numbers) and the digest of what
was signed, the private key is computed, and proven by its public point in the artifact. The form is then \`nonce\`, and the
place that of k.

**What to do**: replace the key and revoke its certificates; find out who could read the dump.
`,
    kinds: ['number', 'text-key', 'base64url-value', 'public-key', 'token'],
    join(windows, isThinned = false) {
      const search = new EcScalarsSearch(windows, { budget, curves, isThinned });
      return resultOf(search.run(), search);
    },
  };
}

interface FoundPoint {
  /** Of the candidate. */
  readonly index: number;
  /** A view of the candidate. */
  readonly scalar: Uint8Array;
  readonly point: Point;
  /** With its Y: otherwise it may be that of a nonce, whose X is the r of a signature. */
  readonly isThere: boolean;
  /** What lies in memory, when that is the Montgomery residue of the scalar. */
  readonly residue?: Uint8Array;
}

/**
 * Whether a point has the Y of the base point, but for its sign: on secp256k1 the multiples by the cube roots of one have, which
 * libraries hold as constants, and their points in tables.
 */
function isBasePoint(curve: ShortCurve, { y }: Point): boolean {
  const { base, p } = parametersOf(curve);
  return y === base.y || y === p - base.y;
}

class EcScalarsSearch {
  readonly #numbers: ReturnType<typeof readAsNumbers>;
  readonly #windows: readonly LeadWindow[];
  /** In which scalars are looked for. */
  readonly #private: readonly LeadWindow[];
  readonly #curves: readonly ShortCurve[];
  readonly #harvested: ReturnType<typeof readHarvestedKeys>;
  readonly #tokens: readonly SignedToken[];
  readonly #budget: Budget;
  readonly #boxed: ReturnType<typeof boxedLayoutsIn>;
  readonly #isThinned: boolean;
  /** Of all in which points are looked for. */
  #contents: Contents | undefined;
  #overflowed = false;

  constructor(
    windows: readonly LeadWindow[],
    { budget, curves, isThinned }: Required<EcScalarsOptions> & { readonly isThinned: boolean },
  ) {
    this.#numbers = readAsNumbers(windows);
    this.#windows = this.#numbers.windows;
    this.#boxed = boxedLayoutsIn(this.#windows);
    this.#harvested = readHarvestedKeys(windows);
    this.#curves = curvesNamedIn(windows, this.#harvested.ec).filter((curve) => curves.includes(curve));
    this.#private = withoutModuli(this.#windows, this.#harvested.rsa);
    this.#tokens = readSignedTokens(windows);
    this.#budget = new Budget(budget);
    this.#isThinned = isThinned;
  }

  get overBudget(): boolean {
    return this.#overflowed || this.#budget.exhausted || this.#harvested.overflowed;
  }

  *run(): Generator<JoinStep> {
    try {
      yield* this.#search();
    } finally {
      this.#contents?.wipe();
      this.#numbers.wipe();
    }
  }

  *#search(): Generator<JoinStep> {
    const points = yield* findPoints(this.#windows, this.#harvested.ec, this.#curves);
    this.#contents = yield* Contents.of([
      ...this.#windows.map(({ around }) => around),
      ...this.#tokens.map(({ signature }) => signature),
      ...[...points].flatMap(([curve, known]) => known.map(({ point }) => encodePoint(curve, point))),
    ]);
    // Curves of which something is known come first.
    const curves = [...this.#curves].sort((a, b) => Number(points.has(b)) - Number(points.has(a)));
    // Most keys are on P-256, but where numbers are very many, those that are likeliest on other curves must have their turn.
    const weightOf = (curve: ShortCurve): number => (points.has(curve) ? 4 : 1) * (curve === 'P-256' ? 2 : 1);
    for (const { work: curve, share } of shareOut(curves, weightOf)) {
      yield* this.#joinCurve(curve, points.get(curve) ?? [], share);
    }
  }

  /** @param share of the budget that is left */
  *#joinCurve(curve: ShortCurve, known: readonly KnownPoint[], share: number): Generator<JoinStep> {
    const candidates = new CandidateSet(CURVE_BY_NAME.get(curve)!.size);
    const jacobian = new JacobianPoints();
    try {
      for (const { bytes, start } of known.flatMap(({ scalars }) => scalars)) {
        if (isScalar(curve, bytes)) candidates.add(bytes, start, FIT.filling);
        bytes.fill(0);
      }
      yield* readPrivateCandidates(this.#private, candidates, {
        mostInside: mostInsideOf(COSTS[curve], known.length > 0 || curve === 'P-256'),
        affordable: this.#budget.most(COSTS[curve], share),
        cost: COSTS[curve],
        ...(curve === 'P-521' && { maxTop: 1 }),
        accepts: (number) => isScalar(curve, number),
      });
      this.#overflowed ||= candidates.overflowed;
      const affordable = this.#budget.takeMost(candidates.count, COSTS[curve], share);
      const starts = known.map(({ start }) => start);
      const chosen = chooseCandidates(candidates, starts, affordable);
      const nonces: Nonce[] = [];
      const targets = chosen.length > 0 ? new ResidueTargets(curve, byEvidence(known)) : undefined;
      this.#overflowed ||= targets?.overflowed ?? false;
      if (chosen.length > 0) yield* jacobian.read(curve, this.#windows);
      const keys: FoundPoint[] = [];
      for (const found of yield* this.#findPointsOf(curve, candidates, chosen, known, { targets, jacobian })) {
        const { isDocument, isHandshake } = evidenceOf(found.point, known);
        const isKey = found.isThere && (isDocument || isHandshake);
        // No signer sends the point of a nonce. SM2 signs otherwise than ECDSA: nothing here would tell its nonces.
        if (isKey || (found.residue && curve === 'SM2')) keys.push(found);
        else if (curve !== 'SM2') {
          const { scalar, point, isThere, index, residue } = found;
          // Signers that invert a nonce in Montgomery form leave that as well.
          nonces.push({ bytes: scalar.slice(), x: point.x, isPoint: isThere, index, residue });
          if (residue) scalar.fill(0);
        }
        yield;
      }
      yield* this.#claimScalars(curve, keys, known);
      // Those that can be no keys first: of the others few are nonces.
      nonces.sort((a, b) => Number(a.isPoint) - Number(b.isPoint));
      if (nonces.length > 0) yield* this.#joinNonces(curve, candidates, nonces, known);
    } finally {
      jacobian.wipe();
      candidates.wipe();
    }
  }

  /** Those of the candidates `chosen` whose X lies in the artifact. */
  *#findPointsOf(
    curve: ShortCurve,
    candidates: CandidateSet,
    chosen: readonly number[],
    known: readonly KnownPoint[],
    { targets, jacobian }: { targets?: ResidueTargets | undefined; jacobian?: JacobianPoints } = {},
  ): Generator<JoinStep, FoundPoint[]> {
    const multiplier = multiplierOf(curve, chosen.length);
    const points = known.map(({ point }) => encodePoint(curve, point));
    const table = new CoordinateTable(curve, this.#boxed, this.#contents);
    try {
      const found: FoundPoint[] = [];
      const unreduced = new Set<number>();
      const withX = new Map<number, Coordinate>();
      for (let from = 0; from < chosen.length; from += BATCH) {
        yield* multiplyAll(multiplier, candidates, chosen.slice(from, from + BATCH), (index, x, y) => {
          table.add(index, x.plain, x.montgomery);
          if (jacobian?.has(x.plain, y)) unreduced.add(index);
          const point = targets?.find(x.plain);
          if (!targets || !point) return;
          const residue = candidates.bytesOf(index);
          found.push({ index, scalar: targets.scalarOf(residue), point, isThere: true, residue });
        });
        if (!table.isFull && from + BATCH < chosen.length) continue;
        yield* this.#lookUp(table, points, withX);
      }
      for (const index of unreduced) if (!withX.has(index)) withX.set(index, {});
      // From here on of those whose Y alone can say whether the point is there: signers leave hundreds of nonces, so all are looked for at once.
      const first = found.length;
      const withY = new Map<number, Coordinate>();
      for (const [index, { compressed }] of withX) {
        const scalar = candidates.bytesOf(index);
        multiplier.multiply(scalar);
        const point = { x: multiplier.x(0), y: multiplier.y(0) };
        if (isBasePoint(curve, point)) continue;
        const isThere =
          unreduced.has(index) ||
          compressed === ((point.y & 1n) === 1n ? 0x03 : 0x02) ||
          known.some((other) => other.point.x === point.x && other.point.y === point.y);
        found.push({ index, scalar, point, isThere });
        if (isThere) continue;
        const { coordinateBytes: at, plain, montgomery } = multiplier;
        table.add(index, plain.subarray(at, 2 * at), montgomery.subarray(at, 2 * at));
        if (table.isFull) yield* this.#lookUpInMemory(table, withY);
      }
      yield* this.#lookUpInMemory(table, withY);
      return found.map((point, i) => (i >= first && withY.has(point.index) ? { ...point, isThere: true } : point));
    } finally {
      table.clear();
    }
  }

  *#lookUp(
    table: CoordinateTable,
    points: readonly Uint8Array[],
    found: Map<number, Coordinate>,
  ): Generator<undefined> {
    for (const point of points) table.find(point, found);
    // The r of a token is in it as text.
    for (const { signature } of this.#tokens) table.find(signature, found);
    yield* this.#lookUpInMemory(table, found);
  }

  /** What `table` holds, which is then forgotten. */
  *#lookUpInMemory(table: CoordinateTable, found: Map<number, Coordinate>): Generator<undefined> {
    for (const [i, { around }] of this.#windows.entries()) {
      table.find(around, found);
      if (i % WINDOWS_PER_STEP === WINDOWS_PER_STEP - 1) yield;
    }
    table.clear();
    yield;
  }

  /** All at once: clients and servers have hundreds of keys, one for each session. */
  *#claimScalars(curve: ShortCurve, found: readonly FoundPoint[], known: readonly KnownPoint[]): Generator<JoinStep> {
    const keys = found.flatMap(({ scalar, point, residue }) => {
      const key = proveEc({ curve, scalar, point: encodePoint(curve, point) });
      return key ? [{ ...key, evidence: evidenceOf(point, known), residue }] : [];
    });
    const written = keys.flatMap((key) =>
      [key.secret, key.residue].flatMap((bytes) => (bytes ? [{ key, bytes }] : [])),
    );
    for (const { number, start, end, lead } of this.#placesOf(written.map(({ bytes }) => bytes))) {
      const { verdict, traits, secret, publicKey, evidence } = written[number]!.key;
      const severity = severityOf(curve, evidence);
      // Where leads were left out, the signature or the inverse may be among them that would tell a nonce.
      const isSure = evidence.isDocument || evidence.isHandshake || !this.#isThinned;
      const claim = {
        verdict: isSure ? verdict : 'likely',
        span: { start, end },
        traits: { ...traits, form: 'scalar' as const, ...(!isSure && { proof: 'none' as const }) },
        secret: secret.slice(),
        publicKey,
      };
      yield { lead, claim: { ...claim, ...(severity && { severity }) } };
    }
    for (const { secret } of keys) secret.fill(0);
    for (const { scalar, residue } of found) if (residue) scalar.fill(0);
  }

  /** The keys that nonces give, of which the public point is in the artifact; else, as likely, those that tokens give. */
  *#joinNonces(
    curve: ShortCurve,
    candidates: CandidateSet,
    nonces: readonly Nonce[],
    known: readonly KnownPoint[],
  ): Generator<JoinStep> {
    const search = { curve, windows: this.#windows, tokens: this.#tokens, candidates, nonces };
    const { attempts, overflowed } = yield* listAttempts(search);
    this.#overflowed ||= overflowed;
    const scalars = new CandidateSet(candidates.size);
    for (const { scalar } of attempts) scalars.add(scalar, 0, FIT.filling);
    try {
      const affordable = this.#budget.takeMost(scalars.count, COSTS[curve]);
      const batch = Array.from({ length: affordable }, (_, i) => i);
      const solved = new Map<number, ProvenKey>();
      const proven = new Map<bigint, ProvenKey>();
      for (const { scalar, point, isThere } of yield* this.#findPointsOf(curve, scalars, batch, known)) {
        const key = isThere && proveEc({ curve, scalar, point: encodePoint(curve, point) });
        if (key) proven.set(bigintFromBe(scalar), key);
      }
      for (const { nonce, scalar } of attempts) {
        const key = proven.get(bigintFromBe(scalar));
        if (key) solved.set(nonce, key);
      }
      // Signers make many tokens with one key.
      const likely = new Map<bigint, ProvenKey | undefined>();
      for (const { nonce, scalar } of attempts.filter(({ isOnlyOne }) => isOnlyOne)) {
        if (solved.has(nonce)) continue;
        const number = bigintFromBe(scalar);
        if (!likely.has(number)) likely.set(number, likelyKey(curve, scalar));
        const key = likely.get(number);
        if (key) solved.set(nonce, key);
      }
      yield* this.#claimNonces(nonces, solved);
      // With its point in memory, what is no nonce is a key.
      const points = [...nonces.entries()].filter(([i, { isPoint }]) => isPoint && !solved.has(i));
      const certain = points.length > 0 ? findCertainNonces(search) : new Set<number>();
      yield;
      const keys = points.filter(([i]) => !certain.has(i));
      const multiplier = multiplierOf(curve);
      const found = keys.map(([, { index, bytes, residue }]): FoundPoint => {
        multiplier.multiply(bytes);
        const point = { x: multiplier.x(0), y: multiplier.y(0) };
        return { index, scalar: bytes, point, isThere: true, ...(residue && { residue }) };
      });
      yield* this.#claimScalars(curve, found, known);
    } finally {
      scalars.wipe();
      for (const { scalar } of attempts) scalar.fill(0);
      for (const { bytes } of nonces) bytes.fill(0);
    }
  }

  /** @param solved the keys that nonces give, by the index of the nonce */
  *#claimNonces(nonces: readonly Nonce[], solved: ReadonlyMap<number, ProvenKey>): Generator<JoinStep> {
    const keys = [...solved];
    for (const { number, start, end, lead } of this.#placesOf(keys.map(([nonce]) => nonces[nonce]!.bytes))) {
      const { verdict, traits, secret, publicKey } = keys[number]![1];
      const claim = { verdict, span: { start, end }, traits: { ...traits, form: 'nonce' as const } };
      yield { lead, claim: { ...claim, secret: secret.slice(), publicKey } };
    }
    for (const [, { secret }] of keys) secret.fill(0);
  }

  #placesOf(scalars: readonly Uint8Array[]): NumberPlace[] {
    const minimal = scalars.map((scalar) => bigintToBe(bigintFromBe(scalar)));
    const places = findNumbers(this.#windows, minimal);
    for (const bytes of minimal) bytes.fill(0);
    return places;
  }
}

/** Of the only scalar that fits a token, whose point is not in the artifact. */
function likelyKey(curve: ShortCurve, scalar: Uint8Array): ProvenKey | undefined {
  const multiplier = multiplierOf(curve);
  multiplier.multiply(scalar);
  const key = proveEc({ curve, scalar, point: encodePoint(curve, { x: multiplier.x(0), y: multiplier.y(0) }) });
  return key && { ...key, verdict: 'likely', traits: { ...key.traits, proof: 'none' } };
}

/** Points of documents first: keys that last have those; then those of unknown origin; then those of sessions. */
function byEvidence(known: readonly KnownPoint[]): Point[] {
  const rank = ({ evidence }: KnownPoint): number => (evidence.isDocument ? 0 : evidence.isHandshake ? 2 : 1);
  return [...known].sort((a, b) => rank(a) - rank(b)).map(({ point }) => point);
}

function evidenceOf({ x }: Point, known: readonly KnownPoint[]): PublicEvidence {
  const same = known.filter(({ point }) => point.x === x).map(({ evidence }) => evidence);
  return {
    isDocument: same.some(({ isDocument }) => isDocument),
    isHandshake: same.some(({ isHandshake }) => isHandshake),
  };
}

/** Calls `onPoint` with the coordinates of each candidate's multiple, little-endian, and the candidate's index. */
function* multiplyAll(
  multiplier: BaseMultiplier,
  candidates: CandidateSet,
  batch: readonly number[],
  onPoint: (index: number, x: { readonly plain: Uint8Array; readonly montgomery: Uint8Array }, y: Uint8Array) => void,
): Generator<undefined> {
  const { most, coordinateBytes, plain, montgomery } = multiplier;
  const scalars = new Uint8Array(Math.min(most, batch.length) * candidates.size);
  for (let from = 0; from < batch.length; from += most) {
    const some = batch.slice(from, from + most);
    for (const [i, index] of some.entries()) scalars.set(candidates.bytesOf(index), i * candidates.size);
    multiplier.multiply(scalars.subarray(0, some.length * candidates.size));
    for (let i = 0; i < some.length; i++) {
      if (!multiplier.hasPoint(i)) continue;
      const at = 2 * i * coordinateBytes;
      const [x, y] = [at, at + coordinateBytes];
      onPoint(
        some[i]!,
        { plain: plain.subarray(x, y), montgomery: montgomery.subarray(x, y) },
        plain.subarray(y, y + coordinateBytes),
      );
    }
    yield;
  }
  scalars.fill(0);
}
