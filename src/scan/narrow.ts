/**
 * Wide text (UTF-16, UTF-32) to one byte per character, so that detectors know only one width. Characters that
 * are not printable ASCII (or blanks and line ends) end the text: no key form holds any.
 */
import type { Encoding, Span } from '../model/place.ts';

export const WIDTH: Readonly<Record<Encoding, 1 | 2 | 4>> = {
  bytes: 1,
  'utf-16le': 2,
  'utf-16be': 2,
  'utf-32le': 4,
  'utf-32be': 4,
};

export interface NarrowText {
  /** Scratch copy, overwritten by the next one: wipe it after use. */
  readonly bytes: Uint8Array;
  /** Index in `bytes` of the character at `at`. */
  readonly at: number;
}

type WideEncoding = Exclude<Encoding, 'bytes'>;

/** Index in a unit of the byte that holds the character. */
const lowByte = (encoding: WideEncoding): number => (encoding.endsWith('le') ? 0 : WIDTH[encoding] - 1);

/** How far text is followed each way to compare two readings. */
const SHADOW_UNITS = 8192;

const RIVAL: Readonly<Record<WideEncoding, WideEncoding>> = {
  'utf-16le': 'utf-16be',
  'utf-16be': 'utf-16le',
  'utf-32le': 'utf-32be',
  'utf-32be': 'utf-32le',
};

/** Place in a list of the first of an encoding's lanes: of text at indexes that are alike modulo its width. */
const LANES: Readonly<Record<WideEncoding, number>> = {
  'utf-16le': 0,
  'utf-16be': 2,
  'utf-32le': 4,
  'utf-32be': 8,
};

/** The text in one lane where it was asked for last, as far as it was followed. */
interface Followed {
  start: number;
  end: number;
  /** Whether it goes on there. */
  openStart: boolean;
  openEnd: boolean;
}

/** The wide text in a window. Hits share it, so it is remembered as far as it was followed: each character is seen once. */
export class WideText {
  readonly #window: Uint8Array;
  /** What `#followed` belongs to. */
  #data: Span | undefined;
  readonly #followed = new Array<Followed | undefined>(12);
  #scratch = new Uint8Array(0);

  constructor(window: Uint8Array) {
    this.#window = window;
  }

  /**
   * Little-endian text reads as big-endian a byte (or three) earlier and the other way round, but for its first or last
   * character. Whether the match at `at` is such a shadow of the other reading: the true one is longer, else aligned.
   */
  isShadow(data: Span, at: number, encoding: WideEncoding): boolean {
    const width = WIDTH[encoding];
    const little = encoding.endsWith('le');
    const rival = RIVAL[encoding];
    const here = this.#extent(data, at, encoding, SHADOW_UNITS, SHADOW_UNITS);
    const there = this.#extent(data, little ? at + 1 - width : at + width - 1, rival, SHADOW_UNITS, SHADOW_UNITS);
    const longer = there.end - there.start - (here.end - here.start);
    if (longer !== 0) return longer > 0;
    // Of two misaligned readings of one length, little-endian is the usual one.
    return here.start % width !== 0 && (!little || there.start % width === 0);
  }

  /** The text around the unit that begins at `at`, at most `before` characters before and `after` from it on. */
  narrow(data: Span, at: number, encoding: WideEncoding, before: number, after: number): NarrowText {
    const width = WIDTH[encoding];
    const { start, end } = this.#extent(data, at, encoding, before, after);
    const length = (end - start) / width;
    if (this.#scratch.length < length) this.#scratch = new Uint8Array(2 * length);
    const bytes = this.#scratch.subarray(0, length);
    takeEach(this.#window, start + lowByte(encoding), width, bytes);
    return { bytes, at: (at - start) / width };
  }

  /** Where the text around the unit at `at` begins and ends: at most `before` units back and `after` on, inside `data`. */
  #extent(data: Span, at: number, encoding: WideEncoding, before: number, after: number): Span {
    if (data !== this.#data) {
      this.#data = data;
      this.#followed.fill(undefined);
    }
    const window = this.#window;
    const width = WIDTH[encoding];
    const low = lowByte(encoding);
    const lane = LANES[encoding] + (at & (width - 1));
    let text = this.#followed[lane];
    if (!text || at < text.start || at >= text.end) {
      text = { start: at, end: at, openStart: true, openEnd: true };
      this.#followed[lane] = text;
    }
    // Whole units, also where the data begins or ends inside one.
    const first = at - width * Math.max(0, Math.min(before, Math.floor((at - data.start) / width)));
    const last = at + width * Math.max(0, Math.min(after, Math.floor((data.end - at) / width)));
    let { start, end } = text;
    while (text.openStart && start > first) {
      if (isText(window, start - width, width, low)) start -= width;
      else text.openStart = false;
    }
    while (text.openEnd && end < last) {
      if (isText(window, end, width, low)) end += width;
      else text.openEnd = false;
    }
    text.start = start;
    text.end = end;
    return { start: Math.max(start, first), end: Math.min(end, last) };
  }
}

/** Every second or fourth byte from `from` on. */
function takeEach(window: Uint8Array, from: number, width: number, into: Uint8Array): void {
  const { buffer, byteOffset, length } = window;
  const at = byteOffset + from;
  if (at % width === 0 && from + into.length * width <= length) {
    // The lowest byte of each number: five times faster than byte by byte.
    into.set(width === 2 ? new Uint16Array(buffer, at, into.length) : new Uint32Array(buffer, at, into.length));
    return;
  }
  for (let i = 0, next = from; i < into.length; i++, next += width) into[i] = window[next]!;
}

function isText(window: Uint8Array, unit: number, width: number, low: number): boolean {
  const char = window[unit + low]!;
  if (char >= 0x7f || (char < 0x20 && (char < 0x09 || char > 0x0d))) return false;
  // The other bytes of the unit; spelled out, since this runs for every character near a hit.
  const other = low === 0 ? unit + 1 : unit;
  return window[other] === 0 && (width === 2 || (window[other + 1] === 0 && window[other + 2] === 0));
}
