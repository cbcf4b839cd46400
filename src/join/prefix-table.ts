/**
 * Finds many byte strings at once, at every offset, by their first eight bytes: some nanoseconds for each byte, whether
 * there are ten strings or a million. Holds no more of a string than that.
 */
import { u32le } from '../bytes/reader.ts';

/** Flags for each entry of the filter: one byte in 16 of random data passes. */
const FILTER_RATIO = 16;
const MIN_BITS = 16;
const MAX_BITS = 26;

const hash = (value: number): number => Math.imul(value, 0x9e3779b1) >>> 0;

export class PrefixTable {
  #low: Uint32Array;
  #high: Uint32Array;
  /** Value + 1; 0 is a free slot. */
  #values: Int32Array;
  #slotShift: number;
  /** Whether any prefix has a second half with this hash. */
  #filter: Uint8Array;
  #filterShift: number;
  #count = 0;

  /** @param expected strings that will be added, or fewer: the table grows */
  constructor(expected: number) {
    const slotBits = Math.max(4, Math.ceil(Math.log2(expected + 1)) + 1);
    const filterBits = Math.min(MAX_BITS, Math.max(MIN_BITS, Math.ceil(Math.log2(expected * FILTER_RATIO + 1))));
    this.#low = new Uint32Array(1 << slotBits);
    this.#high = new Uint32Array(1 << slotBits);
    this.#values = new Int32Array(1 << slotBits);
    this.#slotShift = 32 - slotBits;
    this.#filter = new Uint8Array(1 << filterBits);
    this.#filterShift = 32 - filterBits;
  }

  /** Strings that were added. */
  get count(): number {
    return this.#count;
  }

  /** @param bytes at least eight; `value` is what `scan` gives back */
  add(bytes: Uint8Array, value: number): void {
    this.addWords(u32le(bytes, 0)!, u32le(bytes, 4)!, value);
  }

  /** The same for the first eight bytes as two little-endian words. */
  addWords(lowWord: number, highWord: number, value: number): void {
    if (++this.#count * 2 > this.#values.length) this.#grow();
    const [low, high] = [lowWord >>> 0, highWord >>> 0];
    const mask = this.#values.length - 1;
    let slot = hash(low ^ hash(high)) >>> this.#slotShift;
    while (this.#values[slot] !== 0) slot = (slot + 1) & mask;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#values[slot] = value + 1;
    this.#filter[hash(high) >>> this.#filterShift] = 1;
  }

  /** Calls `onMatch` for each prefix at each offset; the caller compares the rest. */
  scan(bytes: Uint8Array, onMatch: (value: number, at: number) => void): void {
    const filter = this.#filter;
    const shift = this.#filterShift;
    let high = 0;
    for (let end = 0; end < bytes.length; end++) {
      high = (high >>> 8) | (bytes[end]! << 24);
      if (end < 7 || filter[Math.imul(high, 0x9e3779b1) >>> shift] === 0) continue;
      this.#match(u32le(bytes, end - 7)!, high >>> 0, end - 7, onMatch);
    }
  }

  #grow(): void {
    const { length } = this.#values;
    const larger = new PrefixTable(length);
    for (let slot = 0; slot < length; slot++) {
      const value = this.#values[slot]!;
      if (value !== 0) larger.addWords(this.#low[slot]!, this.#high[slot]!, value - 1);
    }
    this.wipe();
    this.#low = larger.#low;
    this.#high = larger.#high;
    this.#values = larger.#values;
    this.#slotShift = larger.#slotShift;
    this.#filter = larger.#filter;
    this.#filterShift = larger.#filterShift;
  }

  #match(low: number, high: number, at: number, onMatch: (value: number, at: number) => void): void {
    const mask = this.#values.length - 1;
    let slot = hash(low ^ hash(high)) >>> this.#slotShift;
    for (; this.#values[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#low[slot] === low && this.#high[slot] === high) onMatch(this.#values[slot]! - 1, at);
    }
  }

  wipe(): void {
    this.#low.fill(0);
    this.#high.fill(0);
  }
}
