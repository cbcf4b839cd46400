/** Modular arithmetic on bigints. Not constant-time: the numbers lie in a dump already. */
import { constants, createPrivateKey, createPublicKey, publicEncrypt } from 'node:crypto';
import { encodeElement, encodeInteger, readElements, TAG } from '../bytes/der.ts';
import { bigintFromBe, bigintToBe, bitLength } from '../bytes/limbs.ts';

/** OpenSSL takes exponents of more than 64 bits for moduli up to this (OPENSSL_RSA_SMALL_MODULUS_BITS). */
const MAX_OPENSSL_BITS = 3072;
/** Its ceiling for Diffie-Hellman (OPENSSL_DH_MAX_MODULUS_BITS). */
const MAX_DH_BITS = 10_000;
/** Below these, making a key costs more than it saves. */
const MIN_OPENSSL_BITS = 512;
const MIN_EXPONENT_BITS = 128;

export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (modulus <= 1n) return 0n;
  const factor = base % modulus;
  return (
    powByOpenssl(factor, exponent, modulus) ??
    powByDiffieHellman(factor, exponent, modulus) ??
    powBySquares(factor, exponent, modulus)
  );
}

/**
 * RSA without padding is a power, whatever the key: OpenSSL's Montgomery code takes a tenth of the time of bigints, and joins
 * test hundreds of numbers for being prime. Undefined for what OpenSSL refuses.
 */
function powByOpenssl(base: bigint, exponent: bigint, modulus: bigint): bigint | undefined {
  const bits = bitLength(modulus);
  if (bits < MIN_OPENSSL_BITS || bits > MAX_OPENSSL_BITS || (modulus & 1n) === 0n || base < 0n) return undefined;
  if (exponent >= modulus || bitLength(exponent) < MIN_EXPONENT_BITS) return undefined;
  const input = bigintToBe(base, Math.ceil(bits / 8));
  const key = writeRsaPublicKey(modulus, exponent);
  try {
    // Node takes every view; only its types ask for a Buffer.
    const publicKey = createPublicKey({ key: key as Uint8Array as Buffer, format: 'der', type: 'pkcs1' });
    return bigintFromBe(publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, input));
  } catch {
    return undefined;
  } finally {
    input.fill(0);
    key.fill(0);
  }
}

/** PKCS#3's dhKeyAgreement, 1.2.840.113549.1.3.1. */
const DH_KEY_AGREEMENT = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x03, 0x01);

/** Larger ones: the public key of a private exponent is a power, too. */
function powByDiffieHellman(base: bigint, exponent: bigint, modulus: bigint): bigint | undefined {
  const bits = bitLength(modulus);
  if (bits <= MAX_OPENSSL_BITS || bits > MAX_DH_BITS || (modulus & 1n) === 0n || base < 2n) return undefined;
  if (exponent >= modulus || bitLength(exponent) < MIN_EXPONENT_BITS) return undefined;
  const integer = (value: bigint): Uint8Array => encodeInteger(bigintToBe(value));
  const parameters = encodeElement(TAG.SEQUENCE, integer(modulus), integer(base));
  const algorithm = encodeElement(TAG.SEQUENCE, encodeElement(TAG.OID, DH_KEY_AGREEMENT), parameters);
  const version = encodeInteger(Uint8Array.of(0));
  const secrets = [bigintToBe(exponent)];
  secrets.push(encodeInteger(secrets[0]!));
  secrets.push(encodeElement(TAG.OCTET_STRING, secrets[1]!));
  const pkcs8 = encodeElement(TAG.SEQUENCE, version, algorithm, secrets[2]!);
  try {
    const key = createPrivateKey({ key: pkcs8 as Uint8Array as Buffer, format: 'der', type: 'pkcs8' });
    const spki = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));
    const [all] = readElements(spki, 0, spki.length);
    const [, bitString] = readElements(spki, all!.start, all!.end);
    const [power] = readElements(spki, bitString!.start + 1, bitString!.end);
    return bigintFromBe(spki, power!.start, power!.end);
  } catch {
    return undefined;
  } finally {
    for (const bytes of [...secrets, pkcs8]) bytes.fill(0);
  }
}

/** RSAPublicKey (RFC 8017 A.1.1); lengths as two bytes, which these sizes need. */
function writeRsaPublicKey(modulus: bigint, exponent: bigint): Uint8Array<ArrayBuffer> {
  const numbers = [modulus, exponent].map((value) => bigintToBe(value, Math.floor(bitLength(value) / 8) + 1));
  const length = numbers.reduce((sum, { length: bytes }) => sum + 4 + bytes, 0);
  const out = new Uint8Array(4 + length);
  const view = new DataView(out.buffer);
  out.set([0x30, 0x82]);
  view.setUint16(2, length);
  let at = 4;
  for (const number of numbers) {
    out.set([0x02, 0x82], at);
    view.setUint16(at + 2, number.length);
    out.set(number, at + 4);
    at += 4 + number.length;
    number.fill(0);
  }
  return out;
}

function powBySquares(factor: bigint, exponent: bigint, modulus: bigint): bigint {
  const bytes = bigintToBe(exponent);
  let result = 1n;
  // From the highest bit: bases are small, so that only the squares cost.
  for (const byte of bytes) {
    for (let bit = 0x80; bit > 0; bit >>= 1) {
      result = (result * result) % modulus;
      if (byte & bit) result = (result * factor) % modulus;
    }
  }
  bytes.fill(0);
  return result;
}

export function gcd(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}

/** Inverse of `value` modulo `modulus`, or undefined when there is none. */
export function modInverse(value: bigint, modulus: bigint): bigint | undefined {
  let [r0, r1] = [modulus, ((value % modulus) + modulus) % modulus];
  let [t0, t1] = [0n, 1n];
  while (r1 > 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  if (r0 !== 1n) return undefined;
  return t0 < 0n ? t0 + modulus : t0;
}

/** Inverses modulo a prime of values that are no multiples of it: one inversion, and three multiplications for each. */
export function invertAll(values: readonly bigint[], prime: bigint): bigint[] {
  const products = [1n];
  for (const value of values) products.push((products.at(-1)! * value) % prime);
  let rest = modInverse(products.at(-1)!, prime)!;
  const inverses = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = (rest * products[i]!) % prime;
    rest = (rest * values[i]!) % prime;
  }
  return inverses;
}

const SMALL_PRIMES = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n];

/** Primes from 53 up to here are divided by before a power is computed, which takes ten times as long: half of the numbers end here. */
const MAX_TRIAL_DIVISOR = 2048;

/** Primes whose product is exact as a number. */
interface PrimeGroup {
  readonly product: bigint;
  readonly primes: readonly number[];
}

/** Made when they are first needed. */
let trialDivisors: readonly PrimeGroup[] | undefined;

function groupPrimes(from: number, to: number): readonly PrimeGroup[] {
  const composite = new Uint8Array(to);
  const groups: { product: bigint; primes: number[] }[] = [];
  for (let n = 2; n < to; n++) {
    if (composite[n]) continue;
    for (let multiple = n * n; multiple < to; multiple += n) composite[multiple] = 1;
    if (n < from) continue;
    const last = groups.at(-1);
    if (last && last.product * BigInt(n) <= BigInt(Number.MAX_SAFE_INTEGER)) {
      last.product *= BigInt(n);
      last.primes.push(n);
    } else groups.push({ product: BigInt(n), primes: [n] });
  }
  return groups;
}

/** Whether an odd number above 2048 is divided by a prime below: of random ones 85 in 100 are. */
export function hasPrimeBelow2048(value: bigint): boolean {
  return SMALL_PRIMES.some((prime) => value % prime === 0n) || hasTrialDivisor(value);
}

/** Whether a number above 2048 has a factor from 53 up to there: ten divisions take as long. */
export function hasTrialDivisor(value: bigint): boolean {
  trialDivisors ??= groupPrimes(53, MAX_TRIAL_DIVISOR);
  return trialDivisors.some(({ product, primes }) => {
    const rest = Number(value % product);
    return primes.some((prime) => rest % prime === 0);
  });
}

/** Miller-Rabin with the given number of prime bases: for numbers found in a dump, not made against us. */
export function isProbablePrime(value: bigint, rounds = 4): boolean {
  if (value < 3n || (value & 1n) === 0n) return value === 2n;
  for (const prime of SMALL_PRIMES) if (value % prime === 0n) return value === prime;
  if (value > MAX_TRIAL_DIVISOR && hasTrialDivisor(value)) return false;
  let odd = value - 1n;
  let twos = 0;
  while ((odd & 1n) === 0n) {
    odd >>= 1n;
    twos++;
  }
  for (const base of [2n, ...SMALL_PRIMES].slice(0, rounds)) {
    let x = modPow(base, odd, value);
    if (x === 1n || x === value - 1n) continue;
    let composite = true;
    for (let i = 1; i < twos && composite; i++) {
      x = (x * x) % value;
      if (x === value - 1n) composite = false;
    }
    if (composite) return false;
  }
  return true;
}
