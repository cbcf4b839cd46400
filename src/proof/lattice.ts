/**
 * What ML-DSA (FIPS 204) and ML-KEM (FIPS 203) share: polynomials of 256 coefficients modulo X^256 + 1 and a small prime,
 * their number-theoretic transform, their packing, and their sampling from SHAKE. For keys from a dump: not constant-time.
 */
import { createHash } from 'node:crypto';

/** 256 coefficients, or the values of a transform; between `-q` and `q`, since `%` keeps the sign. */
export type Polynomial = Int32Array;

export const DEGREE = 256;

export interface LatticeSizes {
  /** Bytes of the seed that everything else is made of. */
  readonly seed: number;
  /** Bytes of the private key without its seed. */
  readonly expanded: number;
  /** Bytes of the public key. */
  readonly public: number;
}

export interface Ring {
  readonly q: number;
  /** `zetas[i]` is the root of unity to the power of i with its `levels` bits reversed. */
  readonly zetas: readonly number[];
  /** In place (FIPS 204, algorithm 41; FIPS 203, algorithm 9). */
  readonly transform: (polynomial: Polynomial) => void;
  /** In place (FIPS 204, algorithm 42; FIPS 203, algorithm 10). */
  readonly inverse: (values: Polynomial) => void;
  /** The representative in `[0, q)`. */
  readonly residue: (value: number) => number;
  /** Whether every coefficient is in `[-bound, bound]` modulo q. */
  readonly isShort: (polynomial: Polynomial, bound: number) => boolean;
}

/**
 * Arithmetic modulo `q`, below 2^23, so that products are exact in doubles.
 *
 * @param root of unity, of order 2^(levels+1)
 * @param levels of the transform: 8 ends in values, 7 in remainders of degree 1
 */
export function createRing(q: number, root: number, levels: 7 | 8): Ring {
  const powers = [1];
  while (powers.length < 1 << levels) powers.push((powers.at(-1)! * root) % q);
  const zetas = powers.map((_, i) => powers[reverseBits(i, levels)]!);
  const shortest = DEGREE >> levels;
  // 2^levels · (q - (q-1)/2^levels) ≡ 1, as 2^levels divides q-1.
  const scale = q - (q - 1) / (1 << levels);
  const residue = (value: number): number => ((value % q) + q) % q;

  return {
    q,
    zetas,
    transform: (w) => {
      let next = 1;
      for (let length = DEGREE / 2; length >= shortest; length /= 2) {
        for (let start = 0; start < DEGREE; start += 2 * length) {
          const zeta = zetas[next++]!;
          for (let i = start; i < start + length; i++) {
            const [low, high] = [w[i]!, (zeta * w[i + length]!) % q];
            w[i] = (low + high) % q;
            w[i + length] = (low - high) % q;
          }
        }
      }
    },
    inverse: (w) => {
      let next = zetas.length - 1;
      for (let length = shortest; length < DEGREE; length *= 2) {
        for (let start = 0; start < DEGREE; start += 2 * length) {
          const zeta = zetas[next--]!;
          for (let i = start; i < start + length; i++) {
            const [low, high] = [w[i]!, w[i + length]!];
            w[i] = (low + high) % q;
            w[i + length] = (zeta * (high - low)) % q;
          }
        }
      }
      for (let i = 0; i < DEGREE; i++) w[i] = (w[i]! * scale) % q;
    },
    residue,
    isShort: (polynomial, bound) => polynomial.every((value) => residue(value + bound) <= 2 * bound),
  };
}

function reverseBits(value: number, bits: number): number {
  let reversed = 0;
  for (let i = 0; i < bits; i++) reversed |= ((value >> i) & 1) << (bits - 1 - i);
  return reversed;
}

type Shake = 'shake128' | 'shake256';

/** The first `length` bytes of SHAKE (FIPS 202, 6.2) over all parts. */
export function shake(name: Shake, length: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash(name, { outputLength: length });
  for (const part of parts) hash.update(part);
  const buffer = hash.digest();
  const output = new Uint8Array(buffer);
  buffer.fill(0);
  return output;
}

/**
 * A polynomial by rejection: SHAKE's output is read as numbers of `bits` bits, and `coefficient` says what each becomes;
 * undefined rejects it.
 */
export function samplePolynomial(
  name: Shake,
  bits: number,
  coefficient: (value: number) => number | undefined,
  ...parts: readonly Uint8Array[]
): Polynomial {
  const polynomial = new Int32Array(DEGREE);
  // Twice what is needed if none is rejected: mostly enough. If not, a longer output begins with the same bytes.
  for (let length = (2 * DEGREE * bits) / 8; ; length *= 2) {
    const stream = shake(name, length, ...parts);
    const values = unpack(stream, bits);
    let count = 0;
    for (let i = 0; i < values.length && count < DEGREE; i++) {
      const accepted = coefficient(values[i]!);
      if (accepted !== undefined) polynomial[count++] = accepted;
    }
    wipe(stream, values);
    if (count === DEGREE) return polynomial;
  }
}

/** Numbers of at most 24 bits, the lowest first (FIPS 204, algorithm 18; FIPS 203, algorithm 6). Left-over bits are dropped. */
export function unpack(bytes: Uint8Array, bits: number): Int32Array {
  const values = new Int32Array(Math.floor((bytes.length * 8) / bits));
  let [buffer, held, at] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    for (; held < bits; held += 8) buffer |= bytes[at++]! << held;
    values[i] = buffer & ((1 << bits) - 1);
    buffer >>>= bits;
    held -= bits;
  }
  return values;
}

/** The inverse of `unpack` (FIPS 204, algorithm 16; FIPS 203, algorithm 5), for values below 2^bits that fill whole bytes. */
export function pack(values: Int32Array, bits: number): Uint8Array {
  const bytes = new Uint8Array((values.length * bits) / 8);
  let [buffer, held, at] = [0, 0, 0];
  for (const value of values) {
    buffer |= value << held;
    for (held += bits; held >= 8; held -= 8) {
      bytes[at++] = buffer;
      buffer >>>= 8;
    }
  }
  return bytes;
}

/** As many polynomials of `bits` bits per coefficient as there are in `bytes`. */
export function unpackPolynomials(bytes: Uint8Array, bits: number): Polynomial[] {
  const size = (DEGREE * bits) / 8;
  return Array.from({ length: bytes.length / size }, (_, i) => unpack(bytes.subarray(i * size, (i + 1) * size), bits));
}

export function wipe(...secrets: readonly (Uint8Array | Int32Array)[]): void {
  for (const secret of secrets) secret.fill(0);
}
