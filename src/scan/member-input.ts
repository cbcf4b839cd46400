/** Members of containers as inputs: a slice of the container, a stream of pieces, or what is held of a stream in memory. */
import { SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import type { Span } from '../model/place.ts';
import { gapOf } from './open.ts';
import { BLOCK_BYTES, type Quota, type Stop } from './quota.ts';

/** A stored member: it can be read wherever the container can. */
export function sliceInput(input: Input, { start, end }: Span): Input {
  return {
    size: end - start,
    read(into, at) {
      const room = end - start - at;
      if (room <= 0) return 0;
      return input.read(into.length > room ? into.subarray(0, room) : into, start + at);
    },
    close: async () => undefined,
  };
}

/**
 * A member's content, read front to back straight into the caller's memory; its pieces are wiped as they are used up.
 * Never throws on damage or at a ceiling: it ends there, and `stop` says why.
 */
export class MemberStream implements Input {
  readonly size = Number.POSITIVE_INFINITY;
  readonly sequential = true;
  stop: Stop | undefined;
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #quota: Quota;
  readonly #container: string;
  #piece: Uint8Array = new Uint8Array(0);
  #next = 0;
  #ended = false;

  constructor(content: AsyncIterable<Uint8Array>, quota: Quota, container: string) {
    this.#pieces = content[Symbol.asyncIterator]();
    this.#quota = quota;
    this.#container = container;
  }

  /** Bytes that were read. */
  get position(): number {
    return this.#next;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    if (at !== this.#next) throw new SourceError('not-seekable', 'out-of-order');
    let done = 0;
    while (done < into.length && (this.#piece.length > 0 || (await this.#pull()))) {
      const part = this.#piece.length > into.length - done ? this.#piece.subarray(0, into.length - done) : this.#piece;
      into.set(part, done);
      part.fill(0);
      this.#piece = this.#piece.subarray(part.length);
      done += part.length;
    }
    this.#next += done;
    return done;
  }

  /** False at the end. */
  async #pull(): Promise<boolean> {
    if (this.#ended) return false;
    this.#ended = true;
    this.stop = await this.#quota.check();
    if (this.stop) return false;
    try {
      const { done, value } = await this.#pieces.next();
      if (done) return false;
      this.stop = this.#quota.takeBytes(value.length);
      if (this.stop) value.fill(0);
      else this.#piece = value;
      this.#ended = this.stop !== undefined;
      return !this.#ended;
    } catch (error) {
      this.stop = gapOf(error, this.#container);
      return false;
    }
  }

  async close(): Promise<void> {
    this.#piece.fill(0);
    this.#ended = true;
    await this.#pieces.return?.();
  }
}

/** The beginning of a sequential input, held in memory: all of it when it is short. */
export class HeldInput {
  /** The input ended within what is held, so it can be read anywhere. */
  readonly isWhole: boolean;
  readonly #quota: Quota;
  readonly #blocks: Uint8Array[];
  readonly #length: number;
  /** Blocks before this one were given back. */
  #first = 0;

  private constructor(quota: Quota, blocks: Uint8Array[], length: number, isWhole: boolean) {
    this.#quota = quota;
    this.#blocks = blocks;
    this.#length = length;
    this.isWhole = isWhole;
  }

  static async hold(input: Input, quota: Quota): Promise<HeldInput> {
    const blocks: Uint8Array[] = [];
    let length = 0;
    let isWhole = false;
    while (!isWhole && length < quota.maxHeldBytes) {
      const block = quota.takeBlock();
      if (!block) break;
      blocks.push(block);
      const read = await input.read(block, length);
      length += read;
      isWhole = read < block.length;
    }
    return new HeldInput(quota, blocks, length, isWhole);
  }

  /** What is held, readable anywhere. The size of a part is not that of the input, which nobody knows. */
  get input(): Input {
    return {
      size: this.isWhole ? this.#length : Number.POSITIVE_INFINITY,
      read: (into, at) => this.#read(into, at),
      close: async () => undefined,
    };
  }

  /** What is held, then the rest of `input`: front to back. Blocks are given back as they are used up. */
  followedBy(input: Input): Input & { readonly position: number } {
    let next = 0;
    return {
      size: Number.POSITIVE_INFINITY,
      sequential: true,
      get position() {
        return next;
      },
      read: async (into, at) => {
        if (at !== next) throw new SourceError('not-seekable', 'out-of-order');
        const held = this.#read(into, at);
        this.#dropBefore(at + held);
        const done = held < into.length ? held + (await input.read(into.subarray(held), at + held)) : held;
        next += done;
        return done;
      },
      close: () => input.close(),
    };
  }

  wipe(): void {
    this.#dropBefore(Number.POSITIVE_INFINITY);
  }

  #read(into: Uint8Array, at: number): number {
    let done = 0;
    while (done < into.length && at + done < this.#length) {
      const from = at + done;
      const index = Math.floor(from / BLOCK_BYTES);
      const offset = from - index * BLOCK_BYTES;
      const room = Math.min(into.length - done, this.#length - from, BLOCK_BYTES - offset);
      into.set(this.#blocks[index]!.subarray(offset, offset + room), done);
      done += room;
    }
    return done;
  }

  /** Gives back the blocks that end at or before `end`. */
  #dropBefore(end: number): void {
    while (this.#first < this.#blocks.length && (this.#first + 1) * BLOCK_BYTES <= end) {
      const used = Math.min(BLOCK_BYTES, this.#length - this.#first * BLOCK_BYTES);
      this.#quota.giveBlock(this.#blocks[this.#first++]!, used);
    }
  }
}
