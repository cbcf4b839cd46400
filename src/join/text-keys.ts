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
