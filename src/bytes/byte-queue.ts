/**
 * Bytes that arrive in pieces, read front to back: what a decoder of a compressed stream needs. What is in hand lies in
 * one buffer (`bytes[at, end)`), so that a decoder's inner loop can run over it without waiting.
 */
import { FormatError } from '../model/errors.ts';

const FIRST_BYTES = 65_536;

export class ByteQueue {
  /** The buffer; what was read of it is overwritten by what comes. */
  bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  /** First unread index. */
  at = 0;
  /** One past the last index in hand. */
  end = 0;
  /** No piece is left to come. */
  ended = false;
  private readonly pieces: AsyncIterator<Uint8Array>;
  /** Bytes that were moved out of the buffer's front. */
  private gone = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.pieces = source[Symbol.asyncIterator]();
  }

  /** Offset in the stream of the next unread byte. */
  get position(): number {
    return this.gone + this.at;
  }

  /** Waits until `count` bytes are in hand; false when the stream ends before. `count` sizes the buffer: it needs a ceiling. */
  async fill(count: number): Promise<boolean> {
    while (this.end - this.at < count && !this.ended) {
      const { done, value } = await this.pieces.next();
      if (done) this.ended = true;
      else this.push(value, count);
    }
    return this.end - this.at >= count;
  }

  /** The next `count` bytes, until the next call. Throws FormatError when there are less. */
  async take(count: number, field: string): Promise<Uint8Array> {
    if (this.end - this.at < count && !(await this.fill(count))) throw new FormatError(field);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** Between 1 and `most` bytes, until the next call; undefined at the end of the stream. */
  async some(most: number): Promise<Uint8Array | undefined> {
    if (this.end === this.at && !(await this.fill(1))) return undefined;
    const count = Math.min(most, this.end - this.at);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** Throws FormatError when the stream ends before. */
  async skip(count: number, field: string): Promise<void> {
    for (let left = count; left > 0; ) {
      const piece = await this.some(left);
      if (!piece) throw new FormatError(field);
      left -= piece.length;
    }
  }

  /** Wipes what is in hand and ends the source. */
  async close(): Promise<void> {
    this.bytes.fill(0);
    this.at = this.end = 0;
    if (!this.ended) await this.pieces.return?.();
    this.ended = true;
  }

  private push(piece: Uint8Array, wanted: number): void {
    const left = this.end - this.at;
    if (this.end + piece.length > this.bytes.length) {
      this.gone += this.at;
      if (left + piece.length > this.bytes.length) {
        const grown = new Uint8Array(Math.max(left + piece.length, Math.min(wanted, this.bytes.length * 2)));
        grown.set(this.bytes.subarray(this.at, this.end));
        this.bytes.fill(0);
        this.bytes = grown;
      } else {
        this.bytes.copyWithin(0, this.at, this.end);
      }
      this.at = 0;
      this.end = left;
    }
    this.bytes.set(piece, this.end);
    this.end += piece.length;
  }
}
