/**
 * DER and the little of BER that key files use (X.690): reading elements, and writing the few that public keys need.
 * Reading is lenient about one thing: an element may be cut off by the end of the bytes, as in a truncated PEM;
 * it is then marked.
 */

export const TAG = {
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OID: 0x06,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

export interface Element {
  readonly tag: number;
  /** Index of the tag byte. */
  readonly at: number;
  /** Content `[start, end)`; `end` is what the length says, clamped to the limit when `cut`. */
  readonly start: number;
  readonly end: number;
  /** The length reaches beyond the limit. */
  readonly cut: boolean;
}

/** The element at `at`, with single-byte tag and definite length of at most 3 bytes (16 MiB). Undefined if malformed. */
export function readElement(bytes: Uint8Array, at: number, limit = bytes.length): Element | undefined {
  if (at < 0 || at + 2 > limit) return undefined;
  const tag = bytes[at]!;
  if ((tag & 0x1f) === 0x1f) return undefined;
  let length = bytes[at + 1]!;
  let start = at + 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count === 0 || count > 3 || start + count > limit) return undefined;
    length = 0;
    for (let i = 0; i < count; i++) length = (length << 8) | bytes[start + i]!;
    // DER: the shortest form only. Lengths that waste bytes are noise that happens to look like a header.
    if (length < 0x80 || length < 1 << (8 * (count - 1))) return undefined;
    start += count;
  }
  const end = start + length;
  return { tag, at, start, end: Math.min(end, limit), cut: end > limit };
}

/** Like `readElement`, and it must have this tag. */
export function readTag(bytes: Uint8Array, at: number, tag: number, limit = bytes.length): Element | undefined {
  return bytes[at] === tag ? readElement(bytes, at, limit) : undefined;
}

/** Elements one after another in `[at, limit)`; stops before the first malformed one, and after one that is cut. */
export function readElements(bytes: Uint8Array, at: number, limit: number, most = 64): Element[] {
  const elements: Element[] = [];
  while (at < limit && elements.length < most) {
    const element = readElement(bytes, at, limit);
    if (!element) break;
    elements.push(element);
    at = element.end;
    if (element.cut) break;
  }
  return elements;
}

/** Index where the SEQUENCE whose content begins at `contentAt` has its tag, or -1: tries the four header lengths. */
export function sequenceHeaderBefore(bytes: Uint8Array, contentAt: number): number {
  for (const size of [4, 3, 2, 5]) {
    const at = contentAt - size;
    if (readTag(bytes, at, TAG.SEQUENCE)?.start === contentAt) return at;
  }
  return -1;
}

function header(tag: number, length: number): number[] {
  if (length < 0x80) return [tag, length];
  if (length < 0x100) return [tag, 0x81, length];
  if (length < 0x10000) return [tag, 0x82, length >> 8, length & 255];
  return [tag, 0x83, length >> 16, (length >> 8) & 255, length & 255];
}

/** One element around the concatenated parts. */
export function encodeElement(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = header(tag, length);
  const out = new Uint8Array(head.length + length);
  out.set(head);
  let at = head.length;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** INTEGER from big-endian bytes without leading zeros: adds the zero byte that keeps it positive. */
export function encodeInteger(be: Uint8Array): Uint8Array {
  const positive = be.length === 0 || be[0]! >= 0x80;
  return positive ? encodeElement(TAG.INTEGER, Uint8Array.of(0), be) : encodeElement(TAG.INTEGER, be);
}
