/** Texts of the lengths that keys have in base64 and hex (`openssl rand -base64 32`, `-hex 32`): leads of kind `text-key`. */
import { isBase64 } from '../bytes/base64.ts';

/** Octets that generators make. */
const KEY_BYTES = [32, 48, 64];
const DOT = 0x2e;

const LENGTHS = {
  'hex-run': KEY_BYTES.map((size) => size * 2),
  // Padded, and not.
  'base64-run': KEY_BYTES.flatMap((size) => [Math.ceil(size / 3) * 4, Math.ceil((size * 4) / 3)]),
} as const;

/** Whether the run at `[at, at + length)`, padding included, could be a key: not a piece of a longer text, or of a token. */
export function isTextKey(bytes: Uint8Array, at: number, length: number, run: keyof typeof LENGTHS): boolean {
  const [before, after] = [bytes[at - 1], bytes[at + length]];
  if (isBase64(before) || isBase64(after) || before === DOT || after === DOT) return false;
  return LENGTHS[run].includes(length);
}

const digit = (char: number): number => {
  if (char >= 0x30 && char <= 0x39) return char - 0x30;
  const letter = char | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
};

/** Octets, in memory of their own; undefined when the text isn't hex. */
export function decodeHex(text: Uint8Array): Uint8Array | undefined {
  if (text.length % 2 === 1) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const [high, low] = [digit(text[2 * i]!), digit(text[2 * i + 1]!)];
    if (high < 0 || low < 0) return undefined;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}
