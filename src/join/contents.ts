/**
 * Whether eight bytes lie anywhere in the windows of an artifact: asked before what candidates give is looked for, of which nearly
 * nothing is there. No says so for certain; yes is wrong for one in twelve, and more often beyond 44 MB of windows.
 */
import { u32le } from '../bytes/reader.ts';

/** Bits of the filter for each offset of the windows. */
const BITS_PER_BYTE = 12;
const MIN_BITS = 12;
/** 64 MB. */
const MAX_BITS = 29;
/** Pieces between two breaths. */
const PIECES_PER_STEP = 4096;

export class Contents {
  readonly #words: Int32Array;
  readonly #shift: number;

  private constructor(bytes: number) {
    const bits = Math.min(MAX_BITS, Math.max(MIN_BITS, Math.ceil(Math.log2(bytes * BITS_PER_BYTE + 1))));
    this.#words = new Int32Array(1 << (bits - 5));
    this.#shift = 32 - bits;
  }

  /** Reads all `pieces`: those in which something will be looked for. Holds hashes of secrets: call `wipe` at the end. */
  static *of(pieces: readonly Uint8Array[]): Generator<undefined, Contents> {
    const contents = new Contents(pieces.reduce((sum, { length }) => sum + length, 0));
    for (const [i, piece] of pieces.entries()) {
      contents.#add(piece);
      if (i % PIECES_PER_STEP === PIECES_PER_STEP - 1) yield;
    }
    return contents;
  }

  /** The eight bytes as two little-endian words. */
  mayHold(low: number, high: number): boolean {
    const bit = hash(low, high) >>> this.#shift;
    return (this.#words[bit >>> 5]! & (1 << (bit & 31))) !== 0;
  }

  wipe(): void {
    this.#words.fill(0);
  }

  #add(piece: Uint8Array): void {
    const [words, shift] = [this.#words, this.#shift];
    if (piece.length < 8) return;
    let low = u32le(piece, 0)!;
    let high = u32le(piece, 4)!;
    for (let end = 8; ; end++) {
      const bit = hash(low, high) >>> shift;
      words[bit >>> 5]! |= 1 << (bit & 31);
      if (end === piece.length) return;
      low = (low >>> 8) | (high << 24);
      high = (high >>> 8) | (piece[end]! << 24);
    }
  }
}

function hash(low: number, high: number): number {
  const mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
}
