/**
 * How much a join tries before the rest becomes a gap: counted in operations, not in time, so that the same dump gives
 * the same report on every machine.
 */
export class Budget {
  #left: number;
  exhausted = false;

  constructor(operations: number) {
    this.#left = operations;
  }

  /**
   * How many of `count` pieces of work, each of `cost` operations, may be done with `share` of what is left: these are
   * taken.
   */
  takeMost(count: number, cost: number, share = 1): number {
    const affordable = Math.min(count, this.most(cost, share));
    this.#left -= affordable * cost;
    if (affordable < count) this.exhausted = true;
    return affordable;
  }

  /** How many pieces of work, each of `cost` operations, could be done with `share` of what is left. */
  most(cost: number, share = 1): number {
    return Math.max(0, Math.floor((this.#left * share) / cost));
  }

  /** Whether `operations` more may be done. Once refused, always refused. */
  take(operations = 1): boolean {
    this.#left -= operations;
    if (this.#left < 0) this.exhausted = true;
    return !this.exhausted;
  }
}

/**
 * Work in order, each with the share of what is then left that is its own, so that the first doesn't use up everything; what
 * one doesn't need goes to those after it.
 */
export function shareOut<T>(work: readonly T[], weightOf: (work: T) => number): { work: T; share: number }[] {
  let rest = work.reduce((sum, one) => sum + weightOf(one), 0);
  return work.map((one) => {
    const share = weightOf(one) / rest;
    rest -= weightOf(one);
    return { work: one, share };
  });
}
