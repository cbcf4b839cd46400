/**
 * The search kernel. `begin` names what to search, `proceed` searches, page by page, until the ring is full or
 * all is done. Each test is a function of its own over one page, so that V8 keeps its tables in registers, and the
 * page is in the first-level cache for the second one.
 *
 * The host keeps at least 64 zero bytes before and after the window: blocks are read a little beyond both ends.
 */
import { checkCandidates, listCandidates, ownMatches } from './anchors';
import { emptyRing, isFull, placeRing, ringEnd } from './hits';
import { BASE64_CLASS, BLOCKS, DYNAMIC, HEADS, HEADS_BITS, PAGE, TEDDY } from './layout';
import { configureNumbers, findNumbers, ownNumbers } from './numbers';
import { configureRuns, findRuns, ownRuns } from './runs';
import { configureSchedules, findSchedules, ownSchedules } from './schedules';
import { prefilter } from './teddy';
import { isZeroPage } from './zero';

export { BASE64_CLASS, DYNAMIC, HEADS, HEADS_BITS, TEDDY, ringEnd };

/** Bits of `configure`'s `tests`. */
export const TEST_ANCHORS: u32 = 1;
export const TEST_BASE64_RUNS: u32 = 2;
export const TEST_HEX_RUNS: u32 = 4;
export const TEST_NUMBER_RUNS: u32 = 8;
export const TEST_SCHEDULES: u32 = 16;
export const TEST_DECIMAL_RUNS: u32 = 32;
export const TEST_WIDE_RUNS: u32 = 64;

/**
 * Hits that the tests of one page may write without looking at the ring: runs of 32 bytes and more have 128 places, decimal ones 64, wide ones 48, those
 * of numbers at all eight alignments 2048, probes for schedules 40.
 */
export const PAGE_HITS: usize = 2304;
/** A gram's last byte lies in the page of its first byte or up to 64 bytes further. */
const TAIL: usize = 64;

let enabled: u32 = 0;
let page: usize = 0;
let pagesEnd: usize = 0;
let end: usize = 0;
let tailDone: bool = false;
let zeroes: usize = 0;

/**
 * @param ringStart, ringLimit place of the hit ring
 * @param entries number of entries: the most hits of one candidate
 * @param base64Anchor, hexAnchor, decimalAnchor, wideAnchor, numberAnchor, scheduleAnchor what hits of the dense tests carry as anchor
 * @param longestRun runs are measured so far
 */
export function configure(
  tests: u32,
  ringStart: usize,
  ringLimit: usize,
  entries: usize,
  base64Anchor: u32,
  hexAnchor: u32,
  decimalAnchor: u32,
  wideAnchor: u32,
  numberAnchor: u32,
  scheduleAnchor: u32,
  longestRun: usize,
): void {
  enabled = tests;
  placeRing(ringStart, ringLimit, (PAGE_HITS + entries) * 12);
  configureRuns(base64Anchor, hexAnchor, decimalAnchor, wideAnchor, longestRun);
  configureNumbers(numberAnchor);
  configureSchedules(scheduleAnchor);
}

/**
 * Addresses: matches begin in `[start, stop)` and end at `limit` or before. Number runs are looked for at `phases` alignments,
 * 1, 2 or 8, from `start` on, at 8 behind the records of HPROF or else those of Go.
 */
export function begin(start: usize, stop: usize, limit: usize, phases: usize, isHprof: bool): void {
  page = start;
  end = stop;
  pagesEnd = start + ((stop - start + PAGE - 1) & ~(PAGE - 1));
  tailDone = false;
  zeroes = 0;
  ownMatches(start, stop, limit);
  ownRuns(start, stop);
  ownNumbers(start, stop, limit, phases, isHprof);
  ownSchedules(stop);
}

/** Goes on where the last call stopped; returns 1 when all is done, 0 when the ring must be emptied first. */
export function proceed(): bool {
  emptyRing();
  const tests = enabled;
  const base64 = (tests & TEST_BASE64_RUNS) != 0;
  const hex = (tests & TEST_HEX_RUNS) != 0;
  const decimal = (tests & TEST_DECIMAL_RUNS) != 0;
  const wide = (tests & TEST_WIDE_RUNS) != 0;
  if (!checkCandidates()) return false;
  while (page < pagesEnd) {
    if (isFull()) return false;
    const p = page;
    page += PAGE;
    if (isZeroPage(p)) {
      zeroes += min(PAGE, end - p);
      continue;
    }
    if (base64 || hex || decimal || wide) findRuns(p, base64, hex, decimal, wide);
    if (tests & TEST_NUMBER_RUNS) findNumbers(p);
    if (tests & TEST_SCHEDULES) findSchedules(p);
    if (tests & TEST_ANCHORS && !findAnchors(p, p + PAGE)) return false;
  }
  if (!tailDone) {
    tailDone = true;
    if (tests & TEST_ANCHORS) return findAnchors(pagesEnd, pagesEnd + TAIL);
  }
  return true;
}

function findAnchors(p: usize, stop: usize): bool {
  const blocksEnd = prefilter(p, stop);
  if (blocksEnd == BLOCKS) return true;
  listCandidates(blocksEnd);
  return checkCandidates();
}

export function zeroBytes(): usize {
  return zeroes;
}
