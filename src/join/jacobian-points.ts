/**
 * Points in Jacobian coordinates: x = X/Z², y = Y/Z³. OpenSSL computes public keys so, and never reduces the point of a key that it
 * made itself, or read from a document without a public key: X, Y and Z are numbers of their own, Montgomery residues or plain (where
 * the curve has code for its digits: P-521; P-384 and P-256 in some builds). x and y are nowhere once their encoding is gone. So
 * does mirage-crypto (OCaml), with residues on all curves.
 */
import { bigintFromBe, bigintFromLe } from '../bytes/limbs.ts';
import { u32le } from '../bytes/reader.ts';
import { invertAll } from '../proof/modular.ts';
import { bitsOfR, parametersOf, type ShortCurve } from '../proof/short-curves.ts';
import type { LeadWindow } from './join.ts';
import { LITTLE_ENDIAN } from './number-layouts.ts';
import { FIT, type OnNumber, readNumbers } from './number-reader.ts';

/** OpenSSL allocates X, Y and Z one after the other: two of them are neighbours, by address, or have one number between them. */
const MOST_APART = 2;
/** Numbers of one size: some 0.1 s on P-256. */
const MOST_NUMBERS = 4096;
/** glibc's flags in the size before an allocation. */
const FLAGS = 7;

/** What x and y each number near a possible Z stands for. Public values, but for what else is divided. */
export class JacobianPoints {
  readonly #xs = new Map<number, bigint>();
  readonly #ys = new Map<number, bigint>();

  /** Yields now and then. */
  *read(curve: ShortCurve, windows: readonly LeadWindow[]): Generator<undefined> {
    const { p, size } = parametersOf(curve);
    const numbers: bigint[] = [];
    /** Of each the word before it: the three are in equal allocations. */
    const headers: number[] = [];
    const reading = { fit: FIT.filling, layouts: [LITTLE_ENDIAN], ...(curve === 'P-521' && { maxTop: 1 }) };
    const onNumber: OnNumber = (bytes, _start, _fit, { window: { around }, at }) => {
      const number = numbers.length < MOST_NUMBERS ? bigintFromBe(bytes) : p;
      if (number === 0n || number >= p) return;
      numbers.push(number);
      headers.push(((u32le(around, at - 8) ?? 0) & ~FLAGS) + (u32le(around, at - 4) ?? 0) * 2 ** 32);
    };
    yield* readNumbers(windows, size, onNumber, reading);
    // What residues are multiplied by: their R, a power of 2^64; 1 where they are plain.
    const r = 1n << BigInt(bitsOfR(curve));
    const factors = curve === 'secp256k1' ? [r] : [1n, r];
    for (const [i, inverse] of invertAll(numbers, p).entries()) {
      const square = (inverse * inverse) % p;
      const cube = (square * inverse) % p;
      const divisors = factors.map((r) => ({ x: (square * r) % p, y: (((cube * r) % p) * r) % p }));
      for (let j = Math.max(0, i - MOST_APART); j <= i + MOST_APART && j < numbers.length; j++) {
        if (j === i || headers[j] !== headers[i]) continue;
        for (const { x, y } of divisors) {
          add(this.#xs, (numbers[j]! * x) % p);
          add(this.#ys, (numbers[j]! * y) % p);
        }
      }
      if (i % 256 === 255) yield;
    }
  }

  /** Whether a point is there, of its coordinates as little-endian bytes: with X or Y, and Z. */
  has(x: Uint8Array, y: Uint8Array): boolean {
    return isIn(this.#xs, x) || isIn(this.#ys, y);
  }

  wipe(): void {
    this.#xs.clear();
    this.#ys.clear();
  }
}

const add = (values: Map<number, bigint>, value: bigint): void => void values.set(Number(value & 0xffff_ffffn), value);

function isIn(values: ReadonlyMap<number, bigint>, bytes: Uint8Array): boolean {
  const value = values.get(u32le(bytes, 0)!);
  return value !== undefined && bigintFromLe(bytes) === value;
}
