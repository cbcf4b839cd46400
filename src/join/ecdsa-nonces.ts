/**
 * Private keys from the nonces of ECDSA signatures (SEC 1, 4.1.3): s·k = e + r·d, so the nonce k, its signature (r, s) and
 * the digest e of what was signed give d. A number whose k·G has its X in the artifact, but not its Y, is such a nonce.
 */
import { bisect } from '../bytes/bisect.ts';
import { bigintFromBe, bigintToBe, bitLength } from '../bytes/limbs.ts';
import { CURVE_BY_NAME } from '../proof/curves.ts';
import { digest } from '../proof/hash.ts';
import { modInverse } from '../proof/modular.ts';
import { bitsOfR, orderOf, type ShortCurve } from '../proof/short-curves.ts';
import { CandidateSet, readPrivateCandidates } from './candidates.ts';
import { type LeadWindow, startOfAround } from './join.ts';
import { BIG_ENDIAN } from './number-layouts.ts';
import { findNumbers, type NumberPlace } from './number-places.ts';
import { FIT, type Fit } from './number-reader.ts';
import type { SignedToken } from './signed-tokens.ts';

/**
 * Nonces of one artifact and curve that are tried, of those without a token, which says what was signed: of 600 signatures of ethers a hundred are
 * left, of 10,000 in Go 400.
 */
const MAX_NONCES = 2048;
/** Keys that are computed, for all signatures together: those with the likeliest digests, nearest to them. */
const ATTEMPTS = 6000;
/** As many more where signatures are very many: about half a second on P-256. */
const MAX_ATTEMPTS = 48_000;
/** What each of many signatures is tried with, if that is affordable: a number beside it counts once in each layout. */
const LEAST_DIGESTS = 40;
/** Near one signature, of those that fill their run and of those in blocks. */
const MAX_DIGESTS = 500;
/** Copies of one r. */
const MAX_PLACES = 4;
/** Numbers that are tried as s beside an r in limbs: two allocations of one structure. */
const MAX_NEIGHBOURS = 8;
const NEIGHBOUR_BYTES = 4096;
const DIGEST_BYTES = [32, 48, 64];
/** Leading zeros that the INTEGER of a random s may lack. */
const LOST_BYTES = 3;
const INTEGER = 0x02;

/** A number whose multiple has its X in the artifact. */
export interface Nonce {
  /** Index of the candidate. */
  readonly index: number;
  /** Big-endian, as long as the field. */
  readonly bytes: Uint8Array;
  /** Of the multiple. */
  readonly x: bigint;
  /** Y is in the artifact as well, in no document: a key, or what a signer left of its nonce's point. */
  readonly isPoint: boolean;
  /** What lies in memory, when that is the Montgomery residue of the nonce. */
  readonly residue?: Uint8Array | undefined;
}

export interface NonceSearch {
  readonly curve: ShortCurve;
  readonly windows: readonly LeadWindow[];
  readonly tokens: readonly SignedToken[];
  /** Numbers as long as the field, among which an s may be. */
  readonly candidates: CandidateSet;
  readonly nonces: readonly Nonce[];
}

/** A signature of which the nonce is known. */
interface Signature {
  readonly r: bigint;
  readonly s: bigint;
  /** The likeliest first, big-endian, as long as their hash: at least `most`, if there are as many. */
  digests(most: number): readonly Uint8Array[];
  /** What was signed is known: there is but one key that fits. */
  readonly isToken: boolean;
}

/** What a signature gives with its nonce and one digest. */
export interface Attempt {
  /** Index of the nonce. */
  readonly nonce: number;
  /** As long as the field, in memory of its own. */
  readonly scalar: Uint8Array;
  /** Of a token, and its s as it was computed: there is but one key that fits. */
  readonly isOnlyOne: boolean;
}

interface Digest {
  readonly bytes: Uint8Array;
  readonly start: number;
}

/** In order of `start`. */
interface Digests {
  readonly whole: readonly Digest[];
  readonly inBlocks: readonly Digest[];
  /** Some were left out. */
  readonly overflowed: boolean;
}

export interface Attempts {
  readonly attempts: readonly Attempt[];
  /** Some digests or nonces were left out. */
  readonly overflowed: boolean;
}

/** Keys that the nonces give, of which the right ones have their public point in the artifact. */
export function* listAttempts(search: NonceSearch): Generator<undefined, Attempts> {
  const digests = yield* readDigests(search.windows);
  try {
    const { attempts, overflowed } = solveAll(search, digests);
    return { attempts, overflowed: overflowed || digests.overflowed };
  } finally {
    for (const { bytes } of [...digests.whole, ...digests.inBlocks]) bytes.fill(0);
  }
}

/**
 * Which numbers are nonces for certain, whether or not their key can be computed: a signature of theirs is in the artifact
 * (DER, a token), or their inverse modulo the order is (plain, or in Montgomery form), which signing needs and nothing else does with a private scalar.
 */
export function findCertainNonces(search: NonceSearch): Set<number> {
  const { curve, nonces, tokens, windows } = search;
  const { size } = CURVE_BY_NAME.get(curve)!;
  const order = orderOf(curve);
  const byR = tokensByR(curve, tokens);
  const certain = new Set<number>();
  // Plain, and in Montgomery form: Go 1.19 inverts by a power.
  const montgomery = 1n << BigInt(bitsOfR(curve));
  const inverses = [1n, montgomery].flatMap((factor) =>
    nonces.map(({ bytes }) => bigintToBe(((modInverse(bigintFromBe(bytes), order) ?? 0n) * factor) % order)),
  );
  for (const { number } of findNumbers(windows, inverses)) certain.add(number % nonces.length);
  for (const bytes of inverses) bytes.fill(0);
  const signed = findNumbers(
    windows,
    nonces.map(({ x }) => bigintToBe(x % order)),
    [BIG_ENDIAN],
  );
  for (const place of signed) {
    if (!certain.has(place.number) && readS(place, size) !== undefined) certain.add(place.number);
  }
  for (const [i, { x }] of nonces.entries()) if (byR.has(x % order)) certain.add(i);
  return certain;
}

function solveAll(search: NonceSearch, digests: Digests): Attempts {
  const { curve, nonces, tokens } = search;
  const order = orderOf(curve);
  const byR = tokensByR(curve, tokens);
  const tokenOf = ({ x }: Nonce): Signature[] | undefined => byR.get(x % order);
  const ofTokens = [...nonces.entries()].flatMap(([nonce, own]) =>
    (tokenOf(own) ?? []).flatMap((signature) => [...solve(search, nonce, signature, 1)]),
  );
  const others = [...nonces.entries()].filter(([, own]) => !tokenOf(own));
  const tried = others.slice(0, MAX_NONCES);
  // All at once: each time, all windows are read.
  const rs = tried.map(([, { x }]) => x % order);
  const places: NumberPlace[][] = rs.map(() => []);
  const wanted = rs.map((r) => bigintToBe(r));
  for (const place of findNumbers(search.windows, wanted)) places[place.number]!.push(place);
  const inOrder = byStart(search.candidates);
  const signed = tried.flatMap(([nonce], i) => {
    const own = places[i]!.slice(0, MAX_PLACES);
    const signatures =
      findEncoded(search, nonce, rs[i]!, own, digests) ??
      own.flatMap((place) => findSignatures(search, rs[i]!, place, digests, inOrder));
    return signatures.map((signature) => ({ nonce, signature }));
  });
  const affordable = Math.min(MAX_ATTEMPTS, Math.max(ATTEMPTS, 2 * LEAST_DIGESTS * signed.length));
  const most = Math.max(1, Math.floor(affordable / 2 / Math.max(1, signed.length)));
  const attempts = signed.flatMap(({ nonce, signature }) => [...solve(search, nonce, signature, most)]);
  return { attempts: [...ofTokens, ...attempts.slice(0, affordable)], overflowed: others.length > tried.length };
}

function tokensByR(curve: ShortCurve, tokens: readonly SignedToken[]): Map<bigint, Signature[]> {
  const byR = new Map<bigint, Signature[]>();
  for (const { curve: own, hash, input, signature } of tokens) {
    if (own !== curve) continue;
    const half = signature.length / 2;
    const [r, s] = [bigintFromBe(signature, 0, half), bigintFromBe(signature, half)];
    const found: Signature = { r, s, digests: () => [digest(hash, input)!], isToken: true };
    byR.set(r, [...(byR.get(r) ?? []), found]);
  }
  return byR;
}

function* readDigests(windows: readonly LeadWindow[]): Generator<undefined, Digests> {
  const all: (Digest & { readonly fit: Fit })[] = [];
  let overflowed = false;
  for (const size of DIGEST_BYTES) {
    const set = new CandidateSet(size);
    try {
      yield* readPrivateCandidates(windows, set, { fit: FIT.block });
      for (let i = 0; i < set.count; i++) {
        all.push({ bytes: set.bytesOf(i).slice(), start: set.startOf(i), fit: set.fitOf(i) });
      }
      overflowed ||= set.overflowed;
    } finally {
      set.wipe();
    }
  }
  all.sort((one, other) => one.start - other.start);
  const whole = all.filter(({ fit }) => fit < FIT.block);
  return { whole, inBlocks: all.filter(({ fit }) => fit === FIT.block), overflowed };
}

/**
 * The signature in DER that begins with r at one of its places: it says which s is right, so that more digests can be tried,
 * those nearest to anything of the signature first.
 */
function findEncoded(
  { curve, candidates, nonces }: NonceSearch,
  nonce: number,
  r: bigint,
  places: readonly NumberPlace[],
  { whole, inBlocks }: Digests,
): Signature[] | undefined {
  const { size } = CURVE_BY_NAME.get(curve)!;
  const s = places.map((place) => readS(place, size)).find((value) => value !== undefined);
  if (s === undefined) return undefined;
  const starts = [...places.map(({ start }) => start), candidates.startOf(nonces[nonce]!.index)];
  return [{ r, s, digests: (most) => [...near(whole, starts, most), ...near(inBlocks, starts, most)], isToken: false }];
}

/** Those nearest to any of `starts`, the nearest first. */
function near(digests: readonly Digest[], starts: readonly number[], most: number): Uint8Array[] {
  const each = Math.min(most, MAX_DIGESTS);
  const some = new Set(
    starts.flatMap((at) => {
      const first = firstFrom(digests, at);
      return digests.slice(Math.max(0, first - each), first + each);
    }),
  );
  return [...some]
    .map(({ bytes, start }) => ({ bytes, distance: Math.min(...starts.map((own) => Math.abs(own - start))) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, each)
    .map(({ bytes }) => bytes);
}

/** The s of a signature in DER whose r is at `place`. */
function readS(place: NumberPlace, size: number): bigint | undefined {
  const value = readDerInteger(behind(place), size);
  return value !== undefined && bitLength(value) > 8 * (size - LOST_BYTES) ? value : undefined;
}

const behind = ({ window, end }: NumberPlace): Uint8Array => window.around.subarray(end - startOfAround(window));

/** Signatures that begin with the r at `place`, encoded (DER, or r‖s), or with s in a number near it. */
function findSignatures(
  { curve, candidates }: NonceSearch,
  r: bigint,
  place: NumberPlace,
  { whole, inBlocks }: Digests,
  inOrder: readonly Candidate[],
): Signature[] {
  const { size } = CURVE_BY_NAME.get(curve)!;
  const after = behind(place);
  const encoded = readDerInteger(after, size) ?? (after.length >= size ? bigintFromBe(after, 0, size) : undefined);
  const others = numbersNear(candidates, inOrder, place.start);
  const digests = (): Uint8Array[] => [...nearest(whole, place.start), ...nearest(inBlocks, place.start)];
  return [...(encoded === undefined ? [] : [encoded]), ...others].map((s) => ({ r, s, digests, isToken: false }));
}

/** The INTEGER that begins `bytes` (X.690, 8.3), of at most `size` bytes and a zero. */
function readDerInteger(bytes: Uint8Array, size: number): bigint | undefined {
  const length = bytes[1];
  if (bytes[0] !== INTEGER || length === undefined || length > size + 1 || bytes.length < 2 + length) return undefined;
  return bigintFromBe(bytes, 2, 2 + length);
}

/** Index of the first of `items` that begins at `at` or behind it. */
const firstFrom = (items: readonly { readonly start: number }[], at: number): number =>
  bisect(items.length, (i) => items[i]!.start >= at);

/** The nearest first. */
function nearest(digests: readonly Digest[], at: number): Uint8Array[] {
  const first = firstFrom(digests, at);
  return digests
    .slice(Math.max(0, first - MAX_DIGESTS / 2), first + MAX_DIGESTS / 2)
    .sort((a, b) => Math.abs(a.start - at) - Math.abs(b.start - at))
    .map(({ bytes }) => bytes);
}

interface Candidate {
  readonly index: number;
  readonly start: number;
}

const byStart = (candidates: CandidateSet): Candidate[] =>
  Array.from({ length: candidates.count }, (_, index) => ({ index, start: candidates.startOf(index) })).sort(
    (a, b) => a.start - b.start,
  );

function numbersNear(candidates: CandidateSet, inOrder: readonly Candidate[], at: number): bigint[] {
  const distance = ({ start }: Candidate): number => Math.abs(start - at);
  return inOrder
    .slice(firstFrom(inOrder, at - NEIGHBOUR_BYTES + 1), firstFrom(inOrder, at + NEIGHBOUR_BYTES))
    .sort((a, b) => distance(a) - distance(b) || a.index - b.index)
    .slice(0, MAX_NEIGHBOURS)
    .map(({ index }) => bigintFromBe(candidates.bytesOf(index)));
}

/** At most twice `most`: some signers replace s by n - s when that is smaller. */
function* solve(
  { curve, nonces }: NonceSearch,
  nonce: number,
  { r, s, digests, isToken }: Signature,
  most: number,
): Generator<Attempt> {
  const { size } = CURVE_BY_NAME.get(curve)!;
  const order = orderOf(curve);
  const inverse = modInverse(r, order);
  if (inverse === undefined || s === 0n || s >= order) return;
  const k = bigintFromBe(nonces[nonce]!.bytes);
  const likeliest = digests(most).slice(0, most);
  for (const either of [s, order - s]) {
    for (const bytes of likeliest) {
      const scalar = bigintToBe(modulo((either * k - numberOf(bytes, curve)) * inverse, order), size);
      yield { nonce, scalar, isOnlyOne: isToken && either === s };
    }
  }
}

const modulo = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;

/** The leftmost bits of a digest, as many as the order has (SEC 1, 4.1.3, 5). */
function numberOf(bytes: Uint8Array, curve: ShortCurve): bigint {
  const { bits } = CURVE_BY_NAME.get(curve)!;
  const surplus = Math.max(0, bytes.length * 8 - bits);
  return bigintFromBe(bytes) >> BigInt(surplus);
}
