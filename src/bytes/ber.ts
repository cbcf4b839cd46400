/**
 * BER to DER (X.690, 8.1.3.6 and 8.7.3): what streaming writers of PKCS#12 and CMS use, lengths that are not known in
 * front and octet strings in pieces, becomes definite and whole. Everything behind it reads DER only.
 */
import { encodeElement, TAG } from './der.ts';

const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
/** Ceilings against hostile nesting. */
const MAX_DEPTH = 24;
const MAX_ELEMENTS = 20_000;

export interface Transcoded {
  /** In memory of its own. */
  readonly der: Uint8Array;
  /** Index after the element in the BER bytes. */
  readonly end: number;
}

/** The element at `at` in DER; undefined when it is malformed or cut off. Elements inside primitive ones stay as they are. */
export function transcodeBer(bytes: Uint8Array, at: number, limit = bytes.length): Transcoded | undefined {
  let left = MAX_ELEMENTS;

  function element(start: number, end: number, depth: number): Transcoded | undefined {
    if (depth > MAX_DEPTH || left-- <= 0 || start + 2 > end) return undefined;
    const tag = bytes[start]!;
    if ((tag & 0x1f) === 0x1f) return undefined;
    const header = readLength(bytes, start + 1, end);
    if (!header) return undefined;
    const { next, length } = header;
    if ((tag & CONSTRUCTED) === 0) {
      if (length === undefined || next + length > end) return undefined;
      return { der: encodeElement(tag, bytes.subarray(next, next + length)), end: next + length };
    }
    const inside = length === undefined ? end : next + length;
    if (inside > end) return undefined;
    const parts: Uint8Array[] = [];
    let position = next;
    while (length === undefined ? bytes[position] !== 0 || bytes[position + 1] !== 0 : position < inside) {
      const child = element(position, inside, depth + 1);
      if (!child) return undefined;
      parts.push(child.der);
      position = child.end;
    }
    if (length === undefined && position + 2 > end) return undefined;
    const der =
      tag === (TAG.OCTET_STRING | CONSTRUCTED)
        ? encodeElement(TAG.OCTET_STRING, ...parts.map(contentOf))
        : encodeElement(tag, ...parts);
    return { der, end: length === undefined ? position + 2 : inside };
  }

  return element(at, limit, 0);
}

/** Content of an element in DER. */
function contentOf(der: Uint8Array): Uint8Array {
  const length = der[1]!;
  return der.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}

/** `length` is undefined for the indefinite form. */
function readLength(bytes: Uint8Array, at: number, end: number): { next: number; length?: number } | undefined {
  const first = bytes[at]!;
  if (first === INDEFINITE) return { next: at + 1 };
  if (first < 0x80) return { next: at + 1, length: first };
  const count = first & 0x7f;
  if (count > 4 || at + 1 + count > end) return undefined;
  let length = 0;
  for (let i = 1; i <= count; i++) length = length * 256 + bytes[at + i]!;
  return { next: at + 1 + count, length };
}
