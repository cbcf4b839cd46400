/**
 * Multiples of a base point by many scalars at once, on a curve y² = x³ + ax + b over one of five prime fields. OpenSSL does
 * the same for one scalar at a time: the differential test compares them.
 *
 * Field elements are little-endian limbs of 29 bits in words of 32, in Montgomery form (R = 2^(29·limbs)): so small that a
 * multiplication adds up all its products before it carries. They are lazy: limbs are signed, a difference is that of the
 * limbs, and a value may be a little below zero or above p. `settle` makes them tight again, `freeze` brings them into [0, p).
 *
 * Points are x, then y. Scalars are cut into signed digits; for each, a point of a table is added to the sum or subtracted.
 * The affine additions of all scalars share one inversion (Montgomery's trick), so that an addition costs six multiplications.
 *
 * The host lays out the memory: everything is at addresses that it gives to `configure`, elements at multiples of 16. Not
 * constant-time.
 */
import { multiply25519, multiplyP256, multiplyP384, multiplyP521, multiplySecp256k1 } from './multiply';

/** Fields, as the host numbers them. */
const P256: i32 = 0;
const P384: i32 = 1;
const P521: i32 = 2;
const SECP256K1: i32 = 3;

/** States of a sum. A dead one met an exception of the addition formula, which scalars below the order never do. */
const EMPTY: u8 = 0;
const ALIVE: u8 = 1;
const DEAD: u8 = 2;

/** Sums that share an inversion. */
export const MAX_LANES: i32 = 1024;

const BITS: i32 = 29;
const MASK: i32 = (1 << BITS) - 1;

let field: i32 = 0;
/** Bytes of an element's limbs, of an element (padded to 16), and of a point. */
let used: usize = 0;
let size: usize = 0;
let pointSize: usize = 0;
/** -1/p mod 2^29. */
let negativeInverse: i64 = 0;
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
let digits: usize = 0;
/** Bits of a digit of the scalars. */
let digitBits: i32 = 0;
/** Digits of a scalar: each has a row of the table, of multiples 1 to 2^(digitBits - 1), behind an unused entry. */
let rows: i32 = 0;

/**
 * @param scratchAt room for 32 elements; denominatorsAt, productsAt for `MAX_LANES` elements; sumsAt for as many points;
 *   digitsAt for as many scalars of `rowCount` digits of 16 bits
 */
export function configure(
  fieldIndex: i32,
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
  digitsAt: usize,
  bitsOfDigit: i32,
  rowCount: i32,
): void {
  field = fieldIndex;
  used = limbCount << 2;
  size = (used + 15) & ~15;
  pointSize = size << 1;
  negativeInverse = <i64>inverse;
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
  digits = digitsAt;
  digitBits = bitsOfDigit;
  rows = rowCount;
}

// @ts-ignore: decorator
@inline
function copy(out: usize, a: usize): void {
  // `memory.copy` is a call into the engine: too much for so few bytes.
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, v128.load(a + i));
}

/** Lazy: limb by limb. */
// @ts-ignore: decorator
@inline
function subtract(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, i32x4.sub(v128.load(a + i), v128.load(b + i)));
}

/** Carries; all limbs are below 2^29 then but for the topmost, which has the sign. */
function carryAll(a: usize): void {
  let carry: i32 = 0;
  const top = a + used - 4;
  for (let at = a; at < top; at += 4) {
    carry += load<i32>(at);
    store<i32>(at, carry & MASK);
    carry >>= BITS;
  }
  store<i32>(top, load<i32>(top) + carry);
}

// @ts-ignore: decorator
@inline
function increase(at: usize, by: i32): void {
  store<i32>(at, load<i32>(at) + by);
}

/** Carries, then replaces what is above the prime's length by what it is modulo p: a few units of some limbs. */
function settle(a: usize): void {
  carryAll(a);
  const top = a + used - 4;
  const last = load<i32>(top);
  if (field == P256) {
    const high = last >> 24;
    store<i32>(top, last & ((1 << 24) - 1));
    increase(a, high);
    increase(a + 12, -(high << 9));
    increase(a + 24, -(high << 18));
    increase(a + 28, high << 21);
  } else if (field == P384) {
    const high = last >> 7;
    store<i32>(top, last & ((1 << 7) - 1));
    increase(a, high);
    increase(a + 4, -(high << 3));
    increase(a + 12, high << 9);
    increase(a + 16, high << 12);
  } else if (field == P521) {
    store<i32>(top, last & ((1 << 28) - 1));
    increase(a, last >> 28);
  } else if (field == SECP256K1) {
    const high = last >> 24;
    store<i32>(top, last & ((1 << 24) - 1));
    increase(a, 977 * high);
    increase(a + 4, high << 3);
  } else {
    store<i32>(top, last & ((1 << 23) - 1));
    increase(a, 19 * (last >> 23));
  }
}

/** a + `sign`·p, carried. */
function shiftByPrime(a: usize, sign: i32): void {
  for (let i: usize = 0; i < used; i += 4) increase(a + i, sign * load<i32>(prime + i));
  carryAll(a);
}

function isBelowPrime(a: usize): bool {
  let i = used;
  do i -= 4;
  while (i > 0 && load<i32>(a + i) == load<i32>(prime + i));
  return load<i32>(a + i) < load<i32>(prime + i);
}

/** Into [0, p). */
function freeze(a: usize): void {
  settle(a);
  carryAll(a);
  while (load<i32>(a + used - 4) < 0) shiftByPrime(a, 1);
  while (!isBelowPrime(a)) shiftByPrime(a, -1);
}

/** Whether a frozen copy, left in `temporary(22)`, is zero. */
function isZero(a: usize): bool {
  const frozen = temporary(22);
  copy(frozen, a);
  freeze(frozen);
  let all: i32 = 0;
  for (let i: usize = 0; i < used; i += 4) all |= load<i32>(frozen + i);
  return all == 0;
}

/** Montgomery's product. `out` may be `a` or `b`. */
function multiply(out: usize, a: usize, b: usize): void {
  if (field == P256) multiplyP256(out, a, b);
  else if (field == P384) multiplyP384(out, a, b);
  else if (field == P521) multiplyP521(out, a, b);
  else if (field == SECP256K1) multiplySecp256k1(out, a, b, negativeInverse);
  else multiply25519(out, a, b, negativeInverse);
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

/** Products of the first i + 1 of `count` denominators. */
function multiplyUp(count: i32): void {
  copy(products, denominators);
  for (let i = 1; i < count; i++) {
    const at = <usize>i * size;
    multiply(products + at, products + at - size, denominators + at);
  }
}

/** Inverts `count` elements at `denominators`, of which `products` has the products, none of them zero; `products` is overwritten. */
function invertAll(count: i32): void {
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

/** sum = sum ± other, where `inverse` is 1/(other.x - sum.x) and `sign` 0 or -1. `out` may be `sum`. */
function addWith(out: usize, sum: usize, other: usize, sign: i32, inverse: usize): void {
  const slope = temporary(19),
    x = temporary(20),
    y = temporary(21);
  const signs = i32x4.splat(sign);
  for (let i: usize = 0; i < size; i += 16) {
    const otherY = i32x4.sub(v128.xor(v128.load(other + size + i), signs), signs);
    v128.store(slope + i, i32x4.sub(otherY, v128.load(sum + size + i)));
  }
  multiply(slope, slope, inverse);
  multiply(x, slope, slope);
  for (let i: usize = 0; i < size; i += 16) {
    v128.store(x + i, i32x4.sub(i32x4.sub(v128.load(x + i), v128.load(sum + i)), v128.load(other + i)));
  }
  settle(x);
  subtract(y, sum, x);
  multiply(y, y, slope);
  subtract(out + size, y, sum + size);
  settle(out + size);
  copy(out, x);
}

// @ts-ignore: decorator
@inline
function entry(row: i32, index: i32): usize {
  return table + <usize>(row * ((1 << (digitBits - 1)) + 1) + index) * pointSize;
}

/**
 * Fills the table: entry j of row i is j·B^i·G, where B is 2^`digitBits`. The base point is in entry 1 of row 0. `jacobians` has
 * room for three elements for each of `rows`·`digitBits` points.
 */
export function fillTable(jacobians: usize): void {
  doubleAll(rows * digitBits, jacobians);
  for (let bit = 1; bit < digitBits - 1; bit++) {
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
      multiplyUp(lanes);
      invertAll(lanes);
      row = fromRow;
      index = fromIndex;
      for (let lane = 0; lane < lanes; lane++) {
        addWith(entry(row, first + index), entry(row, first), entry(row, index), 0, denominators + <usize>lane * size);
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
    multiplyUp(lanes);
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

/** out + a, tight. */
function grow(out: usize, a: usize): void {
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, i32x4.add(v128.load(out + i), v128.load(a + i)));
  settle(out);
}

/** out - a, tight. */
function shrink(out: usize, a: usize): void {
  subtract(out, out, a);
  settle(out);
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
  grow(s, s);
  grow(s, s);
  // m = 3x² + a·z⁴
  multiply(z2, z, z);
  multiply(z2, z2, z2);
  multiply(z2, z2, coefficientA);
  multiply(m, x, x);
  grow(z2, m);
  grow(z2, m);
  grow(m, z2);
  multiply(out + 2 * size, y, z);
  grow(out + 2 * size, out + 2 * size);
  multiply(out, m, m);
  shrink(out, s);
  shrink(out, s);
  // y = m·(s - x) - 8·y⁴
  multiply(y2, y2, y2);
  grow(y2, y2);
  grow(y2, y2);
  grow(y2, y2);
  shrink(s, out);
  multiply(out + size, s, m);
  shrink(out + size, y2);
}

/** Digits of a big-endian scalar, between -2^(digitBits - 1) and as much, least significant first. */
function recode(to: usize, scalar: usize, bytes: i32): void {
  const half = 1 << (digitBits - 1);
  let buffer: u32 = 0,
    buffered = 0,
    carry = 0,
    at = bytes;
  for (let row = 0; row < rows; row++) {
    while (buffered < digitBits && at > 0) {
      buffer |= <u32>load<u8>(scalar + --at) << buffered;
      buffered += 8;
    }
    let digit = <i32>(buffer & ((1 << digitBits) - 1)) + carry;
    buffer >>>= digitBits;
    buffered -= digitBits;
    carry = <i32>(digit > half);
    if (carry) digit -= half << 1;
    store<i16>(to + (<usize>row << 1), <i16>digit);
  }
}

// @ts-ignore: decorator
@inline
function digitOf(lane: i32, row: i32): i32 {
  return <i32>load<i16>(digits + (<usize>(lane * rows + row) << 1));
}

/** Where the same x coordinate would be subtracted from itself: none of the sums below the order. */
function markDead(row: i32, count: i32): void {
  let adding = 0;
  for (let lane = 0; lane < count; lane++) {
    if (digitOf(lane, row) == 0 || load<u8>(states + lane) == EMPTY) continue;
    const denominator = denominators + <usize>adding * size;
    if (isZero(denominator)) {
      store<u8>(states + lane, DEAD);
      copy(denominator, one);
    }
    adding++;
  }
}

/**
 * Multiples of the base point by `count` scalars, at most `MAX_LANES`, each of `bytes` bytes, most significant first.
 * They are left at `sums` in Montgomery form; `states` says which are there (1): none for 0.
 */
export function multiplyBase(scalars: usize, bytes: i32, count: i32): void {
  memory.fill(states, EMPTY, count);
  for (let lane = 0; lane < count; lane++) recode(digits + (<usize>(lane * rows) << 1), scalars + lane * bytes, bytes);
  for (let row = 0; row < rows; row++) {
    // Denominators of the sums that grow, in their order.
    let adding = 0;
    for (let lane = 0; lane < count; lane++) {
      const digit = digitOf(lane, row);
      if (digit == 0 || load<u8>(states + lane) == EMPTY) continue;
      subtract(denominators + <usize>adding * size, entry(row, abs(digit)), sums + <usize>lane * pointSize);
      adding++;
    }
    if (adding > 0) {
      multiplyUp(adding);
      if (isZero(products + <usize>(adding - 1) * size)) {
        markDead(row, count);
        multiplyUp(adding);
      }
      invertAll(adding);
    }
    adding = 0;
    for (let lane = 0; lane < count; lane++) {
      const digit = digitOf(lane, row);
      if (digit == 0) continue;
      const sum = sums + <usize>lane * pointSize;
      const other = entry(row, abs(digit));
      if (load<u8>(states + lane) == EMPTY) {
        store<u8>(states + lane, ALIVE);
        copy(sum, other);
        if (digit > 0) copy(sum + size, other + size);
        else {
          const zero = temporary(0);
          memory.fill(zero, 0, size);
          subtract(sum + size, zero, other + size);
          settle(sum + size);
        }
        continue;
      }
      addWith(sum, sum, other, digit >> 31, denominators + <usize>adding * size);
      adding++;
    }
  }
  memory.fill(digits, 0, <usize>(count * rows) << 1);
}

/**
 * Multiplies `count` elements in a row by `factor`, and writes each as `bytes` little-endian bytes, a multiple of 4. The
 * factor 1 takes Montgomery's R away.
 */
export function exportAll(out: usize, a: usize, count: i32, factor: usize, bytes: usize): void {
  const product = temporary(19);
  for (let i = 0; i < count; i++) {
    multiply(product, a + <usize>i * size, factor);
    freeze(product);
    const to = out + <usize>i * bytes;
    let buffer: u64 = 0;
    let buffered: u64 = 0;
    let from: usize = 0;
    for (let at: usize = 0; at < bytes; at += 4) {
      while (buffered < 32 && from < used) {
        buffer |= (<u64>load<u32>(product + from)) << buffered;
        buffered += BITS;
        from += 4;
      }
      store<u32>(to + at, <u32>buffer);
      buffer >>>= 32;
      buffered = buffered < 32 ? 0 : buffered - 32;
    }
  }
}
