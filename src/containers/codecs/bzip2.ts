/**
 * bzip2 (the format has no specification of its own; "bzip2-format-specification" by Joe Tsai describes it): streams of
 * blocks that begin at any bit. A block's compressed bytes are gathered first, then decoded without waiting.
 */
import { ByteQueue } from '../../bytes/byte-queue.ts';
import { FormatError } from '../../model/errors.ts';

/** The longest block: 900,001 symbols of at most 20 bits, and its tables. */
const MAX_BLOCK_BYTES = 2_300_000;
const MAX_CODE_BITS = 20;
/** Symbols are looked up by their first bits; longer codes, which are rare, by counting. */
const FAST_BITS = 10;
const GROUP_SYMBOLS = 50;
/** 18,001 groups of 50 are a whole block; bzip2 itself ignores a few more. */
const MAX_SELECTORS = 18_002;

const CRC_TABLE = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let crc = i << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  CRC_TABLE[i] = crc;
}

/** All streams of `source`, one after another. Throws FormatError. */
export async function* decodeBzip2(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue(source);
  const decoder = new BlockDecoder();
  try {
    for (let first = true; first || (await queue.fill(1)); first = false) {
      const head = await queue.take(4, 'bzip2.header');
      const level = head[3]! - 0x30;
      if (head[0] !== 0x42 || head[1] !== 0x5a || head[2] !== 0x68 || level < 1 || level > 9) {
        throw new FormatError('bzip2.header');
      }
      decoder.begin(level);
      for (;;) {
        await queue.fill(MAX_BLOCK_BYTES);
        const more = decoder.readBlock(queue);
        if (!more) break;
        yield* decoder.pieces();
      }
    }
  } finally {
    decoder.wipe();
    await queue.close();
  }
}

/** Canonical Huffman codes of one group. */
interface Codes {
  readonly minBits: number;
  /** By length: one more than the last code of that length, and the index in `symbols` of code 0 at that length. */
  readonly limit: Int32Array;
  readonly base: Int32Array;
  readonly symbols: Uint16Array;
  /** By the next FAST_BITS bits: symbol << 5 | length; 0 where the code is longer. */
  readonly fast: Uint16Array;
}

class BlockDecoder {
  private blockBytes = 0;
  private streamCrc = 0;
  /** Low byte: the byte of the last column; upper 24 bits: the next position. */
  private links = new Uint32Array(0);
  private length = 0;
  private origin = 0;
  private blockCrc = 0;
  private readonly piece = new Uint8Array(131_072);
  // Bits in hand, from the top; a stream's blocks follow each other at any bit.
  private bits = 0;
  private bitCount = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private end = 0;

  begin(level: number): void {
    this.blockBytes = level * 100_000;
    if (this.links.length < this.blockBytes) this.links = new Uint32Array(this.blockBytes);
    this.streamCrc = this.bits = this.bitCount = 0;
  }

  wipe(): void {
    this.links.fill(0);
    this.piece.fill(0);
  }

  /** Reads a block; false at the end of the stream, when the queue stands behind it. Throws FormatError. */
  readBlock(queue: ByteQueue): boolean {
    this.bytes = queue.bytes;
    this.at = queue.at;
    this.end = queue.end;
    const high = this.read(24);
    const low = this.read(24);
    const crc = (this.read(16) << 16) | this.read(16);
    if (high === 0x177245 && low === 0x385090) {
      if (crc !== this.streamCrc) throw new FormatError('bzip2.stream_crc');
      // Less than eight bits pad the last byte; whole ones in hand belong to what follows.
      queue.at = this.at - (this.bitCount >>> 3);
      return false;
    }
    if (high !== 0x314159 || low !== 0x265359) throw new FormatError('bzip2.block_magic');
    this.blockCrc = crc;
    this.streamCrc = ((this.streamCrc << 1) | (this.streamCrc >>> 31)) ^ crc;
    this.decodeSymbols();
    queue.at = this.at;
    return true;
  }

  private read(count: number): number {
    while (this.bitCount < count) {
      if (this.at >= this.end) throw new FormatError('bzip2.truncated');
      this.bits = (this.bits << 8) | this.bytes[this.at++]!;
      this.bitCount += 8;
    }
    this.bitCount -= count;
    return (this.bits >>> this.bitCount) & ((1 << count) - 1);
  }

  private decodeSymbols(): void {
    if (this.read(1)) throw new FormatError('bzip2.randomised'); // bzip2 0.9.0 and older wrote it
    this.origin = this.read(24);
    const used = this.readUsedBytes();
    const symbolCount = used.length + 2;
    const selectors = this.readSelectors();
    const codes = Array.from({ length: selectors.groups }, () => this.readCodes(symbolCount));

    const order = used; // the move-to-front list
    const links = this.links;
    const limit = this.blockBytes;
    const endOfBlock = symbolCount - 1;
    const counts = new Int32Array(256);
    const bytes = this.bytes;
    let bits = this.bits;
    let bitCount = this.bitCount;
    let at = this.at;
    let length = 0;
    let run = 0;
    let runBit = 1;
    let group = codes[0]!;
    let left = 0;
    let selector = 0;
    for (;;) {
      if (left === 0) {
        if (selector >= selectors.list.length) throw new FormatError('bzip2.selectors');
        group = codes[selectors.list[selector++]!]!;
        left = GROUP_SYMBOLS;
      }
      left--;
      while (bitCount < MAX_CODE_BITS) {
        // At the end of the file zeros stand in: what was read too much is seen below.
        bits = (bits << 8) | (at < this.end ? bytes[at]! : 0);
        at++;
        bitCount += 8;
      }
      let symbol = 0;
      const entry = group.fast[(bits >>> (bitCount - FAST_BITS)) & ((1 << FAST_BITS) - 1)]!;
      if (entry !== 0) {
        bitCount -= entry & 31;
        symbol = entry >>> 5;
      } else {
        let size = Math.max(group.minBits, FAST_BITS);
        let code = 0;
        for (; size <= MAX_CODE_BITS; size++) {
          code = (bits >>> (bitCount - size)) & ((1 << size) - 1);
          if (code < group.limit[size]!) break;
        }
        if (size > MAX_CODE_BITS) throw new FormatError('bzip2.code');
        bitCount -= size;
        const index = group.base[size]! + code;
        if (index < 0 || index >= symbolCount) throw new FormatError('bzip2.code');
        symbol = group.symbols[index]!;
      }
      if (symbol < 2) {
        // Bijective base 2, lowest digit first.
        run += runBit << symbol;
        runBit <<= 1;
        if (run > limit) throw new FormatError('bzip2.run');
        continue;
      }
      if (run > 0) {
        if (length + run > limit) throw new FormatError('bzip2.run');
        const byte = order[0]!;
        links.fill(byte, length, length + run);
        counts[byte]! += run;
        length += run;
        run = 0;
        runBit = 1;
      }
      if (symbol === endOfBlock) break;
      if (length >= limit) throw new FormatError('bzip2.block');
      const place = symbol - 1;
      const byte = order[place]!;
      if (place < 16) for (let i = place; i > 0; i--) order[i] = order[i - 1]!;
      else order.copyWithin(1, 0, place);
      order[0] = byte;
      links[length++] = byte;
      counts[byte]!++;
    }
    if (at - (bitCount >>> 3) > this.end) throw new FormatError('bzip2.truncated');
    this.at = at - (bitCount >>> 3);
    this.bitCount = bitCount & 7;
    this.bits = bits >>> (bitCount & ~7);
    if (length === 0 || this.origin >= length) throw new FormatError('bzip2.origin');
    this.length = length;

    // Inverse Burrows-Wheeler transform: where each byte of the last column stands in the first.
    let sum = 0;
    for (let byte = 0; byte < 256; byte++) {
      const count = counts[byte]!;
      counts[byte] = sum;
      sum += count;
    }
    for (let i = 0; i < length; i++) {
      const byte = links[i]! & 255;
      links[counts[byte]!++]! |= i << 8;
    }
  }

  private readUsedBytes(): Uint8Array {
    const ranges = this.read(16);
    const used = new Uint8Array(256);
    let count = 0;
    for (let range = 0; range < 16; range++) {
      if (!(ranges & (0x8000 >>> range))) continue;
      const members = this.read(16);
      for (let i = 0; i < 16; i++) if (members & (0x8000 >>> i)) used[count++] = range * 16 + i;
    }
    if (count === 0) throw new FormatError('bzip2.symbols');
    return used.subarray(0, count);
  }

  private readSelectors(): { groups: number; list: Uint8Array } {
    const groups = this.read(3);
    const count = this.read(15);
    if (groups < 2 || groups > 6 || count === 0) throw new FormatError('bzip2.selectors');
    const list = new Uint8Array(Math.min(count, MAX_SELECTORS));
    const order = [0, 1, 2, 3, 4, 5];
    for (let i = 0; i < count; i++) {
      let place = 0;
      while (this.read(1)) if (++place >= groups) throw new FormatError('bzip2.selectors');
      const [group] = order.splice(place, 1);
      order.unshift(group!);
      if (i < MAX_SELECTORS) list[i] = group!;
    }
    return { groups, list };
  }

  private readCodes(symbolCount: number): Codes {
    const lengths = new Uint8Array(symbolCount);
    const counts = new Int32Array(MAX_CODE_BITS + 2);
    let length = this.read(5);
    for (let symbol = 0; symbol < symbolCount; symbol++) {
      for (;;) {
        if (length < 1 || length > MAX_CODE_BITS) throw new FormatError('bzip2.code_length');
        if (!this.read(1)) break;
        length += this.read(1) ? -1 : 1;
      }
      lengths[symbol] = length;
      counts[length]!++;
    }
    const limit = new Int32Array(MAX_CODE_BITS + 1);
    const base = new Int32Array(MAX_CODE_BITS + 1);
    const symbols = new Uint16Array(symbolCount);
    const fast = new Uint16Array(1 << FAST_BITS);
    let code = 0;
    let index = 0;
    let minBits = 0;
    for (let size = 1; size <= MAX_CODE_BITS; size++) {
      base[size] = index - code;
      for (let symbol = 0; symbol < symbolCount; symbol++) {
        if (lengths[symbol] !== size) continue;
        minBits ||= size;
        symbols[index++] = symbol;
        if (size <= FAST_BITS && code < 1 << size) {
          const first = code << (FAST_BITS - size);
          fast.fill((symbol << 5) | size, first, first + (1 << (FAST_BITS - size)));
        }
        code++;
      }
      limit[size] = code;
      code <<= 1;
    }
    return { minBits, limit, base, symbols, fast };
  }

  /** The block's content: the transform is followed and its runs are expanded. Throws FormatError on a wrong checksum. */
  *pieces(): Generator<Uint8Array, void, undefined> {
    const links = this.links;
    const piece = this.piece;
    const room = piece.length - 256;
    let link = links[this.origin]!;
    let to = 0;
    let crc = -1;
    let previous = -1;
    let same = 0;
    for (let left = this.length; left > 0; left--) {
      link = links[link >>> 8]!;
      const byte = link & 255;
      if (same === 4) {
        // After four equal bytes: how many more.
        piece.fill(previous, to, to + byte);
        for (let i = 0; i < byte; i++) crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ previous]!;
        to += byte;
        same = 0;
        previous = -1;
      } else {
        same = byte === previous ? same + 1 : 1;
        previous = byte;
        piece[to++] = byte;
        crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ byte]!;
      }
      if (to >= room) {
        yield piece.subarray(0, to);
        to = 0;
      }
    }
    if (to > 0) yield piece.subarray(0, to);
    if (~crc !== this.blockCrc) throw new FormatError('bzip2.block_crc');
  }
}
