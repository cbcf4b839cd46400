/**
 * Bytes that came in a stream and are kept until the verdict, to be read at random by any thread: in shared memory as
 * long as its arena has room, beyond it in a temporary file that has no name, encrypted with AES-256-CTR under a key that
 * only this process has. So a stream can be scanned like a file, with all joins, and handed on afterwards; its plain
 * bytes never touch the disk.
 */
import { createCipheriv, randomFillSync } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import type { Locator } from '../model/place.ts';
import { errorCode } from './file-input.ts';
import { PIECE_BYTES, type SpoolArena, type SpoolMemory } from './spool-arena.ts';

const BLOCK = 16;

/** AES-CTR both ways; the counter of a piece follows from its number (NIST SP 800-38A, 6.5 and B.1). */
function crypt(key: Uint8Array, piece: number, bytes: Uint8Array): Uint8Array {
  const counter = new Uint8Array(BLOCK);
  new DataView(counter.buffer).setBigUint64(8, BigInt(piece) * BigInt(PIECE_BYTES / BLOCK));
  const { buffer, byteOffset, length } = createCipheriv('aes-256-ctr', key, counter).update(bytes);
  // As a Uint8Array, whose slice() copies: a Buffer's does not.
  return new Uint8Array(buffer, byteOffset, length);
}

/** Where the bytes of a spool are: numbers only, the same in every thread of the process. */
interface SpoolPlan {
  readonly size: number;
  /** Numbers of its pieces in memory: the first ones. */
  readonly held: readonly number[];
  /** Slot of its key. */
  readonly key: number;
  /** Of the file with the other pieces. */
  readonly descriptor: number | undefined;
}

/** Reads pieces, and keeps the last one that came from the file. */
class PieceReader {
  readonly #plan: SpoolPlan;
  readonly #memory: SpoolMemory;
  #cached = -1;
  #cache: Uint8Array = new Uint8Array(0);

  constructor(plan: SpoolPlan, memory: SpoolMemory) {
    this.#plan = plan;
    this.#memory = memory;
  }

  /** The plain bytes of a piece: valid until the next call, and not to be changed. Throws SourceError. */
  piece(piece: number): Uint8Array {
    const { held, descriptor, key } = this.#plan;
    const number = held[piece];
    if (number !== undefined) return this.#memory.piece(number);
    if (this.#cached === piece) return this.#cache;
    const cipher = new Uint8Array(PIECE_BYTES);
    try {
      for (let done = 0; done < cipher.length; ) {
        const at = (piece - held.length) * PIECE_BYTES + done;
        const count = readSync(descriptor!, cipher, done, cipher.length - done, at);
        if (count === 0) throw new SourceError('truncated', 'spool');
        done += count;
      }
    } catch (error) {
      throw error instanceof SourceError ? error : new SourceError('unreadable', `spool ${errorCode(error)}`);
    }
    this.wipe();
    this.#cache = crypt(this.#memory.key(key), piece, cipher);
    this.#cached = piece;
    return this.#cache;
  }

  wipe(): void {
    this.#cache.fill(0);
    this.#cached = -1;
  }
}

function openPlan(plan: SpoolPlan, memory: SpoolMemory): Input {
  const reader = new PieceReader(plan, memory);
  return {
    size: plan.size,
    read(into, at) {
      let done = 0;
      while (done < into.length && at + done < plan.size) {
        const from = at + done;
        const piece = Math.floor(from / PIECE_BYTES);
        const end = Math.min(plan.size - piece * PIECE_BYTES, PIECE_BYTES);
        const start = from % PIECE_BYTES;
        const part = reader.piece(piece).subarray(start, Math.min(end, start + into.length - done));
        into.set(part, done);
        done += part.length;
      }
      return done;
    },
    async close() {
      reader.wipe();
    },
  };
}

/** Opens what `Spool.locate` named, in any thread. Throws SourceError. */
export function openSpool(locator: Locator, shared: SpoolMemory | undefined): Input {
  if (!shared) throw new SourceError('unreadable', 'no-spool');
  return openPlan(JSON.parse(locator.id) as SpoolPlan, shared);
}

export class Spool {
  readonly #arena: SpoolArena;
  readonly #key: number;
  readonly #held: number[] = [];
  #descriptor: number | undefined;
  /** The piece that is being filled: in the arena when there is room, else one of our own. */
  #last: Uint8Array | undefined;
  #isLastHeld = false;
  #size = 0;
  #state: 'open' | 'sealed' | 'closed' = 'open';

  /** Throws SourceError `over-budget` when there are too many. */
  constructor(arena: SpoolArena) {
    const key = arena.takeKey();
    if (key === undefined) throw new SourceError('over-budget', 'spools');
    this.#arena = arena;
    this.#key = key;
    randomFillSync(arena.memory.key(key));
  }

  get size(): number {
    return this.#size;
  }

  /** Throws SourceError `unreadable` with the system's code when the disk is full. */
  write(bytes: Uint8Array): void {
    if (this.#state !== 'open') throw new Error('a spool is written before it is read');
    let rest = bytes;
    while (rest.length > 0) {
      const at = this.#size % PIECE_BYTES;
      if (at === 0) this.#startPiece();
      const part = rest.subarray(0, PIECE_BYTES - at);
      this.#last!.set(part, at);
      this.#size += part.length;
      rest = rest.subarray(part.length);
      if (this.#size % PIECE_BYTES === 0) this.#finishPiece();
    }
  }

  #startPiece(): void {
    // Pieces in memory are the first ones: after one went to disk, all do.
    const number = this.#descriptor === undefined ? this.#arena.takePiece() : undefined;
    this.#isLastHeld = number !== undefined;
    if (number === undefined) {
      this.#last ??= new Uint8Array(PIECE_BYTES);
    } else {
      this.#held.push(number);
      this.#last = this.#arena.memory.piece(number);
    }
  }

  #finishPiece(): void {
    if (this.#isLastHeld) {
      this.#last = undefined;
      return;
    }
    const piece = Math.ceil(this.#size / PIECE_BYTES) - 1;
    const cipher = crypt(this.#arena.memory.key(this.#key), piece, this.#last!);
    this.#last!.fill(0);
    try {
      this.#descriptor ??= openNameless();
      for (let done = 0; done < cipher.length; ) {
        const at = (piece - this.#held.length) * PIECE_BYTES + done;
        done += writeSync(this.#descriptor, cipher, done, cipher.length - done, at);
      }
    } catch (error) {
      throw new SourceError('unreadable', `spool ${errorCode(error)}`);
    }
  }

  /** What was written is all there will be. Throws SourceError when the disk is full. */
  #seal(): SpoolPlan {
    if (this.#state === 'closed') throw new Error('the spool is closed');
    if (this.#state === 'open') {
      if (this.#size % PIECE_BYTES !== 0) this.#finishPiece();
      this.#last = undefined;
      this.#state = 'sealed';
    }
    return { size: this.#size, held: this.#held, key: this.#key, descriptor: this.#descriptor };
  }

  /** Names it for the threads that share the arena's memory. @param label for people, sanitised */
  locate(label: string): Locator {
    return { source: 'spool', id: JSON.stringify(this.#seal()), label, size: this.#size };
  }

  /** May be opened many times. Closing an input keeps the spool. */
  openInput(): Input {
    return openPlan(this.#seal(), this.#arena.memory);
  }

  /** The content from the start, in copies. */
  *content(): Generator<Uint8Array> {
    const reader = new PieceReader(this.#seal(), this.#arena.memory);
    try {
      for (let piece = 0; piece * PIECE_BYTES < this.#size; piece++) {
        yield reader.piece(piece).slice(0, Math.min(PIECE_BYTES, this.#size - piece * PIECE_BYTES));
      }
    } finally {
      reader.wipe();
    }
  }

  /** Wipes what is in memory, and the key: what is on disk is noise from then on. Nobody may read it any more. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#last?.fill(0);
    this.#last = undefined;
    this.#arena.release(this.#held.splice(0), this.#key);
    this.#size = 0;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/** A file that vanishes with its descriptor, whatever happens to this process. (Windows keeps it until it is closed.) */
function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-spool-'));
  try {
    return openSync(join(folder, 'spool'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
