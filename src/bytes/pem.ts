/**
 * PEM text (RFC 7468, RFC 1421 headers, RFC 4716) around a `-----BEGIN …-----` or `-----END …-----` line, as it lies in
 * dumps: wrapped in any way, escaped, quoted, cut off before its end or before its beginning.
 */
import { isLetterOrDigit } from './ascii.ts';
import { decodeBase64, isBase64, separatorLength, skipSeparators } from './base64.ts';
import { hasText, indexOfText, lastIndexOfText } from './reader.ts';

/** Longest label between `BEGIN ` and the dashes. */
const MAX_LABEL = 48;
/** Most header lines (Proc-Type, DEK-Info, Comment, …) and their longest length. */
const MAX_HEADERS = 8;
const MAX_HEADER_CHARS = 256;
/** Stretches between things that can't be base64, tried for a body whose head is missing. */
const MAX_STRETCHES = 16;
/** Longest separator between a BEGIN line and its body: quotes, concatenation, indentation. */
const MAX_SEPARATOR = 80;

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
  // SSH2 (RFC 4716) has a blank between dashes and words.
  const word = start + 4 + blankLength(bytes, start + 4);
  const kind = hasText(bytes, word, 'BEGIN') ? 'begin' : hasText(bytes, word, 'END') ? 'end' : undefined;
  if (!kind) return undefined;
  let labelEnd = word + (kind === 'begin' ? 5 : 3);
  if (blankLength(bytes, labelEnd) === 0) return undefined;
  let label = '';
  for (let size = 1; size > 0 && label.length <= MAX_LABEL; labelEnd += size) {
    const char = bytes[labelEnd]!;
    const blank = blankLength(bytes, labelEnd);
    size = blank > 0 ? blank : isLabelChar(char) ? 1 : 0;
    if (size > 0) label += blank > 0 ? ' ' : String.fromCharCode(char);
  }
  if (labelEnd < at || !hasText(bytes, labelEnd, '----')) return undefined;
  return {
    kind,
    label: label.trim(),
    start: bytes[start - 1] === 0x2d ? start - 1 : start,
    end: labelEnd + (bytes[labelEnd + 4] === 0x2d ? 5 : 4),
  };
}

const isLabelChar = (char: number): boolean => (char >= 0x41 && char <= 0x5a) || (char >= 0x30 && char <= 0x39);

/** Length of a blank in a label, as URL encoders write it, too; 0 if there is none. */
function blankLength(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0x20 || bytes[at] === 0x2b) return 1;
  return hasText(bytes, at, '%20') ? 3 : 0;
}

export interface PemBody {
  /** Decoded body, in memory of its own. */
  readonly bytes: Uint8Array;
  /** `Proc-Type: 4,ENCRYPTED` was there (RFC 1421, 4.6.1.1). */
  readonly encrypted: boolean;
  /** From the first dash of BEGIN, or the first character of the body if the head is cut, to the last character. */
  readonly start: number;
  readonly end: number;
  /** Which end is missing: a cut head means that `bytes` is the tail of the document. */
  readonly cut: 'none' | 'head' | 'tail';
}

/** The body after a BEGIN line. */
export function readBody(bytes: Uint8Array, begin: Marker, limit = bytes.length): PemBody {
  const { at, encrypted } = skipHeaders(bytes, begin.end, limit);
  const decoded = decodeBase64(bytes, at, limit, { style: 'wrapped' });
  let dashes = skipSeparators(bytes, decoded.next, limit);
  // OpenPGP's checksum: `=` and four characters (RFC 9580, 6.1).
  if (bytes[dashes] === 0x3d) dashes = skipSeparators(bytes, dashes + 5, limit);
  const marker = bytes[dashes] === 0x2d ? readMarker(bytes, dashes + 9) : undefined;
  const closed = marker?.kind === 'end';
  return {
    bytes: decoded.bytes,
    encrypted,
    start: begin.start,
    end: closed ? marker.end : decoded.next,
    cut: closed ? 'none' : 'tail',
  };
}

/** The body before an END line, when its BEGIN line is missing; undefined when it is there (it has its own hit). */
export function readBodyBefore(bytes: Uint8Array, end: Marker): PemBody | undefined {
  const { last, padding } = bodyEnd(bytes, end.start);
  let start = last;
  while (start > 0 && bytes[start - 1] !== 0x2d && isBodyChar(bytes[start - 1]!)) start--;
  if (bytes[start - 1] === 0x2d) return undefined;
  // A quote or an escape may be the end of something else: what doesn't reach the END line is left out.
  for (let tries = 0; tries < MAX_STRETCHES && start < last; tries++) {
    const probe = decodeBase64(bytes, start, last, { style: 'wrapped' });
    probe.bytes.fill(0);
    if (probe.chars > 0 && skipSeparators(bytes, probe.next, last) === last) {
      // The END line stands after a whole quantum: count from there.
      const phase = (4 - ((probe.chars + padding) & 3)) & 3;
      const decoded = decodeBase64(bytes, start, last, { style: 'wrapped', phase });
      return { bytes: decoded.bytes, encrypted: false, start, end: end.end, cut: 'head' };
    }
    start = probe.next + 1;
  }
  return undefined;
}

/** Where the padding begins that only separators part from the END line; without padding, where that line begins. */
function bodyEnd(bytes: Uint8Array, endLine: number): { last: number; padding: number } {
  for (let at = endLine - 1; at >= Math.max(0, endLine - MAX_SEPARATOR); at--) {
    if (bytes[at] !== 0x3d || skipSeparators(bytes, at + 1, endLine) !== endLine) continue;
    const padding = bytes[at - 1] === 0x3d ? 2 : 1;
    return { last: at + 1 - padding, padding };
  }
  return { last: endLine, padding: 0 };
}

/** Whether a character can stand in a body, escapes and quoting included. */
function isBodyChar(char: number): boolean {
  if (isBase64(char) || char === 0x3d || char === 0x20 || (char >= 0x09 && char <= 0x0d)) return true;
  return '\\"\'`.,&%#;'.includes(String.fromCharCode(char));
}

/** Skips header lines after a BEGIN line (RFC 1421, RFC 4716). */
function skipHeaders(bytes: Uint8Array, from: number, limit: number): { at: number; encrypted: boolean } {
  let at = skipSeparators(bytes, from, limit);
  let encrypted = false;
  for (let count = 0; count < MAX_HEADERS; count++) {
    const colon = headerColon(bytes, at, limit);
    if (colon < 0) break;
    const procType = hasText(bytes, at, 'Proc-Type');
    // On one line, blanks stand for line ends; the values of these two have none.
    const oneWord = procType || hasText(bytes, at, 'DEK-Info');
    const valueEnd = endOfValue(bytes, colon + 1, Math.min(limit, colon + MAX_HEADER_CHARS), oneWord);
    if (valueEnd < 0) break;
    if (procType && indexOfText(bytes, 'ENCRYPTED', colon, valueEnd) >= 0) encrypted = true;
    at = skipSeparators(bytes, valueEnd, limit);
  }
  return { at, encrypted };
}

/** Index of the colon of a header line `Name: …` that begins at `at`, or -1. */
function headerColon(bytes: Uint8Array, at: number, limit: number): number {
  for (let i = at; i < Math.min(limit, at + 32); i++) {
    const char = bytes[i]!;
    if (char === 0x3a) return i > at ? i : -1;
    if (!isLetterOrDigit(char) && char !== 0x2d) return -1;
  }
  return -1;
}

/** Index where a header's value ends: at the line end, or at the blank after its word; -1 when neither comes. */
function endOfValue(bytes: Uint8Array, from: number, limit: number, oneWord: boolean): number {
  let at = from;
  while (at < limit && bytes[at] === 0x20) at++;
  for (; at < limit; at++) {
    const blank = bytes[at] === 0x20 || bytes[at] === 0x09;
    if (blank ? oneWord : separatorLength(bytes, at, limit) > 0) {
      // A header goes on after a backslash at the end of its line (RFC 4716, 3.3.1).
      const continued = bytes[at] === 0x5c && (bytes[at + 1] === 0x0a || bytes[at + 1] === 0x0d);
      if (!continued) return at;
      at += 1;
    }
  }
  return -1;
}

/** Whether the text at `at` is the body of a private key whose BEGIN line stands right before it. */
export function isArmoured(bytes: Uint8Array, at: number): boolean {
  const dashes = lastIndexOfText(bytes, '----', Math.max(0, at - MAX_SEPARATOR), at);
  if (dashes < 0 || skipSeparators(bytes, dashes + 4, at) !== at) return false;
  const marker = readMarker(bytes, dashes - 1);
  return marker?.kind === 'begin' && marker.label.endsWith('PRIVATE KEY');
}
