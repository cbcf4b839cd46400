/**
 * DSA keys as integers in memory: p, q, g, y and x lie apart, in the layout of their library. The group comes from a public key in a
 * document, or from numbers that fit together; then g^x is computed for each number x that could be a private key, and must be
 * the y of a document, or lie in memory.
 */
import { bigintFromBe, bigintToBe } from '../bytes/limbs.ts';
import { proveDsa } from '../proof/dsa.ts';
import { FixedBase } from '../proof/fixed-base.ts';
import { modInverse } from '../proof/modular.ts';
import { Budget, shareOut } from './budget.ts';
import { CandidateSet, chooseCandidates, readPrivateCandidates } from './candidates.ts';
import { type DsaGroup, findDsaGroups, powerCost } from './dsa-groups.ts';
import { readDsaPublicKeys } from './dsa-public-keys.ts';
import { type Join, type JoinStep, type LeadWindow, resultOf } from './join.ts';
import { findNumbers } from './number-places.ts';
import { FIT, type Fit } from './number-reader.ts';
import { readHarvestedKeys } from './public-keys.ts';
import { withoutModuli } from './public-moduli.ts';

/** In microseconds, for all powers of one join. */
const BUDGET = 10_000_000;
/** Without a public key, any member of the group may be g; the ones that lie in most places come first. */
const MAX_GENERATORS = 4;
const POWERS_PER_STEP = 16;

export function createDsaNumbersJoin(budget = BUDGET): Join {
  return {
    id: 'dsa-numbers',
    title: 'DSA private key as an integer in memory',
    severity: 'critical',
    doc: `
The private number x of a DSA key with p of 1024, 2048 or 3072 bits as a running program holds it: little-endian limbs (OpenSSL, GMP, nettle),
\`int[]\` (Java), digits (CPython), or big-endian bytes (libgcrypt, heap dumps, what is left of a freed DER document).

**Proof**: y = g^x mod p, and y lies in the same artifact: in a certificate, a public key or an SSH key, or as a number beside p, q
and g, where q divides p − 1, both are prime, and g generates the group of order q. The nonce k of a signature has such a number as well, g^k: it is
told by (g^k mod p) mod q, which is in the signature, and by its inverse. Where there are so many numbers that some were left out (a gap), a key whose
y is in no document is \`likely\`: what tells a nonce may be among them.

**What to do**: replace the key and revoke its certificates; find out who could read the dump. DSA is no longer approved for signing
(FIPS 186-5): take another algorithm.
`,
    kinds: ['number', 'public-key'],
    join(windows, isThinned = false) {
      const search = new DsaNumbersSearch(windows, budget, isThinned);
      return resultOf(search.run(), search);
    },
  };
}

interface Fits {
  readonly best: Fit;
  readonly worst: Fit;
}
const WHOLE: Fits = { best: FIT.filling, worst: FIT.start };
const INSIDE: Fits = { best: FIT.end, worst: FIT.block };

interface Search {
  readonly group: DsaGroup;
  /** What may be g, with its powers. */
  readonly generators: ReadonlyMap<bigint, FixedBase>;
  /** What may be public keys, until they are found to be some. */
  readonly wanted: Set<bigint>;
}

class DsaNumbersSearch {
  readonly #windows: readonly LeadWindow[];
  readonly #moduli: readonly bigint[];
  readonly #known: ReturnType<typeof readDsaPublicKeys>;
  readonly #budget: Budget;
  readonly #isThinned: boolean;
  #overflowed = false;

  constructor(windows: readonly LeadWindow[], budget: number, isThinned: boolean) {
    const { rsa } = readHarvestedKeys(windows);
    const numbers = windows.filter(({ lead }) => lead.kind === 'number');
    this.#windows = withoutModuli(numbers, rsa);
    this.#moduli = rsa.map(({ n }) => n);
    this.#known = readDsaPublicKeys(windows);
    this.#budget = new Budget(budget);
    this.#isThinned = isThinned;
  }

  get overBudget(): boolean {
    return this.#overflowed || this.#known.overflowed || this.#budget.exhausted;
  }

  *run(): Generator<JoinStep> {
    const groups = yield* findDsaGroups(this.#windows, this.#known.keys, this.#moduli, this.#budget);
    for (const { work: group, share } of shareOut(groups, () => 1)) yield* this.#joinGroup(group, share);
  }

  /** @param share of the budget that is left */
  *#joinGroup(group: DsaGroup, share: number): Generator<JoinStep> {
    const generators = this.#generatorsOf(group);
    const wanted = new Set([...group.members, ...group.documents.keys()]);
    const search = { group, generators: yield* tablesOf(generators, group), wanted };
    // Whole numbers first: most often nothing is left to be explained then, and they are read in no time.
    for (const fits of [WHOLE, INSIDE]) {
      const candidates = new CandidateSet(bigintToBe(group.q).length);
      try {
        yield* this.#read(candidates, fits, group);
        if (yield* this.#tryAll(search, candidates, fits, share)) return;
      } finally {
        candidates.wipe();
      }
    }
    this.#overflowed ||= group.members.length > MAX_GENERATORS;
  }

  *#read(candidates: CandidateSet, { worst }: Fits, group: DsaGroup): Generator<undefined> {
    const accepts = (bytes: Uint8Array): boolean => bigintFromBe(bytes) < group.q;
    const options = { accepts, fit: worst, mostInside: this.#budget.most(powerCost(group)) };
    yield* readPrivateCandidates(this.#windows, candidates, options);
    this.#overflowed ||= candidates.overflowed;
    if (worst !== WHOLE.worst) return;
    // One x in 256 is a byte shorter than q, which big-endian numbers show.
    const shorter = new CandidateSet(candidates.size - 1);
    yield* readPrivateCandidates(this.#windows, shorter, options);
    const padded = new Uint8Array(candidates.size);
    for (let i = 0; i < shorter.count; i++) {
      padded.set(shorter.bytesOf(i), 1);
      candidates.add(padded, shorter.startOf(i), shorter.fitOf(i));
    }
    padded.fill(0);
    shorter.wipe();
  }

  /** Claims those of which a power of g is there. @returns whether all that may be public keys is explained */
  *#tryAll(search: Search, candidates: CandidateSet, fits: Fits, share: number): Generator<JoinStep, boolean> {
    const { group, generators, wanted } = search;
    const fitting = Array.from({ length: candidates.count }, (_, i) => i).filter(
      (index) => candidates.fitOf(index) >= fits.best,
    ).length;
    const most = Math.min(fitting, this.#budget.most(powerCost(group), share / generators.size));
    this.#overflowed ||= fitting > most;
    // Those that fit better were tried before.
    const inOrder = chooseCandidates(candidates, [...group.documents.values()], candidates.count - fitting + most);
    const chosen = inOrder.filter((index) => candidates.fitOf(index) >= fits.best);
    for (const [g, powers] of generators) {
      const found = yield* findPowers(powers, candidates, this.#affordable(group, chosen), wanted);
      yield* this.#claimAll(group, g, found);
      // Of members one is g, of which all others are powers, and some may be what is left of signatures.
      if (wanted.size === 0 || (found.length > 0 && group.documents.size === 0)) return true;
    }
    return false;
  }

  *#affordable(group: DsaGroup, indexes: readonly number[]): Generator<number> {
    const cost = powerCost(group);
    for (const index of indexes) {
      if (!this.#budget.take(cost)) return;
      yield index;
    }
  }

  #generatorsOf({ generators, members }: DsaGroup): readonly bigint[] {
    if (generators.size > 0) return [...generators];
    const counts = members.map(() => 0);
    for (const { number } of findNumbers(
      this.#windows,
      members.map((member) => bigintToBe(member)),
    ))
      counts[number]!++;
    const order = [...members.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
    return order.slice(0, MAX_GENERATORS).map((i) => members[i]!);
  }

  *#claimAll(group: DsaGroup, g: bigint, found: readonly FoundPower[]): Generator<JoinStep> {
    const isDocument = ({ y }: FoundPower): boolean => group.documents.has(y);
    const bare = found.filter((power) => !isDocument(power));
    const nonces = this.#noncesOf(group, bare);
    for (const power of found) if (!nonces.has(power)) yield* this.#claim(group, g, power, isDocument(power));
  }

  *#claim({ p, q }: DsaGroup, g: bigint, { x, y }: FoundPower, isDocument: boolean): Generator<JoinStep> {
    const key = proveDsa({ p, q, g, y, x: bigintFromBe(x) });
    if (!key) return;
    const { secret, publicKey } = key;
    // Where leads were left out, the signature or the inverse may be among them that would tell a nonce.
    const isSure = isDocument || !this.#isThinned;
    const traits = { ...key.traits, form: 'scalar' as const, ...(!isSure && { proof: 'none' as const }) };
    const verdict = isSure ? key.verdict : 'likely';
    for (const { start, end, lead } of findNumbers(this.#windows, [secret])) {
      yield { lead, claim: { verdict, span: { start, end }, traits, secret: secret.slice(), publicKey } };
    }
    secret.fill(0);
  }

  /** Those of which r of a signature (FIPS 186-4, 4.6) or the inverse, which signing needs, lies in memory: nothing computes these of a key. */
  #noncesOf({ q }: DsaGroup, powers: readonly FoundPower[]): ReadonlySet<FoundPower> {
    const marks = powers.flatMap(({ x, y }) => [y % q, modInverse(bigintFromBe(x), q) ?? 0n]);
    const numbers = marks.map((mark) => bigintToBe(mark));
    const found = findNumbers(this.#windows, numbers).map(({ number }) => powers[number >> 1]!);
    for (const bytes of numbers) bytes.fill(0);
    return new Set(found);
  }
}

interface FoundPower {
  /** A view of the candidate. */
  readonly x: Uint8Array;
  readonly y: bigint;
}

function* tablesOf(
  generators: readonly bigint[],
  { p, q }: DsaGroup,
): Generator<undefined, ReadonlyMap<bigint, FixedBase>> {
  const tables = new Map<bigint, FixedBase>();
  for (const g of generators) tables.set(g, yield* FixedBase.of(g, p, bigintToBe(q).length));
  return tables;
}

/** Those of the candidates `chosen` whose power is wanted, which is no longer then; ends when none is. */
function* findPowers(
  powers: FixedBase,
  candidates: CandidateSet,
  chosen: Iterable<number>,
  wanted: Set<bigint>,
): Generator<undefined, readonly FoundPower[]> {
  const found: FoundPower[] = [];
  let done = 0;
  for (const index of chosen) {
    const x = candidates.bytesOf(index);
    const y = powers.pow(x);
    if (wanted.delete(y)) found.push({ x, y });
    if (wanted.size === 0) break;
    if (++done % POWERS_PER_STEP === 0) yield;
  }
  return found;
}
