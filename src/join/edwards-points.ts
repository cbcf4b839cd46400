/**
 * Points of EdDSA in projective coordinates: y = Y/Z. Libraries compute public keys so, and some keep them as they were computed
 * (pycryptodome): the coordinates of one structure, in digits or limbs, or numbers of their own, plain or all three multiplied by the same
 * power of two (Montgomery), which the division takes away.
 */
import { bigintFromBe, bigintFromLe } from '../bytes/limbs.ts';
import { u32le } from '../bytes/reader.ts';
import type { OkpCurve } from '../proof/curves.ts';
import { invertAll } from '../proof/modular.ts';
import { type Digits, edwardsField, readDigits } from './edwards-digits.ts';
import type { LeadWindow } from './join.ts';
import { CPYTHON_DIGITS, LITTLE_ENDIAN } from './number-layouts.ts';
import { FIT, type OnNumber, readNumbers } from './number-reader.ts';

/** Divisions of one curve: some 0.1 s. */
const MOST_NUMBERS = 4096;
/** Coordinates in allocations of their own are neighbours, or have another one between them. */
const MOST_APART = 2;
/** A structure is no longer, and begins with the run, or a few words into it. */
const MAX_STRUCTURE_BYTES = 512;
const MAX_WORDS_BEFORE = 4;
const WORD_BYTES = 8;
const WINDOWS_PER_STEP = 4096;
/** glibc's flags in the size before an allocation. */
const FLAGS = 7;

type Pair = readonly [y: bigint, z: bigint];

/** What y two numbers stand for. Public values, but for what else is divided. */
export class EdwardsPoints {
  readonly #p: bigint;
  readonly #bits: number;
  /** Of a coordinate in limbs. */
  readonly #size: number;
  readonly #digits: readonly Digits[];
  readonly #ys = new Map<number, bigint>();

  constructor(curve: OkpCurve) {
    const field = edwardsField(curve);
    this.#p = field?.p ?? 0n;
    this.#bits = field?.bits ?? 0;
    this.#size = Math.ceil(this.#bits / 64) * WORD_BYTES;
    this.#digits = field?.digits ?? [];
  }

  /** Yields now and then. */
  *read(windows: readonly LeadWindow[]): Generator<undefined> {
    if (this.#digits.length === 0) return;
    yield* this.#readStructures(windows);
    yield* this.#readNumbers(windows);
  }

  /** Whether the point of a public key is there: it, or its inverse. */
  has(publicKey: Uint8Array): boolean {
    if (this.#ys.size === 0) return false;
    const y = this.#ys.get(u32le(publicKey, 0)!);
    return y !== undefined && y === BigInt.asUintN(this.#bits, bigintFromLe(publicKey));
  }

  wipe(): void {
    this.#ys.clear();
  }

  *#readStructures(windows: readonly LeadWindow[]): Generator<undefined> {
    const pairs: Pair[] = [];
    for (const [i, { lead, bytes }] of windows.entries()) {
      if (i % WINDOWS_PER_STEP === 0) yield;
      if (lead.kind !== 'number' || bytes.length > MAX_STRUCTURE_BYTES) continue;
      for (let at = 0; at < MAX_WORDS_BEFORE * WORD_BYTES; at += WORD_BYTES) {
        for (const pair of this.#structuresAt(bytes, at)) if (pairs.length < MOST_NUMBERS) pairs.push(pair);
      }
    }
    this.#divide(pairs);
    yield;
  }

  /** X, Y and Z one behind the other, in digits or limbs: what is longer than a point is none of limbs, which could be anything. */
  *#structuresAt(bytes: Uint8Array, at: number): Generator<Pair> {
    for (const digits of this.#digits) {
      const length = digits.count * digits.wordBytes;
      const [x, y, z] = [0, 1, 2].map((i) => readDigits(digits, bytes, at + i * length));
      if (x !== undefined && y !== undefined && z !== undefined) yield [y, z];
    }
    const end = at + 3 * this.#size;
    if (end > bytes.length || bytes.length > end + this.#size) return;
    yield [bigintFromLe(bytes, at + this.#size, at + 2 * this.#size), bigintFromLe(bytes, at + 2 * this.#size, end)];
  }

  *#readNumbers(windows: readonly LeadWindow[]): Generator<undefined> {
    for (const layout of [LITTLE_ENDIAN, CPYTHON_DIGITS]) {
      const numbers: bigint[] = [];
      /** Of each the word before it: they are in equal allocations. */
      const headers: number[] = [];
      const onNumber: OnNumber = (bytes, _start, _fit, { window: { around }, at }) => {
        if (numbers.length >= MOST_NUMBERS) return;
        numbers.push(bigintFromBe(bytes));
        headers.push(((u32le(around, at - 8) ?? 0) & ~FLAGS) + (u32le(around, at - 4) ?? 0) * 2 ** 32);
      };
      yield* readNumbers(windows, this.#size, onNumber, { fit: FIT.filling, layouts: [layout] });
      const pairs: Pair[] = [];
      for (let i = 0; i < numbers.length; i++) {
        for (let j = i + 1; j <= i + MOST_APART && j < numbers.length; j++) {
          if (headers[i] === headers[j]) pairs.push([numbers[i]!, numbers[j]!], [numbers[j]!, numbers[i]!]);
        }
      }
      this.#divide(pairs);
      yield;
    }
  }

  #divide(pairs: readonly Pair[]): void {
    const p = this.#p;
    const modulo = (value: bigint): bigint => ((value % p) + p) % p;
    const possible = pairs.map(([y, z]) => [modulo(y), modulo(z)] as const).filter(([, z]) => z !== 0n);
    const inverses = invertAll(
      possible.map(([, z]) => z),
      p,
    );
    for (const [i, [y]] of possible.entries()) {
      const quotient = (y * inverses[i]!) % p;
      this.#ys.set(Number(quotient & 0xffff_ffffn), quotient);
    }
  }
}
