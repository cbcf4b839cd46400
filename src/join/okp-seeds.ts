/**
 * Ed25519 and X25519 keys (and Ed448, X448) as raw octets in memory: the public key of each candidate is computed, and
 * must itself lie in the artifact: as a number, or in a certificate or SSH key.
 */
import { u32le } from '../bytes/reader.ts';
import type { Form, Severity } from '../model/finding.ts';
import { OKP_CURVES, type OkpCurve } from '../proof/curves.ts';
import { okpPublicKey, proveEd25519Scalar, proveOkp } from '../proof/ec.ts';
import { equalBytes } from '../proof/hash.ts';
import type { ProvenKey } from '../proof/proven-key.ts';
import { Budget, shareOut } from './budget.ts';
import {
  type CandidateOptions,
  CandidateSet,
  chooseCandidates,
  MAX_CANDIDATES,
  readPrivateCandidates,
} from './candidates.ts';
import { Contents } from './contents.ts';
import { COSTS, ed25519PublicKeys, GROUP, x25519PublicKeys } from './derivations.ts';
import { writeEdwardsDigits } from './edwards-digits.ts';
import { EdwardsPoints } from './edwards-points.ts';
import { areKeys, type FoundScalar, isClamped, isReduced, isSameClamped, scalarPublicKeys } from './edwards-scalars.ts';
import type { Join, JoinStep, LeadWindow } from './join.ts';
import { byRarity } from './number-kinds.ts';
import { BIG_ENDIAN, CPYTHON_DIGITS, PYPY_DIGITS } from './number-layouts.ts';
import { findNumbers } from './number-places.ts';
import { FIT } from './number-reader.ts';
import { PrefixTable } from './prefix-table.ts';
import { type HarvestedKeys, readHarvestedKeys } from './public-keys.ts';
import { withoutModuli } from './public-moduli.ts';
import { isInHandshake, type PublicEvidence, severityOf } from './session-keys.ts';
import { readAsNumbers } from './text-keys.ts';

interface Blind {
  readonly reading: Pick<CandidateOptions, 'fit' | 'lengthsInBulk'>;
  /** Only numbers in these runs. */
  mayHold?(window: LeadWindow): boolean;
  /** Not more, which is no gap. */
  readonly most?: number;
}

/** Windows that are read before it is asked whether these are enough. */
const BLIND_STEP = 64;

interface Proven {
  readonly key: ProvenKey;
  readonly severity: Severity | undefined;
}

interface OkpSearch {
  readonly curve: OkpCurve;
  /** About the microseconds of a derivation. */
  readonly cost: number;
  /** Of its share of the budget: of clamped numbers there are few, and keys of X25519 are mostly those of sessions. */
  readonly weight: number;
  /** What is tried where no public key of this curve was harvested; by default, all that is tried otherwise. */
  readonly blind?: Blind;
  /** Only these are tried. */
  accepts?(number: Uint8Array): boolean;
  /** Of what is an integer for certain, only these: seeds are octets, but scalars are integers to some libraries. */
  acceptsInteger(number: Uint8Array): boolean;
  /** Public keys of at most `GROUP` private keys. */
  deriveAll(privateKeys: readonly Uint8Array[]): (Uint8Array | undefined)[];
  prove(privateKey: Uint8Array, publicKey: Uint8Array): ProvenKey | undefined;
  /** Which of those whose public halves are there are keys; by default, all. */
  areKeys?(found: readonly FoundScalar[]): readonly boolean[];
}

const proveSeed = (curve: OkpCurve) => (privateKey: Uint8Array, publicKey: Uint8Array) =>
  proveOkp({ curve, privateKey, publicKey });

const EVERYTHING: Blind = { reading: { fit: FIT.block } };

/**
 * X25519 keys of TLS sessions are many, and lie in allocations of their own, or in front of or behind (BoringSSL) their
 * public half.
 */
const BLIND_X25519: Blind = { reading: { fit: FIT.end, lengthsInBulk: true } };

/**
 * A key alone, or it and its public half: seven or fourteen random words, and what is left of their last one, or of the field that follows.
 * Or one behind an object or two of 64 bytes, as many as Go gives a key, before the zeros that are left of it. Such runs are few, and
 * a multiplication takes half a millisecond.
 */
const BLIND_448: Blind = {
  reading: { fit: FIT.end },
  mayHold({ around, bytes }) {
    // An array of Java says its length to the byte.
    const words = bytes.length >> 3;
    const behind = bytes.byteOffset - around.byteOffset + bytes.length;
    return (
      words === 7 ||
      words === 14 ||
      ((words === 8 || words === 15) && endsSmall(bytes)) ||
      ((words === 15 || words === 23) && u32le(around, behind) === 0 && u32le(around, behind + 4) === 0)
    );
  },
  most: 512,
};

/**
 * The 57 bytes of Ed448 leave most of a word to what was there before, in an allocation of their own as well. Of two of them one is the
 * public half, whose last byte has no more than a sign (RFC 8032, 5.2.2).
 */
const BLIND_ED448: Blind = {
  ...BLIND_448,
  mayHold(window) {
    const { bytes, around } = window;
    const first = bytes.byteOffset - around.byteOffset;
    const isAllocation = ((u32le(around, first - 8) ?? 0) & ~7) === ALLOCATION_OF_57 && u32le(around, first - 4) === 0;
    if (isAllocation && bytes.length <= ALLOCATION_OF_57) return true;
    if (!BLIND_448.mayHold!(window)) return false;
    return bytes.length < ONE_OF_448 || [1, 2].some((i) => (around[first + i * ED448_BYTES - 1]! & 0x7f) === 0);
  },
};
const ED448_BYTES = 57;
/** More than one number and the field behind it. */
const ONE_OF_448 = 72;
/** By glibc, without its flags. */
const ALLOCATION_OF_57 = 0x50;

const endsSmall = (bytes: Uint8Array): boolean => u32le(bytes, bytes.length - 4)! < 0x10_0000;

const SEARCHES: readonly OkpSearch[] = [
  {
    curve: 'Ed25519',
    cost: COSTS.Ed25519,
    weight: 16,
    acceptsInteger: () => false,
    deriveAll: ed25519PublicKeys,
    prove: proveSeed('Ed25519'),
  },
  // Before the scalars of Ed25519, which are told from its own.
  {
    curve: 'X25519',
    cost: COSTS.X25519,
    weight: 4,
    acceptsInteger: isClamped,
    blind: BLIND_X25519,
    deriveAll: x25519PublicKeys,
    prove: proveSeed('X25519'),
  },
  {
    curve: 'Ed25519',
    cost: COSTS.Ed25519,
    weight: 1,
    acceptsInteger: isClamped,
    accepts: isClamped,
    deriveAll: scalarPublicKeys,
    prove: proveEd25519Scalar,
  },
  {
    curve: 'Ed25519',
    cost: COSTS.Ed25519,
    weight: 1,
    acceptsInteger: () => false,
    accepts: isReduced,
    deriveAll: scalarPublicKeys,
    prove: proveEd25519Scalar,
    areKeys,
  },
  {
    curve: 'Ed448',
    cost: 600,
    weight: 4,
    acceptsInteger: () => false,
    blind: BLIND_ED448,
    deriveAll: (seeds) => seeds.map((seed) => okpPublicKey('Ed448', seed)),
    prove: proveSeed('Ed448'),
  },
  {
    curve: 'X448',
    cost: 600,
    weight: 4,
    acceptsInteger: () => true,
    blind: BLIND_448,
    deriveAll: (keys) => keys.map((key) => okpPublicKey('X448', key)),
    prove: proveSeed('X448'),
  },
];

/** Octets; in OpenPGP (RFC 9580, 5.5.5.5) a seed is a big-endian number, which programs in Python keep as such. */
const SEED_LAYOUTS = [BIG_ENDIAN, CPYTHON_DIGITS, PYPY_DIGITS];

/** For all derivations of one join: some eight seconds on one thread. */
const BUDGET = 8_000_000;
/** Windows between two breaths. */
const WINDOWS_PER_STEP = 4096;

/** @param budget in microseconds, as counted by the cost of each derivation */
export function createOkpSeedsJoin(budget = BUDGET): Join {
  return {
    id: 'okp-seeds',
    title: 'Ed25519, Ed448, X25519 or X448 private key in memory',
    severity: 'critical',
    doc: `
The private key of [RFC 8032](https://www.rfc-editor.org/rfc/rfc8032) or [RFC 7748](https://www.rfc-editor.org/rfc/rfc7748) as a running program holds it: 32 random bytes (56 or 57 for
the curves over 448 bits), alone or before the public key (libsodium, Go), or as text in hex or base64. Of Ed25519 also the scalar that the seed is hashed to, which
is all that some programs keep (ring, Tor); scalars below the order, as nonces are, where a document has the public half, or of a wallet of CryptoNote (Monero) both.

**Proof**: the public key that belongs to it, computed from it, lies in the same artifact: in memory, a certificate or an SSH key.

**Severity**: an X25519 or X448 key whose public half lies in a message of a TLS or SSH handshake, and in no certificate or other document,
is that of one session: \`low\`, for there is nothing to replace. In neither, it may be that of a session, or of WireGuard: \`medium\`.

**What to do**: replace the key, and find out who could read the dump.
`,
    kinds: ['number', 'text-key', 'base64url-value', 'public-key'],
    join(windows) {
      const derivations = new Budget(budget);
      const numbers = readAsNumbers(windows);
      const { okp, rsa, overflowed } = readHarvestedKeys(windows);
      const search = new OkpSeedsSearch(numbers, { okp, rsa }, derivations);
      return {
        claims: search.run(),
        get overBudget() {
          return derivations.exhausted || search.overflowed || overflowed;
        },
      };
    },
  };
}

class OkpSeedsSearch {
  overflowed = false;
  readonly #numbers: ReturnType<typeof readAsNumbers>;
  readonly #windows: readonly LeadWindow[];
  /** In which seeds and scalars are looked for. */
  readonly #private: readonly LeadWindow[];
  readonly #harvested: HarvestedKeys['okp'];
  readonly #budget: Budget;
  readonly #secrets = new Map<string, Uint8Array>();
  readonly #points = new Map<OkpCurve, EdwardsPoints>();
  /** Of all in which public keys are looked for. */
  #contents: Contents | undefined;

  constructor(
    numbers: ReturnType<typeof readAsNumbers>,
    { okp, rsa }: Pick<HarvestedKeys, 'okp' | 'rsa'>,
    budget: Budget,
  ) {
    this.#numbers = numbers;
    this.#windows = numbers.windows;
    this.#private = withoutModuli(numbers.windows, rsa);
    this.#harvested = okp;
    this.#budget = budget;
  }

  *run(): Generator<JoinStep> {
    try {
      this.#contents = yield* Contents.of([
        ...this.#windows.map(({ around }) => around),
        ...this.#harvested.map(({ publicKey }) => publicKey),
      ]);
      for (const { work, share } of shareOut(SEARCHES, ({ weight }) => weight)) yield* this.#joinCurve(work, share);
    } finally {
      for (const secret of this.#secrets.values()) secret.fill(0);
      for (const points of this.#points.values()) points.wipe();
      this.#contents?.wipe();
      this.#numbers.wipe();
    }
  }

  /** What was found first for this public key. */
  #secretOf({ traits, secret }: ProvenKey): Uint8Array {
    const name = `${traits.algorithm} ${traits.publicKeySha256}`;
    const known = this.#secrets.get(name);
    if (!known) this.#secrets.set(name, secret.slice());
    return known ?? secret;
  }

  /** Libraries compute public keys of X25519 on the curve of Ed25519, and leave the point on the stack. */
  #isOfX25519(scalar: Uint8Array): boolean {
    return [...this.#secrets].some(([name, secret]) => name.startsWith('X25519 ') && isSameClamped(secret, scalar));
  }

  /** @param share of the budget that is left */
  *#joinCurve(search: OkpSearch, share: number): Generator<JoinStep> {
    const { curve, cost } = search;
    const known = this.#harvested.filter((key) => key.curve === curve);
    const candidates = new CandidateSet(OKP_CURVES.find(({ name }) => name === curve)!.size);
    try {
      const { accepts, acceptsInteger } = search;
      const { reading, mayHold, most = MAX_CANDIDATES } = (known.length === 0 && search.blind) || EVERYTHING;
      const windows = mayHold ? byRarity(this.#private.filter(mayHold)) : this.#private;
      const step = mayHold ? BLIND_STEP : windows.length;
      for (let from = 0; from < windows.length && candidates.count < most; from += step) {
        yield* readPrivateCandidates(windows.slice(from, from + step), candidates, {
          ...reading,
          layouts: SEED_LAYOUTS,
          integers: { layouts: SEED_LAYOUTS, accepts: acceptsInteger },
          affordable: mayHold ? 0 : Math.min(most, this.#budget.most(cost, share)),
          cost,
          ...(accepts && { accepts }),
        });
      }
      this.overflowed ||= candidates.overflowed;
      const affordable = this.#budget.takeMost(Math.min(candidates.count, most), cost, share);
      const starts = known.map(({ start }) => start);
      // Those were read in the order of their worth.
      const chosen = mayHold
        ? Array.from({ length: affordable }, (_, i) => i)
        : chooseCandidates(candidates, starts, affordable);
      if (chosen.length === 0) return;
      const points = yield* this.#pointsOf(curve);
      yield* this.#joinCandidates(search, candidates, chosen, known, points);
    } finally {
      candidates.wipe();
    }
  }

  /** Seeds and scalars of Ed25519 are searches of their own. */
  *#pointsOf(curve: OkpCurve): Generator<undefined, EdwardsPoints> {
    const read = this.#points.get(curve);
    if (read) return read;
    const points = new EdwardsPoints(curve);
    this.#points.set(curve, points);
    yield* points.read(this.#windows);
    return points;
  }

  *#joinCandidates(
    { curve, accepts, deriveAll, prove, areKeys }: OkpSearch,
    candidates: CandidateSet,
    chosen: readonly number[],
    known: HarvestedKeys['okp'],
    points: EdwardsPoints,
  ): Generator<JoinStep> {
    const table = new PrefixTable(0);
    /** Those that may be there, in one form or another: octets, or digits. */
    const wanted: { readonly index: number; readonly publicKey: Uint8Array; readonly form: Uint8Array }[] = [];
    const found = new Map<number, PublicEvidence & { readonly publicKey: Uint8Array; readonly isPoint?: true }>();
    for (let from = 0; from < chosen.length; from += GROUP) {
      const group = chosen.slice(from, from + GROUP);
      for (const [i, publicKey] of deriveAll(group.map((index) => candidates.bytesOf(index))).entries()) {
        if (!publicKey) continue;
        if (points.has(publicKey)) {
          found.set(group[i]!, { publicKey, isDocument: false, isHandshake: false, isPoint: true });
        }
        for (const form of [publicKey, ...writeEdwardsDigits(curve, publicKey)]) {
          if (!this.#contents?.mayHold(u32le(form, 0)!, u32le(form, 4)!)) continue;
          table.add(form, wanted.length);
          wanted.push({ index: group[i]!, publicKey, form });
        }
      }
      yield;
    }
    const search = (bytes: Uint8Array, inDocument = false): void =>
      table.scan(bytes, (value, at) => {
        const { index, publicKey, form } = wanted[value]!;
        if (!equalBytes(bytes.subarray(at, at + form.length), form)) return;
        const { isDocument = false, isHandshake = false } = found.get(index) ?? {};
        found.set(index, {
          publicKey,
          isDocument: isDocument || inDocument,
          isHandshake: isHandshake || isInHandshake(bytes, at, form.length, curve),
        });
      });
    for (const { publicKey } of known) search(publicKey, true);
    for (const [i, { around }] of this.#windows.entries()) {
      search(around);
      if (i % WINDOWS_PER_STEP === WINDOWS_PER_STEP - 1) yield;
    }
    yield;
    const halves = [...found];
    const keys = areKeys?.(
      halves.map(([index, { isDocument }]) => ({ scalar: candidates.bytesOf(index), isDocument })),
    );
    const proven: Proven[] = [];
    for (const [i, [index, evidence]] of halves.entries()) {
      if (keys?.[i] === false) continue;
      if (accepts && evidence.isPoint && this.#isOfX25519(candidates.bytesOf(index))) continue;
      const key = prove(candidates.bytesOf(index), evidence.publicKey);
      if (key) proven.push({ key, severity: severityOf(curve, evidence) });
      yield;
    }
    yield* this.#claimAll(proven, accepts ? 'scalar' : 'seed');
  }

  /** All at once: a server leaves a key of each session, and each search reads all windows. */
  *#claimAll(proven: readonly Proven[], form: Form): Generator<JoinStep> {
    if (proven.length === 0) return;
    // A key whose seed is there, too, is one key.
    const secrets = proven.map(({ key }) => this.#secretOf(key));
    const numbers = proven.map(({ key }) => key.secret);
    for (const { number, start, end, lead } of findNumbers(this.#windows, numbers, SEED_LAYOUTS)) {
      const { key, severity } = proven[number]!;
      const { verdict, publicKey } = key;
      const traits = { ...key.traits, form };
      const claim = { verdict, span: { start, end }, traits, secret: secrets[number]!.slice(), publicKey };
      yield { lead, claim: { ...claim, ...(severity && { severity }) } };
    }
    for (const secret of numbers) secret.fill(0);
    yield;
  }
}
