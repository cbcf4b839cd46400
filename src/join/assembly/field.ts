/**
 * Elements of a prime field: little-endian limbs of 29 bits in words of 32, in Montgomery form (R = 2^(29·limbs)): so small
 * that a multiplication adds up all its products before it carries. They are lazy: limbs are signed, a difference is that of the
 * limbs, and a value may be a little below zero or above p. `settle` makes them tight again, `freeze` brings them into [0, p).
 *
 * Everything is done for two at a time, in the halves of SIMD's registers: an element is a pair, limb i of both at 8·i; constants
 * are the same twice.
 */
import { multiply25519, multiplyAny, multiplyP256, multiplyP384, multiplyP521, multiplySecp256k1 } from './multiply';

/** Fields that have code of their own, as the host numbers them. */
const P256: i32 = 0;
const P384: i32 = 1;
const P521: i32 = 2;
const SECP256K1: i32 = 3;
const CURVE25519: i32 = 4;

/** Of a limb. */
export const BITS: i32 = 29;
const MASK: i32 = (1 << BITS) - 1;

let field: i32 = 0;
/** Bytes of an element's limbs, and of an element (padded to 16). */
export let used: usize = 0;
export let size: usize = 0;
/** -1/p mod 2^29. */
let negativeInverse: i32 = 0;
let prime: usize = 0;
/** p - 2, little-endian bytes, and the number of its halves. */
let exponent: usize = 0;
let nibbles: i32 = 0;
export let one: usize = 0;
let scratch: usize = 0;
export let denominators: usize = 0;
let products: usize = 0;

/** See `configure`. */
export function configureField(
  fieldIndex: i32,
  limbCount: usize,
  inverse: i32,
  primeAt: usize,
  exponentAt: usize,
  exponentBytes: i32,
  oneAt: usize,
  scratchAt: usize,
  denominatorsAt: usize,
  productsAt: usize,
): void {
  field = fieldIndex;
  used = limbCount << 3;
  size = (used + 15) & ~15;
  negativeInverse = inverse;
  prime = primeAt;
  exponent = exponentAt;
  nibbles = exponentBytes << 1;
  one = oneAt;
  scratch = scratchAt;
  denominators = denominatorsAt;
  products = productsAt;
}

// @ts-ignore: decorator
@inline
export function copy(out: usize, a: usize): void {
  // `memory.copy` is a call into the engine: too much for so few bytes.
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, v128.load(a + i));
}

/** Lazy: limb by limb. */
// @ts-ignore: decorator
@inline
export function subtract(out: usize, a: usize, b: usize): void {
  for (let i: usize = 0; i < size; i += 16) v128.store(out + i, i32x4.sub(v128.load(a + i), v128.load(b + i)));
}

// @ts-ignore: decorator
@inline
function pairAt(at: usize): v128 {
  return v128.load64_zero(at);
}

// @ts-ignore: decorator
@inline
function putPair(at: usize, value: v128): void {
  v128.store64_lane(at, value, 0);
}

// @ts-ignore: decorator
@inline
function increase(at: usize, by: v128): void {
  putPair(at, i32x4.add(pairAt(at), by));
}

// @ts-ignore: decorator
@inline
function decrease(at: usize, by: v128): void {
  putPair(at, i32x4.sub(pairAt(at), by));
}

/** Carries; all limbs are below 2^29 then but for the topmost, which has the sign. */
function carryAll(a: usize): void {
  let carry = i32x4.splat(0);
  const mask = i32x4.splat(MASK);
  const top = a + used - 8;
  for (let at = a; at < top; at += 8) {
    const limb = i32x4.add(pairAt(at), carry);
    putPair(at, v128.and(limb, mask));
    carry = i32x4.shr_s(limb, BITS);
  }
  increase(top, carry);
}

/** What the topmost limb has above its lowest `bits`, which are left there. */
// @ts-ignore: decorator
@inline
function takeHigh(top: usize, bits: i32): v128 {
  const last = pairAt(top);
  putPair(top, v128.and(last, i32x4.splat((1 << bits) - 1)));
  return i32x4.shr_s(last, bits);
}

/** Carries, then replaces what is above the prime's length by what it is modulo p: a few units of some limbs. */
export function settle(a: usize): void {
  carryAll(a);
  const top = a + used - 8;
  if (field == P256) {
    const high = takeHigh(top, 24);
    increase(a, high);
    decrease(a + 24, i32x4.shl(high, 9));
    decrease(a + 48, i32x4.shl(high, 18));
    increase(a + 56, i32x4.shl(high, 21));
  } else if (field == P384) {
    const high = takeHigh(top, 7);
    increase(a, high);
    decrease(a + 8, i32x4.shl(high, 3));
    increase(a + 24, i32x4.shl(high, 9));
    increase(a + 32, i32x4.shl(high, 12));
  } else if (field == P521) {
    increase(a, takeHigh(top, 28));
  } else if (field == SECP256K1) {
    const high = takeHigh(top, 24);
    increase(a, i32x4.mul(high, i32x4.splat(977)));
    increase(a + 8, i32x4.shl(high, 3));
  } else if (field == CURVE25519) {
    increase(a, i32x4.mul(takeHigh(top, 23), i32x4.splat(19)));
  } else {
    // The prime has its topmost bit, so that at least half of what is above goes; sums of three stay below eight times the prime.
    const bits = 32 - clz(load<i32>(prime + used - 8));
    for (let lane = a; lane <= a + 4; lane += 4) shiftByPrime(lane, -(load<i32>(lane + used - 8) >> bits));
  }
}

/** Adds `times`·p to one of the pair, carried. */
function shiftByPrime(lane: usize, times: i32): void {
  let carry: i64 = 0;
  for (let i: usize = 0; i < used - 8; i += 8) {
    carry += <i64>load<i32>(lane + i) + <i64>times * <i64>load<i32>(prime + i);
    store<i32>(lane + i, <i32>carry & MASK);
    carry >>= BITS;
  }
  const top = used - 8;
  store<i32>(lane + top, load<i32>(lane + top) + times * load<i32>(prime + top) + <i32>carry);
}

function isBelowPrime(lane: usize): bool {
  let i = used;
  do i -= 8;
  while (i > 0 && load<i32>(lane + i) == load<i32>(prime + i));
  return load<i32>(lane + i) < load<i32>(prime + i);
}

/** Into [0, p). */
export function freeze(a: usize): void {
  settle(a);
  carryAll(a);
  for (let lane = a; lane <= a + 4; lane += 4) {
    while (load<i32>(lane + used - 8) < 0) shiftByPrime(lane, 1);
    while (!isBelowPrime(lane)) shiftByPrime(lane, -1);
  }
}

/** Which of the pair are zero: 1, 2 or both. */
export function zerosOf(a: usize): i32 {
  const frozen = temporary(22);
  copy(frozen, a);
  freeze(frozen);
  let all = i32x4.splat(0);
  for (let i: usize = 0; i < used; i += 8) all = v128.or(all, pairAt(frozen + i));
  return <i32>(i32x4.extract_lane(all, 0) == 0) | (<i32>(i32x4.extract_lane(all, 1) == 0) << 1);
}

/** One of the pair: `lane` is 0 or 1. */
export function copyLane(out: usize, a: usize, lane: i32): void {
  const at = <usize>lane << 2;
  for (let i = at; i < used; i += 8) store<i32>(out + i, load<i32>(a + i));
}

/** Montgomery's product. `out` may be `a` or `b`. */
export function multiply(out: usize, a: usize, b: usize): void {
  if (field == P256) multiplyP256(out, a, b);
  else if (field == P384) multiplyP384(out, a, b);
  else if (field == P521) multiplyP521(out, a, b);
  else if (field == SECP256K1) multiplySecp256k1(out, a, b, i32x4.splat(negativeInverse));
  else if (field == CURVE25519) multiply25519(out, a, b, i32x4.splat(negativeInverse));
  // The sums take two temporaries.
  else multiplyAny(out, a, b, i32x4.splat(negativeInverse), temporary(28), used, prime);
}

// @ts-ignore: decorator
@inline
export function temporary(index: usize): usize {
  return scratch + index * (size + 16);
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
export function multiplyUp(count: i32): void {
  copy(products, denominators);
  for (let i = 1; i < count; i++) {
    const at = <usize>i * size;
    multiply(products + at, products + at - size, denominators + at);
  }
}

/** Inverts `count` elements at `denominators`, of which `products` has the products, none of them zero; `products` is overwritten. */
export function invertAll(count: i32): void {
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

/** Which of a pair's `count` denominators, of which `multiplyUp` made the products, have a zero among them. */
export function zerosAmong(count: i32): i32 {
  return zerosOf(products + <usize>(count - 1) * size);
}
