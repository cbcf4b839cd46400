/** Appends numbers and bytes; marks where counts lie, for the tests that set them to their extremes. */
import { ascii, be, le } from './text.ts';

export class Binary {
  readonly #order: typeof be;
  readonly #parts: Uint8Array[] = [];
  readonly counts: { at: number; bytes: 1 | 2 | 4 | 8 }[] = [];
  at = 0;

  constructor(order: 'little' | 'big') {
    this.#order = order === 'big' ? be : le;
  }

  bytes(...parts: readonly (Uint8Array | string | readonly number[])[]): this {
    for (const part of parts) {
      const bytes = typeof part === 'string' ? ascii(part) : Uint8Array.from(part);
      this.#parts.push(bytes);
      this.at += bytes.length;
    }
    return this;
  }

  number(bytes: 1 | 2 | 4 | 8, ...values: readonly (number | bigint)[]): this {
    for (const value of values) this.bytes(this.#order(BigInt(value), bytes));
    return this;
  }

  u8 = (...values: readonly number[]): this => this.number(1, ...values);
  u16 = (...values: readonly number[]): this => this.number(2, ...values);
  u32 = (...values: readonly number[]): this => this.number(4, ...values);
  u64 = (...values: readonly (number | bigint)[]): this => this.number(8, ...values);

  /** A count, size or offset. */
  count(bytes: 1 | 2 | 4 | 8, value: number | bigint): this {
    this.counts.push({ at: this.at, bytes });
    return this.number(bytes, value);
  }

  zeros(length: number): this {
    return this.bytes(new Uint8Array(length));
  }

  /** Zeros up to the next multiple of `unit`. */
  pad(unit: number): this {
    return this.zeros((unit - (this.at % unit)) % unit);
  }

  /** All of another one, with its counts. */
  append(other: Binary): this {
    for (const count of other.counts) this.counts.push({ ...count, at: this.at + count.at });
    return this.bytes(other.done());
  }

  done(): Uint8Array {
    const out = new Uint8Array(this.at);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}
