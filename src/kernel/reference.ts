/**
 * The search in plain TypeScript: the specification of the WASM kernels, their test oracle, and the off-switch
 * (`simd: 'off'`). One table look-up per position: does any pattern's gram (three fixed bytes) end here?
 */
import type { DenseTest } from '../model/detector.ts';
import type { Kernel, KernelOptions, OnHit } from './kernel.ts';
import { findNumberRuns, type NumberPhases } from './numbers.ts';
import { type Gram, gramsOf, type Plan, type PlannedAnchor } from './plan.ts';
import { findBase64Runs, findDecimalRuns, findHexRuns, findWideRuns } from './runs.ts';
import { findSchedules } from './schedules.ts';

const PAGE = 4096;
const FILTER_BITS = 15;

/** A pattern and the gram that it is found by. */
interface Entry extends Gram {
  readonly index: number;
  readonly anchor: PlannedAnchor;
}

export function createReferenceKernel(plan: Plan, options: Pick<KernelOptions, 'chunkBytes' | 'marginBytes'>): Kernel {
  const { chunkBytes, marginBytes } = options;
  const window = alignedBytes(marginBytes + chunkBytes + marginBytes);
  const entries = new Map<number, Entry[]>();
  const filter = new Uint8Array(1 << FILTER_BITS);
  for (const [index, anchor] of plan.anchors.entries()) {
    if (anchor.dense) continue;
    const gram = distinctiveGram(anchor);
    const same = entries.get(gram.gram);
    const entry = { ...gram, index, anchor };
    if (same) same.push(entry);
    else entries.set(gram.gram, [entry]);
    filter[hash(gram.gram)] = 1;
  }
  const dense = (test: DenseTest): number => plan.anchors.findIndex((anchor) => anchor.dense === test);
  const base64 = dense('base64-run');
  const hex = dense('hex-run');
  const decimal = dense('decimal-run');
  const wide = dense('wide-run');
  const number = dense('number-run');
  const schedule = dense('aes-schedule');

  function searchPage(start: number, end: number, own: { start: number; end: number }, limit: number, onHit: OnHit) {
    let gram = start >= 2 ? (window[start - 2]! << 8) | (window[start - 1]! << 16) : 0;
    for (let last = start; last < end; last++) {
      gram = (gram >>> 8) | (window[last]! << 16);
      if (filter[hash(gram)] !== 0) check(gram, last - 2, own, limit, onHit);
    }
  }

  function check(gram: number, gramAt: number, own: { start: number; end: number }, limit: number, onHit: OnHit) {
    for (const { index, anchor, offset } of entries.get(gram) ?? []) {
      const at = gramAt - offset;
      if (at < own.start || at >= own.end || at + anchor.bytes.length > limit) continue;
      if (matches(window, at, anchor)) onHit(index, at, anchor.bytes.length);
    }
  }

  /** Returns the bytes in pages of zeros. */
  function searchOwn(start: number, end: number, limit: number, onHit: OnHit, numberPhases: NumberPhases): number {
    let zeroBytes = 0;
    let page = start;
    for (; page < end; page += PAGE) {
      const pageEnd = Math.min(page + PAGE, limit);
      // No gram ends in a zero byte: none ends in a page of zeros.
      if (isZero(window, page, pageEnd)) zeroBytes += Math.min(PAGE, end - page);
      else if (entries.size > 0) searchPage(page, pageEnd, { start, end }, limit, onHit);
    }
    // Matches that begin before `end` but whose gram ends behind the last page.
    if (entries.size > 0) searchPage(page, Math.min(page + 64, limit), { start, end }, limit, onHit);
    const data = window.subarray(0, limit);
    if (base64 >= 0) findBase64Runs(data, start, end, marginBytes, (at, length) => onHit(base64, at, length));
    if (hex >= 0) findHexRuns(data, start, end, marginBytes, (at, length) => onHit(hex, at, length));
    if (decimal >= 0) findDecimalRuns(data, start, end, marginBytes, (at, length) => onHit(decimal, at, length));
    if (wide >= 0) findWideRuns(data, start, end, marginBytes, (at, length) => onHit(wide, at, length));
    if (number >= 0) findNumberRuns(data, start, end, numberPhases, (at, length) => onHit(number, at, length));
    if (schedule >= 0) findSchedules(data, start, end, (at, length) => onHit(schedule, at, length));
    return zeroBytes;
  }

  return {
    kind: 'reference',
    plan,
    window,
    marginBytes,
    chunkBytes,
    search(start, end, limit, onHit, numberPhases = 1, restarts = []) {
      window.fill(0, limit);
      const starts = [start, ...restarts];
      const zeroBytes = starts.map((from, i) => searchOwn(from, starts[i + 1] ?? end, limit, onHit, numberPhases));
      return { zeroBytes: zeroBytes.reduce((sum, bytes) => sum + bytes, 0) };
    },
    wipe: () => void window.fill(0),
  };
}

/** A gram with few zero bytes is rare in memory. */
function distinctiveGram(anchor: PlannedAnchor): Gram {
  const zeros = ({ gram }: Gram) => Number((gram & 0xff) === 0) + Number((gram & 0xff00) === 0);
  return gramsOf(anchor).reduce((best, gram) => (zeros(gram) < zeros(best) ? gram : best));
}

function hash(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> (32 - FILTER_BITS);
}

function matches(window: Uint8Array, at: number, { bytes, mask }: PlannedAnchor): boolean {
  for (let i = 0; i < bytes.length; i++) {
    if (((window[at + i]! ^ bytes[i]!) & mask[i]!) !== 0) return false;
  }
  return true;
}

function isZero(window: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (window[i] !== 0) return false;
  return true;
}

/** Memory that begins at a page: WebAssembly's does, a plain buffer's begins 16 bytes into one. */
function alignedBytes(length: number): Uint8Array {
  const pages = Math.ceil(length / 65_536);
  return new Uint8Array(new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer, 0, length);
}
