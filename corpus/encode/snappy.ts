/** A small snappy encoder (format_description.txt): runs of one byte become copies, the rest literals. */
import { concat } from './text.ts';

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  return Uint8Array.from([...out, rest]);
}

const literal = (bytes: Uint8Array): Uint8Array =>
  bytes.length === 0
    ? bytes
    : concat(Uint8Array.of(61 << 2, (bytes.length - 1) & 0xff, (bytes.length - 1) >> 8), bytes);

/** At most 65,536 bytes. */
export function snappyBlock(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [varint(bytes.length)];
  let from = 0;
  for (let at = 1; at < bytes.length; ) {
    let end = at;
    while (end < bytes.length && bytes[end] === bytes[at - 1]) end++;
    if (end - at < 8) {
      at = Math.max(end, at + 1);
      continue;
    }
    parts.push(literal(bytes.subarray(from, at)));
    for (let left = end - at; left > 0; left -= 64) {
      const length = Math.min(64, left);
      // Two-byte distance of 1: the copy overlaps itself.
      parts.push(Uint8Array.of(((length - 1) << 2) | 2, 1, 0));
    }
    from = end;
    at = end + 1;
  }
  return concat(...parts, literal(bytes.subarray(from)));
}

/** A frame stream (framing_format.txt); checksums are zero, which the readers don't look at. */
export function snappyStream(bytes: Uint8Array): Uint8Array {
  const chunk = (type: number, ...body: readonly Uint8Array[]): Uint8Array => {
    const length = body.reduce((sum, part) => sum + part.length, 0);
    return concat(Uint8Array.of(type, length & 0xff, (length >> 8) & 0xff, length >> 16), ...body);
  };
  const parts = [
    chunk(
      0xff,
      Uint8Array.from('sNaPpY', (char) => char.charCodeAt(0)),
    ),
  ];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536);
    const packed = snappyBlock(part);
    const plain = packed.length >= part.length;
    // Padding in front: a reader that knows the size of the content does not look behind the last chunk.
    parts.push(chunk(0xfe, new Uint8Array(3)), chunk(plain ? 1 : 0, new Uint8Array(4), plain ? part : packed));
  }
  return concat(...parts);
}
