/**
 * The rules of the dense tests `base64-run`, `hex-run`, `decimal-run` and `wide-run`, and their search in plain TypeScript.
 * assembly/runs.ts implements the same rules; the differential test compares them.
 *
 * - base64-run: a maximal run of 40 or more of `A-Za-z0-9+/_-`; up to two `=` right after it count as padding, one
 *   elsewhere ends the run, so that in `NAME=value` the value stands alone. 76 characters before the end of a line are
 *   MIME's lines (RFC 2045, 6.8), not values, and a mailbox has millions. Judged by the first 256 characters:
 *   - it doesn't begin with `_Z`, as C++ symbols do: their names are in every binary;
 *   - at most 7 + 1/16 of `+/_-` (expected: 1/32; paths and identifiers have more);
 *   - upper case, lower case and digits occur as in base64 of random bytes (26 : 26 : 10), chi-square at most 24;
 *   - they switch as often. Each pair of neighbours should enter or leave 43/35 of the three classes (the standard
 *     deviation over n pairs is √(0.956 n)); at most 4.2 deviations fewer, and 3.15 in a run without any digit. Camel
 *     case is 4 and more below, and so are most symbols with digits.
 * - hex-run: a maximal run of 32 or more hex digits whose letters are of one case. Among the first 256, letters and
 *   digits occur as in random hex (6 : 10, chi-square at most 16: one degree of freedom, 99.99 %).
 * - decimal-run: a maximal run of 64 or more of digits, `,`, `-`, blanks and line ends (TAB to CR), with 8 digits or more
 *   among the first 64: octets of a key one by one, or its numbers. They have 20 digits on average, or are as many as a
 *   key or a point has octets (31 to 33, 47 to 49, 64 to 67, 97, 133), or begin with 48, as DER does; tables have none of that.
 * - wide-run: a maximal run of 43 or more units of UTF-16 of one byte order, at even offsets from where the search starts, whose characters are those of
 *   a base64 run. Whether they look random is asked outside the kernel, of the narrowed text (`isRandomText`).
 *
 * Of random runs 99.96 % pass (one in 4,096 begins with `_Z`). Words, paths, identifiers, symbols, hex digests (for base64), decimal numbers (for hex)
 * and repetitions don't: each hit costs about a microsecond outside the kernel.
 */

const BASE64_MIN = 40;
const MIME_LINE = 76;
const HEX_MIN = 32;
const DECIMAL_MIN = 64;
/** Of the first `DECIMAL_MIN` characters. */
const LEAST_DIGITS = 8;
const LONG_NUMBER = 20;
const KEY_LENGTHS = [31, 32, 33, 47, 48, 49, 64, 65, 66, 67, 97, 133];
const SAMPLE = 256;
const MAX_BASE64_CHI_SQUARE = 24;
const MAX_HEX_CHI_SQUARE = 16;
const MOST_SYMBOLS = 7;
/** (35 · 4.2)² · 0.956 and (35 · 3.15)² · 0.956: see `isBase64Mixture`. */
const MAX_MISSING_SQUARED = 20_658;
const MAX_MISSING_SQUARED_WITHOUT_DIGITS = 11_638;

const UPPER = 1;
const LOWER = 2;
const DIGIT = 4;
const SYMBOL = 8;
const HEX = 16;
const DECIMAL = 32;
const EQUALS = 0x3d;
const LF = 0x0a;
const CR = 0x0d;

const CLASS = Uint8Array.from({ length: 256 }, (_, code) => {
  const c = String.fromCharCode(code);
  const others = (/[0-9A-Fa-f]/.test(c) ? HEX : 0) | (/[0-9,\- \t-\r]/.test(c) ? DECIMAL : 0);
  if (/[A-Z]/.test(c)) return UPPER | others;
  if (/[a-z]/.test(c)) return LOWER | others;
  if (/[0-9]/.test(c)) return DIGIT | others;
  return /[+/_-]/.test(c) ? SYMBOL | others : others;
});
const BASE64 = UPPER | LOWER | DIGIT | SYMBOL;

/** Whether a character may stand in a base64 run (padding aside). */
export function isBase64Character(code: number): boolean {
  return (CLASS[code]! & BASE64) !== 0;
}

type OnRun = (at: number, length: number) => void;

/** Reports each base64 run that begins in `[start, end)`, cut to `longest` bytes; `bytes` ends where the data ends. */
export function findBase64Runs(bytes: Uint8Array, start: number, end: number, longest: number, onRun: OnRun): void {
  findRuns(bytes, start, end, BASE64, BASE64_MIN, (at, runEnd) => {
    if (runEnd - at === MIME_LINE && (bytes[runEnd] === LF || bytes[runEnd] === CR)) return;
    const cut = Math.min(runEnd, at + longest);
    if (!isBase64Mixture(bytes, at, cut - at)) return;
    let padded = cut;
    for (let i = 0; i < 2 && padded < at + longest && bytes[padded] === EQUALS; i++) padded++;
    onRun(at, padded - at);
  });
}

/** Reports each hex run that begins in `[start, end)`, cut to `longest` bytes. */
export function findHexRuns(bytes: Uint8Array, start: number, end: number, longest: number, onRun: OnRun): void {
  findRuns(bytes, start, end, HEX, HEX_MIN, (at, runEnd) => {
    const length = Math.min(runEnd - at, longest);
    if (isHexMixture(bytes, at, length)) onRun(at, length);
  });
}

/** Reports each decimal run that begins in `[start, end)`, cut to `longest` bytes. */
export function findDecimalRuns(bytes: Uint8Array, start: number, end: number, longest: number, onRun: OnRun): void {
  findRuns(bytes, start, end, DECIMAL, DECIMAL_MIN, (at, runEnd) => {
    const length = Math.min(runEnd - at, longest);
    if (isDecimalMixture(bytes, at, length)) onRun(at, length);
  });
}

const MIN_UNITS = 43;

/** Reports each wide run that begins in `[start, end)`, cut to `longest` bytes; what begins with a zero is UTF-16BE. */
export function findWideRuns(bytes: Uint8Array, start: number, end: number, longest: number, onRun: OnRun): void {
  const isUnit = (at: number, low: number): boolean =>
    at >= 0 && at + 1 < bytes.length && (CLASS[bytes[at + low]!]! & BASE64) !== 0 && bytes[at + 1 - low] === 0;
  for (const low of [0, 1]) {
    for (let at = start; at < end; at += 2) {
      if (!isUnit(at, low)) continue;
      const isFirst = !isUnit(at - 2, low);
      let next = at;
      while (isUnit(next, low)) next += 2;
      if (isFirst && next - at >= 2 * MIN_UNITS) onRun(at, Math.min(next - at, longest & ~1));
      at = next;
    }
  }
}

/** Whether narrowed text has the mixture of characters that a base64 run or a hex run must have. */
export function isRandomText(bytes: Uint8Array, kind: 'base64-run' | 'hex-run'): boolean {
  return kind === 'hex-run' ? isHexMixture(bytes, 0, bytes.length) : isBase64Mixture(bytes, 0, bytes.length);
}

/** A run of `min` characters holds a character at one of every `min` positions: only those are looked at. */
function findRuns(
  bytes: Uint8Array,
  start: number,
  end: number,
  members: number,
  min: number,
  onRun: (at: number, end: number) => void,
): void {
  let probe = start;
  while (probe < end + min && probe < bytes.length) {
    if ((CLASS[bytes[probe]!]! & members) === 0) {
      probe += min;
      continue;
    }
    let first = probe;
    while (first > 0 && first >= start && CLASS[bytes[first - 1]!]! & members) first--;
    let next = probe + 1;
    while (next < bytes.length && CLASS[bytes[next]!]! & members) next++;
    if (first >= start && first < end && next - first >= min) onRun(first, next);
    probe = next + min;
  }
}

function isBase64Mixture(bytes: Uint8Array, at: number, length: number): boolean {
  if (bytes[at] === 0x5f && bytes[at + 1] === 0x5a) return false;
  const sample = Math.min(length, SAMPLE);
  const { upper, lower, digits, switches } = countClasses(bytes, at, sample);
  const n = upper + lower + digits;
  if (sample - n > MOST_SYMBOLS + Math.floor(sample / 16)) return false;
  // Σ (observed - expected)² / expected with expected = 26n/62, 26n/62, 10n/62, times 130n.
  const chiSquare = 62 * (5 * upper ** 2 + 5 * lower ** 2 + 13 * digits ** 2) - 130 * n ** 2;
  if (chiSquare > 130 * MAX_BASE64_CHI_SQUARE * n) return false;
  const pairs = sample - 1;
  const missing = 43 * pairs - 35 * switches;
  const most = digits === 0 ? MAX_MISSING_SQUARED_WITHOUT_DIGITS : MAX_MISSING_SQUARED;
  return missing <= 0 || missing ** 2 <= most * pairs;
}

function isHexMixture(bytes: Uint8Array, at: number, length: number): boolean {
  const sample = Math.min(length, SAMPLE);
  const { upper, lower } = countClasses(bytes, at, sample);
  if (upper > 0 && lower > 0) return false;
  // (letters - 6n/16)² / (n · 6/16 · 10/16), times 60n.
  return (16 * (upper + lower) - 6 * sample) ** 2 <= 60 * MAX_HEX_CHI_SQUARE * sample;
}

function isDecimalMixture(bytes: Uint8Array, at: number, length: number): boolean {
  const isDigit = (i: number): boolean => (CLASS[bytes[i]!]! & DIGIT) !== 0;
  let [first, digits, numbers] = [-1, 0, 0];
  for (let i = at; i < at + length; i++) {
    if (!isDigit(i)) continue;
    if (first < 0) first = i;
    digits++;
    if (i === at || !isDigit(i - 1)) numbers++;
  }
  let inSample = 0;
  for (let i = at; i < at + DECIMAL_MIN; i++) if (isDigit(i)) inSample++;
  if (inSample < LEAST_DIGITS) return false;
  const is48 = bytes[first] === 0x34 && bytes[first + 1] === 0x38 && (first + 2 >= bytes.length || !isDigit(first + 2));
  return digits >= LONG_NUMBER * numbers || KEY_LENGTHS.includes(numbers) || is48;
}

function countClasses(bytes: Uint8Array, at: number, length: number) {
  const counts = { upper: 0, lower: 0, digits: 0, switches: 0 };
  let before = 0;
  for (let i = at; i < at + length; i++) {
    const kind = CLASS[bytes[i]!]! & (UPPER | LOWER | DIGIT);
    if (kind === UPPER) counts.upper++;
    else if (kind === LOWER) counts.lower++;
    else if (kind === DIGIT) counts.digits++;
    if (i > at && kind !== before) counts.switches += kind !== 0 && before !== 0 ? 2 : 1;
    before = kind;
  }
  return counts;
}
