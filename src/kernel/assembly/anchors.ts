/**
 * From candidates to hits: gram -> hash -> chain of entries -> masked compare with the whole pattern.
 *
 * Entry, 32 bytes: u32 gram, u32 address of the pattern, u32 address of its mask, u16 bytes from the match to the
 * gram, u16 next entry (0 ends the chain), u32 anchor, u32 length. Patterns and masks are padded to 16 bytes
 * (mask 0), so that they are compared 16 bytes at a time.
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

/** Turns the prefilter's blocks into candidates. Three bits of each block are taken without a branch. */
export function listCandidates(blocksEnd: usize): void {
  let block = BLOCKS;
  let out = CANDIDATES;
  while (block < blocksEnd) {
    // A bit marks the last byte of a gram.
    const base = load<u32>(block) - 2;
    let mask = load<u32>(block, 4);
    const count = <usize>popcnt(mask);
    store<u32>(out, base + ctz(mask));
    mask &= mask - 1;
    store<u32>(out, base + ctz(mask), 4);
    mask &= mask - 1;
    store<u32>(out, base + ctz(mask), 8);
    mask &= mask - 1;
    let more = out + 12;
    while (mask) {
      store<u32>(more, base + ctz(mask));
      mask &= mask - 1;
      more += 4;
    }
    out += count << 2;
    block += 8;
  }
  pending = CANDIDATES;
  pendingEnd = out;
}

/** Checks the candidates; returns false when the ring filled up before the last one: call again when it is empty. */
export function checkCandidates(): bool {
  let candidate = pending;
  const end = pendingEnd;
  while (candidate < end) {
    const at = <usize>load<u32>(candidate);
    const gram = load<u32>(at) & 0xffffff;
    const entry = <u32>load<u16>(HEADS + (<usize>((gram * 0x9e3779b1) >>> (32 - HEADS_BITS)) << 1));
    if (entry) {
      if (isFull()) {
        pending = candidate;
        return false;
      }
      checkChain(at, gram, entry);
    }
    candidate += 4;
  }
  pending = end;
  return true;
}

function checkChain(at: usize, gram: u32, entry: u32): void {
  do {
    const e = DYNAMIC + (<usize>entry << 5);
    if (load<u32>(e) == gram) {
      const start = at - <usize>load<u16>(e, 12);
      const length = <usize>load<u32>(e, 20);
      if (start >= ownStart && start < ownEnd && start + length <= dataEnd) {
        if (matches(start, <usize>load<u32>(e, 4), <usize>load<u32>(e, 8), length)) {
          pushHit(load<u32>(e, 16), start, length);
        }
      }
    }
    entry = <u32>load<u16>(e, 14);
  } while (entry);
}

/** Reads up to 15 bytes beyond the match, which the mask ignores. */
function matches(at: usize, pattern: usize, mask: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i += 16) {
    const difference = v128.xor(v128.load(at + i), v128.load(pattern + i));
    if (v128.any_true(v128.and(difference, v128.load(mask + i)))) return false;
  }
  return true;
}
