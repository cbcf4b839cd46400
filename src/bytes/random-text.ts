/**
 * Whether text was drawn at random, by classes of characters: for values without any structure that could be proven.
 * Entropy of single characters does not tell: 40 characters of English and of base64 both have about 4.5 bits each.
 * What tells is which letters occur (`letterEvidence`) and how often upper case, lower case and digits alternate.
 */
import { isHex } from './ascii.ts';

/** Occurrences of a to z in 1,000 letters of English text (Lewand, Cryptological Mathematics). */
const ENGLISH = [
  82, 15, 28, 43, 127, 22, 20, 61, 70, 1.5, 7.7, 40, 24, 67, 75, 19, 0.95, 60, 63, 91, 28, 9.8, 24, 1.5, 20, 0.74,
];
/** Evidence of one letter in bits: log2 of how much likelier it is in random text. 4 in 1,000 are added: identifiers are no prose. */
const LETTER_BITS = Float64Array.from(ENGLISH, (count) => Math.log2(1000 / 26 / (count + 4)));

const UPPER = 1;
const LOWER = 2;
const DIGIT = 4;
const SYMBOL = 8;

/** Class of a printable ASCII character; 0 for all others. */
export function characterClass(char: number): number {
  if (char >= 0x61 && char <= 0x7a) return LOWER;
  if (char >= 0x41 && char <= 0x5a) return UPPER;
  if (char >= 0x30 && char <= 0x39) return DIGIT;
  return char > 0x20 && char < 0x7f ? SYMBOL : 0;
}

/** Bits by which the letters of `bytes[start, end)` speak for random text and against words: 13 ± 8 for 32 random bytes in base64. */
export function letterEvidence(bytes: Uint8Array, start: number, end: number): number {
  let bits = 0;
  for (let at = start; at < end; at++) {
    const letter = (bytes[at]! | 0x20) - 0x61;
    if (letter >= 0 && letter < 26 && bytes[at]! >= 0x41) bits += LETTER_BITS[letter]!;
  }
  return bits;
}

/** Share of neighbours of different classes in identifiers, paths and words with digits. */
const SWITCHES_IN_WORDS = 0.18;

/** Bits by which the alternation of classes speaks for a random draw with the same share of each class. */
export function switchEvidence({ upper, lower, digits, symbols, switches }: CharacterCounts): number {
  const length = upper + lower + digits + symbols;
  const expected = 1 - (upper ** 2 + lower ** 2 + digits ** 2 + symbols ** 2) / length ** 2;
  if (length < 2 || expected <= 0) return 0;
  const stays = length - 1 - switches;
  return (
    switches * Math.log2(expected / SWITCHES_IN_WORDS) + stays * Math.log2((1 - expected) / (1 - SWITCHES_IN_WORDS))
  );
}

export interface CharacterCounts {
  readonly upper: number;
  readonly lower: number;
  readonly digits: number;
  readonly symbols: number;
  /** Neighbours of different classes; what joins words (`_ - . / :`) is passed over. */
  readonly switches: number;
  /** Different characters. */
  readonly distinct: number;
}

/** `_ - . / :` */
const JOINTS = [0x5f, 0x2d, 0x2e, 0x2f, 0x3a];

/** Undefined when a character is not printable ASCII. */
export function countCharacters(bytes: Uint8Array, start: number, end: number): CharacterCounts | undefined {
  const counts = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  const seen = new Set<number>();
  let switches = 0;
  let before = 0;
  for (let at = start; at < end; at++) {
    const kind = characterClass(bytes[at]!);
    if (kind === 0) return undefined;
    counts[kind]!++;
    seen.add(bytes[at]!);
    if (JOINTS.includes(bytes[at]!)) continue;
    if (before !== 0 && kind !== before) switches++;
    before = kind;
  }
  return {
    upper: counts[UPPER]!,
    lower: counts[LOWER]!,
    digits: counts[DIGIT]!,
    symbols: counts[SYMBOL]!,
    switches,
    distinct: seen.size,
  };
}

/** Shortest generated value: 12 characters of 62 have 71 bits. */
export const MIN_GENERATED = 12;
const MIN_HEX = 32;
/** Of evidence, in bits: at 16 random characters nine in ten have more, of words with digits one in a thousand. */
const MIN_EVIDENCE = 4;

/**
 * Bits of a value that a generator made (of hex, base32, base36, base62, base64, or those with punctuation), or 0 when
 * it looks like words, code, a path or a placeholder.
 */
export function generatedBits(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const counts = length >= MIN_GENERATED ? countCharacters(bytes, start, end) : undefined;
  if (!counts) return 0;
  const { upper, lower, digits, symbols, distinct } = counts;
  if (digits === 0 || symbols > length / 3) return 0;
  if (symbols === 0 && (upper === 0 || lower === 0) && isHex(bytes, start, end)) {
    // Below 32 digits it is a number or a short hash. Ten of 16 digits are decimal.
    const deviation = Math.abs(digits - length * 0.625) / Math.sqrt(length * 0.625 * 0.375);
    return length >= MIN_HEX && distinct >= 10 && deviation < 3.5 ? length * 4 : 0;
  }
  // Few different characters: a repetition, a number in decimal, a mask.
  if (distinct < Math.min(15, length * 0.5) || digits > length * 0.6) return 0;
  if (letterEvidence(bytes, start, end) + switchEvidence(counts) < MIN_EVIDENCE) return 0;
  const alphabet = (upper > 0 ? 26 : 0) + (lower > 0 ? 26 : 0) + 10 + (symbols > 0 ? 8 : 0);
  return length * Math.log2(alphabet);
}
