/**
 * Which bytes may be shown. Masking afterwards is what the rest of the project avoids; here the surroundings of a secret
 * are the point, so a byte is shown only when it is known to be harmless: a run of one byte, an address in the dump, a
 * small number, or text that reads like words. Everything else could be a part of a key.
 */
import type { Span } from '../model/place.ts';

/** Same bytes in a row that say nothing. */
const MIN_RUN = 4;
/** Random bytes hold short runs of printable ones: shorter text counts only between zeros or line ends. */
const MIN_TEXT = 6;
const MIN_BARE_TEXT = 16;
/** Longer tokens of mixed characters could be passwords, keys, base64. */
const MAX_MIXED_TOKEN = 11;
/** Longer tokens could be passphrases or encodings with letters only. */
const MAX_WORD_TOKEN = 24;
/** Paths of this length with characters of all classes could be base64 with slashes. */
const MIN_BASE64 = 24;
const WORD_BYTES = 8;
/** Larger numbers may be limbs of 24 bits and more. */
const MAX_NUMBER = 0xffff;

export interface MaskOptions {
  /** Offset of `bytes[0]`: words are aligned by it. */
  readonly base: number;
  /** Whether an address lies in the dump. */
  isAddress(value: bigint): boolean;
  /** Offsets that are never shown, whatever they look like. */
  readonly secret: readonly Span[];
}

/** For each byte, whether it is shown. */
export function chooseShown(bytes: Uint8Array, { base, isAddress, secret }: MaskOptions): Uint8Array {
  const shown = new Uint8Array(bytes.length);
  showRuns(bytes, shown);
  showWords(bytes, shown, base, isAddress);
  for (const width of [1, 2]) for (let phase = 0; phase < width; phase++) showText(bytes, shown, width, phase);
  for (const { start, end } of secret) shown.fill(0, Math.max(0, start - base), Math.max(0, end - base));
  return shown;
}

function showRuns(bytes: Uint8Array, shown: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    let end = at + 1;
    while (end < bytes.length && bytes[end] === bytes[at]) end++;
    if (end - at >= MIN_RUN) shown.fill(1, at, end);
    at = end;
  }
}

function showWords(bytes: Uint8Array, shown: Uint8Array, base: number, isAddress: (value: bigint) => boolean): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const first = (WORD_BYTES - (base % WORD_BYTES)) % WORD_BYTES;
  for (let at = first; at + WORD_BYTES <= bytes.length; at += WORD_BYTES) {
    const word = view.getBigUint64(at, true);
    if (word <= BigInt(MAX_NUMBER) || isAddress(word)) shown.fill(1, at, at + WORD_BYTES);
  }
}

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

/** Runs of printable characters, `width` bytes apart; a token in them is shown only when it reads like a word. */
function showText(bytes: Uint8Array, shown: Uint8Array, width: number, phase: number): void {
  const charAt = (at: number): number => (width === 1 || bytes[at + 1] === 0 ? bytes[at]! : 0);
  for (let at = phase; at + width <= bytes.length; ) {
    let end = at;
    while (end + width <= bytes.length && isPrintable(charAt(end))) end += width;
    const length = (end - at) / width;
    const isBounded = isEdge(bytes[at - width]) && isEdge(bytes[end]);
    // Text that is cut off by the view may go on: its first and last token are not known whole.
    if (length >= MIN_BARE_TEXT || (length >= MIN_TEXT && isBounded))
      showTokens(bytes, shown, at, end, width, at - width < 0, end + width > bytes.length);
    at = Math.max(end, at + width);
  }
}

const isEdge = (byte: number | undefined): boolean =>
  byte === undefined || byte === 0 || byte === 0x0a || byte === 0x0d;

const TOKEN = /[A-Za-z0-9+/=_-]+/g;

function showTokens(
  bytes: Uint8Array,
  shown: Uint8Array,
  start: number,
  end: number,
  width: number,
  isCutBefore: boolean,
  isCutAfter: boolean,
): void {
  // Surroundings only: findings and what looks random were taken out before, and the text does not leave this function.
  let text = '';
  for (let at = start; at < end; at += width) text += String.fromCharCode(bytes[at]!);
  const hidden = new Uint8Array(text.length);
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    const isCut = (isCutBefore && match.index === 0) || (isCutAfter && match.index + token.length === text.length);
    const value = token.replace(NAME, '');
    const from = match.index + token.length - value.length;
    if (isCut || !readsLikeWords(value)) hidden.fill(1, isCut ? match.index : from, match.index + token.length);
  }
  for (let i = 0; i < text.length; i++) shown.fill(hidden[i] ? 0 : 1, start + i * width, start + (i + 1) * width);
}

/** `NAME=` of an environment block, before its value. */
const NAME = /^[A-Za-z_]{1,32}=/;

/** Short, or words in lower, upper or title case, perhaps a path of them; never letters and digits in a long mixture. */
function readsLikeWords(token: string): boolean {
  if (token.length >= MIN_BASE64 && /[a-z]/.test(token) && /[A-Z]/.test(token) && /[0-9]/.test(token)) return false;
  const isPath = token.includes('/') && !/[+=]/.test(token);
  const parts = isPath ? token.split('/') : [token];
  return parts.every((part) => {
    if (part.length <= MAX_MIXED_TOKEN) return true;
    const words = part.split(/[-_]/);
    return part.length <= MAX_WORD_TOKEN && words.every((word) => /^(?:[A-Z]?[a-z]*|[A-Z]+|[0-9]{1,4})$/.test(word));
  });
}
