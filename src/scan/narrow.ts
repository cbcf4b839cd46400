/**
 * Wide text (UTF-16, UTF-32) to one byte per character, so that detectors know only one width. Characters above
 * U+00FF end the text: no key form holds any.
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
  const isLatin1 = (unit: number): boolean => {
    for (let i = 0; i < width; i++) if (i !== low && window[unit + i] !== 0) return false;
    return true;
  };
  let start = at;
  const first = Math.max(data.start, at - before * width);
  while (start - width >= first && isLatin1(start - width)) start -= width;
  let end = at;
  const last = Math.min(data.end, at + after * width);
  while (end + width <= last && isLatin1(end)) end += width;
  return { start, end };
}

/** Index in a unit of the byte that holds the character. */
const lowByte = (encoding: WideEncoding): number => (encoding.endsWith('le') ? 0 : WIDTH[encoding] - 1);

/**
 * Little-endian text reads as big-endian one a byte (or three) earlier, but for its first or last character. Whether
 * the big-endian match at `at` is such a shadow: the true reading is the longer one, else the aligned one.
 */
export function isShadow(window: Uint8Array, data: Span, at: number, encoding: WideEncoding, reach: number): boolean {
  if (encoding.endsWith('le')) return false;
  const width = WIDTH[encoding];
  const little = encoding === 'utf-16be' ? 'utf-16le' : 'utf-32le';
  const here = textExtent(window, data, at, encoding, reach, reach);
  const shifted = textExtent(window, data, at + width - 1, little, reach, reach);
  const difference = shifted.end - shifted.start - (here.end - here.start);
  return difference > 0 || (difference === 0 && here.start % width !== 0);
}

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
