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

/**
 * The text around the unit that begins at `at`, at most `before` characters before and `after` from it on, inside `data`.
 */
export function narrowText(
  window: Uint8Array,
  data: Span,
  at: number,
  encoding: Exclude<Encoding, 'bytes'>,
  before: number,
  after: number,
): NarrowText {
  const width = WIDTH[encoding];
  const low = encoding.endsWith('le') ? 0 : width - 1;
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
  const bytes = new Uint8Array((end - start) / width);
  for (let i = 0; i < bytes.length; i++) bytes[i] = window[start + i * width + low]!;
  return { bytes, at: (at - start) / width };
}
