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
/** A position with the very gram of a pattern costs a comparison with the pattern: as much as so many false candidates. */
const COMPARE_COST = 3;
const TESTS = 6;
const NIBBLES = 16;

export interface Placement extends Gram {
  readonly bucket: number;
}

/** Nibble that test `t` looks at: low and high nibble of the gram's bytes 0, 1, 2. */
export function nibbleOf(gram: number, test: number): number {
  return (gram >>> (4 * test)) & 15;
}

interface Bucket {
  /** How many members have nibble n in test t, at `t * 16 + n`. */
  readonly members: Uint32Array;
  /** For each test the positions of the sample that pass it. */
  readonly passes: readonly Uint32Array[];
  cost: number;
}

export class Buckets {
  readonly #words: number;
  /** At `t * 16 + n`: the positions of the sample with nibble n in test t. */
  readonly #sets: readonly Uint32Array[];
  readonly #buckets: readonly Bucket[];
  readonly #frequency = new Map<number, number>();
  #compares = 0;

  constructor(sample: Uint32Array) {
    const words = Math.ceil(sample.length / 32);
    this.#words = words;
    this.#sets = Array.from({ length: TESTS * NIBBLES }, () => new Uint32Array(words));
    for (let i = 0; i < sample.length; i++) {
      this.#frequency.set(sample[i]!, this.frequency(sample[i]!) + 1);
      for (let t = 0; t < TESTS; t++) {
        this.#sets[t * NIBBLES + nibbleOf(sample[i]!, t)]![i >>> 5]! |= 1 << (i & 31);
      }
    }
    this.#buckets = Array.from({ length: BUCKETS }, () => ({
      members: new Uint32Array(TESTS * NIBBLES),
      passes: Array.from({ length: TESTS }, () => new Uint32Array(words)),
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

  /** The cheapest of the grams' placements. */
  cheapest(grams: readonly Gram[]): Placement {
    let best: Placement | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const gram of grams) {
      const compares = COMPARE_COST * this.frequency(gram.gram);
      for (const [bucket, state] of this.#buckets.entries()) {
        if (compares >= least) break;
        const cost = this.#costWith(state, gram.gram, state.cost + least - compares);
        const more = cost - state.cost + compares;
        if (more >= least) continue;
        best = { ...gram, bucket };
        least = more;
      }
      if (least === 0) break;
    }
    if (!best) throw new RangeError('no grams');
    return best;
  }

  add({ gram, bucket }: Placement): void {
    const state = this.#buckets[bucket]!;
    state.cost = this.#costWith(state, gram, Number.POSITIVE_INFINITY);
    this.#compares += this.frequency(gram);
    for (let t = 0; t < TESTS; t++) {
      const test = t * NIBBLES + nibbleOf(gram, t);
      if (state.members[test]!++ > 0) continue;
      const [passes, set] = [state.passes[t]!, this.#sets[test]!];
      for (let i = 0; i < this.#words; i++) passes[i]! |= set[i]!;
    }
  }

  remove({ gram, bucket }: Placement): void {
    const state = this.#buckets[bucket]!;
    this.#compares -= this.frequency(gram);
    for (let t = 0; t < TESTS; t++) {
      const test = t * NIBBLES + nibbleOf(gram, t);
      if (--state.members[test]! > 0) continue;
      const passes = state.passes[t]!.fill(0);
      for (let n = 0; n < NIBBLES; n++) {
        if (state.members[t * NIBBLES + n] === 0) continue;
        const set = this.#sets[t * NIBBLES + n]!;
        for (let i = 0; i < this.#words; i++) passes[i]! |= set[i]!;
      }
    }
    state.cost = this.#costWith(state, undefined, Number.POSITIVE_INFINITY);
  }

  /** Cost of a bucket with one more gram; gives up above `ceiling`. */
  #costWith({ passes, members, cost }: Bucket, gram: number | undefined, ceiling: number): number {
    const sets = passes.map((pass, t) => (gram === undefined ? pass : this.#sets[t * NIBBLES + nibbleOf(gram, t)]!));
    if (gram !== undefined && sets.every((_, t) => members[t * NIBBLES + nibbleOf(gram, t)]! > 0)) return cost;
    const [p0, p1, p2, p3, p4, p5] = passes as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    const [s0, s1, s2, s3, s4, s5] = sets as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    let sum = 0;
    for (let i = 0; i < this.#words; i++) {
      const accepted =
        (p0[i]! | s0[i]!) &
        (p1[i]! | s1[i]!) &
        (p2[i]! | s2[i]!) &
        (p3[i]! | s3[i]!) &
        (p4[i]! | s4[i]!) &
        (p5[i]! | s5[i]!);
      if (accepted === 0) continue;
      sum += countBits(accepted);
      if (sum > ceiling) return sum;
    }
    return sum;
  }
}

function countBits(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
