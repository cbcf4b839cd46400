/**
 * The rules of the dense test `number-run`, and its search in plain TypeScript. assembly/numbers.ts implements the same
 * rules; the differential test compares them. It marks what could be a large number, a scalar or a seed: where a key
 * lies in memory as arithmetic uses it.
 *
 * - A run: consecutive 8-byte words, each with 10 to 54 bits set, and with its top 16 bits not all zero (a pointer's are); not
 *   what fills memory or pads it: equal halves, beside an equal word.
 *   Words lie at multiples of 8 from the start of the window, so of the file; `phases: 2` looks at multiples of 4 as well,
 *   `hprof` and `go` at all eight alignments.
 * - Seen: one of the probes wholly in the run, 16 bytes at multiples of 24 from the start of a page that isn't empty, has
 *   both words as above, a byte of 0x80 or more, at most two zero bytes, and at most two bytes that equal the one four
 *   further on (compressed pointers do). A run of four words holds a probe, wherever it begins; 99.9 % of random ones,
 *   and of CPython's 30-bit digits, pass. With `phases: 1`, where a probe has three zero bytes or more in its first word (a field
 *   that a number follows), the 16 bytes from its second word on will do.
 * - Sizes: 4 to 4096 words. Longer ones are compressed or encrypted data.
 * - Mixture: of the first 32 bytes, and of the first 64 or 256 of a run that has them, as many are 0x80 or more as in
 *   99.9 % of random bytes and of 30-bit digits, and nearly as many are distinct. Text has no high bytes; code and tables
 *   repeat themselves.
 *
 * A run that is no mixture may be one behind a word that has no byte of 0x80 or more: behind all such words that it begins with, or among the 16 words
 * from there on. libgcrypt's S-expressions hold names and lengths before a point, and what lay in the memory before goes on up to them.
 * Before that, whether it ends before 32 bytes of text: what lay there before, where no header of an allocation is between them, or begins behind one to four
 * words of which the first half is below 2^24 (counts and addresses of WebAssembly, whose fields have four bytes) or that are addresses of ARM64 with tags, or both.
 * Two such addresses end it as text does.
 *
 * A number of 32 bytes that begins within a word may hold three whole words only. With `phases: 1`, a run of three is reported with
 * the words beside it when, from one to seven bytes before it, there are 32 bytes between small fields: a byte of at most 16 before
 * them, after them zero or such a byte and zero, and a mixture that neither begins nor ends with zero.
 *
 * What is reported: the run, or the array that begins with it when the word before states a size that agrees with the run
 * (Java: u32 elements of 1, 4 or 8 bytes in the upper half). Otherwise also the word after the run when that is below 2^32
 * and not zero: the last digit of an odd number of them, the top limb of a P-521 scalar. Behind the header of a malloc
 * chunk of 16 KiB, all of the chunk: OpenSSH keeps such a block of random bytes, and one word in 65,536 looks like a pointer.
 *
 * Where the last word of a run of at most ten is below 2^52, it may be a digit of a coordinate (secp256k1 in libsecp256k1 and
 * RustCrypto), of which one digit in 16 is below 2^48, and the topmost always: then up to ten more words from 2^40 to 2^52 belong to the
 * run, as X, Y and the scalar before them lie together. Of random numbers one in 4,096 ends so. They also do where the run ended
 * before five of them, of which one is 2^48 or more, as no address is.
 *
 * Digits of JavaScript libraries are numbers below 2^28, where slots hold integers of 32 bits below 2^30, in slots of one kind: Smis of V8 (the upper half; the lower one is zero),
 * int32 of JavaScriptCore and SpiderMonkey (the lower half; the upper one is a mark), doubles; or, where V8 compresses pointers, halves of
 * words that hold the double of the digit. A probe as above of such slots that are at least 2^16, with a byte of 0x80 or more, finds a
 * run of 9 slots to 4096 words of at least 2^12; of the first 9, the bytes but the topmost must be a mixture. A smaller digit
 * after the run is its last. What such a probe sees is no other run; words of nine digits or more in halves of words belong to none.
 * Hermes has its digits in halves of words as well, three bits further up, above a 4. With `phases: 2` only those in halves are looked for.
 *
 * Other interpreters (QuickJS, Duktape, PHP, Lua) have a word beside each value for its type. Of such values, integers below 2^32 or doubles as
 * above, 8 to 2048 are a run, from the first value to the last, where the words between them have the same lowest byte, below 64 (what
 * memory held before is in the others), and are no such doubles. A probe sees them at multiples of 96 from the start of a page: two that are at least 2^16, behind at most one
 * word. The first 8 must be a mixture.
 *
 * At all eight alignments, each number would be seen several times: there, a run must begin where an object does. The word
 * before it is below 2^16 (a count, a header, zero) and its first byte isn't zero, or that word is all ones, or states a
 * size. HPROF does so: big-endian u32 number of elements, u8 type (8 byte, 10 int, 11 long). In Go's heap dump, it may be a size as above, or
 * address and size of an object as varints. Such an object may end inside the run, and Go's may be larger. Where the first word
 * of a run may be such a record, the run behind it is judged as well. Neither is looked for in the other's dumps: of the bytes of HPROF's own records one
 * array in two would seem to have a size for its run as it would be read at another alignment.
 */
import type { Span } from '../model/place.ts';

const WORD = 8;
const MIN_WORDS = 4;
const MAX_WORDS = 4096;
const PAGE = 4096;
const PROBE_STRIDE = 24;
const PROBE_BYTES = 16;
const MAX_TEXT_BYTES = 16 * WORD;
/** Words of two fields of four bytes before a number, of which the first is a count or an address of WebAssembly; or addresses with a tag. */
const MAX_FIELDS = 4;
const MAX_FIELD_VALUE = 2 ** 24;
/** Bits 40 to 47 of addresses of Android, and of programs and libraries on Linux. */
const ADDRESS_BYTES = [0x00, 0xaa, 0xff];
/** Of the first word of a probe. */
const MIN_FIELD_ZEROS = 3;
/** A type or a count of one byte. */
const MAX_FIELD = 16;
/** An X and a Y of five digits each. */
const MAX_FIELD_BYTES = 10 * WORD;
const PREKEY_BYTES = 16_384;
const PREKEY_MIN_BYTES = 128;

/** How far a run and its neighbours are looked at, from its first byte. */
export const NUMBER_REACH_BYTES = (MAX_WORDS + 3) * WORD;

const MIN_DIGITS = 9;
const MAX_DIGIT = 2 ** 28;
const MAX_INT_DIGIT = 2 ** 30;
const MIN_PROBED_DIGIT = 2 ** 16;
/** Lengths of arrays, which stand before the digits, are below. */
const MIN_DIGIT = 2 ** 12;

const WIDE_STRIDE = 96;
const MIN_WIDE_DIGITS = 8;
const MAX_WIDE_DIGIT = 2 ** 32;
const MAX_TYPE = 64;

interface Box {
  readonly slotBytes: 4 | 8 | 16;
  /** What digits are below; 2^28 where it isn't stated. */
  readonly limit?: number;
  /** The digit in a slot, or -1. */
  unbox(low: number, high: number): number;
}
const unboxDouble = (low: number, high: number): number => {
  const exponent = (high >>> 20) - 1023;
  if (exponent < 0 || exponent > 27) return -1;
  const digit = (1 + ((high & 0xf_ffff) + low / 2 ** 32) / 2 ** 20) * 2 ** exponent;
  return Number.isInteger(digit) ? digit : -1;
};
const HALVES: Box = { slotBytes: 4, unbox: (low) => (low % 2 === 0 ? low / 2 : -1) };
const HERMES: Box = { slotBytes: 4, unbox: (low) => (low % 8 === 4 ? (low - 4) / 8 : -1) };
const BOXES: readonly Box[] = [
  HALVES,
  HERMES,
  { slotBytes: 8, limit: MAX_INT_DIGIT, unbox: (low, high) => (low === 0 ? high : -1) },
  { slotBytes: 8, limit: MAX_INT_DIGIT, unbox: (low, high) => (high === 0xfffe_0000 ? low : -1) },
  { slotBytes: 8, limit: MAX_INT_DIGIT, unbox: (low, high) => (high === 0xfff8_8000 ? low : -1) },
  { slotBytes: 8, unbox: unboxDouble },
];
const WIDE_DOUBLE: Box = { slotBytes: 16, unbox: unboxDouble };
const WIDE_INT: Box = { slotBytes: 16, limit: MAX_WIDE_DIGIT, unbox: (low, high) => (high === 0 ? low : -1) };
const WIDE_BOXES: readonly Box[] = [WIDE_INT, WIDE_DOUBLE];
const DIGIT_MIXTURE = { digits: MIN_DIGITS, minHigh: 4, maxHigh: 23, minDistinct: 20 };
const WIDE_MIXTURE = { digits: MIN_WIDE_DIGITS, minHigh: 3, maxHigh: 21, minDistinct: 18 };

/** What is expected of the first `bytes` bytes of a run. */
const SHORTEST = { bytes: 32, minHigh: 4, maxHigh: 26, minDistinct: 24 };
const MIXTURES = [
  { bytes: 256, minHigh: 70, maxHigh: 160, minDistinct: 100 },
  { bytes: 64, minHigh: 12, maxHigh: 48, minDistinct: 44 },
  SHORTEST,
];

/** HPROF 1.0.2, PRIMITIVE ARRAY DUMP: by type of the elements. */
const HPROF_ELEMENT_BYTES: Readonly<Record<number, number>> = { 8: 1, 10: 4, 11: 8 };

/**
 * 1: words at multiples of 8; 2: also at those of 4, for the memory of 32-bit programs; `hprof`, `go`: at every byte, for dumps that
 * don't align what they copy, by what they write before it.
 */
export type NumberPhases = 1 | 2 | 'hprof' | 'go';

/** At how many alignments words are looked for. */
export const alignmentsOf = (phases: NumberPhases): number => (typeof phases === 'number' ? phases : WORD);

type Bytes4 = [number, number, number, number];
type OnRun = (at: number, length: number) => void;

/** Reports each number run that begins in `[start, end)`; `bytes` ends where the data ends, and begins at the window. */
export function findNumberRuns(
  bytes: Uint8Array,
  start: number,
  end: number,
  phases: NumberPhases,
  onRun: OnRun,
): void {
  const words = new Words(bytes, phases);
  const alignments = alignmentsOf(phases);
  for (let phase = 0; phase < alignments; phase++) {
    let done = start;
    // What a type's word holds besides may look like an integer, so the ends of both phases of those are kept.
    const digitsDone = new Map<Box, number>();
    const oddDone = new Map<Box, number>();
    for (let page = start; page < end; page += PAGE) {
      if (bytes.subarray(page, page + PAGE).every((byte) => byte === 0)) continue;
      const first = page + (phase * WORD) / alignments;
      for (let probe = first; probe < first + PAGE + PROBE_BYTES; probe += PROBE_STRIDE) {
        const boxes = phase === 0 && alignments !== WORD ? words.boxesAt(probe) : [];
        const wide = (probe - page) % WIDE_STRIDE === 0 ? words.wideAt(probe) : [];
        for (const { at, box } of [...boxes.map((box) => ({ at: probe, box })), ...wide]) {
          const ends = box === WIDE_INT && (at - page) % 16 !== 0 ? oddDone : digitsDone;
          const since = ends.get(box) ?? start;
          if (at < since) continue;
          const run = words.digitsAround(at, since, box);
          // The last of them may begin another run, whose types are others.
          ends.set(box, box.slotBytes === 16 ? run.end - WORD : run.end);
          if (run.start >= since && run.start < end && words.areDigits(run.start, run.end, box)) {
            onRun(run.start, Math.min(words.digitsEnd(run.start, run.end, box), bytes.length) - run.start);
          }
        }
        if (boxes.some(({ slotBytes }) => slotBytes === WORD)) continue;
        const seen = words.seenBy(probe);
        if (seen === undefined || seen < done) continue;
        const run = words.runAround(seen, done);
        done = run.end;
        if (run.start < start || run.start >= end) continue;
        if (words.isBetweenFields(run.start, run.end)) {
          onRun(run.start - WORD, Math.min(run.end + WORD, bytes.length) - run.start + WORD);
        }
        for (const { start: at, end: last } of words.numbersOf(run.start, run.end)) {
          if (words.isNumber(at, last)) onRun(at, Math.min(words.numberEnd(at, last), bytes.length) - at);
        }
      }
    }
  }
}

/** The data as 8-byte words at any offset; before its start and after its end there are zeros. */
class Words {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #phases: NumberPhases;
  readonly #isAnywhere: boolean;

  constructor(bytes: Uint8Array, phases: NumberPhases) {
    this.#bytes = bytes;
    this.#phases = phases;
    this.#isAnywhere = alignmentsOf(phases) === WORD;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  #u32(at: number): number {
    if (at >= 0 && at + 4 <= this.#bytes.length) return this.#view.getUint32(at, true);
    let value = 0;
    for (let i = 0; i < 4; i++) value += (this.#bytes[at + i] ?? 0) * 2 ** (8 * i);
    return value;
  }

  #isFill(at: number, half: number): boolean {
    return [at - WORD, at + WORD].some((other) => this.#u32(other) === half && this.#u32(other + 4) === half);
  }

  #isRandom(at: number): boolean {
    const [low, high] = [this.#u32(at), this.#u32(at + 4)];
    if (high < 0x10000 || (high === low && this.#isFill(at, low))) return false;
    const ones = countOnes(low) + countOnes(high);
    return ones >= 10 && ones <= 54 && !this.#isInDigits(at);
  }

  /** Whether the word is two of many digits in halves of words. */
  #isInDigits(at: number): boolean {
    if (this.#isAnywhere) return false;
    return [HALVES, HERMES].some((box) => {
      if (!this.#isDigit(at, box) || !this.#isDigit(at + 4, box)) return false;
      let [first, end] = [at, at + WORD];
      while (end < at + MIN_DIGITS * 4 && this.#isDigit(end, box)) end += 4;
      while (end - first < MIN_DIGITS * 4 && this.#isDigit(first - 4, box)) first -= 4;
      return end - first >= MIN_DIGITS * 4;
    });
  }

  /** Where two words of a run are, of which a probe shows that it may be a number. */
  seenBy(probe: number): number | undefined {
    if (this.#passesProbe(probe)) return probe;
    const behind = probe + WORD;
    return this.#phases === 1 && this.#beginsWithField(probe) && this.#passesProbe(behind) ? behind : undefined;
  }

  #beginsWithField(at: number): boolean {
    const bytes = Array.from({ length: PROBE_BYTES }, (_, i) => this.#bytes[at + i] ?? 0);
    const zeros = bytes.slice(0, WORD).filter((byte) => byte === 0).length;
    const hasTops = this.#u32(at + 4) >= 0x10000 && this.#u32(at + 12) >= 0x10000;
    return zeros >= MIN_FIELD_ZEROS && hasTops && bytes.some((byte) => byte >= 0x80);
  }

  #passesProbe(at: number): boolean {
    if (!this.#isRandom(at) || !this.#isRandom(at + WORD)) return false;
    const byte = (i: number) => this.#bytes[at + i] ?? 0;
    let high = 0;
    let zeros = 0;
    let repeated = 0;
    for (let i = 0; i < PROBE_BYTES; i++) {
      if (byte(i) >= 0x80) high++;
      if (byte(i) === 0) zeros++;
      if (i < PROBE_BYTES - 4 && byte(i) === byte(i + 4)) repeated++;
    }
    return high > 0 && zeros <= 2 && repeated <= 2;
  }

  #isDigit(at: number, { unbox, limit = MAX_DIGIT }: Box, least = MIN_DIGIT): boolean {
    const digit = unbox(this.#u32(at), this.#u32(at + 4));
    return digit >= least && digit < limit;
  }

  /** What stands between the value at `at` and the next one; -1 when it is no type. */
  #typeBehind(at: number, box: Box): number {
    const type = this.#u32(at + WORD) % 256;
    const isDoubles = box === WIDE_DOUBLE && this.#isDigit(at + WORD, box);
    return type < MAX_TYPE && !isDoubles ? type : -1;
  }

  /** Of which kinds the digits may be that a probe sees. */
  boxesAt(at: number): readonly Box[] {
    if (!this.#bytes.subarray(at, at + PROBE_BYTES).some((byte) => byte >= 0x80)) return [];
    return BOXES.filter((box) => {
      if (this.#phases !== 1 && box.slotBytes === WORD) return false;
      const slots = Array.from({ length: PROBE_BYTES / box.slotBytes }, (_, i) => at + i * box.slotBytes);
      return slots.every((slot) => this.#isDigit(slot, box, MIN_PROBED_DIGIT));
    });
  }

  /** The same of values beside their types, and where the first one is. */
  wideAt(probe: number): readonly { readonly at: number; readonly box: Box }[] {
    if (this.#phases !== 1) return [];
    return [probe, probe + WORD].flatMap((at) =>
      WIDE_BOXES.filter((box) => {
        const slots = [at, at + box.slotBytes];
        return slots.every((slot) => this.#isDigit(slot, box, MIN_PROBED_DIGIT)) && this.#typeBehind(at, box) >= 0;
      }).map((box) => ({ at, box })),
    );
  }

  /** As `runAround`. */
  digitsAround(probe: number, since: number, box: Box): { start: number; end: number } {
    const { slotBytes } = box;
    const isWide = slotBytes === 16;
    const type = this.#typeBehind(probe, box);
    const isBehind = (at: number): boolean => !isWide || this.#typeBehind(at, box) === type;
    let start = probe;
    while (start >= since && this.#isDigit(start - slotBytes, box) && isBehind(start - slotBytes)) start -= slotBytes;
    let last = isWide ? probe : probe + PROBE_BYTES - slotBytes;
    while (this.#isDigit(last + slotBytes, box) && isBehind(last)) last += slotBytes;
    return { start, end: isWide ? last + WORD : last + slotBytes };
  }

  areDigits(start: number, end: number, { slotBytes, unbox }: Box): boolean {
    const { digits, minHigh, maxHigh, minDistinct } = slotBytes === 16 ? WIDE_MIXTURE : DIGIT_MIXTURE;
    if (end - start < (digits - 1) * slotBytes + Math.min(slotBytes, WORD) || end - start > MAX_WORDS * WORD)
      return false;
    const sample = Array.from({ length: digits * 3 }, (_, i) => {
      const at = start + Math.floor(i / 3) * slotBytes;
      return (unbox(this.#u32(at), this.#u32(at + 4)) >>> (8 * (i % 3))) & 0xff;
    });
    const high = sample.filter((byte) => byte >= 0x80).length;
    return high >= minHigh && high <= maxHigh && new Set(sample).size >= minDistinct;
  }

  /** Where the number ends whose full digits are a run. */
  digitsEnd(start: number, end: number, box: Box): number {
    if (box.slotBytes < 16) return this.#isDigit(end, box, 1) ? end + box.slotBytes : end;
    const isLast =
      this.#isDigit(end + WORD, box, 1) && this.#typeBehind(end - WORD, box) === this.#typeBehind(start, box);
    return isLast ? end + box.slotBytes : end;
  }

  /** The run around a probe; `start` is below `since` when it goes on from one that was dealt with. */
  runAround(probe: number, since: number): { start: number; end: number } {
    let start = probe;
    while (start >= since && this.#isRandom(start - WORD)) start -= WORD;
    let end = probe + PROBE_BYTES;
    while (this.#isRandom(end)) end += WORD;
    return { start, end };
  }

  /**
   * Where numbers of the run may be: behind its first word, too, when that may be the record of an object in a heap dump of Go,
   * whose bytes may look random (so may the first word of one number in 70); or beside text and fields.
   */
  numbersOf(start: number, end: number): readonly Span[] {
    const whole = { start, end };
    if (this.#isAnywhere) {
      return this.#goObjectSize(start + WORD) === undefined ? [whole] : [whole, { start: start + WORD, end }];
    }
    if (end - start > MAX_WORDS * WORD || this.isNumber(start, end)) return [whole];
    const found = this.#besideText(start, end) ?? this.#behindText(start, end);
    return found ? [found] : [];
  }

  #isText(at: number): boolean {
    return this.#bytes.subarray(at, at + WORD).every((byte) => byte < 0x80);
  }

  /** The number that ends before text, or begins behind fields, or both. */
  #besideText(start: number, end: number): Span | undefined {
    for (let at = start, fields = 0; fields <= MAX_FIELDS; fields++, at += WORD) {
      if (fields > 0 && this.isNumber(at, end)) return { start: at, end };
      const text = this.#textIn(at + SHORTEST.bytes, end);
      if (text !== undefined && this.isNumber(at, text)) return { start: at, end: text };
      if (this.#u32(at) >= MAX_FIELD_VALUE && !this.#isTaggedAddress(at)) return undefined;
    }
    return undefined;
  }

  /** Of ARM64, where a tag or a signature is in the upper bits (not in bit 55), so that the word looks random. */
  #isTaggedAddress(at: number): boolean {
    const [high, tagLow, tagHigh] = [5, 6, 7].map((i) => this.#bytes[at + i] ?? 0);
    return ADDRESS_BYTES.includes(high!) && tagLow! < 0x80 && (tagLow !== 0 || tagHigh !== 0);
  }

  /** Where 32 bytes of text, or two addresses with tags and as many bytes, begin. */
  #textIn(start: number, end: number): number | undefined {
    for (let at = start; at + SHORTEST.bytes <= end; at += WORD) {
      if ([0, 1, 2, 3].every((i) => this.#isText(at + i * WORD))) return at;
      if (this.#isTaggedAddress(at) && this.#isTaggedAddress(at + WORD)) return at;
    }
    return undefined;
  }

  #behindText(start: number, end: number): Span | undefined {
    let first = start;
    while (first < end && this.#isText(first)) first += WORD;
    for (let at = first; at < Math.min(end, first + MAX_TEXT_BYTES); at += WORD) {
      if (at > start && this.#isText(at - WORD) && !this.#isText(at) && this.isNumber(at, end))
        return { start: at, end };
    }
    return undefined;
  }

  /** Whether a run of three words is the middle of 32 bytes between small fields. */
  isBetweenFields(start: number, end: number): boolean {
    if (this.#phases !== 1 || end - start !== SHORTEST.bytes - WORD) return false;
    const byte = (at: number): number => this.#bytes[at] ?? 0;
    for (let at = start - 1; at > start - WORD; at--) {
      const behind = at + SHORTEST.bytes;
      if (byte(at - 1) > MAX_FIELD || byte(at) === 0 || byte(behind - 1) === 0) continue;
      const isEnd = byte(behind) === 0 || (byte(behind) <= MAX_FIELD && byte(behind + 1) === 0);
      if (isEnd && this.#isMixture(at, SHORTEST.bytes)) return true;
    }
    return false;
  }

  isNumber(start: number, end: number): boolean {
    const length = end - start;
    return (
      length >= MIN_WORDS * WORD &&
      length <= MAX_WORDS * WORD &&
      (!this.#isAnywhere || this.#isBoundary(start, length)) &&
      this.#isMixture(start, length)
    );
  }

  /** Whether the word before a run of `length` bytes can stand before a number. */
  #isBoundary(start: number, length: number): boolean {
    const [low, high] = [this.#u32(start - 8), this.#u32(start - 4)];
    // What begins with a zero byte after a small word begins later, and is seen there.
    const isSmall = high === 0 && low < 0x10000 && this.#bytes[start] !== 0;
    const isOnes = high === 0xffffffff && low === 0xffffffff;
    const isGoObject = (this.#goObjectSize(start) ?? 0) >= length;
    return isSmall || isOnes || isGoObject || this.#statedSize(start, length) !== undefined;
  }

  /** Size in bytes of the array that begins with a run of `length` bytes, if the word before it is that of one. */
  #statedSize(start: number, length: number): number | undefined {
    const [low, high] = [this.#u32(start - 8), this.#u32(start - 4)];
    const isStated = (size: number): boolean => size >= MIN_WORDS * WORD && size < length + WORD;
    if (this.#phases === 'hprof') {
      const count = (low >>> 24) * 2 ** 24 + (high & 0xff) * 2 ** 16 + (high & 0xff00) + ((high >>> 16) & 0xff);
      const size = count * (HPROF_ELEMENT_BYTES[high >>> 24] ?? 0);
      return isStated(size) ? size : undefined;
    }
    const size = [high, high * 4, high * 8].find((size) => size >= length && size < length + WORD);
    const object = this.#goObjectSize(start) ?? 0;
    return size ?? (isStated(object) ? object : undefined);
  }

  /** Size of the object whose record in a Go heap dump (runtime/heapdump.go) ends at `start`: all sizes are multiples of 16. */
  #goObjectSize(start: number): number | undefined {
    if (this.#phases !== 'go') return undefined;
    const [last, second, third, fourth] = [1, 2, 3, 4].map((back) => this.#bytes[start - back] ?? 0) as Bytes4;
    const ends = (byte: number): boolean => byte < 0x80;
    if (!ends(last)) return undefined;
    // The byte before the size ends the address, the one before that doesn't.
    const isShort = ends(second) && !ends(third);
    const isLong = !ends(second) && ends(third) && !ends(fourth);
    const size = isShort ? last : isLong ? last * 128 + (second & 0x7f) : 0;
    return size >= MIN_WORDS * WORD && size % 16 === 0 ? size : undefined;
  }

  #isMixture(start: number, length: number): boolean {
    const longest = MIXTURES.find(({ bytes }) => length >= bytes)!;
    return [SHORTEST, longest].every(({ bytes, minHigh, maxHigh, minDistinct }) => {
      const sample = Array.from({ length: bytes }, (_, i) => this.#bytes[start + i] ?? 0);
      const high = sample.filter((byte) => byte >= 0x80).length;
      return high >= minHigh && high <= maxHigh && new Set(sample).size >= minDistinct;
    });
  }

  /** Where the number that begins with this run ends. */
  numberEnd(start: number, end: number): number {
    const stated = this.#statedSize(start, end - start);
    if (stated !== undefined) return start + stated;
    const size = this.#u32(start - WORD) & ~7;
    const isPrekey = this.#u32(start - WORD + 4) === 0 && (size === PREKEY_BYTES + 16 || size === PREKEY_BYTES + 32);
    if (isPrekey && end - start >= PREKEY_MIN_BYTES) return Math.max(end, start + PREKEY_BYTES);
    const last = this.#fieldEnd(end, end - start);
    if (last !== end) return last;
    const hasTail = this.#u32(end) !== 0 && this.#u32(end + 4) === 0;
    return hasTail ? end + WORD : end;
  }

  /** Where the digits of 52 bits end that the last word of a run of `length` bytes is one of. */
  #fieldEnd(end: number, length: number): number {
    if (length > MAX_FIELD_BYTES) return end;
    if (this.#u32(end - WORD + 4) >= 2 ** 20 && !this.#areFieldDigits(end)) return end;
    let last = end;
    while (last < end + MAX_FIELD_BYTES && this.#isFieldDigit(last)) last += WORD;
    return last;
  }

  /** Whether the digits of a coordinate are here, the first of which ended the run. Addresses, which look like them, have no bit 48. */
  #areFieldDigits(at: number): boolean {
    const tops = Array.from({ length: 5 }, (_, i) => this.#u32(at + i * WORD + 4));
    return tops.every((high) => high >= 2 ** 8 && high < 2 ** 20) && tops.some((high) => high >= 2 ** 16);
  }

  #isFieldDigit(at: number): boolean {
    const high = this.#u32(at + 4);
    return high >= 2 ** 8 && high < 2 ** 20;
  }
}

function countOnes(value: number): number {
  let pairs = value - ((value >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
