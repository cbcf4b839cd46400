/**
 * Montgomery's product for each of the five fields, in variables: twice as fast as loops over memory. Each step adds one
 * limb of `a` times `b` and the multiple q·p of the prime that makes the lowest limb zero, then drops that limb. All these primes
 * are sums of a few powers of two, so that q·p takes shifts, no multiplications; half of what a product costs otherwise.
 *
 * Limbs are signed and may be up to 2^29 + 2^26 on either side of zero: sums stay below 2^63. All limbs of the result are
 * below 2^29 but for the topmost, which has the sign. `out` may be `a` or `b`.
 */

const BITS: i64 = 29;
const MASK: i64 = (1 << BITS) - 1;

// @ts-ignore: decorator
@inline
function limb(at: usize): i64 {
  return <i64>load<i32>(at);
}

// @ts-ignore: decorator
@inline
function put(at: usize, value: i64): i64 {
  store<i32>(at, <i32>(value & MASK));
  return value >> BITS;
}

/** p = 2^256 - 2^224 + 2^192 + 2^96 - 1. */
export function multiplyP256(out: usize, a: usize, b: usize): void {
  let t0: i64 = 0,
    t1: i64 = 0,
    t2: i64 = 0,
    t3: i64 = 0,
    t4: i64 = 0,
    t5: i64 = 0,
    t6: i64 = 0,
    t7: i64 = 0;
  for (let end = a + 36; a < end; a += 4) {
    const f = limb(a);
    t0 += f * limb(b);
    const q = t0 & MASK;
    t0 = (t0 >> BITS) + t1 + f * limb(b + 4);
    t1 = t2 + f * limb(b + 8);
    t2 = t3 + f * limb(b + 12) + (q << 9);
    t3 = t4 + f * limb(b + 16);
    t4 = t5 + f * limb(b + 20);
    t5 = t6 + f * limb(b + 24) + (q << 18);
    t6 = t7 + f * limb(b + 28) - (q << 21);
    t7 = f * limb(b + 32) + (q << 24);
  }
  let carry = put(out, t0);
  carry = put(out + 4, carry + t1);
  carry = put(out + 8, carry + t2);
  carry = put(out + 12, carry + t3);
  carry = put(out + 16, carry + t4);
  carry = put(out + 20, carry + t5);
  carry = put(out + 24, carry + t6);
  carry = put(out + 28, carry + t7);
  store<i32>(out + 32, <i32>carry);
}

/** p = 2^384 - 2^128 - 2^96 + 2^32 - 1. */
export function multiplyP384(out: usize, a: usize, b: usize): void {
  let t0: i64 = 0,
    t1: i64 = 0,
    t2: i64 = 0,
    t3: i64 = 0,
    t4: i64 = 0,
    t5: i64 = 0,
    t6: i64 = 0,
    t7: i64 = 0,
    t8: i64 = 0,
    t9: i64 = 0,
    t10: i64 = 0,
    t11: i64 = 0,
    t12: i64 = 0;
  for (let end = a + 56; a < end; a += 4) {
    const f = limb(a);
    t0 += f * limb(b);
    const q = t0 & MASK;
    t0 = (t0 >> BITS) + t1 + f * limb(b + 4) + (q << 3);
    t1 = t2 + f * limb(b + 8);
    t2 = t3 + f * limb(b + 12) - (q << 9);
    t3 = t4 + f * limb(b + 16) - (q << 12);
    t4 = t5 + f * limb(b + 20);
    t5 = t6 + f * limb(b + 24);
    t6 = t7 + f * limb(b + 28);
    t7 = t8 + f * limb(b + 32);
    t8 = t9 + f * limb(b + 36);
    t9 = t10 + f * limb(b + 40);
    t10 = t11 + f * limb(b + 44);
    t11 = t12 + f * limb(b + 48);
    t12 = f * limb(b + 52) + (q << 7);
  }
  let carry = put(out, t0);
  carry = put(out + 4, carry + t1);
  carry = put(out + 8, carry + t2);
  carry = put(out + 12, carry + t3);
  carry = put(out + 16, carry + t4);
  carry = put(out + 20, carry + t5);
  carry = put(out + 24, carry + t6);
  carry = put(out + 28, carry + t7);
  carry = put(out + 32, carry + t8);
  carry = put(out + 36, carry + t9);
  carry = put(out + 40, carry + t10);
  carry = put(out + 44, carry + t11);
  carry = put(out + 48, carry + t12);
  store<i32>(out + 52, <i32>carry);
}

/** p = 2^521 - 1. */
export function multiplyP521(out: usize, a: usize, b: usize): void {
  let t0: i64 = 0,
    t1: i64 = 0,
    t2: i64 = 0,
    t3: i64 = 0,
    t4: i64 = 0,
    t5: i64 = 0,
    t6: i64 = 0,
    t7: i64 = 0,
    t8: i64 = 0,
    t9: i64 = 0,
    t10: i64 = 0,
    t11: i64 = 0,
    t12: i64 = 0,
    t13: i64 = 0,
    t14: i64 = 0,
    t15: i64 = 0,
    t16: i64 = 0;
  for (let end = a + 72; a < end; a += 4) {
    const f = limb(a);
    t0 += f * limb(b);
    const q = t0 & MASK;
    t0 = (t0 >> BITS) + t1 + f * limb(b + 4);
    t1 = t2 + f * limb(b + 8);
    t2 = t3 + f * limb(b + 12);
    t3 = t4 + f * limb(b + 16);
    t4 = t5 + f * limb(b + 20);
    t5 = t6 + f * limb(b + 24);
    t6 = t7 + f * limb(b + 28);
    t7 = t8 + f * limb(b + 32);
    t8 = t9 + f * limb(b + 36);
    t9 = t10 + f * limb(b + 40);
    t10 = t11 + f * limb(b + 44);
    t11 = t12 + f * limb(b + 48);
    t12 = t13 + f * limb(b + 52);
    t13 = t14 + f * limb(b + 56);
    t14 = t15 + f * limb(b + 60);
    t15 = t16 + f * limb(b + 64);
    t16 = f * limb(b + 68) + (q << 28);
  }
  let carry = put(out, t0);
  carry = put(out + 4, carry + t1);
  carry = put(out + 8, carry + t2);
  carry = put(out + 12, carry + t3);
  carry = put(out + 16, carry + t4);
  carry = put(out + 20, carry + t5);
  carry = put(out + 24, carry + t6);
  carry = put(out + 28, carry + t7);
  carry = put(out + 32, carry + t8);
  carry = put(out + 36, carry + t9);
  carry = put(out + 40, carry + t10);
  carry = put(out + 44, carry + t11);
  carry = put(out + 48, carry + t12);
  carry = put(out + 52, carry + t13);
  carry = put(out + 56, carry + t14);
  carry = put(out + 60, carry + t15);
  carry = put(out + 64, carry + t16);
  // So tight are 18 limbs that what is above p must not stay.
  store<i32>(out + 68, <i32>carry & ((1 << 28) - 1));
  store<i32>(out, load<i32>(out) + <i32>(carry >> 28));
}

/** p = 2^256 - 2^32 - 977; `inverse` is -1/p mod 2^29. */
export function multiplySecp256k1(out: usize, a: usize, b: usize, inverse: i64): void {
  let t0: i64 = 0,
    t1: i64 = 0,
    t2: i64 = 0,
    t3: i64 = 0,
    t4: i64 = 0,
    t5: i64 = 0,
    t6: i64 = 0,
    t7: i64 = 0;
  for (let end = a + 36; a < end; a += 4) {
    const f = limb(a);
    t0 += f * limb(b);
    const q = (t0 * inverse) & MASK;
    t0 = ((t0 - 977 * q) >> BITS) + t1 + f * limb(b + 4) - (q << 3);
    t1 = t2 + f * limb(b + 8);
    t2 = t3 + f * limb(b + 12);
    t3 = t4 + f * limb(b + 16);
    t4 = t5 + f * limb(b + 20);
    t5 = t6 + f * limb(b + 24);
    t6 = t7 + f * limb(b + 28);
    t7 = f * limb(b + 32) + (q << 24);
  }
  let carry = put(out, t0);
  carry = put(out + 4, carry + t1);
  carry = put(out + 8, carry + t2);
  carry = put(out + 12, carry + t3);
  carry = put(out + 16, carry + t4);
  carry = put(out + 20, carry + t5);
  carry = put(out + 24, carry + t6);
  carry = put(out + 28, carry + t7);
  store<i32>(out + 32, <i32>carry);
}

/** p = 2^255 - 19; `inverse` is -1/p mod 2^29. */
export function multiply25519(out: usize, a: usize, b: usize, inverse: i64): void {
  let t0: i64 = 0,
    t1: i64 = 0,
    t2: i64 = 0,
    t3: i64 = 0,
    t4: i64 = 0,
    t5: i64 = 0,
    t6: i64 = 0,
    t7: i64 = 0;
  for (let end = a + 36; a < end; a += 4) {
    const f = limb(a);
    t0 += f * limb(b);
    const q = (t0 * inverse) & MASK;
    t0 = ((t0 - 19 * q) >> BITS) + t1 + f * limb(b + 4);
    t1 = t2 + f * limb(b + 8);
    t2 = t3 + f * limb(b + 12);
    t3 = t4 + f * limb(b + 16);
    t4 = t5 + f * limb(b + 20);
    t5 = t6 + f * limb(b + 24);
    t6 = t7 + f * limb(b + 28);
    t7 = f * limb(b + 32) + (q << 23);
  }
  let carry = put(out, t0);
  carry = put(out + 4, carry + t1);
  carry = put(out + 8, carry + t2);
  carry = put(out + 12, carry + t3);
  carry = put(out + 16, carry + t4);
  carry = put(out + 20, carry + t5);
  carry = put(out + 24, carry + t6);
  carry = put(out + 28, carry + t7);
  store<i32>(out + 32, <i32>carry);
}
