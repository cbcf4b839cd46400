/** What HMAC (RFC 2104, 4) keeps of a key: the state of SHA-2 after the block `key XOR pad`. Plain FIPS 180-4, slowly. */
import { createHash } from 'node:crypto';

type Rotations = readonly [bigint, bigint, bigint];
type Sums = readonly [Rotations, Rotations, Rotations, Rotations];

interface Variant {
  readonly bits: bigint;
  readonly blockBytes: number;
  readonly rounds: number;
  /** Rotations of Σ0, Σ1; two rotations and a shift of σ0, σ1. */
  readonly sums: Sums;
  /** Roots of primes that begin with the eighth one, for SHA-384. */
  readonly firstPrime: number;
}

const LONG = {
  bits: 64n,
  blockBytes: 128,
  rounds: 80,
  sums: [
    [28n, 34n, 39n],
    [14n, 18n, 41n],
    [1n, 8n, 7n],
    [19n, 61n, 6n],
  ],
} as const;
const VARIANTS: Readonly<Record<string, Variant>> = {
  sha256: {
    bits: 32n,
    blockBytes: 64,
    rounds: 64,
    firstPrime: 0,
    sums: [
      [2n, 13n, 22n],
      [6n, 11n, 25n],
      [7n, 18n, 3n],
      [17n, 19n, 10n],
    ],
  },
  sha384: { ...LONG, firstPrime: 8 },
  sha512: { ...LONG, firstPrime: 0 },
};

const PRIMES = Array.from({ length: 410 }, (_, i) => i + 2).filter((n) =>
  Array.from({ length: n - 2 }, (_, i) => i + 2).every((divisor) => n % divisor !== 0),
);

/** Fraction of the nth root of a prime, in `bits` bits. */
function fraction(prime: number, n: 2n | 3n, bits: bigint): bigint {
  const value = BigInt(prime) << (n * bits);
  let [low, high] = [0n, 1n << (bits + 5n)];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** n <= value) low = middle;
    else high = middle;
  }
  return BigInt.asUintN(Number(bits), low);
}

/** The state in big-endian words: 32 bytes for sha256, 64 for sha384 and sha512. */
export function hmacState(hash: string, key: Uint8Array, pad: number): Uint8Array {
  const { bits, blockBytes, rounds, sums, firstPrime } = VARIANTS[hash]!;
  const block = new Uint8Array(blockBytes).fill(pad);
  const short = key.length > blockBytes ? createHash(hash).update(key).digest() : key;
  for (const [i, byte] of short.entries()) block[i]! ^= byte;
  const digits = Number(bits) / 4;
  const hex = Buffer.from(block).toString('hex');
  const cut = (x: bigint): bigint => BigInt.asUintN(Number(bits), x);
  const turn = (x: bigint, n: bigint): bigint => cut((x >> n) | (x << (bits - n)));
  const [big0, big1, small0, small1] = sums;
  const sum = (x: bigint, [i, j, k]: Sums[0]): bigint => turn(x, i) ^ turn(x, j) ^ turn(x, k);
  const mix = (x: bigint, [i, j, k]: Sums[0]): bigint => turn(x, i) ^ turn(x, j) ^ (x >> k);
  const w = Array.from({ length: 16 }, (_, t) => BigInt(`0x${hex.slice(t * digits, (t + 1) * digits)}`));
  for (let t = 16; t < rounds; t++)
    w.push(cut(mix(w[t - 2]!, small1) + w[t - 7]! + mix(w[t - 15]!, small0) + w[t - 16]!));
  const initial = Array.from({ length: 8 }, (_, i) => fraction(PRIMES[firstPrime + i]!, 2n, bits));
  let v = [...initial];
  for (let t = 0; t < rounds; t++) {
    const [a, b, c, d, e, f, g, h] = v as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    const t1 = h + sum(e, big1) + ((e & f) ^ (cut(~e) & g)) + fraction(PRIMES[t]!, 3n, bits) + w[t]!;
    const t2 = sum(a, big0) + ((a & b) ^ (a & c) ^ (b & c));
    v = [cut(t1 + t2), a, b, c, cut(d + t1), e, f, g];
  }
  const text = v
    .map((word, i) =>
      cut(word + initial[i]!)
        .toString(16)
        .padStart(digits, '0'),
    )
    .join('');
  return new Uint8Array(Buffer.from(text, 'hex'));
}
