/**
 * Keys of the inventory, in memory forms that prove nothing by themselves: one prime, a private exponent, a scalar or a
 * seed, with the public half known from outside. Every lead is read in every layout at every offset, the likeliest
 * first: numbers that fill their lead, then those at its start, then word by word, then byte by byte.
 */
import { decodeBase64 } from '../bytes/base64.ts';
import { looksRandom } from '../bytes/entropy.ts';
import { groupBy } from '../bytes/group-by.ts';
import { bigintFromBe, bitLength } from '../bytes/limbs.ts';
import type { Form } from '../model/finding.ts';
import type { Span } from '../model/place.ts';
import type { Lead } from '../model/task.ts';
import { CURVE_BY_NAME, OKP_CURVES } from '../proof/curves.ts';
import { proveEc, proveEd25519Scalar, proveOkp } from '../proof/ec.ts';
import {
  createEd25519ScalarTest,
  createExponentTest,
  createFactorTest,
  createScalarTest,
  createSeedTest,
} from '../proof/known-public.ts';
import type { ProvenKey } from '../proof/proven-key.ts';
import { okpPublicKeyOf, type PublicInventory, pointOf, rsaNumbersOf } from '../proof/public-inventory.ts';
import { proveRsa } from '../proof/rsa.ts';
import { Budget } from './budget.ts';
import { type Derivation, derivationOf, GROUP } from './derivations.ts';
import { isClamped, isReduced, scalarPublicKeys } from './edwards-scalars.ts';
import type { Join, JoinClaim, JoinResult, JoinStep, LeadWindow } from './join.ts';
import { NUMBER_LAYOUTS, type NumberLayout } from './number-layouts.ts';

/**
 * How much is tried. The limits of `factors`, `exponents` and `derivations` are in units of about a microsecond on one
 * thread, but counted, not measured: the same dump gives the same report on every machine.
 */
export interface InventoryBudget {
  /** Numbers read, of each size: about ten million a second. */
  readonly reads: number;
  /** Numbers that could be a prime of an RSA key. */
  readonly factors: number;
  /** Numbers that could be a private exponent. */
  readonly exponents: number;
  /** Derivations of a public key from a scalar or seed. */
  readonly derivations: number;
}

const BUDGET: InventoryBudget = {
  reads: 30_000_000,
  factors: 4_000_000,
  exponents: 2_000_000,
  derivations: 10_000_000,
};

/** Costs of one candidate, as measured in `known-public.ts`. */
const factorCost = (keys: number): number => 4 + Math.ceil(Math.min(keys, 256) / 2);
const exponentCost = (keys: number): number => 1 + Math.ceil(keys / 25);
/** On curves that `derivationOf` doesn't know. */
const OTHER_DERIVATION_COST = 600;

/** One question to ask of a number of `size` bytes. */
interface Search {
  readonly size: number;
  readonly form: Form;
  /** RFC 8032 and RFC 7748 keys are octets, not numbers: they have one layout only. */
  readonly isOctets: boolean;
  readonly budget: Exclude<keyof InventoryBudget, 'reads'>;
  readonly cost: number;
  /** Some nanoseconds: whether `prove` is worth its cost. */
  accepts(candidate: Uint8Array): boolean;
  prove(candidate: Uint8Array): ProvenKey | undefined;
  /** Where it is cheaper to ask of many at once: which of them `prove` is worth its cost. */
  chooseAll?(candidates: readonly Uint8Array[]): readonly number[];
}

export function createInventoryJoin(inventory: PublicInventory, budget: InventoryBudget = BUDGET): Join {
  const searches = [...rsaSearches(inventory), ...ecSearches(inventory), ...okpSearches(inventory)];
  const bySize = groupBy(searches, ({ size }) => size);
  return {
    id: 'inventory',
    title: 'Key of the inventory, as a bare number in memory',
    severity: 'critical',
    doc: `
The private half of a public key that was given with \`--inventory\`, where memory holds nothing else of it: a single prime or
the private exponent of an RSA key, the scalar of an elliptic curve, an Ed25519, Ed448, X25519 or X448 seed,
or what an Ed25519 seed is hashed to. As OpenSSL and Go store numbers (little-endian limbs), as Java does (\`int[]\` and \`byte[]\`), CPython, LibTomMath and JavaScript (digits), and in
base64url.

**Proof**: n mod p = 0; 2^(ed) = 2 mod n; the public key, computed from the scalar or seed, is the one in the inventory.

**What to do**: this key was declared as one that must never leak: replace it, and find out who could read the dump.
`,
    kinds: ['base64url-value', 'number'],
    join: (windows) => joinInventory(windows, bySize, budget),
  };
}

function* rsaSearches(inventory: PublicInventory): Generator<Search> {
  const keys = inventory.ofType('RSA').map(({ key }) => rsaNumbersOf(key));
  for (const [bits, same] of groupBy(keys, ({ n }) => Math.ceil(bitLength(n) / 16) * 16)) {
    const exponents = new Map(same.map(({ n, e }) => [n, e]));
    const findModulus = createFactorTest([...exponents.keys()], bits / 16);
    const test = createExponentTest(same, bits / 8);
    yield {
      size: bits / 16,
      form: 'limbs',
      isOctets: false,
      budget: 'factors',
      cost: factorCost(exponents.size),
      accepts: (bytes) => bytes[0]! >= 0x80 && isOdd(bytes),
      prove(bytes) {
        const n = findModulus(bytes);
        return n === undefined ? undefined : proveRsa({ n, e: exponents.get(n), p: bigintFromBe(bytes) });
      },
    };
    yield {
      size: bits / 8,
      form: 'limbs',
      isOctets: false,
      budget: 'exponents',
      cost: exponentCost(same.length),
      accepts: isOdd,
      prove(bytes) {
        const key = test.find(bytes);
        return key && proveRsa({ ...key, d: bigintFromBe(bytes) });
      },
    };
  }
}

const isOdd = (bytes: Uint8Array): boolean => (bytes[bytes.length - 1]! & 1) === 1;

function* ecSearches(inventory: PublicInventory): Generator<Search> {
  for (const [curve, same] of groupBy(inventory.ofType('EC'), ({ key }) => key.crv)) {
    const points = same.map(({ key }) => pointOf(key));
    const findPoint = createScalarTest(curve, points);
    const derivation = derivationOf(curve);
    const { size } = CURVE_BY_NAME.get(curve)!;
    yield {
      size,
      form: 'scalar',
      isOctets: false,
      budget: 'derivations',
      cost: derivation?.cost ?? OTHER_DERIVATION_COST,
      ...(derivation && { chooseAll: chooseBy(derivation, points) }),
      // P-521 has one bit in its first byte.
      accepts: curve === 'P-521' ? (bytes) => bytes[0]! <= 1 && looksRandom(bytes, 1) : (bytes) => looksRandom(bytes),
      prove(scalar) {
        const found = findPoint(scalar);
        return found === undefined ? undefined : proveEc({ curve, scalar, point: points[found] });
      },
    };
  }
}

function* okpSearches(inventory: PublicInventory): Generator<Search> {
  for (const [curve, same] of groupBy(inventory.ofType('OKP'), ({ key }) => key.crv)) {
    const publicKeys = same.map(({ key }) => okpPublicKeyOf(key));
    const findPublicKey = createSeedTest(curve, publicKeys);
    const derivation = derivationOf(curve);
    yield {
      size: OKP_CURVES.find(({ name }) => name === curve)!.size,
      form: 'seed',
      isOctets: true,
      budget: 'derivations',
      cost: derivation?.cost ?? OTHER_DERIVATION_COST,
      ...(derivation && { chooseAll: chooseBy(derivation, publicKeys) }),
      accepts: (bytes) => looksRandom(bytes),
      prove(privateKey) {
        const found = findPublicKey(privateKey);
        return found === undefined ? undefined : proveOkp({ curve, privateKey, publicKey: publicKeys[found] });
      },
    };
    if (curve === 'Ed25519') yield ed25519ScalarSearch(publicKeys, derivation!);
  }
}

/** A scalar that is below the order is no nonce here: its point is a key. */
function ed25519ScalarSearch(publicKeys: readonly Uint8Array[], { cost, of }: Derivation): Search {
  const findPublicKey = createEd25519ScalarTest(publicKeys);
  const deriveAll = (scalars: readonly Uint8Array[]) => scalarPublicKeys(scalars).map(of);
  return {
    size: 32,
    form: 'scalar',
    isOctets: true,
    budget: 'derivations',
    cost,
    chooseAll: chooseBy({ cost, of, deriveAll }, publicKeys),
    accepts: (bytes) => (isClamped(bytes) || isReduced(bytes)) && looksRandom(bytes),
    prove(scalar) {
      const found = findPublicKey(scalar);
      return found === undefined ? undefined : proveEd25519Scalar(scalar, publicKeys[found]!);
    },
  };
}

/** However many public keys there are, a candidate costs one derivation. */
function chooseBy(
  { deriveAll, of }: Derivation,
  publicKeys: readonly Uint8Array[],
): (candidates: readonly Uint8Array[]) => number[] {
  const wanted = new Set(publicKeys.map((publicKey) => of(publicKey)));
  return (candidates) => deriveAll(candidates).flatMap((derived, i) => (wanted.has(derived ?? -1n) ? [i] : []));
}

type Searches = ReadonlyMap<number, readonly Search[]>;
type Budgets = Readonly<Record<keyof InventoryBudget, Budget>>;

function joinInventory(windows: readonly LeadWindow[], searches: Searches, budget: InventoryBudget): JoinResult {
  const budgets: Budgets = {
    reads: new Budget(budget.reads),
    factors: new Budget(budget.factors),
    exponents: new Budget(budget.exponents),
    derivations: new Budget(budget.derivations),
  };
  const isText = ({ lead }: LeadWindow): boolean => lead.kind === 'base64url-value';
  function* join(): Generator<JoinStep> {
    yield* joinTexts(windows.filter(isText), searches, budgets);
    const waiting: Waiting = new Map();
    yield* joinNumbers(
      windows.filter((window) => !isText(window)),
      searches,
      budgets,
      waiting,
    );
    for (const search of waiting.keys()) yield* askAll(search, waiting);
  }
  return {
    claims: join(),
    get overBudget() {
      return Object.values(budgets).some(({ exhausted }) => exhausted);
    },
  };
}

/** Base64url values hold one number each, perhaps without its leading zeros. */
function* joinTexts(windows: readonly LeadWindow[], searches: Searches, budgets: Budgets): Generator<JoinClaim> {
  for (const { lead, bytes } of windows) {
    const decoded = decodeBase64(bytes, 0, bytes.length, { style: 'plain' }).bytes;
    for (const size of [decoded.length, decoded.length + 1]) {
      const same = searches.get(size);
      if (!same || !budgets.reads.take()) continue;
      const candidate = new Uint8Array(size);
      candidate.set(decoded, size - decoded.length);
      const span = { start: lead.start, end: lead.end };
      for (const search of same) {
        if (!search.accepts(candidate) || !budgets[search.budget].take(search.cost)) continue;
        yield* claimIf({ ...search, form: 'jwk-members' }, candidate, span, lead);
      }
      candidate.fill(0);
    }
    decoded.fill(0);
  }
}

/** Which offsets of a lead are tried, in the order of likelihood. `residues` are modulo 8. */
const PHASES = [
  { name: 'filling', residues: [0], step: 8 },
  { name: 'start', residues: [0], step: 8 },
  { name: 'words', residues: [0], step: 8 },
  { name: 'half-words', residues: [4], step: 4 },
  { name: 'bytes', residues: [1, 2, 3, 5, 6, 7], step: 1 },
] as const;
type Phase = (typeof PHASES)[number];

/** The numbers of one size in one layout, and what to ask of them. */
interface Reading {
  readonly layout: NumberLayout;
  readonly searches: readonly Search[];
  /**
   * Those that are cheap enough for every byte. Deriving a public key is not: within longer random stretches it is done
   * for words only, and not for arrays, which begin with theirs; for numbers that stand alone at every byte.
   */
  readonly quickSearches: readonly Search[];
  /** Scratch memory for one number. */
  readonly candidate: Uint8Array;
  /** Bytes that it takes in a lead. */
  readonly length: number;
}

function planReadings(searches: Searches): Reading[] {
  const numbers = [...searches.values()].flat().filter(({ isOctets }) => !isOctets);
  return NUMBER_LAYOUTS.flatMap((layout) => {
    const fitting = layout.step === 1 ? searches : groupBy(numbers, ({ size }) => size);
    return [...fitting].map(([size, same]) => ({
      layout,
      searches: same,
      quickSearches: same.filter(({ budget }) => budget !== 'derivations'),
      candidate: new Uint8Array(size),
      length: layout.lengthOf(size),
    }));
  });
}

function* joinNumbers(
  windows: readonly LeadWindow[],
  searches: Searches,
  budgets: Budgets,
  waiting: Waiting,
): Generator<JoinStep> {
  const readings = planReadings(searches);
  for (const phase of PHASES) {
    const usable = readings.filter(({ layout }) => layout.step <= phase.step);
    for (const [i, window] of windows.entries()) {
      for (const reading of usable) yield* joinAt(phase, window, reading, budgets, waiting);
      if (i % WINDOWS_PER_STEP === WINDOWS_PER_STEP - 1) yield;
    }
  }
  for (const { candidate } of readings) candidate.fill(0);
}

/** Between two breaths; a window of 4 KiB takes some milliseconds. */
const WINDOWS_PER_STEP = 16;
/** Longer stretches are bulk data: of them only the start is worth a derivation. */
const MAX_BLOCK_BYTES = 4096;
/** Bytes by which a number may reach over its lead: when it isn't aligned, or its top word is too small to look random. */
const OVERHANG = 8;

function* joinAt(
  phase: Phase,
  { lead, bytes, around }: LeadWindow,
  { layout, searches, quickSearches, candidate, length }: Reading,
  budgets: Budgets,
  waiting: Waiting,
): Generator<JoinStep> {
  const origin = bytes.byteOffset - around.byteOffset;
  const first = -Math.min(OVERHANG - 1, origin);
  const last = Math.min(bytes.length + OVERHANG, around.length - origin) - length;
  const fills = Math.abs(bytes.length - length) < 8;
  const standsAlone = Math.abs(bytes.length - length) < 2 * OVERHANG;
  const inBlock = bytes.length <= MAX_BLOCK_BYTES && !layout.isArray;
  for (const at of offsetsOf(phase, first, last, fills)) {
    if (!budgets.reads.take()) return;
    const asked = standsAlone || at === 0 || (inBlock && at % 8 === 0) ? searches : quickSearches;
    if (asked.length === 0 || !layout.read(around, origin + at, candidate)) continue;
    const span = { start: lead.start + at, end: lead.start + at + length };
    for (const search of asked) {
      if (!search.accepts(candidate) || !budgets[search.budget].take(search.cost)) continue;
      if (search.chooseAll) yield* wait({ candidate: candidate.slice(), span, lead }, search, waiting);
      else yield* claimIf(search, candidate, span, lead);
    }
  }
}

/** Offsets from the first byte of the lead, in `[first, last]`. */
function* offsetsOf({ name, residues }: Phase, first: number, last: number, fills: boolean): Generator<number> {
  if (name === 'filling' || name === 'start') {
    if (last >= 0 && fills === (name === 'filling')) yield 0;
    return;
  }
  for (const residue of residues) {
    for (let at = residue - 8; at <= last; at += 8) if (at >= first && at !== 0) yield at;
  }
}

/** A number that is asked of together with others. */
interface WaitingNumber {
  readonly candidate: Uint8Array;
  readonly span: Span;
  readonly lead: Lead;
}
type Waiting = Map<Search, WaitingNumber[]>;

function* wait(number: WaitingNumber, search: Search, waiting: Waiting): Generator<JoinStep> {
  const numbers = waiting.get(search) ?? [];
  waiting.set(search, numbers);
  if (numbers.push(number) >= GROUP) yield* askAll(search, waiting);
}

function* askAll(search: Search, waiting: Waiting): Generator<JoinStep> {
  const numbers = waiting.get(search) ?? [];
  waiting.set(search, []);
  for (const i of search.chooseAll?.(numbers.map(({ candidate }) => candidate)) ?? []) {
    const { candidate, span, lead } = numbers[i]!;
    yield* claimIf(search, candidate, span, lead);
  }
  for (const { candidate } of numbers) candidate.fill(0);
  yield;
}

function* claimIf({ prove, form }: Search, candidate: Uint8Array, span: Span, lead: Lead): Generator<JoinClaim> {
  const proven = prove(candidate);
  if (proven) yield claimOf(proven, form, span, lead);
}

function claimOf({ verdict, traits, secret, publicKey }: ProvenKey, form: Form, span: Span, lead: Lead): JoinClaim {
  return { claim: { verdict, span, traits: { ...traits, form }, secret, publicKey }, lead };
}
