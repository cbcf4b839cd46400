/**
 * The groups of DSA keys as numbers in memory (FIPS 186-4, 4.1): p and q are known by q dividing p - 1, g and y by being powers of
 * each other, which only numbers are that a^q = 1 mod p holds for.
 */
import { bigintFromBe, bigintToBe, bitLength } from '../bytes/limbs.ts';
import { costOfDivisor, findDivisors } from '../proof/divisors.ts';
import { hasTrialDivisor, isProbablePrime, modPow } from '../proof/modular.ts';
import { createSieve } from '../proof/small-factors.ts';
import type { Budget } from './budget.ts';
import { CandidateSet } from './candidates.ts';
import type { DsaParameters, DsaPublicKey } from './dsa-public-keys.ts';
import type { LeadWindow } from './join.ts';
import { byRarity } from './number-kinds.ts';
import { isPlain, LITTLE_ENDIAN, type NumberLayout } from './number-layouts.ts';
import { FIT, readNumbers } from './number-reader.ts';

/** Bytes of p: 2048, 3072 and 1024 bits. */
const P_SIZES = [256, 384, 128];
/** Bytes of q: 256, 224 and 160 bits. */
const Q_SIZES = [32, 28, 20];
/** Numbers of one size that are looked at as p, the rarest kinds first: of more, temporary numbers are the most. */
const MAX_P = 4096;
/** Numbers of one size that are looked at as q. */
const MAX_Q = 100_000;
/** Leads that are read for finding p and q without a document, the rarest kinds first: six passes over them take about a second. More are no gap. */
const MAX_BLIND_LEADS = 32_768;
/** In divisions of p - 1 by q, about as many microseconds. More are no gap, for programs that compute with RSA have thousands. */
const BLIND_BUDGET = 1_000_000;
/** Numbers of the size of p that are asked whether they belong to a group. */
const MAX_MEMBERS = 2048;
/** Of Miller and Rabin's test. */
const ROUNDS = 2;
/** Bits of q that make sense: with fewer, anybody has the key. */
const MIN_Q_BITS = 128;
const MAX_Q_BITS = 512;

export interface DsaGroup {
  readonly p: bigint;
  readonly q: bigint;
  /** Those of public keys. */
  readonly generators: ReadonlySet<bigint>;
  /** The y of public keys, with their offset in the input. */
  readonly documents: ReadonlyMap<bigint, number>;
  /** Of a group without public keys, numbers in memory that generate it: g, y and whatever else is a power of g. */
  readonly members: readonly bigint[];
}

type Group = Pick<DsaGroup, 'p' | 'q'> & { readonly generators: Set<bigint>; readonly documents: Map<bigint, number> };

/** In microseconds: a power of a fixed base, one multiplication for each byte of the exponent. */
export const powerCost = ({ p, q }: Pick<DsaGroup, 'p' | 'q'>): number =>
  Math.ceil((bitLength(q) / 8) * (bitLength(p) / 64) ** 2 * 0.0065);
/** The same of any base, by OpenSSL. */
const memberCost = (group: Pick<DsaGroup, 'p' | 'q'>): number => 2 * powerCost(group);

/** @param known the public keys that were harvested */
export function* findDsaGroups(
  windows: readonly LeadWindow[],
  known: readonly DsaPublicKey[],
  moduli: readonly bigint[],
  budget: Budget,
): Generator<undefined, readonly DsaGroup[]> {
  const groups = new Map<bigint, Group>();
  for (const { p, q, g, y, start } of known) {
    const group = groups.get(p) ?? { p, q, generators: new Set(), documents: new Map() };
    if (!groups.has(p) && !isGroup({ p, q, g })) continue;
    groups.set(p, group);
    group.generators.add(g);
    group.documents.set(y, start);
    yield;
  }
  for (const { p, q } of yield* findOrders(windows, (p) => groups.has(p) || moduli.some((n) => n % p === 0n))) {
    groups.set(p, { p, q, generators: new Set(), documents: new Map() });
  }
  const whole: DsaGroup[] = [];
  for (const group of groups.values()) {
    const members = group.documents.size > 0 ? [] : yield* findMembers(windows, group, budget);
    // g and y, and of a document y alone.
    if (group.documents.size > 0 || members.length > 1) whole.push({ ...group, members });
  }
  return whole;
}

function isGroup({ p, q, g }: DsaParameters): boolean {
  const bits = bitLength(q);
  if (bits < MIN_Q_BITS || bits > MAX_Q_BITS || (p - 1n) % q !== 0n || !isMember(g, { p, q })) return false;
  return isProbablePrime(q, ROUNDS) && isProbablePrime(p, ROUNDS);
}

const isMember = (number: bigint, { p, q }: Pick<DsaGroup, 'p' | 'q'>): boolean =>
  number > 1n && number < p - 1n && modPow(number, q, p) === 1n;

/**
 * Primes p and q of which q divides p - 1, among numbers: hardly any other pair does, so that what is tested for being prime are few.
 * @param isKnown whether a number is no p, or one that is known
 */
function* findOrders(
  windows: readonly LeadWindow[],
  isKnown: (number: bigint) => boolean,
): Generator<undefined, Pick<DsaGroup, 'p' | 'q'>[]> {
  const ordered = byRarity(windows).slice(0, MAX_BLIND_LEADS);
  const orders: bigint[] = [];
  for (const size of P_SIZES) {
    for (const p of yield* readOdd(ordered, size, MAX_P)) if (!hasTrialDivisor(p) && !isKnown(p)) orders.push(p - 1n);
  }
  const found: Pick<DsaGroup, 'p' | 'q'>[] = [];
  let left = BLIND_BUDGET;
  for (const size of Q_SIZES) {
    const divisors = yield* readOdd(ordered, size, MAX_Q);
    const cost = Math.max(1, costOfDivisor(orders.length, divisors.length));
    const affordable = divisors.slice(0, Math.floor(left / cost));
    left -= affordable.length * cost;
    for (const division of findDivisors(orders, affordable)) {
      if (division && isProbablePrime(division.divisor, ROUNDS) && isProbablePrime(division.dividend + 1n, ROUNDS)) {
        found.push({ p: division.dividend + 1n, q: division.divisor });
      } else yield;
    }
  }
  return found;
}

/** Odd numbers with their top bit set and without small factors, that fill or begin their run, or follow their length. */
function* readOdd(windows: readonly LeadWindow[], size: number, most: number): Generator<undefined, bigint[]> {
  const list = new CandidateSet(size, most);
  const hasSmallFactor = createSieve(size);
  const screen = (bytes: Uint8Array, at: number, layout: NumberLayout): boolean =>
    layout.topAt(bytes, at, size) >= 0x80 && (!isPlain(layout) || !hasSmallFactor(bytes, at, layout === LITTLE_ENDIAN));
  yield* readNumbers(
    windows,
    size,
    (bytes, start, fit, { layout }) => {
      if (isPlain(layout) || !hasSmallFactor(bytes)) list.add(bytes, start, fit);
    },
    { oddOnly: true, unaligned: true, fit: FIT.start, screen },
  );
  return numbersOf(list);
}

function numbersOf(list: CandidateSet): bigint[] {
  const numbers = Array.from({ length: list.count }, (_, i) => bigintFromBe(list.bytesOf(i)));
  list.wipe();
  return numbers;
}

/** Numbers in memory that generate the group. */
function* findMembers(windows: readonly LeadWindow[], group: Group, budget: Budget): Generator<undefined, bigint[]> {
  const size = bigintToBe(group.p).length;
  const list = new CandidateSet(size, MAX_MEMBERS);
  const reading = { unaligned: true, fit: FIT.end } as const;
  yield* readNumbers(windows, size, (bytes, start, fit) => list.add(bytes, start, fit), reading);
  const members: bigint[] = [];
  for (const number of numbersOf(list)) {
    if (!budget.take(memberCost(group))) break;
    if (isMember(number, group)) members.push(number);
    yield;
  }
  return members;
}
