/** The raw snappy block (github.com/google/snappy, format_description.txt). */
import { copyMatch } from './copy-match.ts';

/** The length that a block says it decodes to, and where its tags begin; undefined when it says none. */
export function parseSnappyLength(block: Uint8Array): { readonly length: number; readonly next: number } | undefined {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i];
    if (byte === undefined) return undefined;
    length += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return length < 2 ** 32 ? { length, next: i + 1 } : undefined;
  }
  return undefined;
}

/**
 * Decodes a block of at most `maxBytes` into memory of its own, or into the beginning of `into`.
 * Undefined when it is damaged or longer.
 */
export function decodeSnappy(block: Uint8Array, maxBytes: number, into?: Uint8Array): Uint8Array | undefined {
  const header = parseSnappyLength(block);
  if (!header || header.length > maxBytes) return undefined;
  const end = header.length;
  const out = into?.subarray(0, end) ?? new Uint8Array(end);
  if (out.length < end) return undefined;
  let from = header.next;
  let at = 0;
  while (from < block.length) {
    const tag = block[from++]!;
    const kind = tag & 3;
    if (kind === 0) {
      let length = (tag >> 2) + 1;
      if (length > 60) {
        const width = length - 60;
        if (from + width > block.length) return undefined;
        length = 1;
        for (let i = 0; i < width; i++) length += block[from + i]! * 2 ** (8 * i);
        from += width;
      }
      if (from + length > block.length || at + length > end) return undefined;
      if (length < 32) for (let i = 0; i < length; i++) out[at + i] = block[from + i]!;
      else out.set(block.subarray(from, from + length), at);
      from += length;
      at += length;
      continue;
    }
    const width = kind === 3 ? 4 : kind;
    if (from + width > block.length) return undefined;
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    let distance = kind === 1 ? (tag >> 5) * 256 + block[from]! : block[from]! | (block[from + 1]! << 8);
    if (kind === 3) distance += block[from + 2]! * 65_536 + block[from + 3]! * 2 ** 24;
    from += width;
    if (distance === 0 || distance > at || at + length > end) return undefined;
    copyMatch(out, at, distance, length);
    at += length;
  }
  return at === end ? out : undefined;
}
