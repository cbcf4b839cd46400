/** Which numbers have a small factor: seven of ten random odd ones, so that joins ask this before anything else. */

/** Odd primes whose product is small enough for exact sums of 16-bit words times residues, up to 8192-bit numbers. */
const SIEVES = [
  [3, 5, 7, 11, 13, 17, 19, 23],
  [29, 31, 37, 41, 43],
] as const;
const PRODUCTS = SIEVES.map((primes) => primes.reduce<number>((product, prime) => product * prime, 1));

/** Whether one of the primes of a sieve divides a sum of residues. */
function isDivided(sum: number, sieve: number): boolean {
  const rest = sum % PRODUCTS[sieve]!;
  for (const prime of SIEVES[sieve]!) if (rest % prime === 0) return true;
  return false;
}

/** Tells numbers with a small factor, from their `size` bytes at `at`: big-endian, or else little-endian. */
export function createSieve(size: number): (bytes: Uint8Array, at?: number, isLittleEndian?: boolean) => boolean {
  const words = Math.ceil(size / 2);
  const weights = PRODUCTS.map((product) => {
    const residues = new Float64Array(words);
    for (let i = words - 1, residue = 1; i >= 0; i--, residue = (residue * 65_536) % product) residues[i] = residue;
    return residues;
  });
  const isOdd = size & 1;
  return (bytes, start = 0, isLittleEndian = false) => {
    // From the highest byte to the lowest.
    const [first, step] = isLittleEndian ? [start + size - 1, -1] : [start, 1];
    for (let i = 0; i < SIEVES.length; i++) {
      const residues = weights[i]!;
      let sum = isOdd === 1 ? bytes[first]! * residues[0]! : 0;
      for (let word = isOdd, at = first + isOdd * step; word < words; word++, at += 2 * step) {
        sum += ((bytes[at]! << 8) | bytes[at + step]!) * residues[word]!;
      }
      if (isDivided(sum, i)) return true;
    }
    return false;
  };
}

/** 256^-1 modulo an odd number. */
function inverseOf256(modulus: number): number {
  let inverse = 1;
  for (let i = 0; i < 8; i++) inverse = (inverse % 2 === 0 ? inverse : inverse + modulus) / 2;
  return inverse;
}

/**
 * The same for numbers at many places of one block: sums over the block's bytes, each times its power of 256, are kept,
 * so that a number, up to a power of 256, is the difference of two of them. Holds what was made of secrets: call `wipe` at the end.
 */
export class BlockSieve {
  #block: Uint8Array | undefined;
  #isLittleEndian = false;
  #sums = PRODUCTS.map(() => new Float64Array(0));

  /** Whether the `size` bytes at `at` of `block`, whose length is below 2^18, have a small factor. */
  hasSmallFactor(block: Uint8Array, at: number, size: number, isLittleEndian: boolean): boolean {
    if (this.#block !== block || this.#isLittleEndian !== isLittleEndian) this.#sumUp(block, isLittleEndian);
    for (let i = 0; i < SIEVES.length; i++) {
      const sums = this.#sums[i]!;
      if (isDivided(sums[at + size]! - sums[at]!, i)) return true;
    }
    return false;
  }

  wipe(): void {
    for (const sums of this.#sums) sums.fill(0);
    this.#block = undefined;
  }

  #sumUp(block: Uint8Array, isLittleEndian: boolean): void {
    if (this.#sums[0]!.length <= block.length) {
      this.wipe();
      this.#sums = PRODUCTS.map(() => new Float64Array(2 * block.length + 1));
    }
    const powers = powersFor(block.length, isLittleEndian);
    for (let i = 0; i < PRODUCTS.length; i++) {
      const [sums, power] = [this.#sums[i]!, powers[i]!];
      // Below 2^53: 2^18 products of 2^8 and 2^27.
      for (let at = 0, sum = 0; at < block.length; at++) {
        sum += block[at]! * power[at]!;
        sums[at + 1] = sum;
      }
    }
    this.#block = block;
    this.#isLittleEndian = isLittleEndian;
  }
}

/** Powers of 256 (little-endian) or its inverse (big-endian) modulo each product: no secrets, and kept. */
const powersOf = { big: PRODUCTS.map(() => new Float64Array(0)), little: PRODUCTS.map(() => new Float64Array(0)) };

function powersFor(count: number, isLittleEndian: boolean): readonly Float64Array[] {
  const kept = isLittleEndian ? powersOf.little : powersOf.big;
  if (kept[0]!.length >= count) return kept;
  for (const [i, product] of PRODUCTS.entries()) {
    const factor = isLittleEndian ? 256 : inverseOf256(product);
    const powers = new Float64Array(2 * count);
    for (let at = 0, power = 1; at < powers.length; at++, power = (power * factor) % product) powers[at] = power;
    kept[i] = powers;
  }
  return kept;
}
