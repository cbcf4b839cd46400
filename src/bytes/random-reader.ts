/**
 * Reads the tables of a dump: small pieces at many places, through a few windows, under a budget of bytes and of reads,
 * so that no header can make us read a dump many times over. What it read may hold secrets (stacks): `wipe` at the end.
 */
import type { Input } from '../model/input.ts';

/** A jump reads this much; what continues the last read, more. */
const JUMP_BYTES = 4096;
const SEQUENTIAL_BYTES = 65_536;
/** A quarter of a million memory ranges with their descriptions are 30 MB; the rest is for hostile tables. */
const MAX_BYTES = 96 << 20;
const MAX_READS = 16_384;
/** Windows that are looked at again. */
const RECENT = 16;

interface Window {
  readonly at: number;
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

export class InputReader {
  readonly size: number;
  /** The budget ended: from then on, reads give nothing new. */
  exhausted = false;
  readonly #input: Input;
  readonly #windows: Window[] = [];
  readonly #owned: Uint8Array[] = [];
  #bytesLeft = MAX_BYTES;
  #end = -1;

  constructor(input: Input) {
    this.#input = input;
    this.size = input.size;
  }

  /** Up to `length` bytes from `at`: fewer where the input, or the budget, ends. Valid until `wipe`. Throws SourceError. */
  async read(at: number, length: number): Promise<Uint8Array> {
    if (!(at >= 0 && length > 0 && at < this.size) || at > Number.MAX_SAFE_INTEGER) return NOTHING;
    const wanted = Math.min(length, this.size - at);
    for (let i = this.#windows.length - 1; i >= Math.max(0, this.#windows.length - RECENT); i--) {
      const window = this.#windows[i]!;
      const from = at - window.at;
      if (from >= 0 && from + wanted <= window.bytes.length) return window.bytes.subarray(from, from + wanted);
    }
    const ahead = at === this.#end ? SEQUENTIAL_BYTES : JUMP_BYTES;
    const size = Math.min(Math.max(wanted, ahead), this.size - at);
    if (size > this.#bytesLeft || this.#windows.length >= MAX_READS) {
      this.exhausted = true;
      return NOTHING;
    }
    this.#bytesLeft -= size;
    const into = new Uint8Array(size);
    const count = await this.#input.read(into, at);
    this.#windows.push({ at, bytes: into.subarray(0, count) });
    this.#end = at + count;
    return into.subarray(0, Math.min(wanted, count));
  }

  /** Has `bytes`, made of what was read, wiped with the rest. */
  own(bytes: Uint8Array): Uint8Array {
    this.#owned.push(bytes);
    return bytes;
  }

  wipe(): void {
    for (const bytes of this.#owned) bytes.fill(0);
    this.#owned.length = 0;
    for (const { bytes } of this.#windows) bytes.fill(0);
    this.#windows.length = 0;
  }
}
