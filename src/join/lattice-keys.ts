/**
 * ML-DSA and ML-KEM in memory. Libraries keep the private key as FIPS 204 and 203 encode it, some kilobytes of octets that prove themselves:
 * small coefficients of which the public key is made, and that one's digest. Its seed is told by the public key.
 */
import type { Form } from '../model/finding.ts';
import { equalBytes } from '../proof/hash.ts';
import { ML_DSA_SIZES, type MlDsaSet, mayBeMlDsaExpanded, mlDsaRho } from '../proof/ml-dsa.ts';
import { ML_KEM_SIZES, type MlKemSet, mayBeMlKemExpanded } from '../proof/ml-kem.ts';
import { provePostQuantum } from '../proof/post-quantum.ts';
import type { ProvenKey } from '../proof/proven-key.ts';
import { CandidateSet, readPrivateCandidates } from './candidates.ts';
import { bytesFrom, type Join, type JoinStep, type LeadWindow, resultOf } from './join.ts';
import { BIG_ENDIAN } from './number-layouts.ts';
import { findNumbers } from './number-places.ts';
import { FIT } from './number-reader.ts';

type ParameterSet = MlDsaSet | MlKemSet;
const SIZES = { ...ML_DSA_SIZES, ...ML_KEM_SIZES };
const SETS = Object.keys(SIZES) as ParameterSet[];
const isDsa = (set: ParameterSet): set is MlDsaSet => set in ML_DSA_SIZES;

/** Three values of 32 and 64 bytes, and what tells keys from random bytes of what follows them. */
const MIN_RUN_BYTES = 176;
/** Of ML-DSA; those of ML-KEM are two values, and not looked for. */
const SEED_BYTES = 32;
/** Tried for each parameter set, at three microseconds each. */
const MAX_SEEDS = 200_000;
const SEEDS_PER_STEP = 1024;

export function createLatticeKeysJoin(maxSeeds = MAX_SEEDS): Join {
  return {
    id: 'lattice-keys',
    title: 'ML-DSA or ML-KEM private key in memory',
    severity: 'critical',
    doc: `
A private key of ML-DSA ([FIPS 204](https://csrc.nist.gov/pubs/fips/204/final)) or ML-KEM ([FIPS 203](https://csrc.nist.gov/pubs/fips/203/final)) as a program
keeps it after loading: the encoded key without any header (OpenSSL 3.5, so Node.js 24; liboqs), and the seed that it was made of.

**Proof**: all coefficients are as small as those of a key, and the public key that they give has the digest that the key holds. A seed gives the same
public key.

**What to do**: replace the key pair, revoke its certificates, and find out who could read the dump.
`,
    kinds: ['number'],
    join(windows) {
      const search = new LatticeSearch(windows, maxSeeds);
      return resultOf(search.run(), search);
    },
  };
}

interface Place {
  readonly start: number;
  readonly end: number;
  readonly lead: LeadWindow['lead'];
}

interface Found {
  readonly set: ParameterSet;
  readonly key: ProvenKey;
  readonly places: Place[];
}

class LatticeSearch {
  overBudget = false;
  readonly #windows: readonly LeadWindow[];
  readonly #maxSeeds: number;
  /** By the digest of the public key. */
  readonly #found = new Map<string, Found>();

  constructor(windows: readonly LeadWindow[], maxSeeds: number) {
    this.#windows = windows;
    this.#maxSeeds = maxSeeds;
  }

  *run(): Generator<JoinStep> {
    try {
      for (const window of this.#windows) {
        if (window.bytes.length < MIN_RUN_BYTES) continue;
        for (const set of SETS) this.#tryAll(window, set);
        yield;
      }
      if (this.#found.size > 0) yield* this.#claimAll();
    } finally {
      for (const { key } of this.#found.values()) key.secret.fill(0);
    }
  }

  /** Where the run begins, behind a public key that it begins with, and where a key would end with it. */
  #tryAll(window: LeadWindow, set: ParameterSet): void {
    const sizes = SIZES[set];
    for (const at of new Set([0, sizes.public, window.bytes.length - sizes.expanded])) {
      const head = at < 0 ? undefined : window.bytes.subarray(at, at + MIN_RUN_BYTES);
      if (head?.length !== MIN_RUN_BYTES) continue;
      if (isDsa(set) ? mayBeMlDsaExpanded(set, head) : mayBeMlKemExpanded(head)) {
        this.#proveAt(window, set, window.lead.start + at);
      }
    }
  }

  #proveAt({ lead }: LeadWindow, set: ParameterSet, start: number): void {
    const expanded = bytesFrom(this.#windows, start, SIZES[set].expanded);
    const key = provePostQuantum({ algorithm: set, expanded });
    expanded.fill(0);
    if (!key) return;
    const name = key.traits.publicKeySha256!;
    let found = this.#found.get(name);
    if (found) key.secret.fill(0);
    else this.#found.set(name, (found = { set, key, places: [] }));
    if (found.places.some((other) => other.start === start)) return;
    found.places.push({ start, end: start + SIZES[set].expanded, lead });
  }

  /** With its seed, the key is one key: the one that documents hold. */
  *#claimAll(): Generator<JoinStep> {
    const seeds = yield* this.#findSeeds();
    try {
      for (const { set, key, places } of this.#found.values()) {
        const seed = seeds.get(key.traits.publicKeySha256!);
        const proven = seed && provePostQuantum({ algorithm: set, seed, expanded: key.secret });
        yield* claimsOf(proven ?? key, places, 'expanded');
        if (proven) yield* claimsOf(proven, findNumbers(this.#windows, [proven.secret], [BIG_ENDIAN]), 'seed');
        proven?.secret.fill(0);
      }
    } finally {
      for (const seed of seeds.values()) seed.fill(0);
    }
  }

  /** By the public half of their keys. */
  *#findSeeds(): Generator<JoinStep, Map<string, Uint8Array>> {
    const seeds = new Map<string, Uint8Array>();
    const keys = [...this.#found.values()].flatMap(({ set, key }) => (isDsa(set) ? [{ set, key }] : []));
    const sets = [...new Set(keys.map(({ set }) => set))];
    if (sets.length === 0) return seeds;
    const candidates = new CandidateSet(SEED_BYTES, this.#maxSeeds);
    try {
      yield* readPrivateCandidates(this.#windows, candidates, { fit: FIT.end, layouts: [BIG_ENDIAN] });
      this.overBudget ||= candidates.overflowed;
      for (let i = 0; i < candidates.count; i++) {
        const seed = candidates.bytesOf(i);
        for (const set of sets) {
          const rho = mlDsaRho(set, seed);
          for (const { set: other, key } of keys) {
            if (other !== set || !equalBytes(rho, key.secret.subarray(0, rho.length))) continue;
            seeds.set(key.traits.publicKeySha256!, seed.slice());
          }
        }
        if (i % SEEDS_PER_STEP === 0) yield;
      }
    } finally {
      candidates.wipe();
    }
    return seeds;
  }
}

function* claimsOf({ verdict, traits, secret }: ProvenKey, places: readonly Place[], form: Form): Generator<JoinStep> {
  for (const { start, end, lead } of places) {
    yield { lead, claim: { verdict, span: { start, end }, traits: { ...traits, form }, secret: secret.slice() } };
  }
}
