/**
 * LZO1X blocks (the Linux kernel's Documentation/staging/lzo.rst describes the stream; version 0, without the run-length
 * extension of zram). The trap: what a byte below 16 means depends on how many literals came before it.
 */
import { copyMatch } from './copy-match.ts';

/**
 * Decodes `block` into `out`; returns the number of bytes, or undefined when the block is damaged, does not end with
 * its end mark, or does not fit.
 */
export function decodeLzo1x(block: Uint8Array, out: Uint8Array): number | undefined {
  const last = block.length;
  let from = 0;
  let at = 0;
  /** Literals after the last match, 0 to 3; 4 stands for a longer run. */
  let state = 0;

  /** A length in zero bytes of 255 each and one that is not zero; -1 at the end of the block. */
  const longLength = (base: number): number => {
    let length = base;
    while (from < last && block[from] === 0) {
      length += 255;
      from++;
    }
    return from < last ? length + block[from++]! : -1;
  };
  const literals = (length: number): boolean => {
    if (length < 0 || from + length > last || at + length > out.length) return false;
    if (length < 32) for (let i = 0; i < length; i++) out[at + i] = block[from + i]!;
    else out.set(block.subarray(from, from + length), at);
    from += length;
    at += length;
    return true;
  };

  if (last > 0 && block[0]! > 17) {
    const length = block[from++]! - 17;
    if (!literals(length)) return undefined;
    state = Math.min(length, 4);
  }
  while (from < last) {
    const code = block[from++]!;
    let length: number;
    let distance: number;
    let trailing: number;
    if (code < 16 && state === 0) {
      if (!literals(code === 0 ? longLength(18) : code + 3)) return undefined;
      state = 4;
      continue;
    }
    if (code < 16) {
      if (from >= last) return undefined;
      trailing = code & 3;
      distance = (block[from++]! << 2) + (code >> 2) + 1;
      length = 2;
      if (state === 4) {
        distance += 2048;
        length = 3;
      }
    } else if (code >= 64) {
      if (from >= last) return undefined;
      trailing = code & 3;
      length = (code >> 5) + 1;
      distance = (block[from++]! << 3) + ((code >> 2) & 7) + 1;
    } else {
      const far = code < 32;
      const bits = code & (far ? 7 : 31);
      length = (bits === 0 ? longLength(far ? 7 : 31) : bits) + 2;
      if (length < 2 || from + 2 > last) return undefined;
      const word = block[from]! | (block[from + 1]! << 8);
      from += 2;
      trailing = word & 3;
      distance = (word >> 2) + 1;
      if (far) {
        distance += 16_383 + ((code & 8) << 11);
        if (distance === 16_384) return length === 3 && from === last ? at : undefined;
        // (a distance of 16384 is the end mark; real ones begin one above)
      }
    }
    if (distance > at || at + length > out.length) return undefined;
    copyMatch(out, at, distance, length);
    at += length;
    if (!literals(trailing)) return undefined;
    state = trailing;
  }
  return undefined;
}
