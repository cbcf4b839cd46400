/**
 * PEM text (RFC 7468, RFC 1421 headers) around a `-----BEGIN …-----` or `-----END …-----` line, as it lies in dumps:
 * wrapped in any way, escaped, quoted, cut off before its end or before its beginning.
 */
import { decodeBase64, isBase64, separatorLength } from './base64.ts';
import { hasText, indexOfText, lastIndexOfText } from './reader.ts';

/** Longest label between `BEGIN ` and the dashes. */
const MAX_LABEL = 48;
/** Most header lines (Proc-Type, DEK-Info, Comment, …) and their longest length. */
const MAX_HEADERS = 8;
const MAX_HEADER_CHARS = 256;

export interface Marker {
  readonly kind: 'begin' | 'end';
  /** Upper-case words: `RSA PRIVATE KEY`. */
  readonly label: string;
  /** The whole line `[start, end)`, dashes included. */
  readonly start: number;
  readonly end: number;
}

/** The marker line that holds `at` (an index inside its label). Undefined when it isn't one. */
export function readMarker(bytes: Uint8Array, at: number): Marker | undefined {
  const start = lastIndexOfText(bytes, '----', Math.max(0, at - MAX_LABEL - 12), at);
  if (start < 0) return undefined;
  let word = start + 4;
  if (bytes[word] === 0x20) word++; // SSH2 (RFC 4716) writes `---- BEGIN`
  const kind = hasText(bytes, word, 'BEGIN ') ? 'begin' : hasText(bytes, word, 'END ') ? 'end' : undefined;
  if (!kind) return undefined;
  const labelStart = word + (kind === 'begin' ? 6 : 4);
  let labelEnd = labelStart;
  while (labelEnd < bytes.length && labelEnd - labelStart <= MAX_LABEL && isLabelChar(bytes[labelEnd]!)) labelEnd++;
  if (labelEnd <= at - 1 || !hasText(bytes, labelEnd, '----')) {
    // SSH2 again: a blank stands before the closing dashes and was taken for a part of the label.
    return undefined;
  }
  let end = labelEnd + 4;
  if (bytes[end] === 0x2d) end++;
  let label = '';
  for (let i = labelStart; i < labelEnd; i++) label += String.fromCharCode(bytes[i]!);
  return { kind, label: label.trimEnd(), start: bytes[start - 1] === 0x2d ? start - 1 : start, end };
}

const isLabelChar = (char: number): boolean =>
  (char >= 0x41 && char <= 0x5a) || (char >= 0x30 && char <= 0x39) || char === 0x20;

export interface PemBody {
  /** Decoded body, in memory of its own. */
  readonly bytes: Uint8Array;
  readonly headers: PemHeaders;
  /** From the first dash of BEGIN, or the first character of the body if the head is cut, to the last character. */
  readonly start: number;
  readonly end: number;
  /** Which ends are missing: a cut head means that `bytes` is the tail of the document. */
  readonly cut: 'none' | 'head' | 'tail';
}

export interface PemHeaders {
  /** `Proc-Type: 4,ENCRYPTED` was there. */
  readonly encrypted: boolean;
}

/** The body after a BEGIN line. */
export function readBody(bytes: Uint8Array, begin: Marker, limit = bytes.length): PemBody {
  const { at, encrypted } = skipHeaders(bytes, begin.end, limit);
  const decoded = decodeBase64(bytes, at, limit, { style: 'wrapped' });
  let end = decoded.next;
  // The END line may follow after separators, and a PGP checksum line; both belong to the span.
  const dashes = indexOfText(bytes, '----', end, Math.min(end + 24, limit));
  const marker = dashes < 0 ? undefined : readMarker(bytes, dashes + 10);
  const closed = marker?.kind === 'end';
  if (closed) end = marker.end;
  return { bytes: decoded.bytes, headers: { encrypted }, start: begin.start, end, cut: closed ? 'none' : 'tail' };
}

/** The body before an END line, when its BEGIN line is missing; undefined when the BEGIN line is there (it has its own hit). */
export function readBodyBefore(bytes: Uint8Array, end: Marker): PemBody | undefined {
  let at = end.start;
  let chars = 0;
  while (at > 0) {
    if (isBase64(bytes[at - 1]!) && bytes[at - 1] !== 0x2d) {
      at--;
      chars++;
    } else if (bytes[at - 1] === 0x3d && chars < 2) {
      at--;
    } else {
      const size = separatorBefore(bytes, at);
      if (size === 0) break;
      // The letter of an escaped line end is in the alphabet: take the escape as a whole before the letter is counted.
      at -= size;
    }
    const escaped = escapeBefore(bytes, at);
    if (escaped > 0) at -= escaped;
  }
  if (bytes[at - 1] === 0x2d) return undefined;
  const total = decodeBase64(bytes, at, end.start, { style: 'wrapped' });
  total.bytes.fill(0);
  const body = decodeBase64(bytes, at, end.start, { style: 'wrapped', skipChars: total.chars & 3 });
  if (body.bytes.length === 0) return undefined;
  return { bytes: body.bytes, headers: { encrypted: false }, start: at, end: end.end, cut: 'head' };
}

function separatorBefore(bytes: Uint8Array, at: number): number {
  for (let size = 1; size <= 16 && size <= at; size++) {
    if (separatorLength(bytes, at - size, at) === size) return size;
  }
  return 0;
}

/** Length of an escaped line end (`\n`, `\\n`, `\r\n`) that ends at `at`. */
function escapeBefore(bytes: Uint8Array, at: number): number {
  const letter = bytes[at - 1];
  if ((letter !== 0x6e && letter !== 0x72 && letter !== 0x74) || bytes[at - 2] !== 0x5c) return 0;
  let size = 2;
  while (size < 4 && bytes[at - size - 1] === 0x5c) size++;
  return size;
}

/** Skips RFC 1421 and PGP header lines after a BEGIN line. */
function skipHeaders(bytes: Uint8Array, from: number, limit: number): { at: number; encrypted: boolean } {
  let at = skipSeparators(bytes, from, limit);
  let encrypted = false;
  for (let count = 0; count < MAX_HEADERS; count++) {
    const colon = headerColon(bytes, at, limit);
    if (colon < 0) break;
    const lineEnd = endOfLine(bytes, colon, Math.min(limit, colon + MAX_HEADER_CHARS));
    if (lineEnd < 0) break;
    if (hasText(bytes, at, 'Proc-Type') && indexOfText(bytes, 'ENCRYPTED', colon, lineEnd) >= 0) encrypted = true;
    at = skipSeparators(bytes, lineEnd, limit);
  }
  return { at, encrypted };
}

function skipSeparators(bytes: Uint8Array, from: number, limit: number): number {
  let at = from;
  for (let size = 1; size > 0 && at < limit; at += size) size = separatorLength(bytes, at, limit);
  return at;
}

/** Index of the colon of a header line `Name: …` that begins at `at`, or -1. */
function headerColon(bytes: Uint8Array, at: number, limit: number): number {
  for (let i = at; i < Math.min(limit, at + 32); i++) {
    const char = bytes[i]!;
    if (char === 0x3a) return i > at ? i : -1;
    const letter = (char | 0x20) >= 0x61 && (char | 0x20) <= 0x7a;
    if (!letter && char !== 0x2d && !(char >= 0x30 && char <= 0x39)) return -1;
  }
  return -1;
}

function endOfLine(bytes: Uint8Array, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    const char = bytes[at]!;
    if (char === 0x0a || char === 0x0d) return at;
    if (char === 0x5c && separatorLength(bytes, at, limit) > 0) return at;
  }
  return -1;
}
