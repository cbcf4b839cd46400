/**
 * JSON Web Keys whose members lie apart: a parsed JWK is an object whose `n`, `d`, `p`, … are strings of their own, far
 * from each other in the heap. Values of fitting size are combined, all with all, whatever their distance. Each place
 * of the finding is one string that holds a private number.
 */
import { bigintFromBe, bigintToBe } from '../bytes/limbs.ts';
import type { Curve } from '../model/finding.ts';
import { CURVE_BY_NAME, ecPublicPoint, OKP_CURVES, type OkpCurve } from '../proof/curves.ts';
import { okpPublicKey, proveEc, proveOkp } from '../proof/ec.ts';
import { isProbablePrime } from '../proof/modular.ts';
import type { ProvenKey } from '../proof/proven-key.ts';
import { EXPONENTS, proveRsa } from '../proof/rsa.ts';
import { Budget } from './budget.ts';
import { derivationOf, GROUP } from './derivations.ts';
import type { Join, JoinClaim } from './join.ts';
import { type Candidate, crtCoefficients, privateExponents, type RsaFound, searchRsa } from './rsa-search.ts';
import { type Value, ValueTable } from './value-table.ts';

/** In operations; each limit is some seconds on one thread when it is used up. */
export interface JwkMembersBudget {
  /** Products of two possible primes. */
  readonly products: number;
  /** Possible moduli with a possible prime or exponent. */
  readonly divisions: number;
  /** Scalar multiplications, in microseconds as estimated. */
  readonly scalars: number;
}

const BUDGET: JwkMembersBudget = { products: 50_000_000, divisions: 3_000_000, scalars: 10_000_000 };

/** JWK curves (RFC 7518, 8812), and about the microseconds of a scalar multiplication with OpenSSL. */
const EC_COSTS: readonly (readonly [Curve, number])[] = [
  ['P-256', 25],
  ['secp256k1', 325],
  ['P-384', 650],
  ['P-521', 1500],
];
/** The same for the curves of RFC 8037. */
const OKP_COST = 500;
/** With fewer values, one by one is faster than tables of multiples of the base point. */
const MANY = 16;

/** RSA-512 to RSA-8192. */
const MIN_MODULUS_BYTES = 64;
const MAX_MODULUS_BYTES = 1024;

export function createJwkMembersJoin(budget: JwkMembersBudget = BUDGET): Join {
  return {
    id: 'jwk-members',
    title: 'JSON Web Key in separate strings',
    severity: 'critical',
    doc: `
A JSON Web Key ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)) after \`JSON.parse\`: its members are base64url strings of their
own somewhere in the heap of a JavaScript, Python or Java process, without the text of the key around them. All values of
fitting size in the dump are combined, whatever their distance.

**Proof**: RSA: p·q = n, n mod p = 0, or 2^(ed) = 2 mod n. EC, Ed25519, Ed448, X25519, X448: the public value of \`d\` is itself
among the values.

**What to do**: replace the key, remove the old one from the published JWK Set, and find out who could read the dump.
`,
    kinds: ['base64url-value'],
    join(windows) {
      const values = new ValueTable();
      const budgets = {
        products: new Budget(budget.products),
        divisions: new Budget(budget.divisions),
        scalars: new Budget(budget.scalars),
      };
      try {
        for (const window of windows) values.addBase64url(window);
        const claims = [
          ...joinRsa(values, budgets),
          ...joinEc(values, budgets.scalars),
          ...joinOkp(values, budgets.scalars),
        ];
        return { claims, overBudget: Object.values(budgets).some(({ exhausted }) => exhausted) };
      } finally {
        values.wipe();
      }
    },
  };
}

/** One claim for each place of each value; all carry the same key. */
function* claimAll(key: ProvenKey, values: Iterable<Value>): Generator<JoinClaim> {
  for (const { leads } of values) {
    for (const lead of leads) {
      const span = { start: lead.start, end: lead.end };
      const traits = { ...key.traits, form: 'jwk-members' } as const;
      yield {
        claim: { verdict: key.verdict, span, traits, secret: key.secret.slice(), publicKey: key.publicKey },
        lead,
      };
    }
  }
  key.secret.fill(0);
}

function* joinRsa(
  values: ValueTable,
  budgets: { readonly products: Budget; readonly divisions: Budget },
): Generator<JoinClaim> {
  const numbers = (size: number, accept: (bytes: Uint8Array) => boolean): Candidate[] =>
    values
      .ofSize(size)
      .filter(({ bytes }) => accept(bytes))
      .map(({ bytes, leads }) => ({ number: bigintFromBe(bytes), start: leads[0]!.start }));
  const any = (): boolean => true;

  for (let size = MIN_MODULUS_BYTES; size <= MAX_MODULUS_BYTES; size += 2) {
    const moduli = numbers(size, isModulus);
    if (moduli.length === 0) continue;
    const primes = numbers(size / 2, isPrime);
    // A private exponent loses its first byte once in 128 keys, and is no longer padded then.
    const exponents = [...numbers(size - 1, any), ...numbers(size, any)].sort((a, b) => a.start - b.start);
    for (const found of searchRsa({ moduli, primes, exponents }, budgets)) yield* claimRsa(values, found, size);
  }
}

/** Could be a prime as key generators make them: odd, top bit set. */
const isPrime = (bytes: Uint8Array): boolean => bytes[0]! >= 0x80 && (bytes.at(-1)! & 1) === 1;
/** Could be the product of two of them, which may have one bit less. */
const isModulus = (bytes: Uint8Array): boolean => bytes[0]! >= 0x40 && (bytes.at(-1)! & 1) === 1;

function* claimRsa(values: ValueTable, found: RsaFound, size: number): Generator<JoinClaim> {
  // A prime with its own CRT exponent passes for a modulus with its private one: 2^(e·dp) = 2 mod p.
  if (found.d !== undefined && isProbablePrime(found.n, 1)) return;
  const first = proveRsa(found);
  if (!first) return;
  const p = bigintFromBe(first.secret);
  first.secret.fill(0);
  const q = found.n / p;
  const present = (candidates: readonly (bigint | undefined)[]): Value[] =>
    candidates.flatMap((number) => (number === undefined ? [] : findNumber(values, number, size)));
  const primes = [present([p]), present([q])];
  const inverses = present(crtCoefficients([p, q]));
  // The exponent is a short string, `AQAB`, and no lead: the private ones tell it.
  const exponents = EXPONENTS.map((e) => ({ e, present: present(privateExponents([p, q], e)) }));
  const best = exponents.reduce((a, b) => (b.present.length > a.present.length ? b : a));
  const key = proveRsa({
    n: found.n,
    ...(best.present.length > 0 && { e: best.e }),
    ...(primes[0]!.length > 0 && { p }),
    ...(primes[1]!.length > 0 && { q }),
    ...(found.d !== undefined && { d: found.d }),
  });
  if (key) yield* claimAll(key, new Set([...primes.flat(), ...best.present, ...inverses]));
}

/** Values of a number, without leading zeros (as RFC 7518 says) and padded to the modulus or half of it. */
function findNumber(values: ValueTable, number: bigint, modulusBytes: number): Value[] {
  const minimal = bigintToBe(number);
  const lengths = new Set([minimal.length, modulusBytes / 2, modulusBytes]);
  minimal.fill(0);
  return [...lengths].flatMap((length) => {
    const bytes = bigintToBe(number, length);
    const value = values.find(bytes);
    bytes.fill(0);
    return value ?? [];
  });
}

function* joinEc(values: ValueTable, budget: Budget): Generator<JoinClaim> {
  for (const [curve, cost] of EC_COSTS) {
    const parameters = CURVE_BY_NAME.get(curve)!;
    for (const scalar of choosePrivateKeys(values.ofSize(parameters.size), { curve, cost, budget })) {
      const point = ecPublicPoint(parameters, scalar.bytes);
      const x = point?.subarray(1, 1 + parameters.size);
      if (!x || !values.find(x)) continue;
      const key = proveEc({ curve, scalar: scalar.bytes, point });
      if (key) yield* claimAll(key, [scalar]);
    }
  }
}

function* joinOkp(values: ValueTable, budget: Budget): Generator<JoinClaim> {
  for (const { name: curve, size } of OKP_CURVES) {
    for (const privateKey of choosePrivateKeys(values.ofSize(size), { curve, cost: OKP_COST, budget })) {
      const publicKey = okpPublicKey(curve, privateKey.bytes);
      if (!publicKey || !values.find(publicKey)) continue;
      const key = proveOkp({ curve, privateKey: privateKey.bytes, publicKey });
      if (key) yield* claimAll(key, [privateKey]);
    }
  }
}

/** Of values as long as the field, those that could be the private key of another one, where many can be asked at once. */
function* choosePrivateKeys(
  all: readonly Value[],
  { curve, cost, budget }: { readonly curve: Curve | OkpCurve; readonly cost: number; readonly budget: Budget },
): Generator<Value> {
  // P-521 has one bit in its first byte.
  const values = curve === 'P-521' ? all.filter(({ bytes }) => bytes[0]! <= 1) : all;
  if (values.length < 2) return;
  const derivation = values.length < MANY ? undefined : derivationOf(curve);
  // What tells a public key is x, or all of its octets: the member, as a number.
  const members = new Set(derivation && values.map(({ bytes }) => bigintFromBe(bytes)));
  for (let i = 0; i < values.length; i += GROUP) {
    const group = values.slice(i, i + GROUP);
    if (!budget.take(group.length * (derivation?.cost ?? cost))) return;
    const told = derivation?.deriveAll(group.map(({ bytes }) => bytes));
    yield* told ? group.filter((_, at) => members.has(told[at] ?? -1n)) : group;
  }
}
