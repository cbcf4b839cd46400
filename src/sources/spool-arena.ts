/**
 * Memory that spools share with the workers: one stretch of a fixed size, handed out in pieces and wiped when they come
 * back. All spools together never hold more, and since workers see the same bytes, nothing is copied to them. The first
 * part holds the keys of spools, for the pieces that went to disk.
 */

/** What is handed out, and the unit of encryption on disk. A multiple of the AES block. */
export const PIECE_BYTES = 1 << 18;
const KEY_BYTES = 32;
/** Spools open at once: more uploads than that are refused long before. */
const MAX_SPOOLS = 4096;
const KEYS_BYTES = MAX_SPOOLS * KEY_BYTES;

/** One view for both sides: by the number of a piece, or of a spool's key. */
export class SpoolMemory {
  readonly shared: SharedArrayBuffer;
  readonly pieces: number;

  constructor(shared: SharedArrayBuffer) {
    this.shared = shared;
    this.pieces = Math.floor((shared.byteLength - KEYS_BYTES) / PIECE_BYTES);
  }

  piece(number: number): Uint8Array {
    return new Uint8Array(this.shared, KEYS_BYTES + number * PIECE_BYTES, PIECE_BYTES);
  }

  key(slot: number): Uint8Array {
    return new Uint8Array(this.shared, slot * KEY_BYTES, KEY_BYTES);
  }
}

/** Hands out pieces and keys; lives in the main thread. */
export class SpoolArena {
  readonly memory: SpoolMemory;
  readonly #freePieces: number[];
  readonly #freeKeys = Array.from({ length: MAX_SPOOLS }, (_, i) => MAX_SPOOLS - 1 - i);

  /** @param memoryBytes held by all spools together; what is beyond goes to disk. Committed as it is used. */
  constructor(memoryBytes: number) {
    const pieces = Math.floor(memoryBytes / PIECE_BYTES);
    this.memory = new SpoolMemory(new SharedArrayBuffer(KEYS_BYTES + pieces * PIECE_BYTES));
    this.#freePieces = Array.from({ length: pieces }, (_, i) => pieces - 1 - i);
  }

  /** Undefined when all are taken. */
  takePiece(): number | undefined {
    return this.#freePieces.pop();
  }

  takeKey(): number | undefined {
    return this.#freeKeys.pop();
  }

  /** Wipes and takes back. */
  release(pieces: readonly number[], key: number): void {
    for (const piece of pieces) this.memory.piece(piece).fill(0);
    this.memory.key(key).fill(0);
    this.#freePieces.push(...pieces);
    this.#freeKeys.push(key);
  }
}
