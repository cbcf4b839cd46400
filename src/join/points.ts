/**
 * Multiples of base points by thousands of candidates, in WebAssembly (assembly/index.ts): several times faster than
 * OpenSSL one by one, or than bigints. Lays out the module's memory and converts what goes in and comes out.
 *
 * Memory: constants | scratch | table | Jacobian points | denominators | products | sums | results | states | scalars | digits
 */
import { readFileSync } from 'node:fs';
import { bigintFromLe, bigintToBe, bitLength } from '../bytes/limbs.ts';
import { WEIERSTRASS_25519 } from '../proof/edwards25519.ts';
import { modInverse } from '../proof/modular.ts';
import { parametersOf } from '../proof/short-curves.ts';

/** y² = x³ + ax + b over the integers modulo p, and a base point. */
export interface BaseCurve {
  /** Those of `FIELD_CURVES` have code of their own. */
  readonly p: bigint;
  readonly a: bigint;
  readonly base: { readonly x: bigint; readonly y: bigint };
  /** Bytes of a scalar, which is below the order of the base point, but for Curve25519, where only chance matters. */
  readonly size: number;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly MAX_LANES: WebAssembly.Global;
  configure(...values: readonly number[]): void;
  fillTable(jacobians: number): void;
  multiplyBase(scalars: number, bytes: number, count: number): void;
  exportSums(out: number, count: number, factor: number, bytes: number): void;
}

/** Curves of the module's fields, as it numbers them; any other field comes behind these. */
const FIELD_CURVES = [...(['P-256', 'P-384', 'P-521', 'secp256k1'] as const).map(parametersOf), WEIERSTRASS_25519];

const WASM_PAGE = 65_536;
const SCRATCH_ELEMENTS = 32;
const LIMB_BITS = 29;
const ALIVE = 1;

let compiled: WebAssembly.Module | undefined;

/**
 * Bits of a signed digit of the scalars. A wide table takes some ten milliseconds and megabytes, made once for each curve and
 * thread; a narrow one a tenth of that, and twice the time for each scalar.
 */
export type DigitBits = 5 | 10;

export class BaseMultiplier {
  /** Most scalars of one call. */
  readonly most: number;
  /** Bytes of a coordinate in `plain` and `montgomery`. */
  readonly coordinateBytes: number;
  /** Results of the last call, x and y of each sum, little-endian. */
  readonly plain: Uint8Array;
  /** The same times 2^(8·coordinateBytes) modulo p. */
  readonly montgomery: Uint8Array;
  readonly #kernel: Exports;
  readonly #size: number;
  readonly #scalars: Uint8Array;
  readonly #states: Uint8Array;
  /** Addresses in the module's memory. */
  readonly #at: Readonly<Record<'scalars' | 'plain' | 'montgomery' | 'plainFactor' | 'montgomeryFactor', number>>;

  constructor({ p, a, base, size }: BaseCurve, digitBits: DigitBits = 10) {
    compiled ??= new WebAssembly.Module(Uint8Array.from(readFileSync(new URL('points.wasm', import.meta.url))));
    const memory = new WebAssembly.Memory({ initial: 1 });
    const kernel = new WebAssembly.Instance(compiled, { env: { memory, abort } }).exports as unknown as Exports;
    const limbs = Math.ceil(bitLength(p) / LIMB_BITS);
    // Elements are pairs of numbers but in the table.
    const element = Math.ceil(limbs / 2) * 16;
    const single = Math.ceil(limbs / 4) * 16;
    const coordinate = Math.ceil(size / 8) * 8;
    const lanes = kernel.MAX_LANES.value;
    let end = 4096;
    const place = (bytes: number): number => {
      const at = end;
      end += Math.ceil(bytes / 16) * 16;
      return at;
    };
    const [primeAt, oneAt, aAt, exponentAt] = [place(element), place(element), place(element), place(size)];
    const [plainFactor, montgomeryFactor] = [place(element), place(element)];
    const scratch = place(SCRATCH_ELEMENTS * (element + 16));
    // The topmost digit may carry.
    const rows = Math.ceil((size * 8 + 1) / digitBits);
    const table = place(rows * ((1 << (digitBits - 1)) + 1) * 2 * single);
    const jacobians = place(rows * digitBits * 3 * element);
    const [denominators, products, sums] = [
      place((lanes / 2) * element),
      place((lanes / 2) * element),
      place(lanes * element),
    ];
    const [plain, montgomery] = [place(lanes * 2 * coordinate), place(lanes * 2 * coordinate)];
    const [states, scalars, digits] = [place(lanes), place(lanes * size), place(lanes * rows * 2)];
    memory.grow(Math.ceil(end / WASM_PAGE) - 1);

    const bytes = new Uint8Array(memory.buffer);
    const view = new DataView(memory.buffer);
    const known = FIELD_CURVES.findIndex((curve) => curve.p === p);
    const limb = 1n << BigInt(LIMB_BITS);
    const r = limb ** BigInt(limbs);
    const put = (at: number, value: bigint, step: number): void => {
      for (let i = 0, rest = value; i < limbs; i++, rest /= limb)
        view.setUint32(at + step * i, Number(rest % limb), true);
    };
    const putPair = (at: number, value: bigint): void => {
      put(at, value, 8);
      put(at + 4, value, 8);
    };
    const toMontgomery = (value: bigint): bigint => (((value % p) + p) * r) % p;
    putPair(primeAt, p);
    putPair(oneAt, r % p);
    putPair(aAt, toMontgomery(a));
    bytes.set(bigintToBe(p - 2n, size).reverse(), exponentAt);
    putPair(plainFactor, 1n);
    putPair(montgomeryFactor, (1n << BigInt(8 * coordinate)) % p);
    put(table + 2 * single, toMontgomery(base.x), 4);
    put(table + 3 * single, toMontgomery(base.y), 4);
    const inverse = Number(limb - modInverse(p % limb, limb)!);
    kernel.configure(
      ...[
        known < 0 ? FIELD_CURVES.length : known,
        limbs,
        inverse,
        primeAt,
        exponentAt,
        size,
        oneAt,
        aAt,
        scratch,
        table,
        denominators,
        products,
        sums,
        states,
      ],
      ...[digits, digitBits, rows],
    );
    kernel.fillTable(jacobians);

    this.most = lanes;
    this.coordinateBytes = coordinate;
    this.plain = bytes.subarray(plain, plain + lanes * 2 * coordinate);
    this.montgomery = bytes.subarray(montgomery, montgomery + lanes * 2 * coordinate);
    this.#kernel = kernel;
    this.#size = size;
    this.#scalars = bytes.subarray(scalars, scalars + lanes * size);
    this.#states = bytes.subarray(states, states + lanes);
    this.#at = { scalars, plain, montgomery, plainFactor, montgomeryFactor };
  }

  /**
   * Multiplies by each of the scalars: big-endian, each as long as the field, one behind the other, at most `most`. The
   * results are in `plain` and `montgomery`, where `hasPoint` says so.
   */
  multiply(scalars: Uint8Array): void {
    const count = scalars.length / this.#size;
    if (!Number.isInteger(count) || count > this.most) throw new RangeError(`${scalars.length} bytes of scalars`);
    const at = this.#at;
    this.#scalars.set(scalars);
    this.#kernel.multiplyBase(at.scalars, this.#size, count);
    this.#kernel.exportSums(at.plain, count, at.plainFactor, this.coordinateBytes);
    this.#kernel.exportSums(at.montgomery, count, at.montgomeryFactor, this.coordinateBytes);
    this.#scalars.fill(0, 0, scalars.length);
  }

  /** False for multiples of the order. */
  hasPoint(i: number): boolean {
    return this.#states[i] === ALIVE;
  }

  x(i: number): bigint {
    return this.#coordinate(2 * i);
  }

  y(i: number): bigint {
    return this.#coordinate(2 * i + 1);
  }

  #coordinate(index: number): bigint {
    return bigintFromLe(this.plain, index * this.coordinateBytes, (index + 1) * this.coordinateBytes);
  }
}

/** AssemblyScript imports it even where nothing can fail. */
function abort(): never {
  throw new Error('points aborted');
}
