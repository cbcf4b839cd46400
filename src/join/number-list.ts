/**
 * Numbers of one size that were read out of windows: where they lie and their lowest bits. What joins compare first is
 * there at once, the number itself is read again when it is needed: a bigint for each would take most of the time.
 */
import { randomFillSync } from 'node:crypto';
import { bigintFromBe } from '../bytes/limbs.ts';
import { u32be } from '../bytes/reader.ts';
import type { LeadWindow } from './join.ts';
import type { NumberLayout } from './number-layouts.ts';
import type { Fit } from './number-reader.ts';

/** Factors of a hash that nobody can foresee: who makes a dump must not be able to hide one number behind another. */
const factors = randomFillSync(new Uint32Array(1024));

export class NumberList {
  readonly size: number;
  /** Some were left out. */
  overflowed = false;
  count = 0;
  /** Lowest 32 bits, and the next 32. */
  lows = new Int32Array(256);
  nexts = new Int32Array(256);
  fits = new Uint8Array(256);
  /** Offsets in the input. */
  starts = new Float64Array(256);
  #ats = new Int32Array(256);
  readonly #windows: LeadWindow[] = [];
  /** Indexes in `#kinds`. */
  #layouts = new Uint8Array(256);
  readonly #kinds: NumberLayout[] = [];
  readonly #most: number;
  readonly #number: Uint8Array;
  /** Of each number. A `Map` of them would take more memory than all else. */
  #hashes = new Float64Array(256);
  /** Index + 1 by hash; 0 is a free slot. */
  #slots = new Int32Array(1024);

  constructor(size: number, most: number) {
    this.size = size;
    this.#most = most;
    this.#number = new Uint8Array(size);
  }

  /** Adds a number, or betters the place of one that is there. `at` is an index in `window.around`. */
  add(number: Uint8Array, start: number, fit: Fit, window: LeadWindow, layout: NumberLayout, at: number): void {
    const hash = hashOf(number);
    const slot = this.#slotOf(hash);
    const known = this.#slots[slot]! - 1;
    if (known >= 0 && this.fits[known]! <= fit) return;
    if (known < 0 && this.count >= this.#most) {
      this.overflowed = true;
      return;
    }
    const index = known < 0 ? this.count++ : known;
    this.#slots[slot] = index + 1;
    if (index === this.lows.length) this.#grow(hash);
    this.#hashes[index] = hash;
    this.lows[index] = u32be(number, this.size - 4)! | 0;
    this.nexts[index] = u32be(number, this.size - 8)! | 0;
    this.fits[index] = fit;
    this.starts[index] = start;
    this.#ats[index] = at;
    this.#windows[index] = window;
    const kind = this.#kinds.indexOf(layout);
    this.#layouts[index] = kind < 0 ? this.#kinds.push(layout) - 1 : kind;
  }

  numberOf(index: number): bigint {
    this.layoutOf(index).read(this.#windows[index]!.around, this.#ats[index]!, this.#number);
    const number = bigintFromBe(this.#number);
    this.#number.fill(0);
    return number;
  }

  layoutOf(index: number): NumberLayout {
    return this.#kinds[this.#layouts[index]!]!;
  }

  /** Indexes of those that fit at least so well, in order of `start`. */
  withFit(worst: Fit): number[] {
    const indexes: number[] = [];
    for (let i = 0; i < this.count; i++) if (this.fits[i]! <= worst) indexes.push(i);
    return indexes.sort((a, b) => this.starts[a]! - this.starts[b]!);
  }

  /** Where the number of this hash is, or would be. */
  #slotOf(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = (hash % 0x100000000) & mask;
    while (this.#slots[slot] !== 0 && this.#hashes[this.#slots[slot]! - 1] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(hash: number): void {
    const capacity = this.lows.length * 2;
    const grown = <T extends Int32Array | Uint8Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.lows = grown(this.lows, new Int32Array(capacity));
    this.nexts = grown(this.nexts, new Int32Array(capacity));
    this.fits = grown(this.fits, new Uint8Array(capacity));
    this.starts = grown(this.starts, new Float64Array(capacity));
    this.#ats = grown(this.#ats, new Int32Array(capacity));
    this.#layouts = grown(this.#layouts, new Uint8Array(capacity));
    this.#hashes = grown(this.#hashes, new Float64Array(capacity));
    this.#slots = new Int32Array(4 * capacity);
    // All but the one that is being added.
    for (let i = 0; i < this.count - 1; i++) this.#slots[this.#slotOf(this.#hashes[i]!)] = i + 1;
    this.#slots[this.#slotOf(hash)] = this.count;
  }
}

/** 53 bits of a hash with secret factors, one for each word. */
function hashOf(number: Uint8Array): number {
  let [one, two] = [0, 0];
  for (let at = number.length - 4, i = 0; at >= 0; at -= 4, i += 2) {
    const word = u32be(number, at)!;
    one = (one + Math.imul(word ^ factors[i % 1024]!, factors[(i + 1) % 1024]! | 1)) | 0;
    two = (two ^ Math.imul(word + factors[(i + 1) % 1024]!, factors[i % 1024]! | 1)) | 0;
    two = (two << 5) | (two >>> 27);
  }
  return (one >>> 0) * 0x200000 + (two >>> 11);
}
