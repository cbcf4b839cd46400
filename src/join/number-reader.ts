/**
 * Reads the numbers of one size out of windows, in every layout. Nearly all keys are numbers that fill their run of
 * random words, begin with it, or follow their length; others lie in blocks of adjacent numbers.
 */
import { u32le } from '../bytes/reader.ts';
import { hprofArray } from './array-headers.ts';
import { type LeadWindow, startOfAround } from './join.ts';
import { areMarkedDigits, isPlain, NUMBER_LAYOUTS, type NumberLayout } from './number-layouts.ts';

/** Longer blocks are bulk data. */
const MAX_BLOCK_BYTES = 4096;
/** Of a byte beside a number that may be a type or a count. */
const MAX_TAG = 16;
const WORD_BYTES = 8;
/** Of a length or a count in one byte. */
const MAX_COUNT = 64;
/** Of the last word of bytes, what is none of their run: more are a pointer. */
const MAX_EDGE_BYTES = 5;
/** Of words beside a number that look random. */
const MAX_BESIDE_BYTES = 3 * WORD_BYTES;
/** Of a structure with two or three numbers. */
const MAX_FEW_BYTES = 104;
/** Of the fields before the digits of an object that look random: a count of references, a type, a number of digits. */
const MAX_HEADER_BYTES = 16;
/** How far the first byte of a number may be from the start of its run, and its last one from the end. */
const SLACK_BYTES = 8;

/**
 * How sure it is that a number begins here: it fills its run or follows its length; it begins with its run; it ends with
 * it, or lies among others of its size; it is somewhere in a block.
 */
export const FIT = { filling: 0, start: 1, end: 2, block: 3 } as const;
export type Fit = (typeof FIT)[keyof typeof FIT];

export interface ReadingOptions {
  readonly oddOnly?: boolean;
  /** Numbers that fit worse are left out; `filling` also leaves out runs that are longer than the number. */
  readonly fit?: Fit;
  /** Numbers that fit better are left out: they were read before. */
  readonly bestFit?: Fit;
  /** In longer runs only what follows its length. */
  readonly lengthsOnly?: true;
  /** Of longer runs only the start is read. */
  readonly maxBlockBytes?: number;
  /** Up to so many bytes, runs may be numbers of one size, one behind the other. */
  readonly packedBytes?: number;
  /** But behind their length numbers are read all over them. */
  readonly lengthsInBulk?: true;
  /** Shorter runs, in numbers, are no blocks: they are one number and a word beside it. */
  readonly minBlockNumbers?: number;
  /** Up to so many bytes, runs that no word before them marks as objects are blocks, too: members of a structure. */
  readonly looseBlockBytes?: number;
  /** Distance of places in a block from its start is a multiple of this. */
  readonly blockStep?: number;
  /** Least first byte of a number in a block, to pass over most of what is none. */
  readonly blockTop?: number;
  /** Also numbers that begin between two words, between small bytes. */
  readonly unaligned?: true;
  /** Highest first byte of a number. */
  readonly maxTop?: number;
  readonly layouts?: readonly NumberLayout[];
  /** Whether the bytes at `at` could be a number that is wanted, before they are read: reading costs most. */
  readonly screen?: (bytes: Uint8Array, at: number, layout: NumberLayout, fit: Fit) => boolean;
}

export interface NumberSource {
  readonly window: LeadWindow;
  readonly layout: NumberLayout;
  /** Index in `window.around` of the number's first byte in memory. */
  readonly at: number;
}

/**
 * @param number big-endian, in memory that the next number overwrites
 * @param start offset in the input of its first byte in memory
 */
export type OnNumber = (number: Uint8Array, start: number, fit: Fit, source: NumberSource) => void;

/** Windows between two breaths. */
const WINDOWS_PER_STEP = 512;

/** By windows: they are read once for each size. */
const layoutsByWindows = new WeakMap<readonly LeadWindow[], readonly NumberLayout[]>();

/** Layouts in which any of the windows may be a number: boxed digits lie in few programs. */
export function layoutsIn(windows: readonly LeadWindow[]): readonly NumberLayout[] {
  const known = layoutsByWindows.get(windows);
  if (known) return known;
  const layouts = NUMBER_LAYOUTS.filter((layout) => windows.some((window) => mayBeginIn(window, layout)));
  layoutsByWindows.set(windows, layouts);
  return layouts;
}

function mayBeginIn({ around, bytes }: LeadWindow, { mayBegin }: NumberLayout): boolean {
  const first = bytes.byteOffset - around.byteOffset;
  return !mayBegin || mayBegin(around, first) || mayBegin(around, first + SLACK_BYTES);
}

const markedDigits = new WeakMap<LeadWindow, boolean>();

/** Arithmetic in JavaScript leaves tens of thousands of windows that are digits and nothing else. */
function areMarked(window: LeadWindow): boolean {
  const known = markedDigits.get(window);
  if (known !== undefined) return known;
  const { around, bytes } = window;
  const first = bytes.byteOffset - around.byteOffset;
  const are = areMarkedDigits(around, first, first + bytes.length);
  markedDigits.set(window, are);
  return are;
}

/** Calls `onNumber` for each number of `size` bytes. Yields now and then, so that it can be stopped. */
export function* readNumbers(
  windows: readonly LeadWindow[],
  size: number,
  onNumber: OnNumber,
  options: ReadingOptions = {},
): Generator<undefined> {
  const number = new Uint8Array(size);
  // In no layout is a number shorter than its bytes: most windows are passed over at once.
  const longEnough = windows.filter(({ bytes }) => bytes.length >= size - SLACK_BYTES);
  for (const layout of options.layouts ?? layoutsIn(windows)) {
    for (let i = 0; i < longEnough.length; i++) {
      readWindow(longEnough[i]!, layout, number, onNumber, options);
      if (i % WINDOWS_PER_STEP === WINDOWS_PER_STEP - 1) yield;
    }
    yield;
  }
  number.fill(0);
}

/**
 * Calls `onNumber` for numbers that lie one behind the other in `windows`, in blocks that `packedBytes` leaves out: from the start of
 * the block, and from its end. Go keeps objects of one size in pages of 8 KiB, where what else is random begins anywhere.
 */
export function* readPacked(
  windows: readonly LeadWindow[],
  size: number,
  onNumber: OnNumber,
  { layouts = NUMBER_LAYOUTS, moreThan, most }: PackedOptions,
): Generator<undefined> {
  const number = new Uint8Array(size);
  for (const [i, window] of windows.entries()) {
    if (i % WINDOWS_PER_STEP === WINDOWS_PER_STEP - 1) yield;
    const { around, bytes } = window;
    if (bytes.length <= moreThan || bytes.length > most) continue;
    const first = bytes.byteOffset - around.byteOffset;
    for (const layout of layouts.filter(isPlain)) {
      for (const at of packedPlaces(first, bytes.length, layout.lengthOf(size))) {
        if (layout.read(around, at, number))
          onNumber(number, startOfAround(window) + at, FIT.end, { window, layout, at });
      }
    }
  }
  number.fill(0);
}

export interface PackedOptions {
  readonly layouts?: readonly NumberLayout[] | undefined;
  /** Bytes of a block. */
  readonly moreThan: number;
  readonly most: number;
}

/** Where numbers of `length` bytes lie in a run at `first` but at its start, counted from there, and then from its end. */
function* packedPlaces(first: number, runBytes: number, length: number): Generator<number> {
  const last = first + runBytes - length;
  for (let at = first + length; at <= last; at += length) yield at;
  // In numbers that are no whole words, the end of the run is none of theirs.
  if ((last - first) % length === 0 || length % WORD_BYTES !== 0) return;
  for (let at = last; at > first; at -= length) yield at;
}

function readWindow(
  window: LeadWindow,
  layout: NumberLayout,
  number: Uint8Array,
  onNumber: OnNumber,
  options: ReadingOptions,
): void {
  const { around, bytes } = window;
  const size = number.length;
  const length = layout.lengthOf(size);
  const first = bytes.byteOffset - around.byteOffset;
  const last = first + bytes.length - length;
  if (last < first - (layout.slackBytes ?? SLACK_BYTES)) return;
  if (!mayBeginIn(window, layout) || (!layout.mayBegin && areMarked(window))) return;
  const isFilling = last <= first + SLACK_BYTES;
  const { fit: worst = FIT.block } = options;
  if (worst === FIT.filling && !isFilling) return;
  const origin = startOfAround(window);
  const offer = (at: number, fit: Fit): void => {
    if (fit < (options.bestFit ?? FIT.filling) || at < 0 || at + length > around.length) return;
    if (options.oddOnly && !layout.isOdd(around, at, size)) return;
    const top = layout.topAt(around, at, size);
    if (top < (fit === FIT.block ? (options.blockTop ?? 0) : 0) || top > (options.maxTop ?? 0xff)) return;
    if (options.screen && !options.screen(around, at, layout, fit)) return;
    if (layout.read(around, at, number)) onNumber(number, origin + at, fit, { window, layout, at });
  };
  if (options.lengthsOnly && !isFilling) {
    if (layout.step === 1) readBehindLengths(around, first, last + SLACK_BYTES, size, offer);
    return;
  }
  const startFit = isFilling ? FIT.filling : FIT.start;
  if (layout.isArray) {
    // A header of four bytes and the first int may be the first word of the run, or the word before it.
    for (const at of [first, first - layout.step, first + layout.step]) {
      if (followsCount(around, at, length)) offer(at, startFit);
    }
    return;
  }
  offer(first, startFit);
  if (layout.isCount) offerBehindCounts(around, first, length, layout, offer);
  // Words of text look random, too.
  const textEnd = behindText(around, first, last);
  if (textEnd > first) offer(textEnd, last <= textEnd + SLACK_BYTES ? FIT.filling : FIT.start);
  const isAlone = last <= first + MAX_BESIDE_BYTES;
  if (layout.step === 1 && options.unaligned) {
    offerBetweenFields(around, first, isAlone ? last : first, length, offer);
  }
  if (layout.step === 1 && options.unaligned && bytes.length <= (options.looseBlockBytes ?? 0)) {
    offerFromEdges(around, first, first + bytes.length, length, (at, fit) => fit <= worst && offer(at, fit));
  }
  // In a heap dump of Java, the ints of a 521-bit number begin with two zero bytes.
  if (isFilling && layout.step === 1 && last > first && last < first + 4) offer(last, FIT.filling);
  if (worst < FIT.end) {
    if (layout.step === 1) readBehindLengths(around, first, Math.max(first, last) + SLACK_BYTES, size, offer);
    return;
  }
  const isBulk = bytes.length > (options.maxBlockBytes ?? MAX_BLOCK_BYTES);
  const isBounded = hasBoundary(window, first);
  if (!isBulk && last > first) offer(last, FIT.end);
  // A small field behind a number belongs to its run.
  const endsWithField = u32le(bytes, bytes.length - 4) === 0;
  if (!isBulk && endsWithField && last - WORD_BYTES > first) offer(last - WORD_BYTES, FIT.end);
  // Allocators without headers (Go's, jemalloc) put objects of one size side by side.
  if (isPlain(layout) && !isFilling && bytes.length <= (options.packedBytes ?? 0)) {
    for (const at of packedPlaces(first, bytes.length, length)) offer(at, FIT.end);
  }
  // A number between words that look random, too: addresses, packed fields.
  const beside = isAlone && !isFilling ? last : first;
  for (let at = first + WORD_BYTES; at < beside; at += WORD_BYTES) offer(at, FIT.end);
  // Without a boundary, the first word of a run or half of it may belong to something else that looks random.
  if (!isBounded) {
    offer(first + SLACK_BYTES, FIT.end);
    if (layout.step < 8) offer(first + SLACK_BYTES / 2, FIT.end);
  }
  const lengthsEnd = isBulk && !options.lengthsInBulk ? first : Math.max(first, last) + SLACK_BYTES;
  if (layout.step === 1) readBehindLengths(around, first, lengthsEnd, size, offer);
  const isBlock = isBounded || bytes.length <= (options.looseBlockBytes ?? 0);
  if (worst < FIT.block || isBulk || isFilling || !isPlain(layout) || !isBlock) return;
  if (bytes.length < (options.minBlockNumbers ?? 1) * length - SLACK_BYTES) return;
  const step = Math.max(layout.step, options.blockStep ?? 1);
  // Behind a u32, members of a structure lie at 4 bytes into a word.
  const from = layout.step === 1 && u32le(around, first)! < 0x10000 ? 4 : step;
  for (let at = first + from; at < last; at += step) offer(at, FIT.block);
  if (layout.step !== 1 || from === 4 || !options.unaligned || bytes.length > MAX_FEW_BYTES) return;
  // One that looks random: a fingerprint, an identifier.
  for (let at = first + 4; at <= last + 4; at += length) offer(at, FIT.block);
}

/**
 * Offers digits behind their number, in the first words of a run: where addresses have four bytes, in a process that has eight
 * (WebAssembly), fields before a number look like words of it.
 */
function offerBehindCounts(
  around: Uint8Array,
  first: number,
  length: number,
  { isCount }: NumberLayout,
  offer: (at: number, fit: Fit) => void,
): void {
  for (let at = first - SLACK_BYTES / 2; at <= first + MAX_HEADER_BYTES; at += 4) {
    if (at !== first && isCount?.(u32le(around, at - 4) ?? 0, length)) offer(at, FIT.filling);
  }
}

/**
 * Offers what lies between the words of its run: behind a byte that names a type, or counts, or is zero, and before a zero or a small
 * field. Structures that begin with such a field hold their key unaligned.
 */
function offerBetweenFields(
  around: Uint8Array,
  first: number,
  last: number,
  length: number,
  offer: (at: number, fit: Fit) => void,
): void {
  const from = Math.min(first, last) - SLACK_BYTES + 1;
  for (let at = from; at < Math.max(first, last) + SLACK_BYTES; at++) {
    const end = at + length;
    if (around[at - 1]! > MAX_TAG) continue;
    // Which of several zeros are the number's, only a byte before it that isn't zero tells.
    if (around[end - 1] === 0 && (around[at - 1] === 0 || around[end - 2] === 0)) continue;
    if (around[end] === 0 || (around[end]! <= MAX_TAG && around[end + 1] === 0)) offer(at, FIT.filling);
  }
}

/**
 * Offers arrays of bytes one behind the other that begin within a word, as on a stack, or behind fields of a byte: the first
 * begins behind a zero, or the last ends before one.
 */
function offerFromEdges(
  around: Uint8Array,
  first: number,
  end: number,
  length: number,
  offer: (at: number, fit: Fit) => void,
): void {
  const start = behindZero(around, first);
  if (start !== undefined && start < first) {
    for (let at = start; at + length < end + WORD_BYTES; at += WORD_BYTES) {
      const isWhole = (at - start) % length === 0;
      offer(at, at === start ? FIT.start : isWhole ? FIT.end : FIT.block);
    }
    return;
  }
  // The last of them may be a word of the run, as a small field behind a number is.
  const edge = u32le(around, end - 4) === 0 ? end - WORD_BYTES : end;
  const zero = around.indexOf(0, edge);
  // What is longer is a pointer, and one small byte is a count.
  if (zero <= edge || zero > edge + MAX_EDGE_BYTES || (zero === edge + 1 && around[edge]! <= MAX_COUNT)) return;
  for (let at = zero - length; at > first - WORD_BYTES; at -= length) offer(at, FIT.end);
}

/** Where the bytes begin that a run from `first` on goes on with: behind the last zero in the word before it, if there is one. */
function behindZero(around: Uint8Array, first: number): number | undefined {
  for (let at = first - 1; at >= Math.max(0, first - WORD_BYTES); at--) if (around[at] === 0) return at + 1;
  return undefined;
}

/** Where the words of text end that a run begins with. */
function behindText(around: Uint8Array, first: number, last: number): number {
  let at = first;
  while (at < last && isText(around, at) && isText(around, at + 4)) at += WORD_BYTES;
  return at;
}

/** Whether no byte of four is 0x80 or more. */
const isText = (bytes: Uint8Array, at: number): boolean => ((u32le(bytes, at) ?? 0) & 0x80808080) === 0;

/** Offers what follows its length, wherever it begins. */
function readBehindLengths(
  around: Uint8Array,
  first: number,
  last: number,
  size: number,
  offer: (at: number, fit: Fit) => void,
): void {
  // The first whole word of a run may begin within the number.
  for (let at = first - SLACK_BYTES + 1; at <= last; at++) {
    if (at !== first && isBehindLength(around, at, size)) offer(at, FIT.filling);
  }
}

/**
 * Whether an array of ints follows their number: never fewer than the number needs, nor many more. As a u32 (Java, Ada), which
 * the Java VM pads to 8 bytes where it doesn't compress pointers to classes (heaps above 32 GB before JDK 15), .NET and Mono
 * always; above six bits of type and sign (Chez Scheme, so Racket); or in the upper half of a u32 below a type (CLISP).
 * Where the array begins with an empty int, the header is four bytes further away.
 */
function followsCount(bytes: Uint8Array, at: number, length: number): boolean {
  const most = length + SLACK_BYTES;
  const isCount = (count: number): boolean => count * 4 >= length && count * 4 <= most;
  const isHeader = (header: number): boolean => isCount(header) || isCount(header >>> 16);
  const [low, high] = [u32le(bytes, at - 8) ?? 0, u32le(bytes, at - 4)];
  if (high === undefined) return false;
  return high === 0 ? isHeader(low) || isCount(low >>> 6) : isHeader(high);
}

/**
 * Whether the word before a run is one that stands before numbers: an allocation header or a count (below 2^32), all ones,
 * or a size that agrees with the run. In dumps that align nothing, the kernel demands it.
 */
function hasBoundary({ lead, bytes, around }: LeadWindow, first: number): boolean {
  if (lead.start % 8 !== 0) return true;
  const [low, high] = [u32le(around, first - 8), u32le(around, first - 4)];
  if (low === undefined || high === undefined || high === 0) return true;
  if (high === 0xffffffff && low === 0xffffffff) return true;
  const { length } = bytes;
  if ([high, high * 4, high * 8].some((stated) => Math.abs(stated - length) <= SLACK_BYTES)) return true;
  const array = hprofArray(around, first);
  return array !== undefined && Math.abs(array.count * array.elementBytes - length) <= SLACK_BYTES;
}

/**
 * Whether a big-endian number of `size` bytes at `at` follows its length: as an INTEGER of DER (X.690, 8.3), a string of
 * an S-expression (`129:`, or as libgcrypt keeps it in memory: 01, u16 length), an mpint of SSH (RFC 4251, 5), or a byte
 * string of a binary format. A zero byte may stand before a set top bit.
 */
function isBehindLength(bytes: Uint8Array, at: number, size: number): boolean {
  if (statesLength(bytes, at, size)) return true;
  return bytes[at - 1] === 0 && (statesLength(bytes, at - 1, size + 1) || isBehindCount(bytes, at, size));
}

/** Whether the bytes before `at` say that `length` bytes follow. */
function statesLength(bytes: Uint8Array, at: number, length: number): boolean {
  const stated = bytes[at - 1]!;
  if (stated === 0x3a || isBehindToken(bytes, at, length)) return true;
  if ((stated === length || (stated === SEED_AND_KEY && length === SEED)) && isTagOfBytes(bytes[at - 2])) return true;
  if (length >= 0x80 && stated === length >> 7 && bytes[at - 2] === ((length & 0x7f) | 0x80)) {
    return isFieldTag(bytes[at - 3]);
  }
  if (stated !== (length & 0xff)) return false;
  if (length < 0x80 && bytes[at - 2] === 0x02) return true;
  if (bytes[at - 2] === 0x81 && bytes[at - 3] === 0x02) return true;
  return bytes[at - 2] === length >> 8 && LONG_TAGS.includes(bytes[at - 3]!);
}

/** Before a length of two bytes: DER's 0x82, the upper half of an SSH length, CBOR's 0x59, MessagePack's bin 16. */
const LONG_TAGS = [0x82, 0, 0x59, 0xc5];

/** Of an Ed25519 private key with its public key behind it, as libraries and libp2p write it. */
const SEED = 32;
const SEED_AND_KEY = 64;

/**
 * Whether a byte stands before the length of a byte string: CBOR's 0x58 (RFC 8949, 3.1), MessagePack's bin 8, an OCTET STRING
 * of DER, or a field of Protocol Buffers.
 */
const isTagOfBytes = (tag = 0): boolean => tag === 0x58 || tag === 0xc4 || tag === 0x04 || isFieldTag(tag);

/** One of the first fifteen fields, of wire type LEN; its length is a varint. */
const isFieldTag = (tag = 0): boolean => tag < 0x80 && tag > 7 && (tag & 7) === 2;

/** A length as a little-endian u32 or u64 (bincode, Borsh), or as an i32 and a subtype (BSON). */
function isBehindCount(bytes: Uint8Array, at: number, size: number): boolean {
  if (u32le(bytes, at - 4) === size || u32le(bytes, at - 5) === size) return true;
  return u32le(bytes, at - 4) === 0 && u32le(bytes, at - 8) === size;
}

/** libgcrypt's ST_DATA (sexp.c): 01, length as u16 of the machine. */
function isBehindToken(bytes: Uint8Array, at: number, length: number): boolean {
  return bytes[at - 3] === 0x01 && bytes[at - 2] === (length & 0xff) && bytes[at - 1] === length >> 8;
}
