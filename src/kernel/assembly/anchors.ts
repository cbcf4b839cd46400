/**
 * From candidates to hits: gram -> hash -> chain of entries -> masked compare with the whole pattern.
 *
 * All chains have a hash of their own. A chain, 32 bytes: u64 bits that its patterns have in common around the gram, u64 mask
 * of these, u32 bytes from the first of the eight to the gram, u32 number of entries, which follow it.
 * Entry, 32 bytes: u32 gram, u32 address of the pattern, u32 address of its mask, u32 bytes from the match to the gram,
 * u32 anchor, u32 length. Patterns and masks are padded to 16 bytes (mask 0), so that they are compared 16 bytes at a time.
 */
import { isFull, pushHit } from './hits';
import { BLOCKS, CANDIDATES, DYNAMIC, HEADS, HEADS_BITS } from './layout';

/** Matches are owned by, and may extend to. */
let ownStart: usize = 0;
let ownEnd: usize = 0;
let dataEnd: usize = 0;

/** Candidates still to be checked: `[pending, pendingEnd)`. */
let pending: usize = 0;
let pendingEnd: usize = 0;

export function ownMatches(start: usize, end: usize, limit: usize): void {
  ownStart = start;
  ownEnd = end;
  dataEnd = limit;
  pending = 0;
  pendingEnd = 0;
}

/**
 * Turns the prefilter's blocks into candidates whose gram has a chain, without a branch where one would be hard to predict:
 * bits of a block are taken by fours, and candidates are written always, but kept only when there is a chain.
 */
export function listCandidates(blocksEnd: usize): void {
  let out = CANDIDATES;
  for (let block = BLOCKS; block < blocksEnd; block += 8) {
    // A bit marks the last byte of a gram.
    const base = load<u32>(block) - 2;
    let mask = load<u32>(block, 4);
    const next = out + (<usize>popcnt(mask) << 2);
    mask = takeFour(out, base, mask);
    while (mask) {
      out += 16;
      mask = takeFour(out, base, mask);
    }
    out = next;
  }
  let kept = CANDIDATES;
  for (let candidate = CANDIDATES; candidate < out; candidate += 4) {
    const at = load<u32>(candidate);
    store<u32>(kept, at);
    kept += <usize>(chainOf(at) != 0) << 2;
  }
  pending = CANDIDATES;
  pendingEnd = kept;
}

// @ts-ignore: decorator
@inline
function takeFour(out: usize, base: u32, bits: u32): u32 {
  let mask = bits;
  store<u32>(out, base + ctz(mask));
  mask &= mask - 1;
  store<u32>(out, base + ctz(mask), 4);
  mask &= mask - 1;
  store<u32>(out, base + ctz(mask), 8);
  mask &= mask - 1;
  store<u32>(out, base + ctz(mask), 12);
  return mask & (mask - 1);
}

/** Number of the chain that the gram at `at` would be in, or 0. */
// @ts-ignore: decorator
@inline
function chainOf(at: usize): u32 {
  const hash = ((load<u32>(at) & 0xffffff) * 0x9e3779b1) >>> (32 - HEADS_BITS);
  return <u32>load<u16>(HEADS + (<usize>hash << 1));
}

/** Checks the candidates; returns false when the ring filled up before the last one: call again when it is empty. */
export function checkCandidates(): bool {
  let candidate = pending;
  const end = pendingEnd;
  while (candidate < end) {
    const at = <usize>load<u32>(candidate);
    const chain = DYNAMIC + (<usize>chainOf(at) << 5);
    // Of a hundred candidates with a chain, few get further.
    const difference = load<u64>(at - <usize>load<u32>(chain, 16)) ^ load<u64>(chain);
    if ((difference & load<u64>(chain, 8)) == 0) {
      if (isFull()) {
        pending = candidate;
        return false;
      }
      checkChain(at, chain);
    }
    candidate += 4;
  }
  pending = end;
  return true;
}

function checkChain(at: usize, chain: usize): void {
  const gram = load<u32>(at) & 0xffffff;
  const last = chain + (<usize>load<u32>(chain, 20) << 5);
  for (let e = chain + 32; e <= last; e += 32) {
    if (load<u32>(e) != gram) continue;
    const start = at - <usize>load<u32>(e, 12);
    const length = <usize>load<u32>(e, 20);
    if (start >= ownStart && start < ownEnd && start + length <= dataEnd) {
      if (matches(start, <usize>load<u32>(e, 4), <usize>load<u32>(e, 8), length)) {
        pushHit(load<u32>(e, 16), start, length);
      }
    }
  }
}

/** Reads up to 15 bytes beyond the match, which the mask ignores. */
function matches(at: usize, pattern: usize, mask: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i += 16) {
    const difference = v128.xor(v128.load(at + i), v128.load(pattern + i));
    if (v128.any_true(v128.and(difference, v128.load(mask + i)))) return false;
  }
  return true;
}
