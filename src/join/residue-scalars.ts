/**
 * Scalars as Montgomery residues c = d·R modulo the order of the curve, as ring and RustCrypto keep them: c·G is then R·Q, which
 * is computed once for each known point Q, so that candidates cost nothing more.
 */
import { bigintFromBe, bigintFromLe, bigintToBe } from '../bytes/limbs.ts';
import { u32le } from '../bytes/reader.ts';
import { modInverse } from '../proof/modular.ts';
import { bitsOfR, doubleAll, orderOf, type Point, parametersOf, type ShortCurve } from '../proof/short-curves.ts';

/**
 * A process knows some dozen points, most of them of certificate authorities; a busy server also those of some hundred sessions. So many
 * take some two seconds on each curve.
 */
export function mostPoints(curve: ShortCurve): number {
  const { size } = parametersOf(curve);
  return size <= 32 ? 2048 : size <= 48 ? 1024 : 512;
}

export class ResidueTargets {
  /** Some points were left out. */
  readonly overflowed: boolean;
  readonly #curve: ShortCurve;
  /** Q by the lowest 32 bits of the X of R·Q. */
  readonly #byLow = new Map<number, { readonly x: bigint; readonly point: Point }>();

  /** @param points the likeliest first */
  constructor(curve: ShortCurve, points: readonly Point[]) {
    this.#curve = curve;
    const all = [...new Map(points.map((point) => [point.x, point])).values()];
    const some = all.slice(0, mostPoints(curve));
    this.overflowed = some.length < all.length;
    for (const [i, multiple] of doubleAll(curve, some, bitsOfR(curve)).entries()) {
      if (multiple) this.#byLow.set(Number(multiple.x & 0xffff_ffffn), { x: multiple.x, point: some[i]! });
    }
  }

  /** Q, when `x`, little-endian, is the X of R·Q. */
  find(x: Uint8Array): Point | undefined {
    const found = this.#byLow.get(u32le(x, 0)!);
    return found && bigintFromLe(x, 0, x.length) === found.x ? found.point : undefined;
  }

  /** d, of which `residue` is d·R; both big-endian, as long as the field. The sign of c is lost in X, so that of d is. */
  scalarOf(residue: Uint8Array): Uint8Array {
    const order = orderOf(this.#curve);
    const r = (1n << BigInt(bitsOfR(this.#curve))) % order;
    const scalar = (bigintFromBe(residue) * modInverse(r, order)!) % order;
    return bigintToBe(scalar, residue.length);
  }
}
