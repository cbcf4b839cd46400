/** Base64 (RFC 2045, 6.8) as the body of a text: front to back, in lines of any length, each of which may be padded. */
import type { ForwardReader } from '../../bytes/forward-reader.ts';
import { FormatError } from '../../model/errors.ts';

const CHUNK_BYTES = 262_144;
const OTHER = 64;
const BLANK = 65;
const PADDING = 66;
const VALUE = new Uint8Array(256).fill(OTHER);
for (let i = 0; i < 26; i++) {
  VALUE[0x41 + i] = i;
  VALUE[0x61 + i] = 26 + i;
}
for (let i = 0; i < 10; i++) VALUE[0x30 + i] = 52 + i;
VALUE[0x2b] = 62;
VALUE[0x2f] = 63;
VALUE[0x3d] = PADDING;
for (const char of [0x09, 0x0a, 0x0d, 0x20]) VALUE[char] = BLANK;

const LF = 0x0a;

/**
 * Decodes from the beginning of a line up to a line whose first byte `isEnd`, where the reader then stands.
 * Throws FormatError at what is no base64, after all that was decoded.
 */
export async function* decodeBase64Body(
  reader: ForwardReader,
  isEnd: (first: number) => boolean,
): AsyncGenerator<Uint8Array, void, undefined> {
  const out = new Uint8Array((CHUNK_BYTES / 4) * 3 + 3);
  let bits = 0;
  let count = 0;
  let isLineStart = true;
  try {
    for (;;) {
      const chunk = await reader.peekSome(CHUNK_BYTES);
      if (chunk.length === 0) return;
      let at = 0;
      let length = 0;
      let isDone = false;
      let isBad = false;
      for (; at < chunk.length; at++) {
        const char = chunk[at]!;
        if (isLineStart && isEnd(char)) {
          isDone = true;
          break;
        }
        isLineStart = char === LF;
        const value = VALUE[char]!;
        if (value < OTHER) {
          bits = (bits << 6) | value;
          if (++count === 4) {
            out[length++] = bits >> 16;
            out[length++] = bits >> 8;
            out[length++] = bits;
            count = bits = 0;
          }
          continue;
        }
        if (value === PADDING) {
          if (count >= 2) out[length++] = bits >> (count === 2 ? 4 : 10);
          if (count === 3) out[length++] = bits >> 2;
          count = bits = 0;
        } else if (value === OTHER) {
          isBad = true;
          break;
        }
      }
      await reader.skip(at);
      if (length > 0) yield out.subarray(0, length);
      if (isBad) throw new FormatError('base64');
      if (isDone) return;
    }
  } finally {
    out.fill(0);
  }
}
