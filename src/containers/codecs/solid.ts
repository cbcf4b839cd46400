/** Members that lie one after another in one decoded stream (cab folders, 7z solid blocks): decoded once, cut into members. */
import { FormatError, SourceError } from '../../model/errors.ts';

/** Members that overlap or lie backwards need the stream again from its start: hostile archives have thousands. */
const MAX_RESTARTS = 16;

export class SolidStream {
  private readonly open: () => AsyncIterable<Uint8Array>;
  private pieces: AsyncIterator<Uint8Array> | undefined;
  private piece: Uint8Array = new Uint8Array(0);
  private position = 0;
  private restarts = 0;
  /** After damage: all that lies behind is lost. */
  private failure: { readonly position: number; readonly error: unknown } | undefined;

  constructor(open: () => AsyncIterable<Uint8Array>) {
    this.open = open;
  }

  /** The content `[start, start + size)`. Throws what the decoder throws, and FormatError with `field` when it ends before. */
  async *slice(start: number, size: number, field: string): AsyncGenerator<Uint8Array, void, undefined> {
    if (size === 0) return;
    if (this.failure && start + size > this.failure.position && start >= this.failure.position)
      throw this.failure.error;
    if (!this.pieces || start < this.position) await this.restart();
    for (let left = size; left > 0; ) {
      if (this.piece.length === 0) {
        this.piece = await this.next(field);
        continue;
      }
      const skip = Math.min(this.piece.length, Math.max(0, start - this.position));
      const part = this.piece.subarray(skip, skip + left);
      this.piece = this.piece.subarray(skip + part.length);
      this.position += skip + part.length;
      left -= part.length;
      if (part.length > 0) yield part;
    }
  }

  /** When all `size` bytes were read: waits for the decoder's own end, where it tells what it thinks of checksums. */
  async finish(size: number): Promise<void> {
    if (!this.pieces || this.position < size || this.piece.length > 0) return;
    const { done } = await this.pieces.next();
    if (done) this.pieces = undefined;
  }

  async close(): Promise<void> {
    const pieces = this.pieces;
    this.pieces = undefined;
    await pieces?.return?.();
  }

  private async restart(): Promise<void> {
    await this.close();
    if (this.restarts++ > MAX_RESTARTS) throw new SourceError('over-budget', 'solid.order');
    this.piece = new Uint8Array(0);
    this.position = 0;
    try {
      this.pieces = this.open()[Symbol.asyncIterator]();
    } catch (error) {
      this.failure = { position: 0, error };
      throw error;
    }
  }

  private async next(field: string): Promise<Uint8Array> {
    try {
      const { done, value } = await this.pieces!.next();
      if (!done) return value;
      throw new FormatError(field);
    } catch (error) {
      this.failure ??= { position: this.position, error };
      this.pieces = undefined;
      throw error;
    }
  }
}
