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

  /** How many of `count` pieces of work, each of `cost` operations, may be done: these are taken. */
  takeMost(count: number, cost: number): number {
    const affordable = Math.max(0, Math.min(count, Math.floor(this.#left / cost)));
    this.#left -= affordable * cost;
    if (affordable < count) this.exhausted = true;
    return affordable;
  }

  /** Whether `operations` more may be done. Once refused, always refused. */
  take(operations = 1): boolean {
    this.#left -= operations;
    if (this.#left < 0) this.exhausted = true;
    return !this.exhausted;
  }
}
