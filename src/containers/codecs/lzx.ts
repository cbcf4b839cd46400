/**
 * LZX of cabinets ([MS-PATCH] 2 describes it; [MS-CAB] names it): Huffman codes over 16-bit words, frames of 32 KiB that
 * end at a word, and x86 calls translated back. The window is a power of two from 2^15 to 2^21.
 */
import { FormatError } from '../../model/errors.ts';

const FRAME_BYTES = 32_768;
const MAIN_BITS = 16;
/** Translation of calls ends there ([MS-PATCH] 2.2). */
const MAX_TRANSLATED_FRAMES = 32_768;

const EXTRA_BITS: number[] = [];
const POSITION_BASE: number[] = [];
for (let slot = 0, base = 0; slot < 51; slot++) {
  EXTRA_BITS.push(slot < 4 ? 0 : Math.min(17, (slot >>> 1) - 1));
  POSITION_BASE.push(base);
  base += 2 ** EXTRA_BITS[slot]!;
}
/** Position slots by window bits, from 15. */
const SLOTS = [30, 32, 34, 36, 38, 42, 50];

interface Block {
  readonly stored: Uint8Array;
  /** Decoded bytes of it. */
  readonly size: number;
}

/** Canonical codes of at most 16 bits: a table of all 16-bit prefixes, symbol << 5 | length. */
class Codes {
  readonly lengths: Uint8Array;
  private readonly table = new Uint16Array(1 << MAIN_BITS);

  constructor(symbols: number) {
    this.lengths = new Uint8Array(symbols);
  }

  build(field: string): void {
    let at = 0;
    for (let bits = 1; bits <= MAIN_BITS; bits++) {
      for (let symbol = 0; symbol < this.lengths.length; symbol++) {
        if (this.lengths[symbol] !== bits) continue;
        const next = at + (1 << (MAIN_BITS - bits));
        if (next > 1 << MAIN_BITS) throw new FormatError(field);
        this.table.fill(symbol + 1, at, next);
        at = next;
      }
    }
    // No symbol at all is allowed for lengths; a part of the codes is not.
    if (at !== 1 << MAIN_BITS && at !== 0) throw new FormatError(field);
    if (at === 0) this.table.fill(0);
  }

  read(bits: BitReader, field: string): number {
    const symbol = this.table[bits.peek()]! - 1;
    if (symbol < 0) throw new FormatError(field);
    bits.drop(this.lengths[symbol]!);
    return symbol;
  }
}

/** Bits of little-endian 16-bit words, from the top. */
class BitReader {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  private word = 0;
  private count = 0;

  start(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = this.word = this.count = 0;
  }

  /** The next 16 bits; zeros stand in behind the end. */
  peek(): number {
    if (this.count < 16) {
      this.word = (this.word << 16) | (this.bytes[this.at] ?? 0) | ((this.bytes[this.at + 1] ?? 0) << 8);
      this.at += 2;
      this.count += 16;
    }
    return (this.word >>> (this.count - 16)) & 0xffff;
  }

  drop(count: number): void {
    this.count -= count;
    if (this.at - (this.count >>> 3) > this.bytes.length + 1) throw new FormatError('lzx.truncated');
  }

  read(count: number): number {
    if (count > 16) return this.read(count - 16) * 65_536 + this.read(16);
    if (count === 0) return 0;
    const value = this.peek() >>> (16 - count);
    this.drop(count);
    return value;
  }

  /** To the next word; a whole word where it stands at one already and `whole` is set. */
  align(whole: boolean): void {
    if (whole && this.count % 16 === 0) this.read(16);
    else if (this.count % 16) this.drop(this.count % 16);
    // Words in hand go back.
    this.at -= this.count >>> 3;
    this.count = 0;
  }
}

/** The content of an LZX folder. Throws FormatError. */
export async function* decodeLzx(
  blocks: AsyncIterable<Block>,
  windowBits: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const slots = SLOTS[windowBits - 15];
  if (!slots) throw new FormatError('lzx.window');
  const lzx = new LzxDecoder(windowBits, slots);
  try {
    for await (const { stored, size } of blocks) yield lzx.frame(stored, size);
  } finally {
    lzx.wipe();
  }
}

class LzxDecoder {
  private readonly window: Uint8Array;
  private readonly mask: number;
  private readonly bits = new BitReader();
  private readonly main: Codes;
  private readonly lengths = new Codes(249);
  private readonly aligned = new Codes(8);
  private readonly pre = new Codes(20);
  private started = false;
  private translationSize = 0;
  private frames = 0;
  private position = 0;
  private type = 0;
  private left = 0;
  private odd = false;
  private r0 = 1;
  private r1 = 1;
  private r2 = 1;

  constructor(windowBits: number, slots: number) {
    this.window = new Uint8Array(2 ** windowBits);
    this.mask = 2 ** windowBits - 1;
    this.main = new Codes(256 + slots * 8);
  }

  wipe(): void {
    this.window.fill(0);
  }

  frame(stored: Uint8Array, size: number): Uint8Array {
    const { bits } = this;
    if (size > FRAME_BYTES) throw new FormatError('lzx.frame');
    bits.start(stored);
    if (!this.started) {
      this.started = true;
      if (bits.read(1)) this.translationSize = bits.read(32);
    }
    const start = this.position;
    const end = start + size;
    while (this.position < end) {
      if (this.left === 0) this.readBlockHeader();
      const stop = Math.min(end, this.position + this.left);
      const before = this.position;
      if (this.type === 3) this.copyStored(stop);
      else this.decode(stop, end);
      this.left -= this.position - before;
      if (this.left < 0) throw new FormatError('lzx.block');
    }
    const out = new Uint8Array(size);
    for (let i = 0; i < size; i++) out[i] = this.window[(start + i) & this.mask]!;
    if (this.translationSize && this.frames++ < MAX_TRANSLATED_FRAMES) translateCalls(out, start, this.translationSize);
    return out;
  }

  private readBlockHeader(): void {
    const { bits } = this;
    // An uncompressed block of odd length is followed by a byte of padding.
    if (this.odd) {
      bits.at++;
      this.odd = false;
    }
    this.type = bits.read(3);
    this.left = bits.read(24);
    if (this.left === 0) throw new FormatError('lzx.block');
    if (this.type === 3) {
      this.odd = this.left % 2 === 1;
      bits.align(true);
      const read = (): number => {
        const value = bits.bytes.subarray(bits.at, bits.at + 4);
        if (value.length < 4) throw new FormatError('lzx.block');
        bits.at += 4;
        return (value[0]! | (value[1]! << 8) | (value[2]! << 16) | (value[3]! << 24)) >>> 0;
      };
      this.r0 = read();
      this.r1 = read();
      this.r2 = read();
      return;
    }
    if (this.type !== 1 && this.type !== 2) throw new FormatError('lzx.block_type');
    if (this.type === 2) {
      for (let i = 0; i < 8; i++) this.aligned.lengths[i] = bits.read(3);
      this.aligned.build('lzx.aligned');
    }
    this.readLengths(this.main, 0, 256);
    this.readLengths(this.main, 256, this.main.lengths.length);
    this.main.build('lzx.main');
    this.readLengths(this.lengths, 0, 249);
    this.lengths.build('lzx.lengths');
  }

  /** Lengths as differences from those of the block before, in a code of their own. */
  private readLengths(codes: Codes, from: number, to: number): void {
    const { bits, pre } = this;
    for (let i = 0; i < 20; i++) pre.lengths[i] = bits.read(4);
    pre.build('lzx.pretree');
    const { lengths } = codes;
    const field = 'lzx.pretree';
    for (let at = from; at < to; ) {
      const symbol = pre.read(bits, field);
      let count = 1;
      let value = 0;
      if (symbol === 17) count = 4 + bits.read(4);
      else if (symbol === 18) count = 20 + bits.read(5);
      else if (symbol === 19) {
        count = 4 + bits.read(1);
        value = (lengths[at]! - pre.read(bits, field) + 17) % 17;
      } else value = (lengths[at]! - symbol + 17) % 17;
      for (; count > 0 && at < to; count--) lengths[at++] = value;
    }
  }

  private copyStored(stop: number): void {
    const { bits } = this;
    const count = stop - this.position;
    const bytes = bits.bytes.subarray(bits.at, bits.at + count);
    if (bytes.length < count) throw new FormatError('lzx.block');
    for (const byte of bytes) this.window[this.position++ & this.mask] = byte;
    bits.at += count;
  }

  private decode(stop: number, end: number): void {
    const { bits, window, mask } = this;
    let position = this.position;
    while (position < stop) {
      const symbol = this.main.read(bits, 'lzx.main');
      if (symbol < 256) {
        window[position++ & mask] = symbol;
        continue;
      }
      let length = (symbol - 256) & 7;
      if (length === 7) length += this.lengths.read(bits, 'lzx.lengths');
      length += 2;
      const slot = (symbol - 256) >>> 3;
      let distance: number;
      if (slot === 0) distance = this.r0;
      else if (slot === 1) {
        distance = this.r1;
        this.r1 = this.r0;
      } else if (slot === 2) {
        distance = this.r2;
        this.r2 = this.r0;
      } else {
        const extra = EXTRA_BITS[slot]!;
        let low: number;
        if (this.type === 2 && extra >= 3) {
          low = bits.read(extra - 3) * 8;
          low += this.aligned.read(bits, 'lzx.aligned');
        } else low = bits.read(extra);
        distance = POSITION_BASE[slot]! + low - 2;
        this.r2 = this.r1;
        this.r1 = this.r0;
      }
      this.r0 = distance;
      // A match stays in its frame, and in what was decoded.
      if (distance < 1 || distance > position || distance > mask + 1 || position + length > end) {
        throw new FormatError('lzx.distance');
      }
      for (let i = 0; i < length; i++, position++) window[position & mask] = window[(position - distance) & mask]!;
    }
    this.position = position;
  }
}

/** Undoes the translation of x86 calls (E8): absolute targets within the file become relative. */
function translateCalls(bytes: Uint8Array, start: number, fileSize: number): void {
  for (let i = 0; i < bytes.length - 10; i++) {
    if (bytes[i] !== 0xe8) continue;
    const position = start + i;
    const target = bytes[i + 1]! | (bytes[i + 2]! << 8) | (bytes[i + 3]! << 16) | (bytes[i + 4]! << 24);
    if (target >= -position && target < fileSize) {
      const value = target >= 0 ? target - position : target + fileSize;
      bytes[i + 1] = value;
      bytes[i + 2] = value >>> 8;
      bytes[i + 3] = value >>> 16;
      bytes[i + 4] = value >>> 24;
    }
    i += 4;
  }
}
