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

  /** Whether `operations` more may be done. Once refused, always refused. */
  take(operations = 1): boolean {
    this.#left -= operations;
    if (this.#left < 0) this.exhausted = true;
    return !this.exhausted;
  }
}
