/**
 * Whether a run of base64 or hex stands alone, as a key does, or in company, as digests, certificates, tables and lines of
 * wrapped base64 do. For detectors of values without a name.
 */
import { holdsWord, isHex } from './ascii.ts';
import { isBase64 } from './base64.ts';
import { countCharacters, letterEvidence, switchEvidence } from './random-text.ts';
import { u32le } from './reader.ts';

/** How far around a run others are looked for: 16 lines of wrapped base64, eight entries of a list of digests. */
export const NEIGHBOURHOOD = 1024;
/** Shortest run that counts as company. */
const COMPANY_CHARS = 24;
/** In bits, of a run that counts as company. */
const MIN_EVIDENCE = 2;
/** A name before the value, with its separator. */
const NAME_BYTES = 64;

/** Names of what looks random and is no secret, in lower case. */
const DIGEST_WORDS = [
  'sha',
  'hash',
  'digest',
  'integrity',
  'checksum',
  'md5',
  'finger',
  'etag',
  'cert',
  'publ',
  'pubk',
  'sign',
  'commit',
  'revision',
  'build',
  'uuid',
  'guid',
  'nonce',
  'sum',
  'rsa',
  'ecdsa',
  'crc',
  'pin-',
  'thumb',
  'docker',
  'layer',
  'blob',
  'version',
  'prime',
  'curve',
  'test',
  'vector',
  '-----',
];

/** Whether one of the 64 bytes before `at` begins a word such as `sha256` or `fingerprint`. */
export function namesDigest(bytes: Uint8Array, at: number): boolean {
  return holdsWord(bytes, Math.max(0, at - NAME_BYTES), at, DIGEST_WORDS);
}

/** Whether text ends here: at the end of a line, at a byte that is not printable ASCII, or at the end of the data. */
export function endsText(char: number | undefined): boolean {
  return char === undefined || char < 0x20 || char >= 0x7f;
}

/** Objects begin at multiples of this. */
const ALIGNMENT = 8;

/**
 * Whether the u32 before a run says that its string is some bytes shorter, as V8 and the Java VM store it: the rest is what
 * lay in the padding behind the string.
 */
export function outrunsString(bytes: Uint8Array, start: number, end: number): boolean {
  const stored = u32le(bytes, start - 4);
  return stored !== undefined && stored < end - start && stored > end - start - ALIGNMENT;
}

/**
 * Whether no other run that looks random lies within `NEIGHBOURHOOD` bytes of `bytes[start, end)`. Copies of the same
 * value don't count: a heap holds several.
 */
export function isIsolated(bytes: Uint8Array, start: number, end: number): boolean {
  return countCompany(bytes, start, end, NEIGHBOURHOOD, 1) === 0;
}

/** Other runs that look random within `reach` bytes of `bytes[start, end)`; stops at `most`. */
export function countCompany(bytes: Uint8Array, start: number, end: number, reach: number, most: number): number {
  const value = bytes.subarray(start, end);
  const before = bytes.subarray(Math.max(0, start - reach), start);
  const count = countOthers(before, value, most);
  return count < most ? count + countOthers(bytes.subarray(end, end + reach), value, most - count) : count;
}

function countOthers(bytes: Uint8Array, value: Uint8Array, most: number): number {
  let count = 0;
  let at = 0;
  while (at < bytes.length && count < most) {
    if (!isBase64(bytes[at])) {
      at++;
      continue;
    }
    const first = at;
    while (at < bytes.length && isBase64(bytes[at])) at++;
    if (at - first >= COMPANY_CHARS && looksDrawn(bytes, first, at) && !isCopy(bytes.subarray(first, at), value))
      count++;
  }
  return count;
}

/** Hex, also of constants that are not random; or digits and letters as in a random draw, and not as in a path. */
function looksDrawn(bytes: Uint8Array, start: number, end: number): boolean {
  if (isHex(bytes, start, end)) return true;
  const counts = countCharacters(bytes, start, end);
  if (!counts || counts.digits < 2) return false;
  return letterEvidence(bytes, start, end) + switchEvidence(counts) > MIN_EVIDENCE;
}

/** Whether both begin alike: a piece of the value cut off, or the value with something behind it. */
function isCopy(run: Uint8Array, value: Uint8Array): boolean {
  const length = Math.min(run.length, value.length, COMPANY_CHARS);
  let same = 0;
  while (same < length && run[same] === value[same]) same++;
  return same === length;
}
