/**
 * The LZMA decoder proper (7-zip's lzma-specification.txt): range coder, probabilities, window. It runs over bytes in
 * hand, without waiting; `lzma.ts` feeds it whole LZMA2 chunks, or LZMA1 with enough bytes for a symbol. Decoding a bit
 * is written out in each place: as a function it costs half of the speed.
 */
import { FormatError, SourceError } from '../../model/errors.ts';

/** Most bytes that one symbol can take, by the specification's longest path (liblzma's LZMA_IN_REQUIRED is 20). */
export const SYMBOL_BYTES = 24;
/** xz -9 asks for 64 MiB, 7-Zip's ultra up to 192 MiB on large files. Beyond, memory would not be bounded. */
const MAX_WINDOW_BYTES = 2 ** 28;
const FIRST_WINDOW_BYTES = 2 ** 20;

// Where each table lies in `probs`: the names are the specification's.
const IS_MATCH = 0;
const IS_REP = IS_MATCH + 192;
const IS_REP_G0 = IS_REP + 12;
const IS_REP_G1 = IS_REP_G0 + 12;
const IS_REP_G2 = IS_REP_G1 + 12;
const IS_REP0_LONG = IS_REP_G2 + 12;
const POS_SLOT = IS_REP0_LONG + 192;
const POS_SPECIAL = POS_SLOT + 256;
const POS_ALIGN = POS_SPECIAL + 128;
const LEN = POS_ALIGN + 16;
const LEN_TABLE = 2 + 128 + 128 + 256; // choice, choice2, low, mid, high
const REP_LEN = LEN + LEN_TABLE;
const LITERAL = REP_LEN + LEN_TABLE;

const TOP = 2 ** 24;

export class LzmaDecoder {
  /** The window; `window[from, to)` after a call is what was decoded by it. */
  window: Uint8Array;
  /** Where the next byte goes. */
  to = 0;
  /** The end marker was read. */
  ended = false;
  /** Next byte of the input that was given to `decode`. */
  at = 0;
  private readonly windowBytes: number;
  private probs = new Uint16Array(LITERAL);
  private lc = 0;
  private lpMask = 0;
  private pbMask = 0;
  private state = 0;
  private rep0 = 0;
  private rep1 = 0;
  private rep2 = 0;
  private rep3 = 0;
  /** Bytes of a match that did not fit before the limit. */
  private pending = 0;
  private range = 0;
  private code = 0;

  /** `windowBytes` is the dictionary size of the header; memory grows up to it with what is decoded. Throws SourceError. */
  constructor(windowBytes: number, sizeHint = Number.POSITIVE_INFINITY) {
    const needed = Math.max(4096, Math.min(windowBytes, sizeHint));
    if (needed > MAX_WINDOW_BYTES) throw new SourceError('too-large', 'lzma.dictionary');
    this.windowBytes = needed;
    this.window = new Uint8Array(Math.min(FIRST_WINDOW_BYTES, needed));
  }

  /** Forgets what was decoded: matches can't reach before it. */
  resetWindow(): void {
    this.to = 0;
  }

  /** Sets lc, lp and pb from the properties byte. Throws FormatError. */
  setProperties(byte: number): void {
    if (byte >= 9 * 5 * 5) throw new FormatError('lzma.properties');
    const lc = byte % 9;
    const lp = ((byte / 9) | 0) % 5;
    this.lc = lc;
    this.lpMask = (1 << lp) - 1;
    this.pbMask = (1 << ((byte / 45) | 0)) - 1;
    const length = LITERAL + (0x300 << (lc + lp));
    if (this.probs.length < length) this.probs = new Uint16Array(length);
  }

  resetState(): void {
    this.probs.fill(1024);
    this.state = this.rep0 = this.rep1 = this.rep2 = this.rep3 = this.pending = 0;
    this.ended = false;
  }

  /** Starts the range coder from its five bytes. Throws FormatError. */
  startRange(bytes: Uint8Array, at: number): void {
    if (bytes[at] !== 0) throw new FormatError('lzma.range');
    this.code = (bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!;
    this.range = -1;
    this.at = at + 5;
  }

  /** Whether the range coder is where an encoder leaves it: part of the integrity check. */
  get finished(): boolean {
    return this.code === 0 && this.pending === 0;
  }

  /** Makes room for `count` bytes at `to`, keeping what matches may reach. */
  reserve(count: number): void {
    if (this.to + count <= this.window.length) return;
    const most = this.windowBytes + Math.max(this.windowBytes >>> 1, count) + 16;
    if (this.window.length < most) {
      const grown = new Uint8Array(Math.min(most, Math.max(this.window.length * 2, this.to + count)));
      grown.set(this.window.subarray(0, this.to));
      this.window.fill(0);
      this.window = grown;
      if (this.to + count <= grown.length) return;
    }
    // A shift by a multiple of 16 keeps what `pb` and `lp` see of the position.
    const kept = Math.min(this.to, this.windowBytes + ((this.to - this.windowBytes) & 15));
    this.window.copyWithin(0, this.to - kept, this.to);
    this.to = kept;
  }

  /** Bytes that were not compressed (an LZMA2 chunk): they fill the window as well. */
  copy(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.window.set(bytes, this.to);
    this.to += bytes.length;
  }

  /** What was decoded before the damage is of use. */
  private damaged(to: number): FormatError {
    this.to = to;
    return new FormatError('lzma.distance');
  }

  wipe(): void {
    this.window.fill(0);
    this.probs.fill(0);
  }

  /**
   * Decodes until `to` is `limit`, or a symbol began behind `inputLimit`, or the end marker. Reads at most
   * `SYMBOL_BYTES` beyond `inputLimit`: they must be in `input`. The coder reads ahead, so a symbol may begin at the very end. Throws FormatError.
   */
  decode(input: Uint8Array, inputLimit: number, limit: number): void {
    const probs = this.probs;
    const window = this.window;
    const windowBytes = this.windowBytes;
    const lc = this.lc;
    const lpMask = this.lpMask;
    const pbMask = this.pbMask;
    let at = this.at;
    let to = this.to;
    let state = this.state;
    let rep0 = this.rep0;
    let rep1 = this.rep1;
    let rep2 = this.rep2;
    let rep3 = this.rep3;
    let range = this.range >>> 0;
    let code = this.code >>> 0;
    let length = this.pending;
    let bound = 0;
    let p = 0;
    let i = 0;

    for (;;) {
      if (length > 0) {
        // rep0 was checked when the match was read; the window never loses what it reaches.
        const stop = Math.min(to + length, limit);
        length -= stop - to;
        for (let source = to - rep0 - 1; to < stop; ) window[to++] = window[source++]!;
      }
      if (to >= limit || at > inputLimit) break;

      const posState = to & pbMask;
      i = IS_MATCH + (state << 4) + posState;
      p = probs[i]!;
      if (range < TOP) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | input[at++]!) >>> 0;
      }
      bound = Math.imul(range >>> 11, p) >>> 0;
      if (code < bound) {
        range = bound;
        probs[i] = p + ((2048 - p) >>> 5);
        // A literal.
        const previous = to > 0 ? window[to - 1]! : 0;
        const base = LITERAL + 0x300 * (((to & lpMask) << lc) + (previous >>> (8 - lc)));
        let symbol = 1;
        if (state >= 7) {
          let match = window[to - rep0 - 1]!;
          do {
            const matchBit = (match >>> 7) & 1;
            match <<= 1;
            i = base + ((1 + matchBit) << 8) + symbol;
            p = probs[i]!;
            if (range < TOP) {
              range = (range << 8) >>> 0;
              code = ((code << 8) | input[at++]!) >>> 0;
            }
            bound = Math.imul(range >>> 11, p) >>> 0;
            if (code < bound) {
              range = bound;
              probs[i] = p + ((2048 - p) >>> 5);
              symbol <<= 1;
              if (matchBit !== 0) break;
            } else {
              range = (range - bound) >>> 0;
              code = (code - bound) >>> 0;
              probs[i] = p - (p >>> 5);
              symbol = (symbol << 1) | 1;
              if (matchBit === 0) break;
            }
          } while (symbol < 0x100);
        }
        while (symbol < 0x100) {
          i = base + symbol;
          p = probs[i]!;
          if (range < TOP) {
            range = (range << 8) >>> 0;
            code = ((code << 8) | input[at++]!) >>> 0;
          }
          bound = Math.imul(range >>> 11, p) >>> 0;
          if (code < bound) {
            range = bound;
            probs[i] = p + ((2048 - p) >>> 5);
            symbol <<= 1;
          } else {
            range = (range - bound) >>> 0;
            code = (code - bound) >>> 0;
            probs[i] = p - (p >>> 5);
            symbol = (symbol << 1) | 1;
          }
        }
        window[to++] = symbol;
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
        continue;
      }
      range = (range - bound) >>> 0;
      code = (code - bound) >>> 0;
      probs[i] = p - (p >>> 5);

      let table = LEN;
      i = IS_REP + state;
      p = probs[i]!;
      if (range < TOP) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | input[at++]!) >>> 0;
      }
      bound = Math.imul(range >>> 11, p) >>> 0;
      const isRep = code >= bound;
      if (!isRep) {
        range = bound;
        probs[i] = p + ((2048 - p) >>> 5);
        rep3 = rep2;
        rep2 = rep1;
        rep1 = rep0;
      } else {
        range = (range - bound) >>> 0;
        code = (code - bound) >>> 0;
        probs[i] = p - (p >>> 5);
        if (to === 0) throw this.damaged(to);
        table = REP_LEN;
        i = IS_REP_G0 + state;
        p = probs[i]!;
        if (range < TOP) {
          range = (range << 8) >>> 0;
          code = ((code << 8) | input[at++]!) >>> 0;
        }
        bound = Math.imul(range >>> 11, p) >>> 0;
        if (code < bound) {
          range = bound;
          probs[i] = p + ((2048 - p) >>> 5);
          i = IS_REP0_LONG + (state << 4) + posState;
          p = probs[i]!;
          if (range < TOP) {
            range = (range << 8) >>> 0;
            code = ((code << 8) | input[at++]!) >>> 0;
          }
          bound = Math.imul(range >>> 11, p) >>> 0;
          if (code < bound) {
            range = bound;
            probs[i] = p + ((2048 - p) >>> 5);
            if (rep0 >= to) throw this.damaged(to);
            state = state < 7 ? 9 : 11;
            length = 1;
            continue;
          }
          range = (range - bound) >>> 0;
          code = (code - bound) >>> 0;
          probs[i] = p - (p >>> 5);
        } else {
          range = (range - bound) >>> 0;
          code = (code - bound) >>> 0;
          probs[i] = p - (p >>> 5);
          i = IS_REP_G1 + state;
          p = probs[i]!;
          if (range < TOP) {
            range = (range << 8) >>> 0;
            code = ((code << 8) | input[at++]!) >>> 0;
          }
          bound = Math.imul(range >>> 11, p) >>> 0;
          let distance = rep1;
          if (code < bound) {
            range = bound;
            probs[i] = p + ((2048 - p) >>> 5);
          } else {
            range = (range - bound) >>> 0;
            code = (code - bound) >>> 0;
            probs[i] = p - (p >>> 5);
            i = IS_REP_G2 + state;
            p = probs[i]!;
            if (range < TOP) {
              range = (range << 8) >>> 0;
              code = ((code << 8) | input[at++]!) >>> 0;
            }
            bound = Math.imul(range >>> 11, p) >>> 0;
            if (code < bound) {
              range = bound;
              probs[i] = p + ((2048 - p) >>> 5);
              distance = rep2;
            } else {
              range = (range - bound) >>> 0;
              code = (code - bound) >>> 0;
              probs[i] = p - (p >>> 5);
              distance = rep3;
              rep3 = rep2;
            }
            rep2 = rep1;
          }
          rep1 = rep0;
          rep0 = distance;
        }
      }

      // The length: 2 to 273, less 2.
      let bits = 8;
      let base = table + 2 + 256;
      let first = 16;
      i = table;
      p = probs[i]!;
      if (range < TOP) {
        range = (range << 8) >>> 0;
        code = ((code << 8) | input[at++]!) >>> 0;
      }
      bound = Math.imul(range >>> 11, p) >>> 0;
      if (code < bound) {
        range = bound;
        probs[i] = p + ((2048 - p) >>> 5);
        bits = 3;
        base = table + 2 + (posState << 3);
        first = 0;
      } else {
        range = (range - bound) >>> 0;
        code = (code - bound) >>> 0;
        probs[i] = p - (p >>> 5);
        i = table + 1;
        p = probs[i]!;
        if (range < TOP) {
          range = (range << 8) >>> 0;
          code = ((code << 8) | input[at++]!) >>> 0;
        }
        bound = Math.imul(range >>> 11, p) >>> 0;
        if (code < bound) {
          range = bound;
          probs[i] = p + ((2048 - p) >>> 5);
          bits = 3;
          base = table + 2 + 128 + (posState << 3);
          first = 8;
        } else {
          range = (range - bound) >>> 0;
          code = (code - bound) >>> 0;
          probs[i] = p - (p >>> 5);
        }
      }
      let symbol = 1;
      for (const top = 1 << bits; symbol < top; ) {
        i = base + symbol;
        p = probs[i]!;
        if (range < TOP) {
          range = (range << 8) >>> 0;
          code = ((code << 8) | input[at++]!) >>> 0;
        }
        bound = Math.imul(range >>> 11, p) >>> 0;
        if (code < bound) {
          range = bound;
          probs[i] = p + ((2048 - p) >>> 5);
          symbol <<= 1;
        } else {
          range = (range - bound) >>> 0;
          code = (code - bound) >>> 0;
          probs[i] = p - (p >>> 5);
          symbol = (symbol << 1) | 1;
        }
      }
      length = first + symbol - (1 << bits) + 2;

      if (isRep) {
        state = state < 7 ? 8 : 11;
      } else {
        state = state < 7 ? 7 : 10;
        // The distance: six bits of slot, then reverse bits, or direct bits and four reverse ones.
        base = POS_SLOT + (Math.min(length - 2, 3) << 6);
        symbol = 1;
        do {
          i = base + symbol;
          p = probs[i]!;
          if (range < TOP) {
            range = (range << 8) >>> 0;
            code = ((code << 8) | input[at++]!) >>> 0;
          }
          bound = Math.imul(range >>> 11, p) >>> 0;
          if (code < bound) {
            range = bound;
            probs[i] = p + ((2048 - p) >>> 5);
            symbol <<= 1;
          } else {
            range = (range - bound) >>> 0;
            code = (code - bound) >>> 0;
            probs[i] = p - (p >>> 5);
            symbol = (symbol << 1) | 1;
          }
        } while (symbol < 64);
        const slot = symbol - 64;
        rep0 = slot;
        if (slot >= 4) {
          const direct = (slot >>> 1) - 1;
          rep0 = (2 | (slot & 1)) << direct;
          let reverse = direct;
          base = POS_SPECIAL + rep0 - slot;
          if (slot >= 14) {
            base = POS_ALIGN;
            reverse = 4;
            let value = 0;
            for (let left = direct - 4; left > 0; left--) {
              if (range < TOP) {
                range = (range << 8) >>> 0;
                code = ((code << 8) | input[at++]!) >>> 0;
              }
              range >>>= 1;
              if (code >= range) {
                code = (code - range) >>> 0;
                value = (value << 1) | 1;
              } else {
                value <<= 1;
              }
            }
            rep0 += value << 4;
          }
          symbol = 1;
          for (let bit = 0; bit < reverse; bit++) {
            i = base + symbol;
            p = probs[i]!;
            if (range < TOP) {
              range = (range << 8) >>> 0;
              code = ((code << 8) | input[at++]!) >>> 0;
            }
            bound = Math.imul(range >>> 11, p) >>> 0;
            if (code < bound) {
              range = bound;
              probs[i] = p + ((2048 - p) >>> 5);
              symbol <<= 1;
            } else {
              range = (range - bound) >>> 0;
              code = (code - bound) >>> 0;
              probs[i] = p - (p >>> 5);
              symbol = (symbol << 1) | 1;
              rep0 += 1 << bit;
            }
          }
          rep0 >>>= 0;
          if (rep0 === 0xffffffff) {
            this.ended = true;
            length = 0;
            rep0 = 0;
            break;
          }
        }
      }
      if (rep0 >= to || rep0 >= windowBytes) throw this.damaged(to);
    }
    // Lazily read bytes of the range coder belong to what was decoded.
    if (range < TOP) {
      range = (range << 8) >>> 0;
      code = ((code << 8) | input[at++]!) >>> 0;
    }
    this.at = at;
    this.to = to;
    this.state = state;
    this.rep0 = rep0;
    this.rep1 = rep1;
    this.rep2 = rep2;
    this.rep3 = rep3;
    this.pending = length;
    this.range = range | 0;
    this.code = code | 0;
  }
}
