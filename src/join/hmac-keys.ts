/**
 * HMAC keys and midstates in memory, proven by a token (JWS with HS256, HS384, HS512) in the same artifact: its MAC is
 * computed again. Each candidate is tried with each token that no key was found for.
 */
import { decodeBase64 } from '../bytes/base64.ts';
import type { Lead } from '../model/task.ts';
import { equalBytes, hmac } from '../proof/hash.ts';
import { resumeSha2, SHA2_SIZES, type Sha2 } from '../proof/sha2.ts';
import { Budget } from './budget.ts';
import { CandidateSet, MAX_CANDIDATES, readPrivateCandidates } from './candidates.ts';
import { findMidstates, type Midstate } from './hmac-midstates.ts';
import { type Join, type JoinClaim, type JoinStep, type LeadWindow, resultOf } from './join.ts';
import { BIG_ENDIAN } from './number-layouts.ts';
import { findNumbers } from './number-places.ts';
import { FIT } from './number-reader.ts';
import { readSignedTokens, type SignedToken } from './signed-tokens.ts';
import { decodeText, isText, readText } from './text-keys.ts';

/** About microseconds on one thread. */
const BUDGET = 8_000_000;
/** A MAC, and each further block of its message. */
const MAC_COST = 4;
const BYTES_PER_COST = 512;
/** A compression of ours: SHA-512 computes in bigints. */
const COMPRESSION_COSTS: Readonly<Record<Sha2, number>> = { sha256: 2, sha384: 150, sha512: 150 };

/** Tokens that are open at the same time: most of them are from one key, and close when it is found. */
const BATCH = 16;
/** Bytes of keys that generators make; others are read where they fill their lead. */
const KEY_BYTES = [32, 48, 64];
const MIN_KEY_BYTES = 16;
const MAX_KEY_BYTES = 136;
/** Between two breaths. */
const CANDIDATES_PER_STEP = 256;
/** Candidates before and after an inner state that are tried as its outer one: the contexts of a key are allocated together. */
const NEIGHBOURS = 12;

/** @param budget in microseconds, as counted by the cost of each MAC */
export function createHmacKeysJoin(budget = BUDGET, mostValues = MAX_CANDIDATES): Join {
  return {
    id: 'hmac-keys',
    title: 'HMAC key, or what a library keeps of it, in memory',
    severity: 'critical',
    doc: `
A key of HMAC with SHA-256, SHA-384 or SHA-512 that signs JSON Web Tokens ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515),
[RFC 7518](https://www.rfc-editor.org/rfc/rfc7518), 3.2), as a running program holds it: random octets, the base64 or hex text that it
was configured with, or only the two *midstates* of [RFC 2104](https://www.rfc-editor.org/rfc/rfc2104), 4, in a hash context (OpenSSL's
\`SHA256_CTX\` and \`SHA512_CTX\`, nettle, mbedTLS, Go's marshaled hashes). The midstates suffice to sign anything.

**Proof**: a token in the same artifact whose MAC, computed again from the key or midstates, is the one that it carries.

**What to do**: replace the key: whoever has the dump can make tokens. Find out who could read it.
`,
    kinds: ['number', 'base64url-value', 'text-key', 'token'],
    join(windows) {
      const tokens = readSignedTokens(windows).filter(({ curve }) => curve === undefined);
      if (tokens.length === 0) return { claims: [], overBudget: false };
      const search = new HmacSearch(windows, new Budget(budget), mostValues);
      return resultOf(search.run(tokens), search);
    },
  };
}

/** A value that could be a key, and where it lies as text. Numbers are looked for again when it is one. */
interface KeyCandidate {
  readonly bytes: Uint8Array;
  readonly texts: readonly Lead[];
}

class HmacSearch {
  readonly #windows: readonly LeadWindow[];
  readonly #numbers: readonly LeadWindow[];
  readonly #budget: Budget;
  /** Of each size. */
  readonly #mostValues: number;
  readonly #midstates = new Map<number, readonly Midstate[]>();
  #candidates: readonly KeyCandidate[] = [];
  /** Some candidates were left out. */
  #overflowed = false;

  constructor(windows: readonly LeadWindow[], budget: Budget, mostValues: number) {
    this.#windows = windows;
    this.#mostValues = mostValues;
    this.#numbers = windows.filter(({ lead }) => lead.kind === 'number');
    this.#budget = budget;
  }

  get overBudget(): boolean {
    return this.#overflowed || this.#budget.exhausted;
  }

  *run(tokens: readonly SignedToken[]): Generator<JoinStep> {
    try {
      yield* this.#search(tokens);
    } finally {
      for (const { bytes } of this.#candidates) bytes.fill(0);
      for (const midstates of this.#midstates.values()) for (const { state } of midstates) state.fill(0);
    }
  }

  *#search(tokens: readonly SignedToken[]): Generator<JoinStep> {
    const candidates = yield* this.#readCandidates();
    const keys: KeyCandidate[] = [];
    const pairs: Pair[] = [];
    let left = [...tokens];
    while (left.length > 0 && !this.#budget.exhausted) {
      const batch = left.slice(0, BATCH);
      for (const [i, candidate] of candidates.entries()) {
        if (batch.some((token) => this.#signs(candidate.bytes, token))) keys.push(candidate);
        if (i % CANDIDATES_PER_STEP === 0) yield;
      }
      for (const token of batch) {
        // One token finds all copies of its contexts.
        if (!pairs.some((pair) => makes(pair, token))) pairs.push(...(yield* this.#findPairs(token)));
      }
      left = left
        .slice(batch.length)
        .filter((token) => !keys.some(({ bytes }) => this.#signs(bytes, token)))
        .filter((token) => !pairs.some((pair) => makes(pair, token)));
    }
    for (const key of new Set(keys)) yield* this.#claimKey(key);
    for (const pair of pairs) {
      const key = keys.find(({ bytes }) => this.#signs(bytes, pair.token));
      yield* claimPair(pair, key?.bytes);
    }
  }

  /** Each value once: octets of the sizes that generators make, octets that fill their lead, and texts, read and as they are. */
  *#readCandidates(): Generator<undefined, readonly KeyCandidate[]> {
    const candidates = new Map<string, { bytes: Uint8Array; texts: Lead[] }>();
    const add = (bytes: Uint8Array, text?: Lead): void => {
      const isLong = bytes.length >= MIN_KEY_BYTES && bytes.length <= MAX_KEY_BYTES;
      const id = isLong ? identify(bytes) : '';
      const known = candidates.get(id);
      if (known && text) known.texts.push(text);
      if (isLong && !known) candidates.set(id, { bytes, texts: text ? [text] : [] });
      else bytes.fill(0);
    };
    try {
      for (const size of KEY_BYTES) {
        const set = new CandidateSet(size, this.#mostValues);
        try {
          yield* readPrivateCandidates(this.#numbers, set, { fit: FIT.block, layouts: [BIG_ENDIAN] });
          for (let i = 0; i < set.count; i++) add(set.bytesOf(i).slice());
          this.#overflowed ||= set.overflowed;
        } finally {
          set.wipe();
        }
      }
      for (const { bytes } of this.#numbers) add(bytes.slice());
      for (const window of this.#windows) {
        const { lead } = window;
        if (!isText(lead)) continue;
        const text = readText(window);
        const octets = decodeText(text);
        // What is hex may be base64 to the program.
        const base64 = decodeBase64(text, 0, text.length, { style: 'plain' }).bytes;
        if (equalBytes(octets, base64)) base64.fill(0);
        else add(base64, lead);
        add(octets, lead);
        add(text, lead);
      }
    } finally {
      this.#candidates = [...candidates.values()];
    }
    return this.#candidates;
  }

  #signs(key: Uint8Array, { hash, input, signature }: SignedToken): boolean {
    if (!this.#budget.take(MAC_COST + Math.floor(input.length / BYTES_PER_COST))) return false;
    const mac = hmac(hash, key, input);
    return mac !== undefined && equalBytes(mac, signature);
  }

  /** All pairs of midstates that make the token's MAC: contexts are copied. */
  *#findPairs(token: SignedToken): Generator<undefined, Pair[]> {
    const { hash, input, signature } = token;
    const { stateBytes, blockBytes } = SHA2_SIZES[hash];
    const midstates = this.#midstates.get(stateBytes) ?? findMidstates(this.#numbers, hash);
    this.#midstates.set(stateBytes, midstates);
    const cost = COMPRESSION_COSTS[hash];
    const pairs: Pair[] = [];
    for (const [i, inner] of midstates.entries()) {
      if (!this.#budget.take(cost * Math.ceil((input.length + blockBytes) / blockBytes))) break;
      yield;
      const digest = resumeSha2(hash, inner.state, input);
      const around = midstates.slice(Math.max(0, i - NEIGHBOURS), i + NEIGHBOURS);
      for (const outer of around) {
        if (outer === inner || !this.#budget.take(cost)) continue;
        const mac = resumeSha2(hash, outer.state, digest);
        if (equalBytes(mac, signature)) pairs.push({ inner, outer, token });
      }
    }
    return pairs;
  }

  *#claimKey({ bytes, texts }: KeyCandidate): Generator<JoinClaim> {
    const places = findNumbers(this.#numbers, [bytes], [BIG_ENDIAN]);
    for (const { start, end, lead } of [...places, ...texts.map((lead) => ({ ...lead, lead }))]) {
      const traits = { algorithm: 'symmetric', form: 'mac-key', proof: 'mac', bits: bytes.length * 8 } as const;
      yield { lead, claim: { verdict: 'proven', span: { start, end }, traits, secret: bytes.slice() } };
    }
  }
}

interface Pair {
  readonly inner: Midstate;
  readonly outer: Midstate;
  readonly token: SignedToken;
}

function makes({ inner, outer, token }: Pair, { hash, input, signature }: SignedToken): boolean {
  if (hash !== token.hash) return false;
  return equalBytes(resumeSha2(hash, outer.state, resumeSha2(hash, inner.state, input)), signature);
}

/** @param key when it was found as well: it is one secret */
function* claimPair({ inner, outer }: Pair, key: Uint8Array | undefined): Generator<JoinClaim> {
  for (const { start, end, lead } of [inner, outer]) {
    const secret = key?.slice() ?? new Uint8Array([...inner.state, ...outer.state]);
    const traits = { algorithm: 'symmetric', form: 'midstate', proof: 'mac', bits: inner.state.length * 8 } as const;
    yield { lead, claim: { verdict: 'proven', span: { start, end }, traits, secret } };
  }
}

/** FNV-1a twice, with the length: two in some hundred thousand values don't collide, and if they did, one is left out. */
function identify(bytes: Uint8Array): string {
  let [a, b] = [0x811c9dc5, 0x1000193];
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ (byte + 0x9e), 0x85ebca6b);
  }
  return `${a} ${b} ${bytes.length}`;
}
