/**
 * Small reads from an input through one window, so that a walk over millions of records costs few calls. Forward reads
 * never go back in the input, so that it works on streams too.
 */
import type { Input } from '../model/input.ts';

const WINDOW_BYTES = 262_144;

/** Nobody needs more at once; guards against a length from the input that was not checked. */
const MAX_READ_BYTES = 67_108_864;

export class InputWindow {
  readonly input: Input;
  #buffer: Uint8Array;
  /** Offset in the input of the first byte in the window, and how many there are. */
  #start = 0;
  #length = 0;
  /** Where the input was seen to end. */
  #end = Number.POSITIVE_INFINITY;

  constructor(input: Input, windowBytes = WINDOW_BYTES) {
    this.input = input;
    this.#buffer = new Uint8Array(windowBytes);
  }

  /** Where the bytes end: the size of the input, or less when reading found an earlier end. `Infinity` while unknown. */
  get end(): number {
    return Math.min(this.#end, this.input.size);
  }

  /** The input ends before its size: a stream of which only a beginning can be read, and no sign of damage. */
  get cutShort(): boolean {
    return this.#end < this.input.size;
  }

  /** `[at, at + length)` when all of it is in the window: the fast path of `read`. */
  view(at: number, length: number): Uint8Array | undefined {
    const from = at - this.#start;
    return from >= 0 && from + length <= this.#length ? this.#buffer.subarray(from, from + length) : undefined;
  }

  /** What is in the window from `at` on, at least one byte; empty at the end of the input. Valid until the next read. */
  async rest(at: number): Promise<Uint8Array> {
    const from = at - this.#start;
    if (from >= 0 && from < this.#length) return this.#buffer.subarray(from, this.#length);
    return this.read(at, this.#buffer.length);
  }

  /** `[at, at + length)`, less where the input ends, nothing where a stream is past it. Valid until the next read. Throws SourceError. */
  async read(at: number, length: number): Promise<Uint8Array> {
    const ready = this.view(at, length);
    if (ready) return ready;
    if (!(at >= 0 && at < this.end)) return this.#buffer.subarray(0, 0);
    if (this.input.sequential && at < this.#start) return this.#buffer.subarray(0, 0);
    const wanted = Math.min(length, MAX_READ_BYTES);
    this.#keep(at);
    if (this.input.sequential) await this.#skipTo(at);
    if (this.#buffer.length < wanted) {
      const larger = new Uint8Array(wanted);
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    while (this.#length < wanted && this.#start + this.#length < this.end) {
      const into = this.#buffer.subarray(this.#length, Math.min(this.#buffer.length, this.end - this.#start));
      const count = await this.input.read(into, this.#start + this.#length);
      if (count < into.length) this.#end = Math.min(this.#end, this.#start + this.#length + count);
      this.#length += count;
    }
    return this.#buffer.subarray(0, Math.min(wanted, this.#length));
  }

  /** Moves the window to `at`, keeping what it holds from there on. */
  #keep(at: number): void {
    const from = at - this.#start;
    if (from >= 0 && from <= this.#length) {
      this.#buffer.copyWithin(0, from, this.#length);
      this.#length -= from;
      this.#start = at;
    } else if (!this.input.sequential) {
      this.#length = 0;
      this.#start = at;
    }
  }

  async #skipTo(at: number): Promise<void> {
    while (this.#start < at) {
      const next = this.#start + this.#length;
      const count = Math.min(this.#buffer.length, at - next);
      const read = count > 0 ? await this.input.read(this.#buffer.subarray(0, count), next) : 0;
      this.#start = next + read;
      this.#length = 0;
      if (read < count) {
        this.#end = this.#start;
        return;
      }
    }
  }
}
