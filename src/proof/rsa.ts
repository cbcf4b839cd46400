/** RSA: proves that numbers belong together and completes the key (RFC 8017, 3.2). */
import { bigintToBe, bitLength } from '../bytes/limbs.ts';
import { toBase64url } from '../bytes/public-text.ts';
import type { Proof } from '../model/finding.ts';
import { gcd, isProbablePrime, modInverse, modPow } from './modular.ts';
import type { ProvenKey } from './proven-key.ts';
import { rsaPublicIds } from './public-key.ts';

/** What was found of a key; any member may be missing. */
export interface RsaNumbers {
  readonly n?: bigint | undefined;
  readonly e?: bigint | undefined;
  readonly d?: bigint | undefined;
  readonly p?: bigint | undefined;
  readonly q?: bigint | undefined;
  readonly dp?: bigint | undefined;
  readonly dq?: bigint | undefined;
  readonly qi?: bigint | undefined;
}

/** Public exponents tried when none was found, most common first. */
export const EXPONENTS = [65537n, 3n, 17n, 37n, 35n, 257n];
const MIN_BITS = 512;
/** Four primes of RSA-512 are larger. */
const LEAST_PRIME = 1n << 100n;
const MAX_PRIMES = 16;
const MAX_BITS = 16_384;
/** Above this, one modular exponentiation takes longer than a gate may wait. */
const MAX_POWER_BITS = 8192;

/**
 * The proven key, or undefined when the numbers contradict each other or are not enough.
 * @param algorithm AlgorithmIdentifier of a key restricted to PSS or OAEP, for the name of its public key
 */
export function proveRsa(numbers: RsaNumbers, algorithm?: Uint8Array): ProvenKey | undefined {
  const { n, d, p, q } = numbers;
  if (n === undefined) return p && q && sizeFits(p * q) ? proveByCrt(p, q, numbers) : undefined;
  if (!sizeFits(n)) return undefined;
  if (p && q && isFactor(p, n) && p * q === n) return complete(n, p, numbers, 'p*q=n', algorithm);
  const prime = [p, q].find((factor) => factor && isFactor(factor, n) && isPrimeOf(factor, n));
  if (prime) return complete(n, smallestPrime(n, prime, numbers), numbers, 'n%p=0', algorithm);
  return d ? proveByPrivateExponent(n, d, numbers, algorithm) : undefined;
}

function sizeFits(n: bigint): boolean {
  const size = bitLength(n);
  return (n & 1n) === 1n && size >= MIN_BITS && size <= MAX_BITS;
}

/** A factor beside which something is left. A small one says nothing: one in three numbers is divisible by 3. */
const isFactor = (factor: bigint, n: bigint): boolean =>
  factor > LEAST_PRIME && factor < n / LEAST_PRIME && n % factor === 0n;

/** Bytes that repeat divide as well: X‖X is X·(2^k + 1), and X is seldom prime. */
const isPrimeOf = (factor: bigint, n: bigint): boolean =>
  isProbablePrime(factor, 1) && bigintToBe(n / factor).filter((byte) => byte !== 0).length > 8;

/** 2^(ed) = 2 mod n; then e*d - 1 is a multiple of the group's exponent and n falls apart (NIST SP 800-56B, C.1). */
function proveByPrivateExponent(
  n: bigint,
  d: bigint,
  numbers: RsaNumbers,
  algorithm: Uint8Array | undefined,
): ProvenKey | undefined {
  const e = publicExponentOf(n, d, numbers.e);
  const factor = e === undefined ? undefined : factorWith(n, e * d - 1n);
  if (factor === undefined) return undefined;
  const found = { ...numbers, e };
  return complete(n, smallestPrime(n, factor, found), found, 'd*e=1', algorithm);
}

/** e, so that 2^(ed) = 2 mod n; one of the usual ones when `given` is none. */
function publicExponentOf(n: bigint, d: bigint, given?: bigint): bigint | undefined {
  if (d <= 1n || d >= n || bitLength(n) > MAX_POWER_BITS) return undefined;
  const candidates = given !== undefined && given > 1n && given < n ? [given] : EXPONENTS;
  // With 2^d at hand, each exponent costs only its own few multiplications.
  const power = modPow(2n, d, n);
  return candidates.find((candidate) => modPow(power, candidate, n) === 2n);
}

/** All primes of a modulus, by its private exponent; undefined when d is none. */
export function factorByExponent(n: bigint, d: bigint): bigint[] | undefined {
  const e = sizeFits(n) ? publicExponentOf(n, d) : undefined;
  const factor = e === undefined ? undefined : factorWith(n, e * d - 1n);
  return factor === undefined ? undefined : primesOf(n, factor, { d, e });
}

/** The smallest prime of n, given one factor: RSA with more than two primes (RFC 8017, 3.2) still has one name. */
function smallestPrime(n: bigint, factor: bigint, numbers: RsaNumbers): bigint {
  // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
  return primesOf(n, factor, numbers).reduce((least, prime) => (prime < least ? prime : least));
}

/** The primes of n, as far as one factor and, where they are given, d and e tell. */
function primesOf(n: bigint, factor: bigint, { d, e }: RsaNumbers): bigint[] {
  const multiple = d && e && bitLength(n) <= MAX_POWER_BITS ? e * d - 1n : 0n;
  const primes: bigint[] = [];
  const rest = [factor, n / factor];
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    const divisor =
      multiple > 0n && primes.length < MAX_PRIMES && !isProbablePrime(part, 1) && factorWith(part, multiple);
    if (divisor) rest.push(divisor, part / divisor);
    else primes.push(part);
  }
  return primes;
}

function factorWith(n: bigint, multiple: bigint): bigint | undefined {
  let odd = multiple;
  let twos = 0;
  while (odd > 0n && (odd & 1n) === 0n) {
    odd >>= 1n;
    twos++;
  }
  // Each base splits n with a chance of one half or more.
  for (let base = 2n; base < 40n; base++) {
    let x = modPow(base, odd, n);
    for (let i = 0; i < twos; i++) {
      const square = (x * x) % n;
      if (square === 1n && x !== 1n && x !== n - 1n) return gcd(x - 1n, n);
      x = square;
    }
  }
  return undefined;
}

/** Both primes without a modulus: the CRT members must agree with them. */
function proveByCrt(p: bigint, q: bigint, numbers: RsaNumbers): ProvenKey | undefined {
  const { qi, dp, dq } = numbers;
  if (p <= 1n || q <= 1n || p === q) return undefined;
  const inverseFits = qi !== undefined && qi > 1n && qi < p && (qi * q) % p === 1n;
  const candidates = numbers.e ? [numbers.e] : EXPONENTS;
  const e = candidates.find(
    (candidate) =>
      (dp === undefined || (candidate * dp) % (p - 1n) === 1n) &&
      (dq === undefined || (candidate * dq) % (q - 1n) === 1n),
  );
  if (e === undefined || !(inverseFits || (dp !== undefined && dq !== undefined))) return undefined;
  if (!isProbablePrime(p, 1) || !isProbablePrime(q, 1)) return undefined;
  return complete(p * q, p, { ...numbers, e }, 'crt');
}

function complete(n: bigint, factor: bigint, numbers: RsaNumbers, proof: Proof, algorithm?: Uint8Array): ProvenKey {
  const other = n / factor;
  const e = numbers.e ?? exponentFrom(factor, other, numbers);
  return {
    verdict: 'proven',
    secret: bigintToBe(factor < other ? factor : other),
    publicKey: { kty: 'RSA', n: toBase64url(bigintToBe(n)), e: toBase64url(bigintToBe(e ?? EXPONENTS[0]!)) },
    traits: { algorithm: 'RSA', proof, bits: bitLength(n), ...(e === undefined ? {} : rsaPublicIds(n, e, algorithm)) },
  };
}

/** The public exponent when only private members are there; 65537 when nothing contradicts it. */
function exponentFrom(p: bigint, q: bigint, { d, dp }: RsaNumbers): bigint | undefined {
  if (d !== undefined) return modInverse(d, ((p - 1n) * (q - 1n)) / gcd(p - 1n, q - 1n));
  if (dp !== undefined) return EXPONENTS.find((e) => (e * dp) % (p - 1n) === 1n || (e * dp) % (q - 1n) === 1n);
  return 65537n;
}
