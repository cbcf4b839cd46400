/**
 * Multiples of a base point by many scalars at once, on a curve y² = x³ + ax + b over a prime field. OpenSSL does
 * the same for one scalar at a time: the differential test compares them.
 *
 * Everything is done for two scalars at a time, as pairs of field elements (field.ts). Only the table's elements are single. Points
 * are x, then y. Scalars are cut into signed digits; for each, a point of a table is added to the sum or subtracted. The affine
 * additions of all scalars share one inversion (Montgomery's trick), so that an addition costs six multiplications.
 *
 * The host lays out the memory: everything is at addresses that it gives to `configure`, elements at multiples of 16. Not
 * constant-time.
 */
import {
  BITS,
  configureField,
  copy,
  copyLane,
  denominators,
  freeze,
  invertAll,
  multiply,
  multiplyUp,
  one,
  settle,
  size,
  subtract,
  temporary,
  used,
  zerosAmong,
  zerosOf,
} from './field';

/** States of a sum. A dead one met an exception of the addition formula, which scalars below the order never do. */
const EMPTY: u8 = 0;
const ALIVE: u8 = 1;
const DEAD: u8 = 2;

/** Sums that share an inversion. */
export const MAX_LANES: i32 = 1024;

/** Bytes of an element in the table (padded to 16). */
let singleSize: usize = 0;
let coefficientA: usize = 0;
let table: usize = 0;
let sums: usize = 0;
let states: usize = 0;
let digits: usize = 0;
/** Bits of a digit of the scalars. */
let digitBits: i32 = 0;
/** Digits of a scalar: each has a row of the table, of multiples 1 to 2^(digitBits - 1), behind an unused entry. */
let rows: i32 = 0;

/**
 * @param scratchAt room for 32 elements of 16 bytes more; denominatorsAt, productsAt for half of `MAX_LANES` elements; sumsAt
 *   for as many points; digitsAt for `MAX_LANES` scalars of `rowCount` digits of 16 bits
 */
export function configure(
  fieldIndex: i32,
  limbCount: usize,
  inverse: i32,
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
  configureField(
    fieldIndex,
    limbCount,
    inverse,
    primeAt,
    exponentAt,
    exponentBytes,
    oneAt,
    scratchAt,
    denominatorsAt,
    productsAt,
  );
  singleSize = ((limbCount << 2) + 15) & ~15;
  coefficientA = aAt;
  table = tableAt;
  sums = sumsAt;
  states = statesAt;
  digits = digitsAt;
  digitBits = bitsOfDigit;
  rows = rowCount;
}

/** sum = sum ± other, where `inverse` is 1/(other.x - sum.x) and `signs` 0 or -1 in each word. `out` may be `sum`. */
function addWith(out: usize, sum: usize, otherX: usize, otherY: usize, signs: v128, inverse: usize): void {
  const slope = temporary(19),
    x = temporary(20),
    y = temporary(21);
  for (let i: usize = 0; i < size; i += 16) {
    const signedY = i32x4.sub(v128.xor(v128.load(otherY + i), signs), signs);
    v128.store(slope + i, i32x4.sub(signedY, v128.load(sum + size + i)));
  }
  multiply(slope, slope, inverse);
  multiply(x, slope, slope);
  for (let i: usize = 0; i < size; i += 16) {
    v128.store(x + i, i32x4.sub(i32x4.sub(v128.load(x + i), v128.load(sum + i)), v128.load(otherX + i)));
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
  return table + <usize>(row * ((1 << (digitBits - 1)) + 1) + index) * (singleSize << 1);
}

/** Two elements of the table as a pair. May write 16 bytes beyond an element: into a temporary. */
// @ts-ignore: decorator
@inline
function gather(out: usize, first: usize, second: usize): void {
  for (let i: usize = 0; i < singleSize; i += 16) {
    const a = v128.load(first + i),
      b = v128.load(second + i);
    v128.store(out + (i << 1), v128.shuffle<i32>(a, b, 0, 4, 1, 5));
    v128.store(out + (i << 1) + 16, v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  }
}

/** A pair into the table. */
function scatter(first: usize, second: usize, a: usize): void {
  for (let i: usize = 0; i < used; i += 8) {
    store<i32>(first + (i >> 1), load<i32>(a + i));
    store<i32>(second + (i >> 1), load<i32>(a + i + 4));
  }
}

/**
 * Fills the table: entry j of row i is j·B^i·G, where B is 2^`digitBits`. The base point is in entry 1 of row 0. `jacobians` has
 * room for three elements for each of `rows`·`digitBits` points.
 */
export function fillTable(jacobians: usize): void {
  doubleAll(rows * digitBits, jacobians);
  for (let bit = 1; bit < digitBits - 1; bit++) {
    const first = 1 << bit;
    const count = rows * (first - 1);
    // As many of the sums first + index as share an inversion.
    for (let from = 0; from < count; from += MAX_LANES) addInTable(first, from, min(count, from + MAX_LANES));
  }
}

/** Entries `first` + 1 up to 2·`first` - 1 of all rows, counted over the rows, from `from` to before `end`. */
function addInTable(first: i32, from: i32, end: i32): void {
  const x = temporary(23),
    y = temporary(24),
    sum = temporary(25);
  for (let pass = 0; pass < 2; pass++) {
    let denominator = denominators;
    for (let i = from; i < end; i += 2) {
      const j = min(i + 1, end - 1);
      const rowI = i / (first - 1),
        rowJ = j / (first - 1),
        indexI = 1 + (i % (first - 1)),
        indexJ = 1 + (j % (first - 1));
      gather(x, entry(rowI, indexI), entry(rowJ, indexJ));
      gather(sum, entry(rowI, first), entry(rowJ, first));
      if (pass == 0) subtract(denominator, x, sum);
      else {
        gather(y, entry(rowI, indexI) + singleSize, entry(rowJ, indexJ) + singleSize);
        gather(sum + size, entry(rowI, first) + singleSize, entry(rowJ, first) + singleSize);
        addWith(sum, sum, x, y, i32x4.splat(0), denominator);
        const outI = entry(rowI, first + indexI),
          outJ = entry(rowJ, first + indexJ);
        scatter(outI, outJ, sum);
        scatter(outI + singleSize, outJ + singleSize, sum + size);
      }
      denominator += size;
    }
    if (pass == 0) {
      const pairs = (end - from + 1) >> 1;
      multiplyUp(pairs);
      invertAll(pairs);
    }
  }
}

/** 2^i·G for i below `count`, in Jacobian coordinates (x = X/Z², y = Y/Z³), then into the table. */
function doubleAll(count: i32, jacobians: usize): void {
  const step = 3 * size;
  gather(temporary(23), entry(0, 1), entry(0, 1));
  gather(temporary(24), entry(0, 1) + singleSize, entry(0, 1) + singleSize);
  copy(jacobians, temporary(23));
  copy(jacobians + size, temporary(24));
  copy(jacobians + 2 * size, one);
  for (let i = 1; i < count; i++) {
    const at = jacobians + <usize>i * step;
    double(at, at - step);
  }
  for (let from = 0; from < count; from += MAX_LANES) {
    const lanes = min(MAX_LANES, count - from);
    for (let lane = 0; lane < lanes; lane++) {
      copyLane(denominators + <usize>(lane >> 1) * size, jacobians + <usize>(from + lane) * step + 2 * size, lane & 1);
    }
    // An odd one is there twice.
    if (lanes & 1) copyLane(denominators + <usize>(lanes >> 1) * size, jacobians + <usize>(from + lanes - 1) * step + 2 * size, 1);
    const pairs = (lanes + 1) >> 1;
    multiplyUp(pairs);
    invertAll(pairs);
    for (let pair = 0; pair < pairs; pair++) {
      const i = from + 2 * pair,
        j = min(i + 1, count - 1);
      const inverse = denominators + <usize>pair * size,
        power = temporary(19),
        point = temporary(20),
        outI = entry(i / digitBits, 1 << i % digitBits),
        outJ = entry(j / digitBits, 1 << j % digitBits);
      multiply(power, inverse, inverse);
      pick(point, jacobians + <usize>i * step, jacobians + <usize>j * step);
      multiply(point, point, power);
      scatter(outI, outJ, point);
      multiply(power, power, inverse);
      pick(point, jacobians + <usize>i * step + size, jacobians + <usize>j * step + size);
      multiply(point, point, power);
      scatter(outI + singleSize, outJ + singleSize, point);
    }
  }
}

/** The first of one pair and the second of another. */
function pick(out: usize, first: usize, second: usize): void {
  copyLane(out, first, 0);
  copyLane(out, second, 1);
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

/** Digits of a big-endian scalar, above -2^(digitBits - 1) and up to as much, least significant first. */
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

/** Whether the sum of a lane grows in a row: it has a digit there and had one before. */
// @ts-ignore: decorator
@inline
function grows(lane: i32, digit: i32): bool {
  return digit != 0 && load<u8>(states + lane) != EMPTY;
}

/** Where the same x coordinate would be subtracted from itself: none of the sums below the order. */
function markDead(row: i32, pairs: i32): void {
  let denominator = denominators;
  for (let pair = 0; pair < pairs; pair++) {
    const lane = pair << 1;
    if (!grows(lane, digitOf(lane, row)) && !grows(lane + 1, digitOf(lane + 1, row))) continue;
    const zeros = zerosOf(denominator);
    for (let half = 0; half < 2; half++) {
      if ((zeros & (1 << half)) == 0) continue;
      store<u8>(states + lane + half, DEAD);
      copyLane(denominator, one, half);
    }
    denominator += size;
  }
}

/** The first point of a sum, or its negative. */
function begin(sum: usize, lane: i32, point: usize, sign: i32): void {
  const at = <usize>lane << 2;
  for (let i: usize = 0; i < used; i += 8) {
    store<i32>(sum + at + i, load<i32>(point + (i >> 1)));
    store<i32>(sum + size + at + i, (load<i32>(point + singleSize + (i >> 1)) ^ sign) - sign);
  }
}

/**
 * Multiples of the base point by `count` scalars, at most `MAX_LANES`, each of `bytes` bytes, most significant first.
 * They are left at `sums` in Montgomery form; `states` says which are there (1): none for 0.
 */
export function multiplyBase(scalars: usize, bytes: i32, count: i32): void {
  const pairs = (count + 1) >> 1;
  memory.fill(states, EMPTY, pairs << 1);
  for (let lane = 0; lane < count; lane++) recode(digits + (<usize>(lane * rows) << 1), scalars + lane * bytes, bytes);
  if (count & 1) memory.fill(digits + (<usize>(count * rows) << 1), 0, <usize>rows << 1);
  const x = temporary(23),
    y = temporary(24),
    other = temporary(25);
  for (let row = 0; row < rows; row++) {
    // Denominators of the sums that grow, in their order.
    let denominator = denominators;
    for (let pair = 0; pair < pairs; pair++) {
      const lane = pair << 1,
        first = digitOf(lane, row),
        second = digitOf(lane + 1, row);
      const firstGrows = grows(lane, first),
        secondGrows = grows(lane + 1, second);
      if (!firstGrows && !secondGrows) continue;
      gather(x, entry(row, abs(first)), entry(row, abs(second)));
      subtract(denominator, x, sums + <usize>lane * size);
      if (!firstGrows) copyLane(denominator, one, 0);
      if (!secondGrows) copyLane(denominator, one, 1);
      denominator += size;
    }
    const adding = <i32>((denominator - denominators) / size);
    if (adding > 0) {
      multiplyUp(adding);
      if (zerosAmong(adding) != 0) {
        markDead(row, pairs);
        multiplyUp(adding);
      }
      invertAll(adding);
    }
    denominator = denominators;
    for (let pair = 0; pair < pairs; pair++) {
      const lane = pair << 1,
        first = digitOf(lane, row),
        second = digitOf(lane + 1, row);
      const firstGrows = grows(lane, first),
        secondGrows = grows(lane + 1, second);
      const sum = sums + <usize>lane * size;
      const firstPoint = entry(row, abs(first)),
        secondPoint = entry(row, abs(second));
      if (firstGrows || secondGrows) {
        gather(x, firstPoint, secondPoint);
        gather(y, firstPoint + singleSize, secondPoint + singleSize);
        const signs = i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(0), 0, first >> 31), 1, second >> 31);
        const both = firstGrows && secondGrows;
        const out = both ? sum : other;
        addWith(out, sum, x, y, v128.shuffle<i32>(signs, signs, 0, 1, 0, 1), denominator);
        if (!both) {
          const half = <i32>secondGrows;
          copyLane(sum, other, half);
          copyLane(sum + size, other + size, half);
        }
        denominator += size;
      }
      if (first != 0 && !firstGrows) {
        store<u8>(states + lane, ALIVE);
        begin(sum, 0, firstPoint, first >> 31);
      }
      if (second != 0 && !secondGrows) {
        store<u8>(states + lane + 1, ALIVE);
        begin(sum, 1, secondPoint, second >> 31);
      }
    }
  }
  memory.fill(digits, 0, <usize>(count * rows) << 1);
}

/**
 * Multiplies the coordinates of `count` sums by `factor`, and writes each, x and y of one sum after the other, as `bytes`
 * little-endian bytes, a multiple of 4. The factor 1 takes Montgomery's R away.
 */
export function exportSums(out: usize, count: i32, factor: usize, bytes: usize): void {
  const product = temporary(19);
  for (let element = 0; element < ((count + 1) & ~1); element++) {
    multiply(product, sums + <usize>element * size, factor);
    freeze(product);
    const lane = element & ~1;
    for (let half = 0; half < 2 && lane + half < count; half++) {
      exportLane(out + <usize>(2 * (lane + half) + (element & 1)) * bytes, product + (<usize>half << 2), bytes);
    }
  }
}

/** One of a frozen pair. */
function exportLane(out: usize, lane: usize, bytes: usize): void {
  let buffer: u64 = 0;
  let buffered: u64 = 0;
  let from: usize = 0;
  for (let at: usize = 0; at < bytes; at += 4) {
    while (buffered < 32 && from < used) {
      buffer |= (<u64>load<u32>(lane + from)) << buffered;
      buffered += BITS;
      from += 8;
    }
    store<u32>(out + at, <u32>buffer);
    buffer >>>= 32;
    buffered = buffered < 32 ? 0 : buffered - 32;
  }
}
