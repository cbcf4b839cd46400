/** Keccak-256 as it was before SHA-3 padded it otherwise, which node:crypto lacks. In bigints: for a handful of short messages. */
import { bigintFromLe, bigintToBe } from '../bytes/limbs.ts';

const LANES = 25;
const LANE_BYTES = 8;
const RATE_BYTES = 136;
const DIGEST_BYTES = 32;
const ROUNDS = 24;
/** What follows the message: 1 of Keccak, 6 of SHA-3 (FIPS 202, 6.1). */
const KECCAK_PADDING = 1;

const rotate = (lane: bigint, by: number): bigint =>
  BigInt.asUintN(64, (lane << BigInt(by)) | (lane >> BigInt(64 - by)));

/** FIPS 202, 3.2.5: a shift register of 8 bits gives the bits 2^j - 1 of each constant. */
function createRoundConstants(): bigint[] {
  let register = 1;
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n;
    for (let j = 0; j <= 6; j++) {
      if ((register & 1) === 1) constant |= 1n << BigInt(2 ** j - 1);
      register = (register << 1) ^ (register >> 7 === 1 ? 0x171 : 0);
    }
    return constant;
  });
}
const ROUND_CONSTANTS = createRoundConstants();

/** FIPS 202, 3.2 and 3.3; the lane at (x, y) is `state[x + 5·y]`. */
function permute(state: bigint[]): void {
  for (const constant of ROUND_CONSTANTS) {
    const parity = [0, 1, 2, 3, 4].map((x) => [0, 5, 10, 15, 20].reduce((sum, y) => sum ^ state[x + y]!, 0n));
    for (let i = 0; i < LANES; i++) state[i]! ^= parity[(i + 4) % 5]! ^ rotate(parity[(i + 1) % 5]!, 1);
    let [x, y, moved] = [1, 0, state[1]!];
    for (let t = 0; t < ROUNDS; t++) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const lane = state[x + 5 * y]!;
      state[x + 5 * y] = rotate(moved, (((t + 1) * (t + 2)) / 2) % 64);
      moved = lane;
    }
    for (let row = 0; row < LANES; row += 5) {
      const lanes = state.slice(row, row + 5);
      for (let i = 0; i < 5; i++) state[row + i] = lanes[i]! ^ (~lanes[(i + 1) % 5]! & lanes[(i + 2) % 5]!);
    }
    for (let i = 0; i < LANES; i++) state[i] = BigInt.asUintN(64, state[i]!);
    state[0]! ^= constant;
  }
}

/** The digest of 32 bytes. */
export function keccak256(message: Uint8Array, padding = KECCAK_PADDING): Uint8Array {
  const padded = new Uint8Array(message.length + RATE_BYTES - (message.length % RATE_BYTES));
  padded.set(message);
  padded[message.length] = padding;
  padded[padded.length - 1]! |= 0x80;
  const state = new Array<bigint>(LANES).fill(0n);
  for (let block = 0; block < padded.length; block += RATE_BYTES) {
    for (let at = 0; at < RATE_BYTES; at += LANE_BYTES) {
      state[at / LANE_BYTES]! ^= bigintFromLe(padded, block + at, block + at + LANE_BYTES);
    }
    permute(state);
  }
  padded.fill(0);
  const digest = new Uint8Array(DIGEST_BYTES);
  for (let at = 0; at < DIGEST_BYTES; at += LANE_BYTES) {
    digest.set(bigintToBe(state[at / LANE_BYTES]!, LANE_BYTES).reverse(), at);
  }
  return digest;
}
