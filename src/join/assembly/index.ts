/**
 * Multiples of a base point by many scalars at once, on a curve y² = x³ + ax + b over a prime field. OpenSSL does
 * the same for one scalar at a time: the differential test compares them.
 *
 * Field elements are little-endian limbs of 29 bits in words of 32, in Montgomery form (R = 2^(29·limbs)): so small that a
 * multiplication adds up all its products before it carries. Points are x, then y. For each byte of the scalars, one point of
 * a table is added to each sum; the affine additions of all scalars share one inversion (Montgomery's trick), so that an
 * addition costs six multiplications.
 *
 * The host lays out the memory: everything is at addresses that it gives to `configure`. Not constant-time.
 */
import { multiply14, multiply18, multiply9 } from './multiply';

/** States of a sum. A dead one met an exception of the addition formula, which scalars below the order never do. */
const EMPTY: u8 = 0;
const ALIVE: u8 = 1;
const DEAD: u8 = 2;

/** Sums that share an inversion. */
export const MAX_LANES: i32 = 1024;

/** Bits of a limb: 36 products of two, as for 521 bits, are below 2^64. */
const BITS: u32 = 29;
const MASK: u64 = (1 << BITS) - 1;

/** Bytes of an element's limbs, of an element (padded to 8), and of a point. */
let used: usize = 0;
let size: usize = 0;
let pointSize: usize = 0;
/** -1/p mod 2^29. */
let negativeInverse: u64 = 0;
let prime: usize = 0;
/** p - 2, little-endian bytes, and the number of its halves. */
let exponent: usize = 0;
let nibbles: i32 = 0;
let one: usize = 0;
let coefficientA: usize = 0;
let scratch: usize = 0;
let table: usize = 0;
let denominators: usize = 0;
let products: usize = 0;
let sums: usize = 0;
let states: usize = 0;
/** Bits of a digit of the scalars, 4 or 8: each has a row of the table. */
let digitBits: i32 = 8;

/** @param scratchAt room for 32 elements; denominatorsAt, productsAt for `MAX_LANES` elements; sumsAt for as many points */
export function configure(
  limbCount: usize,
  inverse: u32,
  primeAt: usize,
  exponentAt: usize,
  exponentBytes: i32,
  oneAt: usize,
  aAt: usize,
  scratchAt: usize,
  tableAt: usize,
  denominatorsAt: usize,
  productsAt: usize,
  sumsAt: usize,
  statesAt: usize,
  bitsOfDigit: i32,
): void {
  used = limbCount << 2;
  size = (used + 7) & ~7;
  pointSize = size << 1;
  negativeInverse = <u64>inverse;
  prime = primeAt;
  exponent = exponentAt;
  nibbles = exponentBytes << 1;
  one = oneAt;
  coefficientA = aAt;
  scratch = scratchAt;
  table = tableAt;
  denominators = denominatorsAt;
  products = productsAt;
  sums = sumsAt;
  states = statesAt;
  digitBits = bitsOfDigit;
}

// @ts-ignore: decorator
@inline
function limb(at: usize): u64 {
  return <u64>load<u32>(at);
}

// @ts-ignore: decorator
@inline
function copy(out: usize, a: usize): void {
  // `memory.copy` is a call into the engine: too much for so few bytes.
  for (let i: usize = 0; i < size; i += 8) store<u64>(out + i, load<u64>(a + i));
}

function isZero(a: usize): bool {
  let all: u32 = 0;
  for (let i: usize = 0; i < used; i += 4) all |= load<u32>(a + i);
  return all == 0;
}

/** a - p if that is not negative. */
function reduceOnce(a: usize): void {
  // Nearly always the topmost limb decides.
  let i = used;
  do i -= 4;
  while (i > 0 && load<u32>(a + i) == load<u32>(prime + i));
  if (load<u32>(a + i) < load<u32>(prime + i)) return;
  let borrow: i64 = 0;
  for (i = 0; i < used; i += 4) {
    borrow += <i64>limb(a + i) - <i64>limb(prime + i);
    store<u32>(a + i, <u32>(borrow & MASK));
    borrow >>= BITS;
  }
}

function add(out: usize, a: usize, b: usize): void {
  let carry: u64 = 0;
  for (let i: usize = 0; i < used; i += 4) {
    carry += limb(a + i) + limb(b + i);
    store<u32>(out + i, <u32>(carry & MASK));
    carry >>= BITS;
  }
  reduceOnce(out);
}

function subtract(out: usize, a: usize, b: usize): void {
  let borrow: i64 = 0;
  for (let i: usize = 0; i < used; i += 4) {
    borrow += <i64>limb(a + i) - <i64>limb(b + i);
    store<u32>(out + i, <u32>(borrow & MASK));
    borrow >>= BITS;
  }
  if (borrow == 0) return;
  let carry: u64 = 0;
  for (let i: usize = 0; i < used; i += 4) {
    carry += limb(out + i) + limb(prime + i);
    store<u32>(out + i, <u32>(carry & MASK));
    carry >>= BITS;
  }
}

/** Montgomery's product. `out` may be `a` or `b`. */
function multiply(out: usize, a: usize, b: usize): void {
  if (used == 9 << 2) multiply9(out, a, b, prime, negativeInverse);
  else if (used == 14 << 2) multiply14(out, a, b, prime, negativeInverse);
  else multiply18(out, a, b, prime, negativeInverse);
  reduceOnce(out);
}

// @ts-ignore: decorator
@inline
function temporary(index: usize): usize {
  return scratch + index * size;
}

/** a^(p-2), by windows of four bits. `out` may be `a`. Zero for zero. */
function invert(out: usize, a: usize): void {
  const power = temporary(16);
  copy(temporary(1), a);
  for (let i: usize = 2; i < 16; i++) multiply(temporary(i), temporary(i - 1), temporary(1));
  copy(power, one);
  for (let nibble = nibbles - 1; nibble >= 0; nibble--) {
    const digit = <usize>(load<u8>(exponent + (nibble >> 1)) >>> <u8>((nibble & 1) << 2)) & 15;
    for (let i = 0; i < 4; i++) multiply(power, power, power);
    if (digit != 0) multiply(power, power, temporary(digit));
  }
  copy(out, power);
}

/** Inverts `count` elements at `denominators`, none of them zero; `products` is overwritten. */
function invertAll(count: i32): void {
  if (count == 0) return;
  copy(products, denominators);
  for (let i = 1; i < count; i++) {
    const at = <usize>i * size;
    multiply(products + at, products + at - size, denominators + at);
  }
  const inverse = temporary(17);
  invert(inverse, products + <usize>(count - 1) * size);
  const next = temporary(18);
  for (let i = count - 1; i > 0; i--) {
    const at = <usize>i * size;
    multiply(next, inverse, denominators + at);
    multiply(denominators + at, inverse, products + at - size);
    copy(inverse, next);
  }
  copy(denominators, inverse);
}

/** sum = sum + other, where `inverse` is 1/(other.x - sum.x). `out` may be `sum`. */
function addWith(out: usize, sum: usize, other: usize, inverse: usize): void {
  const slope = temporary(19),
    x = temporary(20),
    y = temporary(21);
  subtract(slope, other + size, sum + size);
  multiply(slope, slope, inverse);
  multiply(x, slope, slope);
  subtract(x, x, sum);
  subtract(x, x, other);
  subtract(y, sum, x);
  multiply(y, y, slope);
  subtract(out + size, y, sum + size);
  copy(out, x);
}

// @ts-ignore: decorator
@inline
function entry(row: i32, index: i32): usize {
  return table + <usize>((row << digitBits) + index) * pointSize;
}

/**
 * Fills the table: entry j of row i is j·B^i·G, where B is 2^`digitBits`. The base point is in entry 1 of row 0. `jacobians` has
 * room for three elements for each of `rows`·`digitBits` points.
 */
export function fillTable(rows: i32, jacobians: usize): void {
  doubleAll(rows * digitBits, jacobians);
  for (let bit = 1; bit < digitBits; bit++) {
    const first = 1 << bit;
    let row = 0,
      index = 1;
    while (row < rows) {
      // As many of the sums first + index as share an inversion.
      const fromRow = row,
        fromIndex = index;
      let lanes = 0;
      for (; row < rows && lanes < MAX_LANES; lanes++) {
        subtract(denominators + <usize>lanes * size, entry(row, index), entry(row, first));
        if (++index == first) {
          index = 1;
          row++;
        }
      }
      invertAll(lanes);
      row = fromRow;
      index = fromIndex;
      for (let lane = 0; lane < lanes; lane++) {
        addWith(entry(row, first + index), entry(row, first), entry(row, index), denominators + <usize>lane * size);
        if (++index == first) {
          index = 1;
          row++;
        }
      }
    }
  }
}

/** 2^i·G for i below `count`, in Jacobian coordinates (x = X/Z², y = Y/Z³), then into the table. */
function doubleAll(count: i32, jacobians: usize): void {
  const step = 3 * size;
  copy(jacobians, entry(0, 1));
  copy(jacobians + size, entry(0, 1) + size);
  copy(jacobians + 2 * size, one);
  for (let i = 1; i < count; i++) {
    const at = jacobians + <usize>i * step;
    double(at, at - step);
  }
  for (let from = 0; from < count; from += MAX_LANES) {
    const lanes = min(MAX_LANES, count - from);
    for (let lane = 0; lane < lanes; lane++) {
      copy(denominators + <usize>lane * size, jacobians + <usize>(from + lane) * step + 2 * size);
    }
    invertAll(lanes);
    for (let lane = 0; lane < lanes; lane++) {
      const i = from + lane;
      const point = jacobians + <usize>i * step,
        inverse = denominators + <usize>lane * size,
        power = temporary(19),
        out = entry(i / digitBits, 1 << i % digitBits);
      multiply(power, inverse, inverse);
      multiply(out, point, power);
      multiply(power, power, inverse);
      multiply(out + size, point + size, power);
    }
  }
}

/** Twice a point in Jacobian coordinates. */
function double(out: usize, point: usize): void {
  const y2 = temporary(19),
    s = temporary(20),
    m = temporary(21),
    z2 = temporary(22),
    x = point,
    y = point + size,
    z = point + 2 * size;
  multiply(y2, y, y);
  multiply(s, x, y2);
  add(s, s, s);
  add(s, s, s);
  // m = 3x² + a·z⁴
  multiply(z2, z, z);
  multiply(z2, z2, z2);
  multiply(z2, z2, coefficientA);
  multiply(m, x, x);
  add(z2, z2, m);
  add(z2, z2, m);
  add(m, m, z2);
  multiply(out + 2 * size, y, z);
  add(out + 2 * size, out + 2 * size, out + 2 * size);
  multiply(out, m, m);
  subtract(out, out, s);
  subtract(out, out, s);
  // y = m·(s - x) - 8·y⁴
  multiply(y2, y2, y2);
  add(y2, y2, y2);
  add(y2, y2, y2);
  add(y2, y2, y2);
  subtract(s, s, out);
  multiply(s, s, m);
  subtract(out + size, s, y2);
}

// @ts-ignore: decorator
@inline
function digitOf(scalars: usize, index: i32): i32 {
  if (digitBits == 8) return <i32>load<u8>(scalars + <usize>index);
  return (<i32>load<u8>(scalars + <usize>(index >> 1)) >> (index & 1 ? 0 : 4)) & 15;
}

/**
 * Multiples of the base point by `count` scalars, at most `MAX_LANES`, each of `rows` digits, most significant first.
 * They are left at `sums` in Montgomery form; `states` says which are there (1): none for 0.
 */
export function multiplyBase(scalars: usize, rows: i32, count: i32): void {
  memory.fill(states, EMPTY, count);
  for (let row = 0; row < rows; row++) {
    // Denominators of the sums that grow, in their order.
    let adding = 0;
    for (let lane = 0; lane < count; lane++) {
      const digit = digitOf(scalars, lane * rows + rows - 1 - row);
      if (digit == 0) continue;
      const state = load<u8>(states + lane);
      const sum = sums + <usize>lane * pointSize;
      if (state == EMPTY) {
        copy(sum, entry(row, digit));
        copy(sum + size, entry(row, digit) + size);
        continue;
      }
      const denominator = denominators + <usize>adding * size;
      subtract(denominator, entry(row, digit), sum);
      if (isZero(denominator)) {
        store<u8>(states + lane, DEAD);
        copy(denominator, one);
      }
      adding++;
    }
    invertAll(adding);
    adding = 0;
    for (let lane = 0; lane < count; lane++) {
      const digit = digitOf(scalars, lane * rows + rows - 1 - row);
      if (digit == 0) continue;
      const sum = sums + <usize>lane * pointSize;
      if (load<u8>(states + lane) == EMPTY) {
        store<u8>(states + lane, ALIVE);
        continue;
      }
      addWith(sum, sum, entry(row, digit), denominators + <usize>adding * size);
      adding++;
    }
  }
}

/**
 * Multiplies `count` elements in a row by `factor`, and writes each as `bytes` little-endian bytes, a multiple of 4. The
 * factor 1 takes Montgomery's R away.
 */
export function exportAll(out: usize, a: usize, count: i32, factor: usize, bytes: usize): void {
  const product = temporary(19);
  for (let i = 0; i < count; i++) {
    multiply(product, a + <usize>i * size, factor);
    const to = out + <usize>i * bytes;
    let buffer: u64 = 0;
    let buffered: u64 = 0;
    let from: usize = 0;
    for (let at: usize = 0; at < bytes; at += 4) {
      while (buffered < 32 && from < used) {
        buffer |= limb(product + from) << buffered;
        buffered += BITS;
        from += 4;
      }
      store<u32>(to + at, <u32>buffer);
      buffer >>>= 32;
      buffered = buffered < 32 ? 0 : buffered - 32;
    }
  }
}
