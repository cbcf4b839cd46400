/**
 * RSA keys as integers in memory: p, q, n, d lie apart, in the layout of their library. Numbers of fitting size are
 * read out of all leads and combined, all with all, whatever their distance; what is found is then looked for in every
 * layout at every byte, so that the finding has each place of each private number.
 */
import { groupBy } from '../bytes/group-by.ts';
import { bigintFromBe, bigintToBe, bitLength } from '../bytes/limbs.ts';
import { looksLikeCode } from '../bytes/machine-code.ts';
import type { Proof } from '../model/finding.ts';
import { costOfDivisor, findDivisors } from '../proof/divisors.ts';
import { createExponentTest, type RsaPublicKey } from '../proof/known-public.ts';
import { hasPrimeBelow2048, hasTrialDivisor, isProbablePrime, modInverse } from '../proof/modular.ts';
import { EXPONENTS, factorByExponent, proveRsa } from '../proof/rsa.ts';
import { BlockSieve, createSieve } from '../proof/small-factors.ts';
import { Budget } from './budget.ts';
import { type Join, type JoinClaim, type JoinStep, type LeadWindow, resultOf } from './join.ts';
import { type Arrays, readIntegers, readOctets, splitBulk } from './number-kinds.ts';
import { BIG_ENDIAN, isPlain, LITTLE_ENDIAN, NUMBER_LAYOUTS, type NumberLayout } from './number-layouts.ts';
import { NumberList } from './number-list.ts';
import { findBytes, findNumbers, type NumberPlace } from './number-places.ts';
import { FIT, type Fit, type OnNumber, type ReadingOptions, readNumbers } from './number-reader.ts';
import { readHarvestedKeys } from './public-keys.ts';
import { withoutModuli } from './public-moduli.ts';
import { type Candidate, crtCoefficients, matchLows, nextOfProduct, privateExponents } from './rsa-search.ts';
import { findPairsOfPrimes, findPrimesWithExponent, MAX_TESTED_BYTES } from './rsa-without-modulus.ts';

/** In operations; each limit is some seconds on one thread when it is used up. */
export interface RsaNumbersBudget {
  /** Numbers kept of each size, after small factors were sieved out. */
  readonly candidates: number;
  /** Products of two possible primes: about a nanosecond each. */
  readonly products: number;
  /** Moduli with one possible prime, or with an exponent: about a microsecond each; tests of primes, in microseconds. */
  readonly divisions: number;
}

const BUDGET: RsaNumbersBudget = { candidates: 400_000, products: 4_000_000_000, divisions: 16_000_000 };

/**
 * Bytes of a prime: moduli of 2048, 3072, 4096, 1024, 1536, 2560, 5120, 6144, 7680, 8192, 768 and 512 bits. The budget goes
 * to the usual ones first; the shortest have most candidates and least worth.
 */
const COMMON_SIZES: readonly number[] = [128, 192, 256, 64, 96, 160, 320, 384, 480, 512, 48, 32];
/** All others that fill whole 8-byte words: only numbers that fill their lead. */
const OTHER_SIZES = Array.from({ length: 61 }, (_, i) => 32 + 8 * i).filter((size) => !COMMON_SIZES.includes(size));
/**
 * Numbers inside blocks are combined with so many next to them, for they lie among all offsets of the block; where there are
 * more than a hundred thousand, which are random data, with fewer.
 */
const BLOCK_NEIGHBOURS = 256;
const MIN_BLOCK_NEIGHBOURS = 64;
const MAX_BLOCK_PRODUCTS = 25_000_000;
/** Of arrays of bytes that are very many, shorter ones are digests and keys of sessions. */
const MIN_OCTETS = 64;
/** With one prime alone, keys below 1024 bits are found by their certificate only: there are too many such numbers. */
const MIN_DIVISOR_BYTES = 64;
/** With more, it pays to ask first whether a number has a small factor: that takes so many divisions of a modulus. */
const TRIAL_COST = 16;
/** Likewise whether it is prime. Of temporary numbers of managed code there are thousands, of primes a few. */
const testCost = (bytes: number): number => Math.ceil(385 * (bytes / 128) ** 2.5);
/** Possible moduli, besides those of certificates, for which a private exponent is looked for. */
const MAX_OTHER_MODULI = 256;
/** Of Miller and Rabin's test. */
const ROUNDS = 2;
/** Possible primes that are tried at once. */
const PRIMES_PER_STEP = 2048;
/** With more, half of them are spared by a search for small factors. */
const MANY_PRIMES = 1024;
/** CRT exponents that are looked for at once: each time, all windows are read. */
const CRT_BATCH = 16_384;
/** Numbers of one size that are taken for primes though there is no modulus: of more, random data are the most. */
const MAX_TESTED = 256;
/** Of larger ones, which are not tested: a trust store has a hundred signatures as long. */
const MAX_UNTESTED = 32;
/** Pairs of primes whose coefficient is looked for: real programs have some ten primes. */
const MAX_CRT_PRIMES = 64;
const WORD_BYTES = 8;

export function createRsaNumbersJoin(budget: RsaNumbersBudget = BUDGET): Join {
  return {
    id: 'rsa-numbers',
    title: 'RSA private key as integers in memory',
    severity: 'critical',
    doc: `
The integers of an RSA key (p, q, d, dp, dq, qi) as a running program holds them: little-endian limbs (OpenSSL, GMP, Go, mbedTLS,
wolfSSL), \`int[]\` (Java, Chez Scheme, CLISP), digits (CPython, PyPy, LibTomMath, MIT Scheme, JavaScript), or big-endian bytes
(S-expressions of libgcrypt, Java heap dumps, what is left of a freed DER document). No PEM or DER need be there.

**Proof**: p·q = n with both prime; or n mod p = 0 or 2^(ed) = 2 mod n, where n is in the dump, as a number or in a certificate; or,
without n, p and q with their CRT exponents, coefficient or d, or one of them with d.

**What to do**: replace the key and revoke its certificates; find out who could read the dump.
`,
    kinds: ['number', 'public-key'],
    join(windows) {
      const search = new RsaNumbersSearch(windows, budget);
      return resultOf(search.run(), search);
    },
  };
}

/**
 * At least three zeros in the lowest eight bytes: three in a million random numbers, and all arrays of small integers in wide
 * words. Those share their lowest bits by the million, and would use up the budget.
 */
function isSparse(bytes: Uint8Array): boolean {
  let zeros = 0;
  for (let i = bytes.length - WORD_BYTES; i < bytes.length; i++) zeros += Number(bytes[i] === 0);
  return zeros >= 3;
}

/** A modulus: harvested, or at an index of a list of numbers. */
interface Modulus extends Candidate {
  readonly fit: Fit;
}

type WindowsByWords = ReadonlyMap<number, readonly LeadWindow[]>;

const wordsOf = ({ bytes }: LeadWindow): number => Math.ceil(bytes.length / WORD_BYTES);

class RsaNumbersSearch {
  readonly #windows: readonly LeadWindow[];
  /** Those that may hold several numbers side by side. */
  readonly #blocks: readonly LeadWindow[];
  /** All others. */
  readonly #arrays: Arrays;
  /** By length in words. */
  readonly #byWords: WindowsByWords;
  readonly #integersByWords: WindowsByWords;
  readonly #candidates: number;
  readonly #products: Budget;
  readonly #divisions: Budget;
  readonly #harvested: ReturnType<typeof readHarvestedKeys>['rsa'];
  readonly #numbers = new Map<number, NumberList>();
  readonly #found = new Set<bigint>();
  /** Products of numbers that aren't prime. */
  readonly #refuted = new Set<bigint>();
  /** Moduli without a key so far. */
  readonly #open: Candidate[] = [];
  #overflowed = false;

  constructor(windows: readonly LeadWindow[], budget: RsaNumbersBudget) {
    const { rsa, overflowed } = readHarvestedKeys(windows);
    const numbers = windows.filter(({ lead }) => lead.kind === 'number');
    this.#windows = withoutModuli(numbers, rsa);
    const { rare, bulk, arrays } = splitBulk(this.#windows);
    this.#blocks = [...rare, ...bulk];
    this.#arrays = arrays;
    this.#byWords = groupBy([...this.#blocks, ...arrays.octets], wordsOf);
    this.#integersByWords = groupBy(arrays.integers, wordsOf);
    this.#candidates = budget.candidates;
    this.#products = new Budget(budget.products);
    this.#divisions = new Budget(budget.divisions);
    this.#harvested = rsa;
    this.#overflowed = overflowed;
  }

  get overBudget(): boolean {
    return this.#overflowed || this.#products.exhausted || this.#divisions.exhausted;
  }

  *run(): Generator<JoinStep> {
    for (const size of [...COMMON_SIZES, ...OTHER_SIZES]) yield* this.#joinPrimes(size);
    yield* this.#joinExponents();
    yield* this.#joinCrt();
    yield* this.#joinWithoutModulus();
  }

  /** libgcrypt's d, p, q and u, or what is left of them. */
  *#joinWithoutModulus(): Generator<JoinStep> {
    const primes: bigint[] = [];
    const untested: bigint[] = [];
    for (const number of this.#possiblePrimes()) {
      if (bitLength(number) <= 8 * MAX_TESTED_BYTES) {
        if (isProbablePrime(number, 1)) primes.push(number);
      } else if (!hasPrimeBelow2048(number)) untested.push(number);
      yield;
    }
    const possible = [...primes, ...untested];
    const completed = yield* findPrimesWithExponent(this.#windows, possible, this.#divisions);
    for (const { p, q } of completed) yield* this.#claim([p, q], possible.includes(q) ? undefined : 'd*e=1');
    const pairs = yield* findPairsOfPrimes(this.#windows, primes, this.#divisions);
    for (const { p, q } of pairs) yield* this.#claim([p, q]);
  }

  /** Numbers that fill their run, where there are few, and that are no factors of what was found. */
  #possiblePrimes(): bigint[] {
    const possible = new Set<bigint>();
    for (const size of COMMON_SIZES) {
      const list = this.#numbers.get(size);
      const filling = size < MIN_DIVISOR_BYTES || !list ? [] : list.withFit(FIT.filling);
      if (filling.length > (size > MAX_TESTED_BYTES ? MAX_UNTESTED : MAX_TESTED)) continue;
      for (const number of filling.map((i) => list!.numberOf(i))) if (this.#isNew(number)) possible.add(number);
    }
    return [...possible];
  }

  #isNew(prime: bigint): boolean {
    return ![...this.#found].some((n) => n % prime === 0n);
  }

  /** Both primes, then one, of `size` bytes. */
  *#joinPrimes(size: number): Generator<JoinStep> {
    const primes = yield* this.#read(size);
    if (primes.count === 0) return;
    const list = yield* this.#read(2 * size);
    const known = this.#harvested
      .filter(({ n }) => Math.ceil(bitLength(n) / 16) === size)
      .map(({ n, start }): Modulus => ({ number: n, start, fit: FIT.filling }));
    yield* this.#joinProducts(known, list, primes);

    const open = [...known];
    for (const i of size < MIN_DIVISOR_BYTES ? [] : list.withFit(FIT.start)) {
      open.push({ number: list.numberOf(i), start: list.starts[i]!, fit: list.fits[i] as Fit });
    }
    const unsolved = open.filter(({ number }) => !this.#found.has(number));
    yield* this.#joinDivisors(unsolved, primes);
    for (const modulus of unsolved) if (modulus.fit === FIT.filling) this.#open.push(modulus);
  }

  *#joinProducts(known: readonly Modulus[], list: NumberList, primes: NumberList): Generator<JoinStep> {
    const lows = new Int32Array(known.length + list.count);
    lows.set(known.map(({ number }) => Number(BigInt.asIntN(32, number))));
    lows.set(list.lows.subarray(0, list.count), known.length);
    const nexts = new Int32Array(lows.length);
    nexts.set(known.map(({ number }) => Number(BigInt.asIntN(32, number >> 32n))));
    nexts.set(list.nexts.subarray(0, list.count), known.length);
    const modulusAt = (i: number): bigint => known[i]?.number ?? list.numberOf(i - known.length);
    const inBlocks = primes.withFit(FIT.block);
    const affordable = Math.max(MIN_BLOCK_NEIGHBOURS, Math.floor(MAX_BLOCK_PRODUCTS / inBlocks.length));
    for (const [indexes, maxApart] of [
      [primes.withFit(FIT.end), undefined],
      [inBlocks, Math.min(BLOCK_NEIGHBOURS, affordable)],
    ] as const) {
      const some = Int32Array.from(indexes, (i) => primes.lows[i]!);
      for (const match of matchLows(lows, some, this.#products, maxApart)) {
        if (!match) {
          yield;
          continue;
        }
        const [i, j] = [indexes[match.p]!, indexes[match.q]!];
        // Numbers much alike, such as digits of a heap, share their lowest bits by the million.
        if (nextOfProduct(primes.lows[i]!, primes.nexts[i]!, primes.lows[j]!, primes.nexts[j]!) !== nexts[match.n])
          continue;
        const [p, q] = [primes.numberOf(i), primes.numberOf(j)];
        if (p * q === modulusAt(match.n)) yield* this.#claim([p, q]);
      }
    }
  }

  /** One prime that fills its run, and a modulus. */
  *#joinDivisors(moduli: readonly Candidate[], primes: NumberList): Generator<JoinStep> {
    const indexes = moduli.length > 0 ? primes.withFit(FIT.filling) : [];
    const dividends = moduli.map(({ number }) => number);
    const tests = [
      { cost: TRIAL_COST, isComposite: hasTrialDivisor },
      { cost: testCost(primes.size), isComposite: (number: bigint) => !isProbablePrime(number, 1) },
    ].filter(({ cost }) => cost < costOfDivisor(dividends.length, indexes.length));
    // The products of the moduli are made once, for all that the tests leave.
    const divisors: bigint[] = [];
    for (let from = 0; from < indexes.length && !this.#divisions.exhausted; from += PRIMES_PER_STEP) {
      let some = indexes.slice(from, from + PRIMES_PER_STEP).map((i) => primes.numberOf(i));
      for (const { cost, isComposite } of tests) {
        const passed: bigint[] = [];
        for (const number of some) {
          if (!this.#divisions.take(cost)) break;
          if (!isComposite(number)) passed.push(number);
          yield;
        }
        some = passed;
      }
      divisors.push(...some);
    }
    // The few that passed tests are divided by even when these used up the budget.
    const affordable = this.#divisions.exhausted
      ? divisors.length
      : this.#divisions.takeMost(divisors.length, costOfDivisor(dividends.length, divisors.length));
    for (const found of findDivisors(dividends, divisors.slice(0, affordable))) {
      if (found) yield* this.#claim([found.divisor, found.dividend / found.divisor]);
      else yield;
    }
  }

  /** Odd numbers without small factors. Those of one size are primes first, moduli of smaller primes later. */
  *#read(size: number): Generator<undefined, NumberList> {
    const known = this.#numbers.get(size);
    if (known) return known;
    const list = new NumberList(size, this.#candidates);
    this.#numbers.set(size, list);
    const hasSmallFactor = createSieve(size);
    const onNumber: OnNumber = (bytes, start, fit, { window, layout, at }) => {
      if ((bytes[0] === 0 && bytes.subarray(0, 8).every((byte) => byte === 0)) || isSparse(bytes)) return;
      if (looksLikeCode(bytes) || (!isPlain(layout) && hasSmallFactor(bytes))) return;
      list.add(bytes, start, fit, window, layout, at);
    };
    const blocks = new BlockSieve();
    const screen = (bytes: Uint8Array, at: number, layout: NumberLayout, fit: Fit): boolean => {
      if (!isPlain(layout)) return true;
      if (fit === FIT.block) return !blocks.hasSmallFactor(bytes, at, size, layout === LITTLE_ENDIAN);
      return !hasSmallFactor(bytes, at, layout === LITTLE_ENDIAN);
    };
    const options = { oddOnly: true, blockTop: 0x40, screen };
    if (COMMON_SIZES.includes(size)) {
      // Blocks, with a candidate at every other byte, must not crowd out the whole numbers.
      yield* readNumbers(this.#blocks, size, onNumber, { ...options, unaligned: true, fit: FIT.end });
      if (size >= MIN_OCTETS) yield* readOctets(this.#arrays, size, onNumber, options);
      yield* readIntegers(this.#arrays, size, onNumber, options);
      const inBlocks = { ...options, bestFit: FIT.block, layouts: [LITTLE_ENDIAN, BIG_ENDIAN] };
      yield* readNumbers(this.#blocks, size, onNumber, inBlocks);
      blocks.wipe();
    } else {
      yield* this.#readFilling(size, onNumber, { ...options, fit: FIT.filling });
    }
    this.#overflowed ||= list.overflowed;
    return list;
  }

  /** Only out of runs that are as long as the number: most sizes have hardly any. */
  *#readFilling(size: number, onNumber: OnNumber, options: ReadingOptions): Generator<undefined> {
    const nearAny = new Set<number>();
    for (const layout of NUMBER_LAYOUTS) {
      const words = Math.ceil(layout.lengthOf(size) / WORD_BYTES);
      const near = [words - 1, words, words + 1];
      const windows = near.flatMap((count) => this.#byWords.get(count) ?? []);
      yield* readNumbers(windows, size, onNumber, { ...options, layouts: [layout] });
      for (const count of near) nearAny.add(count);
    }
    const integers = [...nearAny].flatMap((count) => this.#integersByWords.get(count) ?? []);
    yield* readIntegers({ integers }, size, onNumber, options);
  }

  /** d alone: the modulus is known. */
  *#joinExponents(): Generator<JoinStep> {
    const harvested = new Map(this.#harvested.map(({ n, e }) => [n, e]));
    const others = this.#open.filter(({ number }) => !harvested.has(number)).slice(0, MAX_OTHER_MODULI);
    // For a certificate's key every offset of a block is tried, for what may not even be a modulus only whole numbers.
    const certified = [...harvested].map(([n, e]) => ({ n, e }));
    yield* this.#joinExponentsOf(certified, FIT.block);
    const guessed = others.map(({ number: n }) => ({ n, e: 65537n }));
    yield* this.#joinExponentsOf(guessed, FIT.end);
  }

  *#joinExponentsOf(moduli: readonly RsaPublicKey[], fit: Fit): Generator<JoinStep> {
    const open = moduli.filter(({ n }) => !this.#found.has(n));
    for (const [size, same] of groupBy(open, ({ n }) => Math.ceil(bitLength(n) / 16) * 2)) {
      const test = createExponentTest(same, size);
      const cost = Math.ceil(same.length / 25);
      const found: { readonly n: bigint; readonly d: bigint }[] = [];
      const onNumber = (bytes: Uint8Array): void => {
        const key = test.find(bytes);
        if (key) found.push({ n: key.n, d: bigintFromBe(bytes) });
      };
      const screen = (bytes: Uint8Array, at: number, layout: NumberLayout): boolean =>
        this.#divisions.take(cost) && (!isPlain(layout) || test.couldFind(bytes, at, layout === LITTLE_ENDIAN));
      yield* readNumbers(this.#windows, size, onNumber, { oddOnly: true, unaligned: true, fit, screen });
      for (const { n, d } of found) {
        yield;
        // A prime with its own CRT exponent passes for a modulus with its private one: 2^(e·dp) = 2 mod p.
        const primes = this.#found.has(n) || isProbablePrime(n, 1) ? undefined : factorByExponent(n, d);
        if (primes) yield* this.#claim(primes);
      }
    }
  }

  /**
   * Without a modulus: numbers whose CRT exponents are there, too, in the same layout, as only primes have; of these, pairs
   * whose coefficient is there.
   */
  *#joinCrt(): Generator<JoinStep> {
    const primes = yield* this.#withCrtExponents();
    const fresh = [...new Set(primes)].filter((p) => this.#isNew(p));
    this.#overflowed ||= fresh.length > MAX_CRT_PRIMES;
    const pairs: { readonly p: bigint; readonly q: bigint; readonly qi: bigint }[] = [];
    for (const p of fresh.slice(0, MAX_CRT_PRIMES)) {
      for (const q of fresh.slice(0, MAX_CRT_PRIMES)) {
        const qi = p === q ? undefined : modInverse(q, p);
        if (qi !== undefined) pairs.push({ p, q, qi });
      }
      yield;
    }
    const coefficients = pairs.map(({ qi }) => bigintToBe(qi));
    for (const i of new Set(findNumbers(this.#windows, coefficients).map(({ number }) => number))) {
      const { p, q } = pairs[i]!;
      yield* this.#claim([p, q]);
    }
    for (const bytes of coefficients) bytes.fill(0);
  }

  /** A program keeps all members of a key in its own layout. */
  *#withCrtExponents(): Generator<undefined, bigint[]> {
    const primes: bigint[] = [];
    let owners: bigint[] = [];
    let exponents: Uint8Array[] = [];
    const search = (): void => {
      for (const owner of findBytes(this.#windows, exponents)) primes.push(owners[owner]!);
      for (const bytes of exponents) bytes.fill(0);
      owners = [];
      exponents = [];
    };
    for (const list of this.#numbers.values()) {
      const filling = list.withFit(FIT.filling);
      for (const i of filling) {
        const p = list.numberOf(i);
        if (filling.length > MANY_PRIMES && hasTrialDivisor(p)) continue;
        const layout = list.layoutOf(i);
        for (const e of EXPONENTS) {
          const dp = crtExponent(p, e);
          if (dp === undefined || !this.#divisions.take()) continue;
          owners.push(p);
          exponents.push(layout.write(bigintToBe(dp)));
        }
        if (exponents.length < CRT_BATCH) continue;
        search();
        yield;
      }
    }
    search();
    return primes;
  }

  /** A claim for each place of each private number; none when the factors aren't prime, or the key is known already. */
  *#claim(primes: readonly bigint[], proof?: Proof): Generator<JoinClaim> {
    const n = primes.reduce((product, prime) => product * prime);
    if (new Set(primes).size < primes.length || this.#found.has(n) || this.#refuted.has(n)) return;
    // OpenSSL's test takes 64 rounds and more however few are asked for: a second for RSA-4096.
    if (!primes.every((prime) => isProbablePrime(prime, ROUNDS))) {
      this.#refuted.add(n);
      return;
    }
    this.#found.add(n);
    const harvested = this.#harvested.find((key) => key.n === n);
    const exponents = harvested ? [harvested.e] : EXPONENTS;
    const parts = [
      ...[...primes, ...crtCoefficients(primes)].map((number) => ({ number, e: undefined })),
      ...exponents.flatMap((e) => privateExponents(primes, e).map((number) => ({ number, e }))),
    ];
    const numbers = parts.map(({ number }) => bigintToBe(number));
    const places = findNumbers(this.#windows, numbers);
    for (const bytes of numbers) bytes.fill(0);
    const countOf = (e: bigint): number => places.filter(({ number }) => parts[number]!.e === e).length;
    const e = exponents.reduce((best, other) => (countOf(other) > countOf(best) ? other : best));
    const isThere = (wanted: bigint): boolean => places.some(({ number }) => parts[number]!.number === wanted);
    const isLong = (number: bigint): boolean => primes.every((prime) => number > prime);
    const d = parts.find((part) => part.e === e && isLong(part.number) && isThere(part.number))?.number;
    const [p, q] = primes.filter(isThere);
    const key = proveRsa({ n, e, p, q, d });
    if (!key) return;
    const seen = new Set<number>();
    for (const place of places) {
      if (seen.has(place.start) || (parts[place.number]!.e ?? e) !== e) continue;
      seen.add(place.start);
      const traits = { ...key.traits, ...(proof && { proof }) };
      yield claimAt(place, { ...key, traits, secret: key.secret.slice() });
    }
    key.secret.fill(0);
  }
}

function claimAt({ start, end, lead }: NumberPlace, key: NonNullable<ReturnType<typeof proveRsa>>): JoinClaim {
  const { verdict, traits, secret, publicKey } = key;
  return { lead, claim: { verdict, span: { start, end }, traits: { ...traits, form: 'limbs' }, secret, publicKey } };
}

/** The inverse of e modulo p - 1, for a small prime e: (1 + k·(p-1))/e for the k below e that makes this whole. */
function crtExponent(p: bigint, e: bigint): bigint | undefined {
  const rest = modInverse((p - 1n) % e, e);
  return rest === undefined ? undefined : (1n + (e - rest) * (p - 1n)) / e;
}
