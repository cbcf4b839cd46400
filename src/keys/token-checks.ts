/** Checksums that tokens of several vendors carry. */
import { crc32 } from '../bytes/crc32.ts';
import { BASE62 } from '../bytes/token.ts';
import type { TokenCheck } from './token-detector.ts';

const RANDOM_CHARS = 30;
const CHECK_CHARS = 6;

/** A prefix of four characters, 30 random ones, and their CRC-32 in base 62 of six digits. */
export const CRC32_BASE62 = (prefixes: readonly string[]): TokenCheck => ({
  what: 'the CRC-32 in its last six characters',
  verify(token) {
    const end = token.length - CHECK_CHARS;
    let rest = crc32(token, end - RANDOM_CHARS, end);
    for (let at = token.length - 1; at >= end; at--) {
      if (token[at] !== BASE62.charCodeAt(rest % 62)) return false;
      rest = Math.floor(rest / 62);
    }
    return true;
  },
  write(make, shape) {
    const random = make.text(RANDOM_CHARS);
    return `${prefixes[shape]!}${random}${make.base62(make.crc32(random), CHECK_CHARS)}`;
  },
});
