/**
 * The lz4 block format (github.com/lz4/lz4, doc/lz4_Block_format.md).
 */
import { copyMatch } from './copy-match.ts';

/**
 * Decodes `block` into `out` from `at` on, where matches may reach back to index 0; returns the index after the last
 * byte, or undefined when the block is damaged or would go beyond `end`.
 */
export function decodeLz4Block(block: Uint8Array, out: Uint8Array, at: number, end: number): number | undefined {
  const length = block.length;
  let from = 0;
  while (from < length) {
    const token = block[from++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more: number;
      do {
        if (from >= length) return undefined;
        more = block[from++]!;
        literals += more;
      } while (more === 255);
    }
    if (from + literals > length || at + literals > end) return undefined;
    if (literals < 32) for (let i = 0; i < literals; i++) out[at + i] = block[from + i]!;
    else out.set(block.subarray(from, from + literals), at);
    from += literals;
    at += literals;
    if (from === length) return at;
    if (from + 2 > length) return undefined;
    const distance = block[from]! | (block[from + 1]! << 8);
    from += 2;
    let match = (token & 15) + 4;
    if (match === 19) {
      let more: number;
      do {
        if (from >= length) return undefined;
        more = block[from++]!;
        match += more;
      } while (more === 255);
    }
    if (distance === 0 || distance > at || at + match > end) return undefined;
    copyMatch(out, at, distance, match);
    at += match;
  }
  // A block ends with literals; an empty one is no block.
  return undefined;
}
