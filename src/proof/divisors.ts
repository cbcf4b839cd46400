/**
 * Which of many numbers divide one of many others. One division for each pair takes a microsecond; the product of all dividends,
 * reduced by a tree of products of the divisors (D. J. Bernstein, "Fast multiplication and its applications", 2008, section
 * 18: remainder trees), a fifth to a tenth of that for some thousand of each, since V8 multiplies long numbers fast.
 */

/** Numbers of one product. Of more, one multiplication would take too long between two breaths. */
const MAX_FACTORS = 2048;
/** With fewer dividends or divisors, a division for each pair is faster. */
const MIN_FACTORS = 32;
const DIVISIONS_PER_STEP = 1024;
/** What a pair costs, in divisions of its own, when there are many. */
const COST_OF_MANY = 1 / 6;

export interface Division {
  readonly dividend: bigint;
  readonly divisor: bigint;
}

/** Work of `findDivisors` for each of so many divisors, in divisions. */
export function costOfDivisor(dividends: number, divisors: number): number {
  return Math.min(dividends, divisors) < MIN_FACTORS ? dividends : Math.ceil(dividends * COST_OF_MANY);
}

/** Yields the pairs without remainder, and nothing now and then, so that it can be stopped. */
export function* findDivisors(
  dividends: readonly bigint[],
  divisors: readonly bigint[],
): Generator<Division | undefined> {
  if (Math.min(dividends.length, divisors.length) < MIN_FACTORS) {
    yield* divideEach(dividends, divisors);
    return;
  }
  // A product much longer than that of the divisors takes longer to make than it spares.
  const groups = inGroups(dividends, Math.max(MIN_FACTORS, Math.min(divisors.length, MAX_FACTORS)));
  const products: bigint[] = [];
  for (const group of groups) {
    products.push((yield* multiplyAll(group)).at(-1)![0]!);
  }
  for (const some of inGroups(divisors, MAX_FACTORS)) {
    const tree = yield* multiplyAll(some);
    for (const [i, product] of products.entries()) {
      const remainders = yield* reduceBy(tree, product);
      for (const [j, remainder] of remainders.entries()) {
        if (remainder === 0n) yield* divideEach(groups[i]!, [some[j]!]);
      }
    }
  }
}

function* divideEach(dividends: readonly bigint[], divisors: readonly bigint[]): Generator<Division | undefined> {
  let done = 0;
  for (const divisor of divisors) {
    for (const dividend of dividends) if (dividend % divisor === 0n) yield { dividend, divisor };
    done += dividends.length;
    if (done < DIVISIONS_PER_STEP) continue;
    done = 0;
    yield;
  }
}

function inGroups(numbers: readonly bigint[], size: number): bigint[][] {
  return Array.from({ length: Math.ceil(numbers.length / size) }, (_, i) => numbers.slice(i * size, (i + 1) * size));
}

/** The numbers, the products of two neighbours, of four, and so on; the last level holds the product of all. */
function* multiplyAll(numbers: readonly bigint[]): Generator<undefined, readonly (readonly bigint[])[]> {
  const levels = [numbers];
  for (let level = numbers; level.length > 1; ) {
    const above: bigint[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(level[i]! * (level[i + 1] ?? 1n));
    levels.push(above);
    level = above;
    yield;
  }
  return levels;
}

/** Remainders of `dividend` by each number at the bottom of the tree. */
function* reduceBy(tree: readonly (readonly bigint[])[], dividend: bigint): Generator<undefined, readonly bigint[]> {
  let remainders: readonly bigint[] = [dividend];
  for (const level of tree.toReversed()) {
    const above = remainders;
    remainders = level.map((product, i) => above[i >> 1]! % product);
    yield;
  }
  return remainders;
}
