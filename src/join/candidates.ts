/** Numbers that could be private scalars or seeds, each once, in the order in which they are tried. */
import { bisect } from '../bytes/bisect.ts';
import { looksRandom } from '../bytes/entropy.ts';
import { looksLikeCode } from '../bytes/machine-code.ts';
import { u32le } from '../bytes/reader.ts';
import type { LeadWindow } from './join.ts';
import { readIntegers, readOctets, splitBulk } from './number-kinds.ts';
import { BIG_ENDIAN, type NumberLayout } from './number-layouts.ts';
import { FIT, type Fit, type OnNumber, readNumbers, readPacked } from './number-reader.ts';

/** Scalars and seeds inside longer runs are beside their public key, or in a structure of a few numbers. */
const MAX_BLOCK_BYTES = 192;
const MIN_BLOCK_NUMBERS = 2;
/** Of keys, points and digests one behind the other; longer runs are bulk data more often. */
const PACKED_BYTES = 1024;
/** But where Go keeps objects of one size, a page of its heap may be all numbers. */
const MAX_PACKED_BYTES = 8192;
/** In microseconds, what these are worth in an artifact of so many runs; where there are more, each curve has more to do anyway. */
const PACKED_COST = 600_000;
const PACKED_RUNS = 12_288;
const WORD_BYTES = 8;
/** The first byte of a P-521 scalar is 0 or 1. */
const TOP_BYTES = 2;
/** Some 30 MB of the longest. */
export const MAX_CANDIDATES = 300_000;

/** Numbers of one size, each with its best place. Holds secrets: call `wipe` at the end. */
export class CandidateSet {
  readonly size: number;
  /** Some were left out. */
  overflowed = false;
  /** Index of the first that is of a kind of which there are very many. */
  bulkFrom = Number.POSITIVE_INFINITY;
  readonly #most: number;
  #count = 0;
  #bytes: Uint8Array;
  #starts = new Float64Array(1024);
  #fits = new Uint8Array(1024);
  /** Index + 1 by hash; 0 is a free slot. */
  #slots = new Int32Array(4096);

  constructor(size: number, most = MAX_CANDIDATES) {
    this.size = size;
    this.#most = most;
    this.#bytes = new Uint8Array(1024 * size);
  }

  get count(): number {
    return this.#count;
  }

  /** Big-endian, as long as the field: a view, which `add` and `wipe` invalidate. */
  bytesOf(index: number): Uint8Array {
    return this.#bytes.subarray(index * this.size, (index + 1) * this.size);
  }

  /** Offset in the input. */
  startOf(index: number): number {
    return this.#starts[index]!;
  }

  fitOf(index: number): Fit {
    return this.#fits[index] as Fit;
  }

  /** Copies the number, or betters the place of the one that is there. */
  add(number: Uint8Array, start: number, fit: Fit): void {
    const slot = this.#slotOf(number);
    const known = this.#slots[slot]! - 1;
    if (known >= 0) {
      if (this.#fits[known]! <= fit) return;
      this.#fits[known] = fit;
      this.#starts[known] = start;
      return;
    }
    if (this.#count >= this.#most) {
      this.overflowed = true;
      return;
    }
    const index = this.#count++;
    if (index === this.#starts.length) this.#grow();
    this.#bytes.set(number, index * this.size);
    this.#starts[index] = start;
    this.#fits[index] = fit;
    this.#slots[this.#slotOf(number)] = index + 1;
  }

  wipe(): void {
    this.#bytes.fill(0);
    this.#count = 0;
    this.#slots.fill(0);
  }

  /** Where the number is, or would be. */
  #slotOf(number: Uint8Array): number {
    const mask = this.#slots.length - 1;
    // The highest bytes may all be zero, the lowest are as random as any.
    const hash = Math.imul(u32le(number, this.size - 4)! ^ Math.imul(u32le(number, this.size - 8)!, 31), 0x9e3779b1);
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#isAt(this.#slots[slot]! - 1, number)) break;
    }
    return slot;
  }

  #isAt(index: number, number: Uint8Array): boolean {
    const at = index * this.size;
    for (let i = this.size - 1; i >= 0; i--) if (this.#bytes[at + i] !== number[i]) return false;
    return true;
  }

  #grow(): void {
    const capacity = this.#starts.length * 2;
    const [bytes, starts, fits] = [this.#bytes, this.#starts, this.#fits];
    this.#bytes = new Uint8Array(capacity * this.size);
    this.#bytes.set(bytes);
    bytes.fill(0);
    this.#starts = new Float64Array(capacity);
    this.#starts.set(starts);
    this.#fits = new Uint8Array(capacity);
    this.#fits.set(fits);
    this.#slots = new Int32Array(capacity * 4);
    // All but the one that is being added.
    for (let i = 0; i < this.#count - 1; i++) this.#slots[this.#slotOf(this.bytesOf(i))] = i + 1;
  }
}

export interface CandidateOptions {
  readonly fit?: Fit;
  readonly lengthsInBulk?: true;
  /** Of numbers that neither fill nor begin their run only so many are taken, the first ones. */
  readonly mostInside?: number;
  /** So many may be tried: where the others are fewer, some of those in long packed blocks are read as well. */
  readonly affordable?: number;
  /** In microseconds, what one takes. */
  readonly cost?: number;
  /** Highest first byte. */
  readonly maxTop?: number;
  readonly layouts?: readonly NumberLayout[];
  /** Only these count; all that look random by default. */
  accepts?(number: Uint8Array): boolean;
  /** How certain integers are read, and which of them count; in all layouts but octets, and as `accepts` says, by default. */
  readonly integers?: { readonly layouts: readonly NumberLayout[]; accepts(number: Uint8Array): boolean };
}

/** Adds the numbers in `windows` to `candidates`, those of which there are very many alike at the end. */
export function* readPrivateCandidates(
  windows: readonly LeadWindow[],
  candidates: CandidateSet,
  {
    accepts,
    integers: asIntegers,
    mostInside = Number.POSITIVE_INFINITY,
    affordable = 0,
    cost = 1,
    ...options
  }: CandidateOptions = {},
): Generator<undefined> {
  const { size } = candidates;
  const from = size % WORD_BYTES === 0 ? 0 : TOP_BYTES;
  let inside = 0;
  const onNumber: OnNumber = (number, start, fit) => {
    if (!looksRandom(number, from) || looksLikeCode(number)) return;
    if (accepts && !accepts(number)) return;
    if (fit > FIT.start && inside >= mostInside) return;
    const before = candidates.count;
    candidates.add(number, start, fit);
    // Some are read twice.
    if (fit > FIT.start) inside += candidates.count - before;
  };
  const reading = {
    ...options,
    maxBlockBytes: MAX_BLOCK_BYTES,
    minBlockNumbers: MIN_BLOCK_NUMBERS,
    looseBlockBytes: MAX_BLOCK_BYTES,
    packedBytes: PACKED_BYTES,
    blockStep: WORD_BYTES,
    unaligned: true,
  } as const;
  const { rare, bulk, arrays } = splitBulk(windows);
  yield* readNumbers(Number.isFinite(mostInside) ? spread(rare) : rare, size, onNumber, reading);
  if (rare.length < windows.length) {
    candidates.bulkFrom = candidates.count;
    yield* readNumbers(bulk, size, onNumber, reading);
    const onInteger: OnNumber = (number, start, fit, source) => {
      if (!asIntegers || asIntegers.accepts(number)) onNumber(number, start, fit, source);
    };
    const { layouts, ...rest } = options;
    const ownLayouts = asIntegers?.layouts ?? layouts?.filter((layout) => layout !== BIG_ENDIAN);
    yield* readOctets(arrays, size, onNumber, options);
    yield* readIntegers(arrays, size, onInteger, { ...rest, ...(ownLayouts && { layouts: ownLayouts }) });
  }
  const worth = PACKED_COST * Math.min(1, PACKED_RUNS / windows.length);
  const most = Math.min(affordable, candidates.count + Math.floor(worth / cost), MAX_CANDIDATES);
  const packed = { layouts: options.layouts, moreThan: PACKED_BYTES, most: MAX_PACKED_BYTES };
  const onPacked: OnNumber = (...found) => {
    if (candidates.count < most) onNumber(...found);
  };
  if (candidates.count < most) yield* readPacked(spread(rare), size, onPacked, packed);
}

/** Tables of programs come first in a core, heaps later: where not all can be read, some of each are. */
function spread<T>(items: readonly T[]): T[] {
  return Array.from({ length: SPREAD }, (_, i) => items.filter((_, j) => j % SPREAD === i)).flat();
}
const SPREAD = 16;

/**
 * All of them when there are no more than `most`, else the best `most`: those that are no bulk first, then the best fit; of
 * the same fit, those nearest to any of `starts` (offsets of public values).
 */
export function chooseCandidates(candidates: CandidateSet, starts: readonly number[], most: number): number[] {
  const indexes = Array.from({ length: candidates.count }, (_, i) => i);
  if (indexes.length <= most) return indexes;
  const sorted = [...starts].sort((a, b) => a - b);
  const distances = Float64Array.from(indexes, (i) => distanceTo(sorted, candidates.startOf(i)));
  const isBulk = (i: number): number => Number(i >= candidates.bulkFrom);
  indexes.sort(
    (a, b) =>
      isBulk(a) - isBulk(b) ||
      candidates.fitOf(a) - candidates.fitOf(b) ||
      distances[a]! - distances[b]! ||
      candidates.startOf(a) - candidates.startOf(b),
  );
  return indexes.slice(0, Math.max(0, most));
}

/** From `at` to the nearest of `sorted`; 0 when there is none. */
function distanceTo(sorted: readonly number[], at: number): number {
  if (sorted.length === 0) return 0;
  const next = bisect(sorted.length, (i) => sorted[i]! >= at);
  const before = next > 0 ? at - sorted[next - 1]! : Number.POSITIVE_INFINITY;
  const after = next < sorted.length ? sorted[next]! - at : Number.POSITIVE_INFINITY;
  return Math.min(before, after);
}

/** In microseconds, what numbers inside runs are worth where no public value of the curve is known. */
const BLIND_COST = 100_000;

/**
 * How many of these to take: allocators without headers (jemalloc, tcmalloc, macOS's, Go's) put keys of one size side by side, in
 * one run.
 */
export const mostInsideOf = (cost: number, isKnown: boolean): number =>
  isKnown ? Number.POSITIVE_INFINITY : Math.floor(BLIND_COST / cost);
