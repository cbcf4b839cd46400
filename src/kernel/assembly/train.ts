/** Training's inner loop (../train/bits.ts), sixteen bytes at a time. A module of its own. */

const STEP: usize = 16;
/** Rounds whose counts fit in a byte: each adds at most 8. */
const ROUNDS: usize = 31;

// @ts-ignore: decorator
@inline
function either(a: usize, b: usize): v128 {
  return v128.or(v128.load(a), v128.load(b));
}

/**
 * Bits that are set in `a0 | b0` and `a1 | b1` and so on: sets of `bytes` bytes, a multiple of 16. Stops at
 * more than `ceiling`.
 */
export function countAccepted(
  bytes: usize,
  ceiling: u32,
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  a4: usize,
  a5: usize,
  b0: usize,
  b1: usize,
  b2: usize,
  b3: usize,
  b4: usize,
  b5: usize,
): u32 {
  let sum: u32 = 0;
  let at: usize = 0;
  while (at < bytes && sum <= ceiling) {
    const end = min(bytes, at + ROUNDS * STEP);
    let counts = i8x16.splat(0);
    do {
      const accepted = v128.and(
        v128.and(
          v128.and(either(a0 + at, b0 + at), either(a1 + at, b1 + at)),
          v128.and(either(a2 + at, b2 + at), either(a3 + at, b3 + at)),
        ),
        v128.and(either(a4 + at, b4 + at), either(a5 + at, b5 + at)),
      );
      counts = i8x16.add(counts, i8x16.popcnt(accepted));
      at += STEP;
    } while (at < end);
    const words = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(counts));
    sum +=
      i32x4.extract_lane(words, 0) +
      i32x4.extract_lane(words, 1) +
      i32x4.extract_lane(words, 2) +
      i32x4.extract_lane(words, 3);
  }
  return sum;
}
