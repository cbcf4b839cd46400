/**
 * compress (.Z): LZW with codes of 9 to 16 bits, as ncompress writes it. The trap: codes come in groups of eight of one
 * width; when the width changes, or the table is cleared, the rest of the group is skipped.
 */
import { ForwardReader } from '../bytes/forward-reader.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const HEADER_BYTES = 3;
const CLEAR = 256;
const CHUNK_BYTES = 65_536;
const OUT_BYTES = 262_144;
/** No string in the table is longer. */
const MAX_STRING_BYTES = 65_536;

async function* decode(input: Input): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ForwardReader(input);
  const out = new Uint8Array(OUT_BYTES + MAX_STRING_BYTES);
  const prefix = new Uint16Array(65_536);
  const suffix = new Uint8Array(65_536);
  const stack = new Uint8Array(MAX_STRING_BYTES);
  try {
    const flags = (await reader.take(HEADER_BYTES))[2]!;
    const maxBits = flags & 31;
    const hasClear = (flags & 0x80) !== 0;
    for (let i = 0; i < 256; i++) suffix[i] = i;
    let width = 9;
    let next = hasClear ? 257 : 256;
    let previous = -1;
    let first = 0;
    let length = 0;
    for (;;) {
      const chunk = await reader.peek(CHUNK_BYTES);
      const isLast = chunk.length < CHUNK_BYTES;
      let at = 0;
      let isBad = false;
      while (!isBad && length < OUT_BYTES && (isLast ? (chunk.length - at) * 8 >= width : at + width <= chunk.length)) {
        const codes = Math.min(8, Math.floor(((chunk.length - at) * 8) / width));
        const groupWidth = width;
        let isReset = false;
        for (let i = 0; i < codes && !isReset; i++) {
          if (next > (1 << width) - 1 && width < maxBits) {
            width++;
            isReset = true;
            // The first code of a group has the new width in this very place.
            if (i === 0) at -= groupWidth;
            break;
          }
          const bit = i * groupWidth;
          const byte = at + (bit >> 3);
          const word = chunk[byte]! | ((chunk[byte + 1] ?? 0) << 8) | ((chunk[byte + 2] ?? 0) << 16);
          const code = (word >>> (bit & 7)) & ((1 << groupWidth) - 1);
          if (code === CLEAR && hasClear && previous >= 0) {
            next = CLEAR;
            width = 9;
            isReset = true;
            break;
          }
          if (code > next || (previous < 0 && code > 255) || (code === next && next >= 1 << maxBits)) {
            isBad = true;
            break;
          }
          let top = MAX_STRING_BYTES;
          let symbol = code;
          if (code === next) {
            stack[--top] = first;
            symbol = previous;
          }
          while (symbol > 255 && top > 1) {
            stack[--top] = suffix[symbol]!;
            symbol = prefix[symbol]!;
          }
          first = symbol & 255;
          stack[--top] = first;
          while (top < MAX_STRING_BYTES) out[length++] = stack[top++]!;
          if (previous >= 0 && next < 1 << maxBits) {
            prefix[next] = previous;
            suffix[next] = first;
            next++;
          }
          previous = code;
          if (length >= out.length - MAX_STRING_BYTES) {
            // Room for what one more group can give is not certain.
            yield out.slice(0, length);
            length = 0;
          }
        }
        at += groupWidth;
      }
      await reader.skip(Math.min(Math.max(at, 0), chunk.length));
      if (length > 0) yield out.subarray(0, length);
      length = 0;
      if (isBad) throw new FormatError('compress.code');
      if (isLast && (chunk.length - at) * 8 < width) return;
    }
  } finally {
    for (const table of [out, suffix, stack]) table.fill(0);
    reader.close();
  }
}

export default defineContainer({
  id: 'compress',
  title: 'compress (.Z)',
  doc: `LZW files of compress and ncompress, with and without table clearing. They have no checksum and no end mark: a cut one is not
noticed. Source: compress(1), ncompress.`,
  access: 'sequential',
  recognise: (head) =>
    head[0] === 0x1f &&
    head[1] === 0x9d &&
    head.length > 3 &&
    (head[2]! & 0x60) === 0 &&
    (head[2]! & 31) >= 9 &&
    (head[2]! & 31) <= 16,
  async *open(input) {
    yield { name: '', content: () => decode(input) };
  },
});
