/**
 * Front to back over an input, with small exact reads for headers and pieces for contents. Skips without reading where the
 * input can be read anywhere; a stream is read through.
 */
import { FormatError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const PIECE_BYTES = 262_144;

export class Cursor {
  readonly input: Input;
  /** Offset in the input of the next byte. */
  at: number;
  /** Read and not yet taken: what `peek` looked at. */
  #ahead: Uint8Array = new Uint8Array(0);

  /** @param at where to begin; 0 for a stream */
  constructor(input: Input, at = 0) {
    this.input = input;
    this.at = at;
  }

  /** Up to `count` of the next bytes, in memory of their own; less at the end. `count` needs a ceiling of the caller. */
  async peek(count: number): Promise<Uint8Array> {
    if (this.#ahead.length < count) {
      const bytes = new Uint8Array(count);
      bytes.set(this.#ahead);
      const got = await this.input.read(bytes.subarray(this.#ahead.length), this.at + this.#ahead.length);
      this.#ahead = bytes.subarray(0, this.#ahead.length + got);
    }
    return this.#ahead.slice(0, count);
  }

  /** The next `count` bytes, in memory of their own. Throws FormatError when there are less. */
  async take(count: number, field: string): Promise<Uint8Array> {
    const bytes = await this.peek(count);
    if (bytes.length < count) throw new FormatError(field);
    this.#drop(count);
    return bytes;
  }

  #drop(count: number): void {
    this.#ahead = this.#ahead.subarray(count);
    this.at += count;
  }

  /** Ends quietly where the input ends. */
  async skip(count: number): Promise<void> {
    const held = Math.min(count, this.#ahead.length);
    this.#drop(held);
    if (!this.input.sequential) this.at += count - held;
    else for await (const _ of this.pieces(count - held));
  }

  /**
   * The next `count` bytes in one buffer that is used again for each piece. What the consumer leaves is not skipped. Ends
   * where the input ends, without an error: compare `at`.
   */
  async *pieces(count: number): AsyncGenerator<Uint8Array, void, undefined> {
    const end = this.at + count;
    const buffer = new Uint8Array(Math.min(PIECE_BYTES, Math.max(1, count)));
    try {
      while (this.at < end) {
        const wanted = Math.min(buffer.length, end - this.at);
        const held = Math.min(wanted, this.#ahead.length);
        buffer.set(this.#ahead.subarray(0, held));
        const got = held > 0 ? held : await this.input.read(buffer.subarray(0, wanted), this.at);
        if (got === 0) return;
        if (held > 0) this.#drop(held);
        else this.at += got;
        yield buffer.subarray(0, got);
      }
    } finally {
      buffer.fill(0);
    }
  }

  /** As `pieces`, but an input that ends too early is damaged: throws FormatError. */
  async *content(count: number, field: string): AsyncGenerator<Uint8Array, void, undefined> {
    const end = this.at + count;
    yield* this.pieces(count);
    if (this.at < end) throw new FormatError(field);
  }
}
