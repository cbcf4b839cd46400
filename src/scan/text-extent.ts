/**
 * How far text goes: up to a control character other than blanks and line ends, or to what is not UTF-8. Memory holds
 * strings one behind the other, each ended by a zero or by bytes of something else: for a rule, each is a text of its own.
 * Of wide text as in narrow.ts: up to what is not ASCII.
 */
import type { Encoding } from '../model/place.ts';

const IS_ASCII_TEXT = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number((byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d)),
);

/** Bytes of the character that begins at `at`; 0 for none. */
function sequenceAt(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > end) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  return length;
}

const isUnit = (bytes: Uint8Array, at: number, low: number): boolean =>
  IS_ASCII_TEXT[bytes[at + low]!] === 1 && bytes[at + 1 - low] === 0;

type TextEncoding = Extract<Encoding, 'bytes' | 'utf-16le' | 'utf-16be'>;

/** First index of the text before `from`, not below `floor`. */
export function textStart(bytes: Uint8Array, from: number, floor: number, encoding: TextEncoding): number {
  let at = from;
  if (encoding !== 'bytes') {
    const low = encoding === 'utf-16le' ? 0 : 1;
    while (at - 2 >= floor && isUnit(bytes, at - 2, low)) at -= 2;
    return at;
  }
  while (at > floor) {
    if (IS_ASCII_TEXT[bytes[at - 1]!] === 1) at--;
    else {
      let first = at - 1;
      while (first > floor && at - first < 4 && (bytes[first]! & 0xc0) === 0x80) first--;
      if (sequenceAt(bytes, first, at) !== at - first) break;
      at = first;
    }
  }
  return at;
}

/** Index where the text from `from` on ends, not above `ceiling`. */
export function textEnd(bytes: Uint8Array, from: number, ceiling: number, encoding: TextEncoding): number {
  let at = from;
  if (encoding !== 'bytes') {
    const low = encoding === 'utf-16le' ? 0 : 1;
    while (at + 2 <= ceiling && isUnit(bytes, at, low)) at += 2;
    return at;
  }
  while (at < ceiling) {
    const length = IS_ASCII_TEXT[bytes[at]!] === 1 ? 1 : sequenceAt(bytes, at, ceiling);
    if (length === 0) break;
    at += length;
  }
  return at;
}
