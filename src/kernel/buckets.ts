/**
 * Chooses for each pattern the gram to look for and one of Teddy's eight buckets, so that the prefilter accepts few
 * positions of real memory. What it accepts is estimated on a sample of grams: the positions of the sample are bits,
 * and for each of the six tests (low and high nibble of three bytes) and each nibble there is a set of those
 * that pass. A bucket accepts the intersection, over the six tests, of the union of its members' nibbles.
 *
 * Used at build time on a large sample (train/), and at start for patterns that were not trained.
 */
import type { Gram } from './plan.ts';

export const BUCKETS = 8;
/** A position with the very gram of a pattern costs a look at the bytes around it: as much as so many false candidates. */
const COMPARE_COST = 1;
/** More grams of a pattern to choose from bring next to nothing. */
const MOST_CHOICES = 12;
const TESTS = 6;
const NIBBLES = 16;

export interface Placement extends Gram {
  readonly bucket: number;
}

/** Nibble that test `t` looks at: low and high nibble of the gram's bytes 0, 1, 2. */
export function nibbleOf(gram: number, test: number): number {
  return (gram >>> (4 * test)) & 15;
}

/** Positions of the sample that pass each of the six tests. */
export type Passes = readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];

interface Bucket {
  /** How many members have nibble n in test t, at `t * 16 + n`. */
  readonly members: Uint32Array;
  readonly passes: Passes;
  cost: number;
}

/** Sets of the sample's positions. */
export interface BitSets {
  /** An empty one. */
  allocate(): Uint32Array;
  /** Positions that pass all six tests by one or the other; gives up above `ceiling`. */
  countAccepted(a: Passes, b: Passes, ceiling: number): number;
}

/** Sets that `Buckets` asks for: of each nibble, those that each bucket passes, and empty ones. */
export const SETS = TESTS * (NIBBLES + BUCKETS + 1);

export class Buckets {
  readonly #bits: BitSets;
  readonly #nothing: Passes;
  /** At `t * 16 + n`: the positions of the sample with nibble n in test t. */
  readonly #sets: readonly Uint32Array[];
  readonly #buckets: readonly Bucket[];
  readonly #frequency = new Map<number, number>();
  #compares = 0;

  constructor(sample: Uint32Array, bits: BitSets = createBits(sample.length)) {
    this.#bits = bits;
    const empty = () => bits.allocate();
    this.#nothing = [empty(), empty(), empty(), empty(), empty(), empty()];
    this.#sets = Array.from({ length: TESTS * NIBBLES }, empty);
    for (let i = 0; i < sample.length; i++) {
      this.#frequency.set(sample[i]!, this.frequency(sample[i]!) + 1);
      for (let t = 0; t < TESTS; t++) {
        this.#sets[t * NIBBLES + nibbleOf(sample[i]!, t)]![i >>> 5]! |= 1 << (i & 31);
      }
    }
    this.#buckets = Array.from({ length: BUCKETS }, () => ({
      members: new Uint32Array(TESTS * NIBBLES),
      passes: [empty(), empty(), empty(), empty(), empty(), empty()],
      cost: 0,
    }));
  }

  /** Positions of the sample that the prefilter accepts, counted once per bucket, and comparisons with patterns. */
  get cost(): number {
    return this.#buckets.reduce((sum, { cost }) => sum + cost, COMPARE_COST * this.#compares);
  }

  /** How often the gram is in the sample. */
  frequency(gram: number): number {
    return this.#frequency.get(gram) ?? 0;
  }

  /** The cheapest of the grams' placements, of the few rarest grams. */
  cheapest(grams: readonly Gram[]): Placement {
    const rarest = grams.toSorted((a, b) => this.frequency(a.gram) - this.frequency(b.gram)).slice(0, MOST_CHOICES);
    let best: Placement | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const gram of rarest) {
      const compares = COMPARE_COST * this.frequency(gram.gram);
      const passes = this.#passesOf(gram.gram);
      for (const [bucket, state] of this.#buckets.entries()) {
        if (compares >= least) break;
        const cost = this.#bits.countAccepted(state.passes, passes, state.cost + least - compares);
        const more = cost - state.cost + compares;
        if (more >= least) continue;
        best = { ...gram, bucket };
        least = more;
      }
    }
    if (!best) throw new RangeError('no grams');
    return best;
  }

  add(...placements: readonly Placement[]): void {
    for (const { gram, bucket } of placements) {
      const { members, passes } = this.#buckets[bucket]!;
      this.#compares += this.frequency(gram);
      for (let t = 0; t < TESTS; t++) {
        const test = t * NIBBLES + nibbleOf(gram, t);
        if (members[test]!++ === 0) unite(passes[t]!, this.#sets[test]!);
      }
    }
    for (const bucket of new Set(placements.map(({ bucket }) => bucket))) this.#updateCost(this.#buckets[bucket]!);
  }

  remove({ gram, bucket }: Placement): void {
    const state = this.#buckets[bucket]!;
    this.#compares -= this.frequency(gram);
    for (let t = 0; t < TESTS; t++) {
      const test = t * NIBBLES + nibbleOf(gram, t);
      if (--state.members[test]! > 0) continue;
      const passes = state.passes[t]!.fill(0);
      for (let n = 0; n < NIBBLES; n++) {
        if (state.members[t * NIBBLES + n]! > 0) unite(passes, this.#sets[t * NIBBLES + n]!);
      }
    }
    this.#updateCost(state);
  }

  #updateCost(bucket: Bucket): void {
    bucket.cost = this.#bits.countAccepted(bucket.passes, this.#nothing, Number.POSITIVE_INFINITY);
  }

  #passesOf(gram: number): Passes {
    const set = (test: number) => this.#sets[test * NIBBLES + nibbleOf(gram, test)]!;
    return [set(0), set(1), set(2), set(3), set(4), set(5)];
  }
}

function createBits(positions: number): BitSets {
  const words = Math.ceil(positions / 32);
  return {
    allocate: () => new Uint32Array(words),
    countAccepted([a0, a1, a2, a3, a4, a5], [b0, b1, b2, b3, b4, b5], ceiling) {
      let sum = 0;
      for (let i = 0; i < words && sum <= ceiling; i++) {
        const early = (a0[i]! | b0[i]!) & (a1[i]! | b1[i]!) & (a2[i]! | b2[i]!);
        if (early === 0) continue;
        const accepted = early & (a3[i]! | b3[i]!) & (a4[i]! | b4[i]!) & (a5[i]! | b5[i]!);
        if (accepted !== 0) sum += countBits(accepted);
      }
      return sum;
    },
  };
}

function unite(into: Uint32Array, set: Uint32Array): void {
  for (let i = 0; i < into.length; i++) into[i]! |= set[i]!;
}

export function countBits(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
