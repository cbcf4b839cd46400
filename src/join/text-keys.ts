/**
 * Numbers as text: values in base64 and hex as long as keys (`openssl rand -base64 32`, `-hex 32`, scalars and seeds of web push,
 * wallets, jsrsasign, tweetnacl) or as points, and lists of as many octets (`[12,34,…]`: Solana's key files, Buffers in JSON, Go's `%v`;
 * `<Buffer 0c 22 …>`) are leads of kind `text-key`.
 */
import { decodeHex, isDigit, isHex, isHexPrefix } from '../bytes/ascii.ts';
import { decodeBase64, isBase64 } from '../bytes/base64.ts';
import { looksRandom } from '../bytes/entropy.ts';
import { readOctetText } from '../bytes/octet-text.ts';
import type { Encoding, Span } from '../model/place.ts';
import type { Lead, LeadKind } from '../model/task.ts';
import type { Join, LeadWindow } from './join.ts';

/** Octets that generators make, scalars on P-521, and of one key in 256 without its leading zero. */
const KEY_BYTES = [31, 32, 47, 48, 64, 65, 66];
/** Encoded points (SEC 1, 2.3.3) of P-256, P-384 and P-521, compressed and not. */
const POINT_BYTES = [33, 49, 67, 65, 97, 133];
const DOT = 0x2e;
/** On both sides of a decoded value, as around an allocation. */
const MARGIN_BYTES = 16;

const LENGTHS = {
  'hex-run': { keys: KEY_BYTES.map((size) => size * 2), points: POINT_BYTES.map((size) => size * 2) },
  // Padded, and not.
  'base64-run': { keys: KEY_BYTES.flatMap(lengthsInBase64), points: POINT_BYTES.flatMap(lengthsInBase64) },
} as const;
/** How the bytes 02, 03 and 04 begin: in hex 0, in base64 A or B. */
const POINT_STARTS = { 'hex-run': [0x30], 'base64-run': [0x41, 0x42] } as const;

function lengthsInBase64(size: number): number[] {
  return [Math.ceil(size / 3) * 4, Math.ceil((size * 4) / 3)];
}

/** Whether the run at `[at, at + length)`, padding included, could be a key or a point: not a piece of a longer text, or of a token. */
export function isTextKey(bytes: Uint8Array, at: number, length: number, run: keyof typeof LENGTHS): boolean {
  // Wallets write it before scalars and points.
  const prefix = run === 'hex-run' && isHexPrefix(bytes, at - 2) ? 2 : 0;
  const [before, after] = [bytes[at - prefix - 1], bytes[at + length]];
  if (isBase64(before) || isBase64(after) || before === DOT || after === DOT) return false;
  const { keys, points } = LENGTHS[run];
  return keys.includes(length) || (points.includes(length) && POINT_STARTS[run].some((start) => bytes[at] === start));
}

/** Hex of 66 octets and two digits of a prefix are the longest. */
const MAX_WIDE_CHARS = 272;
/** Characters around a run that are looked at. */
const AROUND_CHARS = 4;
const EQUALS = 0x3d;

export interface WideTextKey extends Span {
  readonly encoding: Extract<Encoding, 'utf-16le' | 'utf-16be'>;
  readonly run: keyof typeof LENGTHS;
  /** One byte per character, in memory of its own. */
  readonly text: Uint8Array;
}

/**
 * What the run of base64 characters in UTF-16 at `[at, at + length)` could be, as `isTextKey`: hex without its `0x`, base64 with padding.
 * The kernel looks at even offsets: text of the other byte order at odd ones looks the same there, one character shorter.
 */
export function wideTextKeyIn(bytes: Uint8Array, at: number, length: number): WideTextKey | undefined {
  if (length > 2 * MAX_WIDE_CHARS) return undefined;
  const isBig = bytes[at] === 0;
  return readWide(bytes, at, length, isBig) ?? readWide(bytes, at - 1, length + 2, !isBig);
}

function readWide(bytes: Uint8Array, at: number, length: number, isBig: boolean): WideTextKey | undefined {
  const low = isBig ? 1 : 0;
  // Zero for what is no Latin-1 character, and beyond the ends.
  const chars = new Uint8Array(length / 2 + 2 * AROUND_CHARS);
  for (let i = 0; i < chars.length; i++) {
    const unit = at + 2 * (i - AROUND_CHARS);
    if (bytes[unit + 1 - low] === 0) chars[i] = bytes[unit + low] ?? 0;
  }
  let [start, end] = [AROUND_CHARS, AROUND_CHARS + length / 2];
  const isRun = chars.subarray(start, end).every(isBase64);
  if (isHexPrefix(chars, start)) start += 2;
  const run = isHex(chars, start, end) ? 'hex-run' : 'base64-run';
  while (run === 'base64-run' && end < AROUND_CHARS + length / 2 + 2 && chars[end] === EQUALS) end++;
  const isKey = isRun && isTextKey(chars, start, end - start, run);
  const text = chars.slice(start, end);
  chars.fill(0);
  if (!isKey) {
    text.fill(0);
    return undefined;
  }
  const origin = at - 2 * AROUND_CHARS;
  const encoding = isBig ? 'utf-16be' : 'utf-16le';
  return { start: origin + 2 * start, end: origin + 2 * end, encoding, run, text };
}

/** The text of a lead, one byte per character, in memory of its own. */
export function readText({ lead, bytes }: LeadWindow): Uint8Array {
  if (lead.encoding === 'bytes') return bytes.slice();
  const low = lead.encoding === 'utf-16le' ? 0 : 1;
  return Uint8Array.from({ length: bytes.length >> 1 }, (_, i) => bytes[2 * i + low]!);
}

const MINUS = 0x2d;

/** The list of as many octets as a key or a point has that the run of decimals at `[at, at + length)` is. */
export function octetListIn(bytes: Uint8Array, at: number, length: number): Span | undefined {
  let start = at;
  while (start < at + length && !isDigit(bytes[start]) && bytes[start] !== MINUS) start++;
  const end = readOctetList(bytes.subarray(0, at + length), start, 'decimal');
  return end === undefined ? undefined : { start, end };
}

/** Where the list of octets that begins at `start` ends, if it is as long as a key or a point; with signs or without. */
export function readOctetList(bytes: Uint8Array, start: number, notation: 'hex' | 'decimal'): number | undefined {
  const { octets, next } = readOctetText(bytes, start, notation, LONGEST_LIST + 1);
  const isKey = KEY_BYTES.includes(octets.length) || (POINT_BYTES.includes(octets.length) && isPointStart(octets[0]!));
  const fits = isKey && looksRandom(octets);
  octets.fill(0);
  // What goes on is a table.
  let after = next;
  while (after < bytes.length && SEPARATORS.includes(bytes[after]!)) after++;
  return fits && !isDigit(bytes[after]) && bytes[after] !== MINUS ? next : undefined;
}

const LONGEST_LIST = Math.max(...KEY_BYTES, ...POINT_BYTES);
const SEPARATORS = [0x09, 0x0a, 0x0d, 0x20, 0x2c];
const isPointStart = (octet: number): boolean => octet === 2 || octet === 3 || octet === 4;

/** Octets of a text key in any of its notations, in memory of their own. */
export function decodeText(text: Uint8Array): Uint8Array {
  if (text.some((char) => SEPARATORS.includes(char))) {
    for (const notation of ['decimal', 'hex'] as const) {
      const { octets, next } = readOctetText(text, 0, notation, text.length);
      if (next === text.length) return octets;
      octets.fill(0);
    }
  }
  return decodeHex(text) ?? decodeBase64(text, 0, text.length, { style: 'plain' }).bytes;
}

/** More of one length are digests, of classes or packages: signed JAR files leave a hundred thousand. */
const MAX_TEXTS = 4096;

/** What a join reads: texts only where something proves one, a token or a public half, which may be a number or a text as well. */
export function kindsToRead({ kinds }: Pick<Join, 'kinds'>, leads: readonly Lead[]): readonly LeadKind[] {
  const canProve = kinds.includes('public-key') || leads.some(({ kind }) => kind === 'token');
  return canProve ? kinds : kinds.filter((kind) => kind !== 'text-key');
}

/**
 * The numbers in memory, and those in texts as if their octets lay where the text begins. `wipe` forgets the latter; their
 * places are those of the text (`findNumbers`).
 */
export function readAsNumbers(windows: readonly LeadWindow[]): { readonly windows: LeadWindow[]; wipe(): void } {
  const numbers = windows.filter(({ lead }) => lead.kind === 'number');
  const counts = new Map<number, number>();
  for (const { lead, bytes } of windows) {
    if (isText(lead)) counts.set(bytes.length, (counts.get(bytes.length) ?? 0) + 1);
  }
  const texts = windows.flatMap((window): LeadWindow[] => {
    const { lead, bytes } = window;
    if (!isText(lead) || counts.get(bytes.length)! > MAX_TEXTS) return [];
    const text = readText(window);
    const octets = decodeText(text);
    text.fill(0);
    const around = new Uint8Array(octets.length + 2 * MARGIN_BYTES);
    around.set(octets, MARGIN_BYTES);
    octets.fill(0);
    return [{ lead, around, bytes: around.subarray(MARGIN_BYTES, around.length - MARGIN_BYTES) }];
  });
  return {
    windows: [...numbers, ...texts],
    wipe() {
      for (const { around } of texts) around.fill(0);
    },
  };
}

export const isText = ({ kind }: LeadWindow['lead']): boolean => kind === 'text-key' || kind === 'base64url-value';
