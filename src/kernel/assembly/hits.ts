/**
 * The hit ring: what the kernel found since the host last emptied it, 12 bytes each: u32 anchor, u32 address, u32
 * length. Writers never check for room: the page loop and the candidate loop stop while there is still room for the
 * most that one step can write (`reserve`), and go on after the host emptied the ring. So no hit is ever lost.
 */

let first: usize = 0;
let next: usize = 0;
let last: usize = 0;

/** The ring is `[start, end)`; `reserve` bytes at its end are for the step that begins when it is nearly full. */
export function placeRing(start: usize, end: usize, reserve: usize): void {
  first = start;
  next = start;
  last = end - reserve;
}

export function emptyRing(): void {
  next = first;
}

/** End of the hits. */
export function ringEnd(): usize {
  return next;
}

// @ts-ignore: decorator
@inline
export function isFull(): bool {
  return next > last;
}

// @ts-ignore: decorator
@inline
export function pushHit(anchor: u32, at: usize, length: usize): void {
  store<u32>(next, anchor);
  store<u32>(next, <u32>at, 4);
  store<u32>(next, <u32>length, 8);
  next += 12;
}
