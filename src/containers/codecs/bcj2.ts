/**
 * BCJ2 of 7-Zip: x86 code in four streams (the rest, targets of calls, targets of jumps, and range-coded bits that say
 * which of the branches were taken out). Bcj2.c of the LZMA SDK describes it.
 */
import { ByteQueue } from '../../bytes/byte-queue.ts';
import { FormatError } from '../../model/errors.ts';

const PIECE_BYTES = 65_536;

/** `size` bytes. Throws FormatError. */
export async function* decodeBcj2(
  sources: readonly AsyncIterable<Uint8Array>[],
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const [main, call, jump, bits] = sources.map((source) => new ByteQueue(source));
  if (!main || !call || !jump || !bits || sources.length !== 4) throw new FormatError('bcj2.streams');
  const probs = new Uint16Array(258).fill(1024);
  const piece = new Uint8Array(PIECE_BYTES + 8);
  try {
    const start = await bits.take(5, 'bcj2.range');
    let code = ((start[1]! << 24) | (start[2]! << 16) | (start[3]! << 8) | start[4]!) >>> 0;
    let range = 0xffffffff;
    let previous = 0;
    let done = 0;
    let to = 0;
    while (done + to < size) {
      if (to >= PIECE_BYTES) {
        yield piece.subarray(0, to);
        done += to;
        to = 0;
      }
      if (main.at >= main.end && !(await main.fill(1))) throw new FormatError('bcj2.main');
      const byte = main.bytes[main.at++]!;
      piece[to++] = byte;
      const isJump = previous === 0x0f && (byte & 0xf0) === 0x80;
      const index = byte === 0xe8 ? previous : byte === 0xe9 ? 256 : 257;
      previous = byte;
      if ((byte & 0xfe) !== 0xe8 && !isJump) continue;
      if (done + to >= size) break;
      const p = probs[index]!;
      const bound = (range >>> 11) * p;
      const taken = code >= bound;
      if (taken) {
        range -= bound;
        code -= bound;
        probs[index] = p - (p >>> 5);
      } else {
        range = bound;
        probs[index] = p + ((2048 - p) >>> 5);
      }
      if (range < 2 ** 24) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | (await bits.take(1, 'bcj2.range'))[0]!) >>> 0;
      }
      if (!taken) continue;
      const target = await (byte === 0xe8 ? call : jump).take(4, 'bcj2.target');
      const value = ((target[0]! << 24) | (target[1]! << 16) | (target[2]! << 8) | target[3]!) - (done + to + 4);
      for (let i = 0; i < 4 && done + to < size; i++) piece[to++] = value >>> (8 * i);
      previous = value >>> 24;
    }
    if (to > 0) yield piece.subarray(0, to);
  } finally {
    piece.fill(0);
    for (const queue of [main, call, jump, bits]) await queue.close();
  }
}
