/**
 * Deflate64 ("enhanced deflate", zip method 9, PKWARE APPNOTE 4.4.5; described by libarchive and 7-Zip's sources): deflate
 * (RFC 1951) with a window of 64 KiB, two more distance codes, and a last length code that has 16 extra bits.
 */
import { ByteQueue } from '../../bytes/byte-queue.ts';
import { copyMatch } from '../../bytes/copy-match.ts';
import { FormatError, SourceError } from '../../model/errors.ts';

const WINDOW_BYTES = 65_536;
const PIECE_BYTES = 262_144;
const MAX_CODE_BITS = 15;
/** Most that one symbol with its match takes: 15 + 16 + 15 + 14 bits, and what a table looks ahead. */
const SYMBOL_BYTES = 10;
const END_OF_BLOCK = 256;
const LITERALS = 286;
const DISTANCES = 32;
/** Order of the lengths of code lengths (RFC 1951, 3.2.7). */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Bases and extra bits of codes that come in groups of `step`, the extra bits growing by one with each group. */
function ladder(count: number, first: number, step: number): { bases: number[]; extra: number[] } {
  const bases: number[] = [];
  const extra: number[] = [];
  for (let i = 0, base = first; i < count; i++) {
    const bits = Math.max(0, Math.floor(i / step) - 1);
    bases.push(base);
    extra.push(bits);
    base += 2 ** bits;
  }
  return { bases, extra };
}

const LENGTH = ladder(28, 3, 4);
LENGTH.bases.push(3);
LENGTH.extra.push(16);
const DISTANCE = ladder(DISTANCES, 1, 2);

/** Of each possible 15 bits: symbol · 16 + length of its code; 0 where no code begins. Throws FormatError when over-full. */
function buildTable(lengths: Uint8Array): Uint16Array {
  const counts = new Uint16Array(MAX_CODE_BITS + 1);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  const next = new Uint32Array(MAX_CODE_BITS + 1);
  let code = 0;
  for (let bits = 1; bits <= MAX_CODE_BITS; bits++) next[bits] = code = (code + counts[bits - 1]!) << 1;
  const table = new Uint16Array(1 << MAX_CODE_BITS);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const own = next[length]!++;
    if (own >= 1 << length) throw new FormatError('deflate64.code_lengths');
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) reversed |= ((own >>> bit) & 1) << (length - 1 - bit);
    for (let at = reversed; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
  }
  return table;
}

interface Tables {
  readonly literals: Uint16Array;
  readonly distances: Uint16Array;
}

let fixedTables: Tables | undefined;

/** Those of blocks of fixed codes (RFC 1951, 3.2.6). */
const fixed = (): Tables =>
  (fixedTables ??= {
    literals: buildTable(Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
    distances: buildTable(new Uint8Array(DISTANCES).fill(5)),
  });

/** Bits, lowest first, out of what lies ready in the queue. Behind the end come zeros, which must not be used. */
class BitReader {
  readonly #queue: ByteQueue;
  #hold = 0;
  #count = 0;
  /** Bits of `#hold` that were made up. */
  #made = 0;

  constructor(queue: ByteQueue) {
    this.#queue = queue;
  }

  /** At most 16. */
  take(bits: number): number {
    this.#need(bits);
    const value = this.#hold & ((1 << bits) - 1);
    this.#drop(bits);
    return value;
  }

  symbol(table: Uint16Array): number {
    this.#need(MAX_CODE_BITS);
    const entry = table[this.#hold & ((1 << MAX_CODE_BITS) - 1)]!;
    if (entry === 0) throw new FormatError('deflate64.code');
    this.#drop(entry & 15);
    return entry >>> 4;
  }

  toByte(): void {
    this.#drop(this.#count & 7);
  }

  #need(bits: number): void {
    while (this.#count < bits) {
      if (this.#queue.at < this.#queue.end) this.#hold |= this.#queue.bytes[this.#queue.at++]! << this.#count;
      else this.#made += 8;
      this.#count += 8;
    }
  }

  #drop(bits: number): void {
    this.#hold >>>= bits;
    this.#count -= bits;
    if (this.#count < this.#made) throw new SourceError('truncated', 'deflate64.data');
  }
}

/** What `source` holds; pieces are views of one buffer, each valid until the next. Throws FormatError, SourceError. */
export async function* decodeDeflate64(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue(source);
  const bits = new BitReader(queue);
  const out = new Uint8Array(WINDOW_BYTES + PIECE_BYTES);
  /** History lies before it: `[at - reach, at)`; what was not yet given begins at `from`. */
  let at = 0;
  let from = 0;
  /** Keeps the window, and makes room. */
  const slide = (): void => {
    out.copyWithin(0, at - WINDOW_BYTES, at);
    at = from = WINDOW_BYTES;
  };
  const ready = (): Promise<boolean> | undefined =>
    queue.end - queue.at < SYMBOL_BYTES && !queue.ended ? queue.fill(SYMBOL_BYTES) : undefined;
  try {
    for (let isLast = false; !isLast; ) {
      await ready();
      isLast = bits.take(1) === 1;
      const type = bits.take(2);
      if (type === 3) throw new FormatError('deflate64.block_type');
      if (type === 0) {
        bits.toByte();
        await ready();
        const length = bits.take(16);
        if (bits.take(16) !== (length ^ 0xffff)) throw new FormatError('deflate64.stored');
        for (let left = length; left > 0; left--) {
          if (queue.at === queue.end) await ready();
          out[at++] = bits.take(8);
          if (at < out.length) continue;
          yield out.slice(from, at);
          slide();
        }
        continue;
      }
      const { literals, distances } = type === 1 ? fixed() : await readTables(bits, ready);
      for (;;) {
        const waiting = ready();
        if (waiting) await waiting;
        const symbol = bits.symbol(literals);
        if (symbol < END_OF_BLOCK) {
          out[at++] = symbol;
        } else if (symbol === END_OF_BLOCK) {
          break;
        } else {
          if (symbol >= LITERALS) throw new FormatError('deflate64.length');
          let left = LENGTH.bases[symbol - 257]! + bits.take(LENGTH.extra[symbol - 257]!);
          const code = bits.symbol(distances);
          const distance = DISTANCE.bases[code]! + bits.take(DISTANCE.extra[code]!);
          if (distance > at) throw new FormatError('deflate64.distance');
          while (left > 0) {
            const count = Math.min(left, out.length - at);
            copyMatch(out, at, distance, count);
            at += count;
            left -= count;
            if (at < out.length) break;
            yield out.slice(from, at);
            slide();
          }
        }
        if (at === out.length) {
          yield out.slice(from, at);
          slide();
        }
      }
    }
    if (at > from) yield out.slice(from, at);
    from = at;
  } catch (error) {
    // What was decoded before the damage is worth a look.
    if (at > from) yield out.slice(from, at);
    throw error;
  } finally {
    out.fill(0);
    await queue.close();
  }
}

async function readTables(bits: BitReader, ready: () => Promise<boolean> | undefined): Promise<Tables> {
  await ready();
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const codes = bits.take(4) + 4;
  if (literals > LITERALS) throw new FormatError('deflate64.literals');
  const codeLengths = new Uint8Array(ORDER.length);
  for (let i = 0; i < codes; i++) {
    await ready();
    codeLengths[ORDER[i]!] = bits.take(3);
  }
  const table = buildTable(codeLengths);
  const lengths = new Uint8Array(literals + distances);
  for (let i = 0; i < lengths.length; ) {
    await ready();
    const symbol = bits.symbol(table);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    if (symbol === 16 && i === 0) throw new FormatError('deflate64.code_lengths');
    const value = symbol === 16 ? lengths[i - 1]! : 0;
    const count = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (i + count > lengths.length) throw new FormatError('deflate64.code_lengths');
    lengths.fill(value, i, i + count);
    i += count;
  }
  return { literals: buildTable(lengths.subarray(0, literals)), distances: buildTable(lengths.subarray(literals)) };
}
