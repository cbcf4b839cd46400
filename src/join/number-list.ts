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
  readonly #layouts: NumberLayout[] = [];
  readonly #most: number;
  readonly #number: Uint8Array;
  /** Index by hash. */
  readonly #known = new Map<number, number>();

  constructor(size: number, most: number) {
    this.size = size;
    this.#most = most;
    this.#number = new Uint8Array(size);
  }

  /** Adds a number, or betters the place of one that is there. `at` is an index in `window.around`. */
  add(number: Uint8Array, start: number, fit: Fit, window: LeadWindow, layout: NumberLayout, at: number): void {
    const hash = hashOf(number);
    const known = this.#known.get(hash);
    if (known !== undefined && this.fits[known]! <= fit) return;
    if (known === undefined && this.count >= this.#most) {
      this.overflowed = true;
      return;
    }
    const index = known ?? this.count++;
    this.#known.set(hash, index);
    if (index === this.lows.length) this.#grow();
    this.lows[index] = u32be(number, this.size - 4)! | 0;
    this.nexts[index] = u32be(number, this.size - 8)! | 0;
    this.fits[index] = fit;
    this.starts[index] = start;
    this.#ats[index] = at;
    this.#windows[index] = window;
    this.#layouts[index] = layout;
  }

  numberOf(index: number): bigint {
    this.#layouts[index]!.read(this.#windows[index]!.around, this.#ats[index]!, this.#number);
    const number = bigintFromBe(this.#number);
    this.#number.fill(0);
    return number;
  }

  layoutOf(index: number): NumberLayout {
    return this.#layouts[index]!;
  }

  /** Indexes of those that fit at least so well, in order of `start`. */
  withFit(worst: Fit): number[] {
    const indexes: number[] = [];
    for (let i = 0; i < this.count; i++) if (this.fits[i]! <= worst) indexes.push(i);
    return indexes.sort((a, b) => this.starts[a]! - this.starts[b]!);
  }

  #grow(): void {
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
