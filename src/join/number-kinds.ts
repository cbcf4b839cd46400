/**
 * Kinds of numbers, by what lies before them and their length. Curve arithmetic in JavaScript's BigInts leaves each of its
 * intermediate results on the heap, hundreds of thousands, all alike: the few numbers of other kinds, among which the
 * key may be, must not drown in them.
 */
import { u32le } from '../bytes/reader.ts';
import { type ArrayHeader, arrayAt } from './array-headers.ts';
import { createWindow, type LeadWindow } from './join.ts';
import { BIG_ENDIAN, isPlain, LITTLE_ENDIAN, NUMBER_LAYOUTS, type NumberLayout } from './number-layouts.ts';
import { FIT, type OnNumber, type ReadingOptions, readNumbers } from './number-reader.ts';

/** So many can all be tried. */
const FEW = 10_000;
/** A kind is bulk when it has more than so many, and more than this share of all. */
const MIN_BULK = 1000;
export const BULK_SHARE = 1 / 64;

const WORD_BYTES = 8;
/** So many alike, behind a word that counts their elements, are arrays, and nothing else happens to lie behind such a word. */
const MIN_ARRAYS = 256;

/** Elements of an array behind the digits of its number (PyPy's lists grow by more than one). */
const MAX_SPARE = 2;

const LIMBS = [LITTLE_ENDIAN];
const OCTETS = [BIG_ENDIAN];
const DIGITS = NUMBER_LAYOUTS.filter((layout) => layout !== BIG_ENDIAN);
/** An `int[]` with the most significant first is octets as it lies. */
const TURNED = DIGITS.filter(({ isArray }) => !isArray);

/** A hash of the word before the number (a length, an allocation header, a type) and of its length; never 0. */
export function kindOf(bytes: Uint8Array, at: number, length: number): number {
  const low = u32le(bytes, at - 8) ?? 0;
  const high = u32le(bytes, at - 4) ?? 0;
  return Math.imul(low ^ Math.imul(high, 31) ^ Math.imul(length, 0x9e3779b1), 0x85ebca6b) >>> 0 || 1;
}

/**
 * One in how many of each kind to keep, so that at most `most` are left: all of the rare kinds, which aren't listed, and of
 * the others about equally many. Undefined when even one of each kind is too many.
 */
export function thinKinds(kinds: readonly number[], most: number): Map<number, number> | undefined {
  const counts = countKinds(kinds);
  const strides = new Map<number, number>();
  for (let share = most; share >= 1; share = Math.floor(share / 2)) {
    let kept = 0;
    for (const [kind, count] of counts) {
      const stride = Math.ceil(count / share);
      if (stride > 1) strides.set(kind, stride);
      kept += Math.ceil(count / stride);
    }
    if (kept <= most) return strides;
  }
  return undefined;
}

/**
 * Those of the rarest kinds first. Of tables of constants there are hundreds alike, of keys few. What lies behind no header (an allocation's,
 * a length) is of one kind.
 */
export function byRarity(windows: readonly LeadWindow[]): readonly LeadWindow[] {
  const kinds = windows.map((window) => (isBehindHeader(window) ? kindOfWindow(window) : 0));
  const counts = countKinds(kinds);
  const order = Array.from(windows, (_, i) => i);
  return order.sort((a, b) => counts.get(kinds[a]!)! - counts.get(kinds[b]!)! || a - b).map((i) => windows[i]!);
}

const isBehindHeader = ({ around, bytes }: LeadWindow): boolean =>
  u32le(around, bytes.byteOffset - around.byteOffset - 4) === 0;

const kindOfWindow = ({ around, bytes }: LeadWindow): number =>
  kindOf(around, bytes.byteOffset - around.byteOffset, bytes.length);

/** At most `most` of many windows, those of rare kinds all. */
export function thinWindows(windows: readonly LeadWindow[], most: number): readonly LeadWindow[] {
  if (windows.length <= most) return windows;
  const kinds = windows.map(kindOfWindow);
  const strides = thinKinds(kinds, most);
  if (!strides) return windows.slice(0, most);
  const kept = keptBy(strides, kinds);
  return windows.filter((_, i) => kept[i]);
}

/** Which are kept, for the kind of each: one in as many of a kind as its stride is. */
export function keptBy(strides: ReadonlyMap<number, number>, kinds: readonly number[]): boolean[] {
  const seen = new Map<number, number>();
  return kinds.map((kind) => {
    const i = seen.get(kind) ?? 0;
    seen.set(kind, i + 1);
    return i % (strides.get(kind) ?? 1) === 0;
  });
}

/** All numbers, each in one of four lists, in the same order. */
interface Split {
  readonly rare: readonly LeadWindow[];
  /** Those of bulk kinds. */
  readonly bulk: readonly LeadWindow[];
  readonly arrays: Arrays;
}

/**
 * Those of kinds that are arrays of a virtual machine for certain, most of them temporary: of digits (integers), or of bytes (digests, keys of
 * sessions). Each is one number, or of bytes two of one size, not a block in which a number begins anywhere.
 */
export interface Arrays {
  readonly integers: readonly LeadWindow[];
  readonly octets: readonly LeadWindow[];
}

/** By windows: they are read once for each curve. */
const splits = new WeakMap<readonly LeadWindow[], Split>();

export function splitBulk(windows: readonly LeadWindow[]): Split {
  const known = splits.get(windows);
  if (known) return known;
  const split = splitByKind(windows);
  splits.set(windows, split);
  return split;
}

function splitByKind(windows: readonly LeadWindow[]): Split {
  const kinds = windows.map(kindOfWindow);
  const counts = countKinds(kinds);
  const most = windows.length <= FEW ? Number.POSITIVE_INFINITY : Math.max(MIN_BULK, windows.length * BULK_SHARE);
  const [rare, bulk, integers, octets]: LeadWindow[][] = [[], [], [], []];
  for (const [i, window] of windows.entries()) {
    const count = counts.get(kinds[i]!)!;
    const array = count > MIN_ARRAYS ? headerOf(window) : undefined;
    if (array) (array.elementBytes === 1 ? octets! : integers!).push(window);
    else (count > most ? bulk! : rare!).push(window);
  }
  return { rare: rare!, bulk: bulk!, arrays: { integers: integers!, octets: octets! } };
}

const headerOf = ({ around, bytes }: LeadWindow): ArrayHeader | undefined =>
  arrayAt(around, bytes.byteOffset - around.byteOffset, bytes.length);

/**
 * Layouts of one of the certain integers. Behind the tagged pointer to its map, and a count in a word of its own, a BigInt of V8
 * has limbs; all others in memory may have their digits in either order, but aren't octets. The mark word of Java's objects is odd as
 * well: behind it are the class and the count. In heap dumps of Java digits are big-endian, the most significant first; in any other
 * order they are read when they are turned round.
 */
function layoutsOf(window: LeadWindow): readonly NumberLayout[] {
  if (headerOf(window)!.isBigEndian) return window.wordBytes ? TURNED : OCTETS;
  const { around, bytes } = window;
  const at = bytes.byteOffset - around.byteOffset;
  const map = at - 2 * WORD_BYTES;
  return map >= 0 && (around[map]! & 1) === 1 && u32le(around, at - 4) === 0 ? LIMBS : DIGITS;
}

/**
 * Calls `onNumber` for each of the certain integers that has `size` bytes, in its layouts, or in `layouts`. A virtual machine cuts
 * leading zeros off, or has a digit or two to spare, which are zeros.
 */
export function* readIntegers(
  { integers }: Pick<Arrays, 'integers'>,
  size: number,
  onNumber: OnNumber,
  { layouts, ...options }: ReadingOptions,
): Generator<undefined> {
  const words = Math.ceil(size / WORD_BYTES) * WORD_BYTES;
  const groups = new Map<NumberLayout, LeadWindow[]>();
  for (const window of integers) {
    const { count, elementBytes } = headerOf(window)!;
    const hasSpare = count * elementBytes > size && window.bytes.length <= words;
    for (const layout of layouts ?? layoutsOf(window)) {
      const surplus = count * elementBytes - layout.lengthOf(size);
      const fits = isFull(layout) ? surplus === 0 : surplus >= -elementBytes && surplus <= MAX_SPARE * elementBytes;
      if (!fits && !hasSpare) continue;
      const group = groups.get(layout);
      if (group) group.push(window);
      else groups.set(layout, [window]);
    }
  }
  for (const [layout, group] of groups) {
    yield* readNumbers(group, size, onNumber, { ...options, layouts: [layout], fit: FIT.filling });
  }
}

/** Whether all bits of a digit belong to the number, so that its highest is zero once in 2^32, and the run ends before those to spare. */
const isFull = (layout: NumberLayout): boolean => isPlain(layout) || layout.isArray === true;

/** Likewise for numbers that fill certain arrays of bytes, or follow their length in one, and for both of two of one size. */
export function* readOctets(
  { octets }: Arrays,
  size: number,
  onNumber: OnNumber,
  { layouts = NUMBER_LAYOUTS, ...options }: ReadingOptions,
): Generator<undefined> {
  const halves = octets.flatMap((window) => (headerOf(window)!.count === 2 * size ? halvesOf(window, size) : []));
  // What lies before an array is its header.
  const onOctets: OnNumber = (number, start, fit, source) => {
    if (start >= source.window.lead.start) onNumber(number, start, fit, source);
  };
  const reading = { ...options, layouts: layouts.filter(isPlain), fit: FIT.start, lengthsOnly: true } as const;
  yield* readNumbers([...octets, ...halves], size, onOctets, reading);
}

function halvesOf({ lead, bytes, around }: LeadWindow, size: number): LeadWindow[] {
  const first = bytes.byteOffset - around.byteOffset;
  return [0, size].map((at) => {
    const span = { start: lead.start + at, end: lead.start + at + size };
    return createWindow({ ...lead, ...span }, around, first + at);
  });
}

/** How often each of them is there. */
export function countKinds(kinds: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
