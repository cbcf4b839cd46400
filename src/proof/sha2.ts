/**
 * SHA-2 from a state in the middle (FIPS 180-4, 6.2 and 6.4), which node:crypto can't resume: what HMAC (RFC 2104, 4)
 * keeps of its key are the two states after one block. For states from a dump: not constant-time.
 */

export type Sha2 = 'sha256' | 'sha384' | 'sha512';

export interface Sha2Sizes {
  readonly blockBytes: 64 | 128;
  /** Of the state; SHA-384's result is shorter. */
  readonly stateBytes: 32 | 64;
  readonly digestBytes: number;
}

export const SHA2_SIZES: Readonly<Record<Sha2, Sha2Sizes>> = {
  sha256: { blockBytes: 64, stateBytes: 32, digestBytes: 32 },
  sha384: { blockBytes: 128, stateBytes: 64, digestBytes: 48 },
  sha512: { blockBytes: 128, stateBytes: 64, digestBytes: 64 },
};

/** First 64 bits of the fractional parts of the cube roots of the first eighty primes (4.2.2 and 4.2.3). */
function roundConstants(): readonly bigint[] {
  const constants: bigint[] = [];
  for (let candidate = 2n; constants.length < 80; candidate++) {
    let divisor = 2n;
    while (divisor * divisor <= candidate && candidate % divisor !== 0n) divisor++;
    if (divisor * divisor > candidate) constants.push(BigInt.asUintN(64, cubeRoot(candidate << 192n)));
  }
  return constants;
}

function cubeRoot(value: bigint): bigint {
  let root = 0n;
  for (let bit = 1n << 67n; bit > 0n; bit >>= 1n) if ((root | bit) ** 3n <= value) root |= bit;
  return root;
}

/** Constants of SHA-512; those of SHA-256 are their upper halves. */
interface Constants {
  readonly words: readonly bigint[];
  readonly high: Int32Array;
}

/** Made when they are first needed: two milliseconds of each start. */
let constants: Constants | undefined;

function readConstants(): Constants {
  if (constants) return constants;
  const words = roundConstants();
  constants = { words, high: Int32Array.from(words, (word) => Number(BigInt.asIntN(32, word >> 32n))) };
  return constants;
}

const rotr = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

const w256 = new Int32Array(64);

/** One block of SHA-256; `state` is eight big-endian words, replaced. */
function compress256(state: DataView, block: DataView): void {
  const { high } = readConstants();
  for (let t = 0; t < 16; t++) w256[t] = block.getInt32(t * 4);
  for (let t = 16; t < 64; t++) {
    const [x, y] = [w256[t - 15]!, w256[t - 2]!];
    const s0 = rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3);
    const s1 = rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10);
    w256[t] = s1 + w256[t - 7]! + s0 + w256[t - 16]!;
  }
  const word = (i: number): number => state.getInt32(i * 4);
  let [a, b, c, d, e, f, g, h] = [word(0), word(1), word(2), word(3), word(4), word(5), word(6), word(7)];
  for (let t = 0; t < 64; t++) {
    const choice = (e & f) ^ (~e & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const t1 = (h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + choice + high[t]! + w256[t]!) | 0;
    const t2 = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  for (const [i, sum] of [a, b, c, d, e, f, g, h].entries()) state.setInt32(i * 4, word(i) + sum);
  w256.fill(0);
}

const w512 = new BigUint64Array(80);
const rotr64 = (x: bigint, n: bigint): bigint => (x >> n) | BigInt.asUintN(64, x << (64n - n));

/** One block of SHA-512, in bigints: some ten times slower than in halves of 32 bits, and short. */
function compress512(state: DataView, block: DataView): void {
  const { words } = readConstants();
  for (let t = 0; t < 16; t++) w512[t] = block.getBigUint64(t * 8);
  for (let t = 16; t < 80; t++) {
    const [x, y] = [w512[t - 15]!, w512[t - 2]!];
    const s0 = rotr64(x, 1n) ^ rotr64(x, 8n) ^ (x >> 7n);
    const s1 = rotr64(y, 19n) ^ rotr64(y, 61n) ^ (y >> 6n);
    w512[t] = s1 + w512[t - 7]! + s0 + w512[t - 16]!;
  }
  const start = Array.from({ length: 8 }, (_, i) => state.getBigUint64(i * 8));
  let [a, b, c, d, e, f, g, h] = start as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  for (let t = 0; t < 80; t++) {
    const choice = (e & f) ^ (BigInt.asUintN(64, ~e) & g);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const t1 = h + (rotr64(e, 14n) ^ rotr64(e, 18n) ^ rotr64(e, 41n)) + choice + words[t]! + w512[t]!;
    const t2 = (rotr64(a, 28n) ^ rotr64(a, 34n) ^ rotr64(a, 39n)) + majority;
    [h, g, f, e, d, c, b, a] = [g, f, e, BigInt.asUintN(64, d + t1), c, b, a, BigInt.asUintN(64, t1 + t2)];
  }
  for (const [i, sum] of [a, b, c, d, e, f, g, h].entries()) state.setBigUint64(i * 8, start[i]! + sum);
  w512.fill(0n);
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/**
 * The digest of a message of which the first block made `state`.
 * @param state big-endian words, as long as `stateBytes`
 * @param rest what follows the first block
 * @returns the digest in memory of its own
 */
export function resumeSha2(hash: Sha2, state: Uint8Array, rest: Uint8Array): Uint8Array {
  const { blockBytes, digestBytes } = SHA2_SIZES[hash];
  const compress = blockBytes === 64 ? compress256 : compress512;
  const lengthBytes = blockBytes / 8;
  const padded = new Uint8Array(Math.ceil((rest.length + 1 + lengthBytes) / blockBytes) * blockBytes);
  padded.set(rest);
  padded[rest.length] = 0x80;
  viewOf(padded).setBigUint64(padded.length - 8, BigInt(blockBytes + rest.length) * 8n);
  const current = state.slice();
  for (let at = 0; at < padded.length; at += blockBytes) {
    compress(viewOf(current), viewOf(padded.subarray(at, at + blockBytes)));
  }
  const digest = current.slice(0, digestBytes);
  current.fill(0);
  return digest;
}
