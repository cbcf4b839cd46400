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
  /** Scratch copy: wipe it after use. */
  readonly bytes: Uint8Array;
  /** Index in `bytes` of the character at `at`. */
  readonly at: number;
}

type WideEncoding = Exclude<Encoding, 'bytes'>;

/** Where the text around the unit at `at` begins and ends: at most `before` units back and `after` on, inside `data`. */
function textExtent(
  window: Uint8Array,
  data: Span,
  at: number,
  encoding: WideEncoding,
  before: number,
  after: number,
): Span {
  const width = WIDTH[encoding];
  const low = lowByte(encoding);
  const isText = (unit: number): boolean => {
    const char = window[unit + low]!;
    if (char >= 0x7f || (char < 0x20 && (char < 0x09 || char > 0x0d))) return false;
    // The other bytes of the unit; spelled out, since this runs for every character near a hit.
    const other = low === 0 ? unit + 1 : unit;
    return window[other] === 0 && (width === 2 || (window[other + 1] === 0 && window[other + 2] === 0));
  };
  let start = at;
  const first = Math.max(data.start, at - before * width);
  while (start - width >= first && isText(start - width)) start -= width;
  let end = at;
  const last = Math.min(data.end, at + after * width);
  while (end + width <= last && isText(end)) end += width;
  return { start, end };
}

/** Index in a unit of the byte that holds the character. */
const lowByte = (encoding: WideEncoding): number => (encoding.endsWith('le') ? 0 : WIDTH[encoding] - 1);

/** How far text is followed each way to compare two readings. */
const SHADOW_UNITS = 8192;

/**
 * Little-endian text reads as big-endian a byte (or three) earlier and the other way round, but for its first or last
 * character. Whether the match at `at` is such a shadow of the other reading: the true one is longer, else aligned.
 */
export function isShadow(window: Uint8Array, data: Span, at: number, encoding: WideEncoding): boolean {
  const width = WIDTH[encoding];
  const little = encoding.endsWith('le');
  const rival = RIVAL[encoding];
  const here = textExtent(window, data, at, encoding, SHADOW_UNITS, SHADOW_UNITS);
  const there = textExtent(window, data, little ? at + 1 - width : at + width - 1, rival, SHADOW_UNITS, SHADOW_UNITS);
  const longer = there.end - there.start - (here.end - here.start);
  if (longer !== 0) return longer > 0;
  // Of two misaligned readings of one length, little-endian is the usual one.
  return here.start % width !== 0 && (!little || there.start % width === 0);
}

const RIVAL: Readonly<Record<WideEncoding, WideEncoding>> = {
  'utf-16le': 'utf-16be',
  'utf-16be': 'utf-16le',
  'utf-32le': 'utf-32be',
  'utf-32be': 'utf-32le',
};

/** The text around the unit that begins at `at`, at most `before` characters before and `after` from it on. */
export function narrowText(
  window: Uint8Array,
  data: Span,
  at: number,
  encoding: WideEncoding,
  before: number,
  after: number,
): NarrowText {
  const width = WIDTH[encoding];
  const low = lowByte(encoding);
  const { start, end } = textExtent(window, data, at, encoding, before, after);
  const bytes = new Uint8Array((end - start) / width);
  for (let i = 0; i < bytes.length; i++) bytes[i] = window[start + i * width + low]!;
  return { bytes, at: (at - start) / width };
}
