/** Modular arithmetic on bigints. Not constant-time: the numbers lie in a dump already. */

export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (modulus <= 1n) return 0n;
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
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

const SMALL_PRIMES = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n];

/** Miller-Rabin with the given number of prime bases: for numbers found in a dump, not made against us. */
export function isProbablePrime(value: bigint, rounds = 4): boolean {
  if (value < 3n || (value & 1n) === 0n) return value === 2n;
  for (const prime of SMALL_PRIMES) if (value % prime === 0n) return value === prime;
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
