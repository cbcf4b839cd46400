/**
 * Reads an input front to back through one buffer: headers are looked at in place, contents go out in pieces. It never
 * goes back, so it serves streams (`Input.sequential`) and files alike; on a file, skipping costs nothing.
 * The trap: what `peek`, `take` and `pieces` give is a view of the buffer, good until the next call only.
 */
import { SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

/** Large enough that reads and awaits don't count, small enough for a nest of containers. */
const BUFFER_BYTES = 262_144;

/** Most bytes that can be looked at in one piece: guards against lengths from the input. */
export const MAX_PEEK_BYTES = 16_777_216;

export class ForwardReader {
  readonly #input: Input;
  /** Nothing from here on is given. */
  readonly #end: number;
  #buffer: Uint8Array;
  /** Unread bytes are `#buffer[#from, #to)`; the first of them lies at `at` in the input. */
  #from = 0;
  #to = 0;
  #at: number;
  #ended = false;

  /** From `at` (a stream: what it has come to) up to `end`. */
  constructor(input: Input, at = 0, end = Number.POSITIVE_INFINITY, bufferBytes = BUFFER_BYTES) {
    this.#input = input;
    this.#at = at;
    this.#end = Math.min(end, input.size);
    this.#buffer = new Uint8Array(Math.max(1, Math.min(bufferBytes, this.#end - at)));
  }

  /** Offset in the input of the next byte. */
  get at(): number {
    return this.#at;
  }

  /**
   * The next `length` bytes, which stay; fewer where the input ends.
   * Throws RangeError above `MAX_PEEK_BYTES`: check lengths that come from the input first.
   */
  async peek(length: number): Promise<Uint8Array> {
    if (this.#to - this.#from < length && !this.#ended) await this.#fill(length);
    return this.#buffer.subarray(this.#from, Math.min(this.#to, this.#from + length));
  }

  /** At least one byte, as many as lie ready, at most `most`; empty at the end. They stay. */
  async peekSome(most: number): Promise<Uint8Array> {
    if (this.#from === this.#to && most > 0 && !this.#ended) await this.#fill(1);
    return this.#buffer.subarray(this.#from, Math.min(this.#to, this.#from + most));
  }

  /** Like `peek`, but takes them. Fewer where the input ends. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    this.#advance(bytes.length);
    return bytes;
  }

  /** Takes up to `length` bytes unseen; returns how many there were. */
  async skip(length: number): Promise<number> {
    const start = this.#at;
    const buffered = Math.min(length, this.#to - this.#from);
    this.#advance(buffered);
    if (buffered < length && !this.#ended && !this.#input.sequential && Number.isFinite(this.#end)) {
      this.#at = Math.min(this.#at + (length - buffered), this.#end);
      return this.#at - start;
    }
    while (this.#at - start < length) {
      const bytes = await this.peekSome(length - (this.#at - start));
      if (bytes.length === 0) break;
      this.#advance(bytes.length);
    }
    return this.#at - start;
  }

  /** The next `length` bytes in pieces, each the consumer's until the next; fewer where the input ends: compare `at`. */
  async *pieces(length: number): AsyncGenerator<Uint8Array, void, undefined> {
    const end = this.#at + length;
    while (this.#at < end) {
      const piece = await this.peekSome(end - this.#at);
      if (piece.length === 0) return;
      this.#advance(piece.length);
      yield piece;
    }
  }

  /** As `pieces`, but an input that ends before is cut off: throws SourceError with `field`. */
  async *content(length: number, field: string): AsyncGenerator<Uint8Array, void, undefined> {
    const end = this.#at + length;
    yield* this.pieces(length);
    if (this.#at < end) throw new SourceError('truncated', field);
  }

  /** Overwrites what it holds. Idempotent; nothing may be read afterwards. */
  close(): void {
    this.#buffer.fill(0);
    this.#from = this.#to = 0;
    this.#ended = true;
  }

  #advance(length: number): void {
    this.#from += length;
    this.#at += length;
  }

  /** Makes `length` bytes lie ready if there are so many. */
  async #fill(length: number): Promise<void> {
    if (length > MAX_PEEK_BYTES) throw new RangeError('peek beyond the ceiling');
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.min(MAX_PEEK_BYTES, Math.max(length, this.#buffer.length * 2)));
      larger.set(this.#buffer.subarray(this.#from, this.#to));
      this.#buffer.fill(0);
      this.#buffer = larger;
    } else if (this.#from > 0) {
      this.#buffer.copyWithin(0, this.#from, this.#to);
    }
    this.#to -= this.#from;
    this.#from = 0;
    while (this.#to < length && !this.#ended) {
      const next = this.#at + this.#to;
      const room = Math.min(this.#buffer.length - this.#to, this.#end - next);
      const read = room > 0 ? await this.#input.read(this.#buffer.subarray(this.#to, this.#to + room), next) : 0;
      if (read <= 0) this.#ended = true;
      this.#to += read;
    }
  }
}
