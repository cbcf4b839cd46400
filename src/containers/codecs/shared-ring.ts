/**
 * A ring of bytes in memory that two threads share: one puts, the other takes. Positions count all bytes that ever went
 * through, modulo 2^32, so a full ring and an empty one differ; the size is a power of two for the same reason.
 */

/** Indexes into the control array of a ring. */
const PUT = 0;
const TAKEN = 1;
/** 32-bit numbers in the control array of a ring. */
export const RING_CONTROLS = 2;

export class SharedRing {
  readonly #control: Int32Array;
  readonly #bytes: Uint8Array;

  /** `control`: `RING_CONTROLS` numbers, zero at first; `memory`: as many bytes as a power of two. */
  constructor(control: Int32Array, memory: SharedArrayBuffer) {
    this.#control = control;
    this.#bytes = new Uint8Array(memory);
  }

  /** Bytes that were put and not yet taken. */
  get filled(): number {
    return (Atomics.load(this.#control, PUT) - Atomics.load(this.#control, TAKEN)) >>> 0;
  }

  get room(): number {
    return this.#bytes.length - this.filled;
  }

  /** Puts the first bytes of `piece`, as many as there is room for; returns their number. */
  put(piece: Uint8Array): number {
    const count = Math.min(piece.length, this.room);
    const at = Atomics.load(this.#control, PUT) & (this.#bytes.length - 1);
    const first = Math.min(count, this.#bytes.length - at);
    this.#bytes.set(piece.subarray(0, first), at);
    this.#bytes.set(piece.subarray(first, count), 0);
    Atomics.add(this.#control, PUT, count);
    return count;
  }

  /** The next bytes, at most `most` and perhaps less than are there: a view, the taker's until it calls `release`. */
  peek(most: number): Uint8Array {
    const at = Atomics.load(this.#control, TAKEN) & (this.#bytes.length - 1);
    return this.#bytes.subarray(at, at + Math.min(this.filled, most, this.#bytes.length - at));
  }

  /** Takes as many bytes as `into` has room for, and are there; returns their number. */
  take(into: Uint8Array): number {
    let done = 0;
    for (let part = this.peek(into.length); part.length > 0; part = this.peek(into.length - done)) {
      into.set(part, done);
      done += part.length;
      this.release(part.length);
    }
    return done;
  }

  /** Gives `count` bytes that were peeked at back to the putter. */
  release(count: number): void {
    Atomics.add(this.#control, TAKEN, count);
  }

  /** Overwrites all of it: when the other thread has ended. */
  wipe(): void {
    this.#bytes.fill(0);
  }
}
