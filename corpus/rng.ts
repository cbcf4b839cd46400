/**
 * Deterministic randomness: the AES-256-CTR key stream under SHA-256(seed). The same seed gives the same bytes on
 * every machine, so a failing test can be run again from its seed alone.
 */
import { createCipheriv, createHash } from 'node:crypto';

export interface Rng {
  readonly bytes: (length: number) => Uint8Array;
  /** Uniform in `[0, below)`; `below` is at most 2^32. */
  readonly int: (below: number) => number;
  /** Uniform in `[0, 2^bits)`. */
  readonly bigint: (bits: number) => bigint;
  readonly pick: <T>(choices: readonly T[]) => T;
}

const BLOCK_BYTES = 65_536;

export function createRng(seed: string): Rng {
  const key = createHash('sha256').update(seed).digest();
  const stream = createCipheriv('aes-256-ctr', key, new Uint8Array(16));
  const zeros = new Uint8Array(BLOCK_BYTES);

  const bytes = (length: number): Uint8Array => {
    const out = new Uint8Array(length);
    for (let at = 0; at < length; at += BLOCK_BYTES) {
      out.set(stream.update(zeros.subarray(0, Math.min(BLOCK_BYTES, length - at))), at);
    }
    return out;
  };

  const int = (below: number): number => {
    if (!Number.isInteger(below) || below < 1 || below > 2 ** 32) throw new RangeError(`int(${below})`);
    // Rejection keeps it uniform: 6 bytes leave a bias-free part of at least 1 - 2^-16.
    const limit = 2 ** 48 - (2 ** 48 % below);
    for (;;) {
      const value = bytes(6).reduce((sum, byte) => sum * 256 + byte, 0);
      if (value < limit) return value % below;
    }
  };

  const bigint = (bits: number): bigint => {
    const value = BigInt(`0x0${Buffer.from(bytes(Math.ceil(bits / 8))).toString('hex')}`);
    return value & ((1n << BigInt(bits)) - 1n);
  };

  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[int(choices.length)];
    if (choice === undefined) throw new RangeError('pick: a hole in the choices');
    return choice;
  };

  return { bytes, int, bigint, pick };
}
