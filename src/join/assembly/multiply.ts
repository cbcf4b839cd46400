/**
 * Montgomery's product, two at a time, for each of five fields in variables, for any other in memory. Each step adds one limb of `a`
 * times `b` and the multiple q·p of the prime that makes the lowest limb zero, then drops that limb. The five primes are sums of a
 * few powers of two, so that q·p takes shifts, no multiplications; half of what a product costs otherwise.
 *
 * Elements are pairs: limb i of both is at 8·i, 4 bytes each. Limbs are signed and may be up to 2^29 + 2^26 on either side of
 * zero: sums stay below 2^63. All limbs of the result are below 2^29 but for the topmost, which has the sign. `out` may be `a`
 * or `b`.
 */

const BITS: i32 = 29;

// @ts-ignore: decorator
@inline
function mask(): v128 {
  return i64x2.splat((1 << BITS) - 1);
}

/** Limb times limb, both of 64 bits. */
// @ts-ignore: decorator
@inline
function product(f: v128, b: usize): v128 {
  return i64x2.extmul_low_i32x4_s(f, v128.load64_zero(b));
}

/** `sum` + limb times limb. */
// @ts-ignore: decorator
@inline
function grow(sum: v128, f: v128, b: usize): v128 {
  return i64x2.add(sum, product(f, b));
}

// @ts-ignore: decorator
@inline
function plus(sum: v128, q: v128, shift: i32): v128 {
  return i64x2.add(sum, i64x2.shl(q, shift));
}

// @ts-ignore: decorator
@inline
function minus(sum: v128, q: v128, shift: i32): v128 {
  return i64x2.sub(sum, i64x2.shl(q, shift));
}

/** Without a limb, arithmetically: processors lack that shift of 64 bits. */
// @ts-ignore: decorator
@inline
function drop(value: v128): v128 {
  const unsigned = i64x2.shr_u(v128.xor(value, i64x2.splat(1 << 63)), BITS);
  return i64x2.sub(unsigned, i64x2.splat(1 << (63 - BITS)));
}

/** What makes the lowest limb of `sum` zero, where p is no -1 modulo 2^29; `inverse` is that of -p in each word. */
// @ts-ignore: decorator
@inline
function multiple(sum: v128, inverse: v128): v128 {
  const low = v128.and(sum, mask());
  return v128.and(i64x2.extmul_low_i32x4_u(v128.shuffle<i32>(low, low, 0, 2, 0, 2), inverse), mask());
}

/** Two limbs, of both products. */
// @ts-ignore: decorator
@inline
function put(at: usize, first: v128, second: v128): void {
  v128.store(at, v128.and(v128.shuffle<i32>(first, second, 0, 2, 4, 6), i32x4.splat((1 << BITS) - 1)));
}

/** The same for the last two, of which the second has the sign. */
// @ts-ignore: decorator
@inline
function putLast(at: usize, first: v128, second: v128): void {
  v128.store(at, v128.shuffle<i32>(v128.and(first, mask()), second, 0, 2, 4, 6));
}

/** p = 2^256 - 2^224 + 2^192 + 2^96 - 1. */
export function multiplyP256(out: usize, a: usize, b: usize): void {
  let t0 = i64x2.splat(0),
    t1 = t0,
    t2 = t0,
    t3 = t0,
    t4 = t0,
    t5 = t0,
    t6 = t0,
    t7 = t0;
  for (let end = a + 72; a < end; a += 8) {
    const f = v128.load64_zero(a);
    t0 = grow(t0, f, b);
    const q = v128.and(t0, mask());
    t0 = grow(i64x2.add(drop(t0), t1), f, b + 8);
    t1 = grow(t2, f, b + 16);
    t2 = plus(grow(t3, f, b + 24), q, 9);
    t3 = grow(t4, f, b + 32);
    t4 = grow(t5, f, b + 40);
    t5 = plus(grow(t6, f, b + 48), q, 18);
    t6 = minus(grow(t7, f, b + 56), q, 21);
    t7 = plus(product(f, b + 64), q, 24);
  }
  t1 = i64x2.add(t1, drop(t0));
  t2 = i64x2.add(t2, drop(t1));
  t3 = i64x2.add(t3, drop(t2));
  t4 = i64x2.add(t4, drop(t3));
  t5 = i64x2.add(t5, drop(t4));
  t6 = i64x2.add(t6, drop(t5));
  t7 = i64x2.add(t7, drop(t6));
  put(out + 0, t0, t1);
  put(out + 16, t2, t3);
  put(out + 32, t4, t5);
  put(out + 48, t6, t7);
  const top = drop(t7);
  v128.store64_lane(out + 64, v128.shuffle<i32>(top, top, 0, 2, 0, 2), 0);
}

/** p = 2^384 - 2^128 - 2^96 + 2^32 - 1. */
export function multiplyP384(out: usize, a: usize, b: usize): void {
  let t0 = i64x2.splat(0),
    t1 = t0,
    t2 = t0,
    t3 = t0,
    t4 = t0,
    t5 = t0,
    t6 = t0,
    t7 = t0,
    t8 = t0,
    t9 = t0,
    t10 = t0,
    t11 = t0,
    t12 = t0;
  for (let end = a + 112; a < end; a += 8) {
    const f = v128.load64_zero(a);
    t0 = grow(t0, f, b);
    const q = v128.and(t0, mask());
    t0 = plus(grow(i64x2.add(drop(t0), t1), f, b + 8), q, 3);
    t1 = grow(t2, f, b + 16);
    t2 = minus(grow(t3, f, b + 24), q, 9);
    t3 = minus(grow(t4, f, b + 32), q, 12);
    t4 = grow(t5, f, b + 40);
    t5 = grow(t6, f, b + 48);
    t6 = grow(t7, f, b + 56);
    t7 = grow(t8, f, b + 64);
    t8 = grow(t9, f, b + 72);
    t9 = grow(t10, f, b + 80);
    t10 = grow(t11, f, b + 88);
    t11 = grow(t12, f, b + 96);
    t12 = plus(product(f, b + 104), q, 7);
  }
  t1 = i64x2.add(t1, drop(t0));
  t2 = i64x2.add(t2, drop(t1));
  t3 = i64x2.add(t3, drop(t2));
  t4 = i64x2.add(t4, drop(t3));
  t5 = i64x2.add(t5, drop(t4));
  t6 = i64x2.add(t6, drop(t5));
  t7 = i64x2.add(t7, drop(t6));
  t8 = i64x2.add(t8, drop(t7));
  t9 = i64x2.add(t9, drop(t8));
  t10 = i64x2.add(t10, drop(t9));
  t11 = i64x2.add(t11, drop(t10));
  t12 = i64x2.add(t12, drop(t11));
  put(out + 0, t0, t1);
  put(out + 16, t2, t3);
  put(out + 32, t4, t5);
  put(out + 48, t6, t7);
  put(out + 64, t8, t9);
  put(out + 80, t10, t11);
  putLast(out + 96, t12, drop(t12));
}

/** p = 2^521 - 1. */
export function multiplyP521(out: usize, a: usize, b: usize): void {
  let t0 = i64x2.splat(0),
    t1 = t0,
    t2 = t0,
    t3 = t0,
    t4 = t0,
    t5 = t0,
    t6 = t0,
    t7 = t0,
    t8 = t0,
    t9 = t0,
    t10 = t0,
    t11 = t0,
    t12 = t0,
    t13 = t0,
    t14 = t0,
    t15 = t0,
    t16 = t0;
  for (let end = a + 144; a < end; a += 8) {
    const f = v128.load64_zero(a);
    t0 = grow(t0, f, b);
    const q = v128.and(t0, mask());
    t0 = grow(i64x2.add(drop(t0), t1), f, b + 8);
    t1 = grow(t2, f, b + 16);
    t2 = grow(t3, f, b + 24);
    t3 = grow(t4, f, b + 32);
    t4 = grow(t5, f, b + 40);
    t5 = grow(t6, f, b + 48);
    t6 = grow(t7, f, b + 56);
    t7 = grow(t8, f, b + 64);
    t8 = grow(t9, f, b + 72);
    t9 = grow(t10, f, b + 80);
    t10 = grow(t11, f, b + 88);
    t11 = grow(t12, f, b + 96);
    t12 = grow(t13, f, b + 104);
    t13 = grow(t14, f, b + 112);
    t14 = grow(t15, f, b + 120);
    t15 = grow(t16, f, b + 128);
    t16 = plus(product(f, b + 136), q, 28);
  }
  t1 = i64x2.add(t1, drop(t0));
  t2 = i64x2.add(t2, drop(t1));
  t3 = i64x2.add(t3, drop(t2));
  t4 = i64x2.add(t4, drop(t3));
  t5 = i64x2.add(t5, drop(t4));
  t6 = i64x2.add(t6, drop(t5));
  t7 = i64x2.add(t7, drop(t6));
  t8 = i64x2.add(t8, drop(t7));
  t9 = i64x2.add(t9, drop(t8));
  t10 = i64x2.add(t10, drop(t9));
  t11 = i64x2.add(t11, drop(t10));
  t12 = i64x2.add(t12, drop(t11));
  t13 = i64x2.add(t13, drop(t12));
  t14 = i64x2.add(t14, drop(t13));
  t15 = i64x2.add(t15, drop(t14));
  t16 = i64x2.add(t16, drop(t15));
  put(out + 0, t0, t1);
  put(out + 16, t2, t3);
  put(out + 32, t4, t5);
  put(out + 48, t6, t7);
  put(out + 64, t8, t9);
  put(out + 80, t10, t11);
  put(out + 96, t12, t13);
  put(out + 112, t14, t15);
  const top = drop(t16);
  // So tight are 18 limbs that what is above p must not stay.
  putLast(out + 128, t16, v128.and(top, i64x2.splat((1 << 28) - 1)));
  const high = i32x4.shr_s(v128.shuffle<i32>(top, top, 0, 2, 0, 2), 28);
  v128.store64_lane(out, i32x4.add(v128.load64_zero(out), high), 0);
}

/** p = 2^256 - 2^32 - 977; `inverse` is -1/p mod 2^29 in each word. */
export function multiplySecp256k1(out: usize, a: usize, b: usize, inverse: v128): void {
  let t0 = i64x2.splat(0),
    t1 = t0,
    t2 = t0,
    t3 = t0,
    t4 = t0,
    t5 = t0,
    t6 = t0,
    t7 = t0;
  for (let end = a + 72; a < end; a += 8) {
    const f = v128.load64_zero(a);
    t0 = grow(t0, f, b);
    const q = multiple(t0, inverse);
    // 977 = 1024 - 32 - 16 + 1
    t0 = i64x2.sub(plus(plus(minus(t0, q, 10), q, 5), q, 4), q);
    t0 = minus(grow(i64x2.add(drop(t0), t1), f, b + 8), q, 3);
    t1 = grow(t2, f, b + 16);
    t2 = grow(t3, f, b + 24);
    t3 = grow(t4, f, b + 32);
    t4 = grow(t5, f, b + 40);
    t5 = grow(t6, f, b + 48);
    t6 = grow(t7, f, b + 56);
    t7 = plus(product(f, b + 64), q, 24);
  }
  t1 = i64x2.add(t1, drop(t0));
  t2 = i64x2.add(t2, drop(t1));
  t3 = i64x2.add(t3, drop(t2));
  t4 = i64x2.add(t4, drop(t3));
  t5 = i64x2.add(t5, drop(t4));
  t6 = i64x2.add(t6, drop(t5));
  t7 = i64x2.add(t7, drop(t6));
  put(out + 0, t0, t1);
  put(out + 16, t2, t3);
  put(out + 32, t4, t5);
  put(out + 48, t6, t7);
  const top = drop(t7);
  v128.store64_lane(out + 64, v128.shuffle<i32>(top, top, 0, 2, 0, 2), 0);
}

/** p = 2^255 - 19; `inverse` is -1/p mod 2^29 in each word. */
export function multiply25519(out: usize, a: usize, b: usize, inverse: v128): void {
  let t0 = i64x2.splat(0),
    t1 = t0,
    t2 = t0,
    t3 = t0,
    t4 = t0,
    t5 = t0,
    t6 = t0,
    t7 = t0;
  for (let end = a + 72; a < end; a += 8) {
    const f = v128.load64_zero(a);
    t0 = grow(t0, f, b);
    const q = multiple(t0, inverse);
    // 19 = 16 + 2 + 1
    t0 = i64x2.sub(minus(minus(t0, q, 4), q, 1), q);
    t0 = grow(i64x2.add(drop(t0), t1), f, b + 8);
    t1 = grow(t2, f, b + 16);
    t2 = grow(t3, f, b + 24);
    t3 = grow(t4, f, b + 32);
    t4 = grow(t5, f, b + 40);
    t5 = grow(t6, f, b + 48);
    t6 = grow(t7, f, b + 56);
    t7 = plus(product(f, b + 64), q, 23);
  }
  t1 = i64x2.add(t1, drop(t0));
  t2 = i64x2.add(t2, drop(t1));
  t3 = i64x2.add(t3, drop(t2));
  t4 = i64x2.add(t4, drop(t3));
  t5 = i64x2.add(t5, drop(t4));
  t6 = i64x2.add(t6, drop(t5));
  t7 = i64x2.add(t7, drop(t6));
  put(out + 0, t0, t1);
  put(out + 16, t2, t3);
  put(out + 32, t4, t5);
  put(out + 48, t6, t7);
  const top = drop(t7);
  v128.store64_lane(out + 64, v128.shuffle<i32>(top, top, 0, 2, 0, 2), 0);
}

/** Steps after which the sums are carried, lest those of many limbs grow beyond 2^63. */
const CARRY_STEPS: i32 = 8;

/**
 * Any odd prime.
 *
 * @param sums room for as many numbers of 16 bytes as elements have limbs
 * @param bytes of the limbs of an element
 * @param prime a pair of it
 */
export function multiplyAny(
  out: usize,
  a: usize,
  b: usize,
  inverse: v128,
  sums: usize,
  bytes: usize,
  prime: usize,
): void {
  for (let i: usize = 0; i < bytes; i += 8) v128.store(sums + (i << 1), i64x2.splat(0));
  for (let at = a, steps = 1; at < a + bytes; at += 8, steps++) {
    const f = v128.load64_zero(at);
    const first = grow(v128.load(sums), f, b);
    const low = multiple(first, inverse);
    const q = v128.shuffle<i32>(low, low, 0, 2, 0, 2);
    let carry = drop(grow(first, q, prime));
    for (let i: usize = 8; i < bytes; i += 8) {
      const sum = i64x2.add(grow(grow(v128.load(sums + (i << 1)), f, b + i), q, prime + i), carry);
      v128.store(sums + (i << 1) - 16, sum);
      carry = i64x2.splat(0);
    }
    v128.store(sums + (bytes << 1) - 16, i64x2.splat(0));
    if (steps % CARRY_STEPS == 0) carrySums(sums, bytes);
  }
  carrySums(sums, bytes);
  for (let i: usize = 0; i < bytes; i += 8) {
    const sum = v128.load(sums + (i << 1));
    v128.store64_lane(out + i, v128.shuffle<i32>(sum, sum, 0, 2, 0, 2), 0);
  }
}

/** All but the topmost are below 2^29 then. */
function carrySums(sums: usize, bytes: usize): void {
  let carry = i64x2.splat(0);
  const top = sums + (bytes << 1) - 16;
  for (let at = sums; at < top; at += 16) {
    const sum = i64x2.add(v128.load(at), carry);
    v128.store(at, v128.and(sum, mask()));
    carry = drop(sum);
  }
  v128.store(top, i64x2.add(v128.load(top), carry));
}
