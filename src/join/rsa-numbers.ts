/**
 * RSA keys as integers in memory: p, q, n, d lie apart, in the layout of their library. Numbers of fitting size are
 * read out of all leads and combined, all with all, whatever their distance; what is found is then looked for in every
 * layout at every byte, so that the finding has each place of each private number.
 */
import { checkPrimeSync } from 'node:crypto';
import { bigintFromBe, bigintToBe, bitLength } from '../bytes/limbs.ts';
import { createExponentTest, createSieve, type RsaPublicKey } from '../proof/known-public.ts';
import { modInverse } from '../proof/modular.ts';
import { EXPONENTS, proveRsa } from '../proof/rsa.ts';
import { Budget } from './budget.ts';
import type { Join, JoinClaim, LeadWindow } from './join.ts';
import { findNumbers, type NumberPlace } from './number-places.ts';
import { FIT, type Fit, readNumbers } from './number-reader.ts';
import { readHarvestedKeys } from './public-keys.ts';
import { type Candidate, nearestPairs, privateExponents, searchProducts } from './rsa-search.ts';

/** In operations; each limit is some seconds on one thread when it is used up. */
export interface RsaNumbersBudget {
  /** Numbers kept of each size, after small factors were sieved out. */
  readonly candidates: number;
  /** Bytes of all leads together, above which blocks are not read inside. */
  readonly blockBytes: number;
  /** Products of two possible primes. */
  readonly products: number;
  /** Primality tests, in units of one of 1024 bits, some 0.3 milliseconds. */
  readonly primalityTests: number;
  /** Moduli with one prime, or with an exponent: about a microsecond each. */
  readonly divisions: number;
}

const BUDGET: RsaNumbersBudget = {
  candidates: 200_000,
  blockBytes: 2 << 20,
  products: 1_000_000_000,
  primalityTests: 20_000,
  divisions: 3_000_000,
};

/**
 * Bytes of a prime: moduli of 2048, 3072, 4096, 1024, 1536, 2560, 5120, 6144, 7680, 8192, 768 and 512 bits. The budget goes
 * to the usual ones first; the shortest have most candidates and least worth.
 */
const COMMON_SIZES: readonly number[] = [128, 192, 256, 64, 96, 160, 320, 384, 480, 512, 48, 32];
/** All others that fill whole 8-byte words: only numbers that fill their lead. */
const OTHER_SIZES = Array.from({ length: 61 }, (_, i) => 32 + 8 * i).filter((size) => !COMMON_SIZES.includes(size));
/** Numbers inside blocks are combined with so many next to them, for they lie among all offsets of the block. */
const BLOCK_NEIGHBOURS = 256;
/** Above this a primality test takes milliseconds. */
const MAX_QUICK_PRIME_BYTES = 128;
/** Possible moduli, besides those of certificates, for which a private exponent is looked for. */
const MAX_OTHER_MODULI = 256;

export function createRsaNumbersJoin(budget: RsaNumbersBudget = BUDGET): Join {
  return {
    id: 'rsa-numbers',
    title: 'RSA private key as integers in memory',
    severity: 'critical',
    doc: `
The integers of an RSA key (p, q, d, dp, dq, qi) as a running program holds them: little-endian limbs (OpenSSL, GMP, Go, mbedTLS,
wolfSSL), \`int[]\` (Java), digits of 30 bits (CPython), 60 bits (LibTomMath), 28 or 26 bits (JavaScript), or big-endian bytes
(S-expressions of libgcrypt, Java heap dumps, what is left of a freed DER document). No PEM or DER need be there.

**Proof**: p·q = n with both prime; or n mod p = 0 or 2^(ed) = 2 mod n, where n is in the dump, as a number or in a certificate; or,
without n, p and q with their CRT exponents and coefficient.

**What to do**: replace the key and revoke its certificates; find out who could read the dump.
`,
    kinds: ['number', 'public-key'],
    join(windows) {
      const search = new RsaNumbersSearch(windows, budget);
      const claims = [...search.run()];
      return { claims, overBudget: search.overBudget };
    },
  };
}

/** Lists of numbers, each in order of `start` and part of the next. */
interface Numbers {
  /** Fill their run, or follow their length. */
  readonly filling: readonly Candidate[];
  /** Or begin with it. */
  readonly whole: readonly Candidate[];
  readonly delimited: readonly Candidate[];
  readonly all: readonly Candidate[];
}

class RsaNumbersSearch {
  readonly #windows: readonly LeadWindow[];
  readonly #candidates: number;
  readonly #products: Budget;
  readonly #primalityTests: Budget;
  readonly #divisions: Budget;
  readonly #harvested: ReturnType<typeof readHarvestedKeys>['rsa'];
  readonly #numbers = new Map<number, Numbers>();
  readonly #found = new Set<bigint>();
  /** Worst fit that is read. */
  readonly #fit: Fit;
  readonly #open: Candidate[] = [];
  readonly #primes: bigint[] = [];
  #overflowed = false;

  constructor(windows: readonly LeadWindow[], budget: RsaNumbersBudget) {
    this.#windows = windows.filter(({ lead }) => lead.kind === 'number');
    this.#candidates = budget.candidates;
    this.#products = new Budget(budget.products);
    this.#primalityTests = new Budget(budget.primalityTests);
    this.#divisions = new Budget(budget.divisions);
    const { rsa, overflowed } = readHarvestedKeys(windows);
    this.#harvested = rsa;
    const bytes = this.#windows.reduce((sum, window) => sum + window.bytes.length, 0);
    this.#fit = bytes > budget.blockBytes ? FIT.end : FIT.block;
    this.#overflowed = overflowed || this.#fit !== FIT.block;
  }

  get overBudget(): boolean {
    const budgets = [this.#products, this.#primalityTests, this.#divisions];
    return this.#overflowed || budgets.some(({ exhausted }) => exhausted);
  }

  *run(): Generator<JoinClaim> {
    for (const size of [...COMMON_SIZES, ...OTHER_SIZES]) yield* this.#joinPrimes(size);
    yield* this.#joinExponents();
    yield* this.#joinCrt();
  }

  /** Both primes, then one, of `size` bytes. */
  *#joinPrimes(size: number): Generator<JoinClaim> {
    const primes = this.#read(size);
    if (primes.all.length === 0) return;
    const moduli = this.#read(2 * size);
    const known = this.#harvested.filter(({ n }) => Math.ceil(bitLength(n) / 16) === size);
    const candidates = [...known.map(({ n, start }) => ({ number: n, start })), ...moduli.all];
    for (const { n, p } of searchProducts(candidates, primes.delimited, this.#products)) yield* this.#claim(n, p);
    for (const { n, p } of searchProducts(candidates, primes.all, this.#products, BLOCK_NEIGHBOURS)) {
      yield* this.#claim(n, p);
    }
    const likely = size <= MAX_QUICK_PRIME_BYTES || candidates.length > 0 ? primes.filling : [];
    const proven = likely.filter(({ number }) => this.#isPrime(number));
    for (const { number } of proven) if (![...this.#found].some((n) => n % number === 0n)) this.#primes.push(number);
    const whole = [...known.map(({ n, start }) => ({ number: n, start })), ...moduli.whole];
    const open = whole.filter(({ number }) => !this.#found.has(number)).sort((a, b) => a.start - b.start);
    for (const [modulus, prime] of nearestPairs(open, proven, this.#divisions)) {
      if (modulus.number % prime.number === 0n) yield* this.#claim(modulus.number, prime.number);
    }
    this.#open.push(...known.map(({ n, start }) => ({ number: n, start })), ...moduli.filling);
  }

  /** Odd numbers without small factors. Those of one size are primes first, moduli of smaller primes later. */
  #read(size: number): Numbers {
    const read = this.#numbers.get(size) ?? this.#readOnce(size);
    this.#numbers.set(size, read);
    return read;
  }

  #readOnce(size: number): Numbers {
    const hasSmallFactor = createSieve(size);
    const numbers = new Map<bigint, Candidate & { fit: Fit }>();
    let blocks = 0;
    const onNumber = (bytes: Uint8Array, start: number, fit: Fit): void => {
      if ((bytes[0] === 0 && bytes.subarray(0, 8).every((byte) => byte === 0)) || hasSmallFactor(bytes)) return;
      // Blocks, with a candidate at every other byte, must not crowd out the whole numbers.
      if (fit === FIT.block ? ++blocks > this.#candidates : numbers.size - blocks >= this.#candidates) {
        this.#overflowed = true;
        return;
      }
      const number = bigintFromBe(bytes);
      const known = numbers.get(number);
      if (!known || known.fit > fit) numbers.set(number, { number, start, fit });
    };
    readNumbers(this.#windows, size, onNumber, {
      oddOnly: true,
      fit: COMMON_SIZES.includes(size) ? this.#fit : FIT.filling,
      blockTop: 0x40,
    });
    const all = [...numbers.values()].sort((a, b) => a.start - b.start);
    return {
      filling: all.filter(({ fit }) => fit === FIT.filling),
      whole: all.filter(({ fit }) => fit <= FIT.start),
      delimited: all.filter(({ fit }) => fit <= FIT.end),
      all,
    };
  }

  #isPrime(number: bigint): boolean {
    const cost = (bitLength(number) / 1024) ** 3;
    return this.#primalityTests.take(cost) && checkPrimeSync(number, { checks: 1 });
  }

  /** d alone: the modulus is known. */
  *#joinExponents(): Generator<JoinClaim> {
    const harvested = new Map(this.#harvested.map(({ n, e }) => [n, e]));
    const others = this.#open.filter(({ number }) => !harvested.has(number)).slice(0, MAX_OTHER_MODULI);
    // For a certificate's key every offset of a block is tried, for what may not even be a modulus only whole numbers.
    yield* this.#joinExponentsOf(
      [...harvested].map(([n, e]) => ({ n, e })),
      this.#fit,
    );
    yield* this.#joinExponentsOf(
      others.map(({ number: n }) => ({ n, e: 65537n })),
      FIT.end,
    );
  }

  *#joinExponentsOf(moduli: readonly RsaPublicKey[], fit: Fit): Generator<JoinClaim> {
    const keys = new Map<number, RsaPublicKey[]>();
    for (const key of moduli) {
      if (this.#found.has(key.n)) continue;
      const size = Math.ceil(bitLength(key.n) / 16) * 2;
      keys.set(size, [...(keys.get(size) ?? []), key]);
    }
    for (const [size, same] of keys) {
      const findKey = createExponentTest(same, size);
      const cost = Math.ceil(same.length / 25);
      const found: { readonly n: bigint; readonly d: bigint }[] = [];
      const onNumber = (bytes: Uint8Array): void => {
        if (!this.#divisions.take(cost)) return;
        const key = findKey(bytes);
        if (key) found.push({ n: key.n, d: bigintFromBe(bytes) });
      };
      readNumbers(this.#windows, size, onNumber, { oddOnly: true, fit });
      for (const { n, d } of found) {
        // A prime with its own CRT exponent passes for a modulus with its private one: 2^(e·dp) = 2 mod p.
        const key = this.#found.has(n) || checkPrimeSync(n, { checks: 1 }) ? undefined : proveRsa({ n, d });
        if (!key) continue;
        const p = bigintFromBe(key.secret);
        key.secret.fill(0);
        yield* this.#claim(n, p);
      }
    }
  }

  /** Without a modulus: primes whose CRT exponents are there, too, in pairs whose coefficient is there. */
  *#joinCrt(): Generator<JoinClaim> {
    const primes = [...new Set(this.#primes)];
    const owners: bigint[] = [];
    const numbers: Uint8Array[] = [];
    for (const p of primes) {
      for (const e of EXPONENTS) {
        const dp = modInverse(e, p - 1n);
        if (dp === undefined) continue;
        owners.push(p);
        numbers.push(bigintToBe(dp));
      }
    }
    const withExponent = new Set(findNumbers(this.#windows, numbers).map(({ number }) => owners[number]!));
    const pairs: { readonly p: bigint; readonly q: bigint; readonly qi: bigint }[] = [];
    for (const p of withExponent) {
      for (const q of withExponent) {
        const qi = p === q ? undefined : modInverse(q, p);
        if (qi !== undefined && this.#divisions.take()) pairs.push({ p, q, qi });
      }
    }
    const coefficients = pairs.map(({ qi }) => bigintToBe(qi));
    for (const i of new Set(findNumbers(this.#windows, coefficients).map(({ number }) => number))) {
      const { p, q } = pairs[i]!;
      yield* this.#claim(p * q, p);
    }
    for (const bytes of [...numbers, ...coefficients]) bytes.fill(0);
  }

  /** A claim for each place of each private number; none when the factors aren't prime, or the key is known already. */
  *#claim(n: bigint, p: bigint): Generator<JoinClaim> {
    const q = n / p;
    if (p === q || this.#found.has(n) || !checkPrimeSync(p, { checks: 4 }) || !checkPrimeSync(q, { checks: 4 })) return;
    this.#found.add(n);
    const harvested = this.#harvested.find((key) => key.n === n);
    const exponents = harvested ? [harvested.e] : EXPONENTS;
    const parts = [
      ...[p, q, modInverse(q, p), modInverse(p, q)].map((number) => ({ number, e: undefined })),
      ...exponents.flatMap((e) => privateExponents(p, q, e).map((number) => ({ number, e }))),
    ].filter((part): part is { number: bigint; e: bigint | undefined } => part.number !== undefined);
    const numbers = parts.map(({ number }) => bigintToBe(number));
    const places = findNumbers(this.#windows, numbers);
    for (const bytes of numbers) bytes.fill(0);
    const countOf = (e: bigint): number => places.filter(({ number }) => parts[number]!.e === e).length;
    const e = exponents.reduce((best, other) => (countOf(other) > countOf(best) ? other : best));
    const isThere = (wanted: bigint): boolean => places.some(({ number }) => parts[number]!.number === wanted);
    const d = parts.find((part) => part.e === e && part.number > p && part.number > q && isThere(part.number))?.number;
    const key = proveRsa({ n, e, ...(isThere(p) && { p }), ...(isThere(q) && { q }), ...(d !== undefined && { d }) });
    if (!key) return;
    const seen = new Set<number>();
    for (const place of places) {
      if (seen.has(place.start) || (parts[place.number]!.e ?? e) !== e) continue;
      seen.add(place.start);
      yield claimAt(place, { ...key, secret: key.secret.slice() });
    }
    key.secret.fill(0);
  }
}

function claimAt({ start, end, lead }: NumberPlace, key: NonNullable<ReturnType<typeof proveRsa>>): JoinClaim {
  const { verdict, traits, secret } = key;
  return { lead, claim: { verdict, span: { start, end }, traits: { ...traits, form: 'limbs' }, secret } };
}
