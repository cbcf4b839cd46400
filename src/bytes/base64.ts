/**
 * Base64 and base64url (RFC 4648) as it lies in dumps: with line breaks, escaped line breaks (`\n`, `\\n`, `\r\n`),
 * indentation, JSON escapes (`\/`, `\u003d`), and source text that quotes and concatenates lines.
 */

const BAD = 0xff;
/** Value of a character in either alphabet, or 0xff. */
const VALUE = new Uint8Array(256).fill(BAD);
for (let i = 0; i < 26; i++) {
  VALUE[0x41 + i] = i;
  VALUE[0x61 + i] = 26 + i;
}
for (let i = 0; i < 10; i++) VALUE[0x30 + i] = 52 + i;
VALUE[0x2b] = VALUE[0x2d] = 62; // + -
VALUE[0x2f] = VALUE[0x5f] = 63; // / _

export function isBase64(char: number | undefined): boolean {
  return char !== undefined && VALUE[char] !== BAD;
}

const LF = 0x0a;
const BACKSLASH = 0x5c;
const QUOTES = [0x22, 0x27, 0x60];
/** Between the closing quote of one source line and the opening quote of the next: blanks, `+ . \ , &`, line ends. */
const isGlue = (char: number): boolean =>
  char <= 0x20 || char === 0x2b || char === 0x2e || char === 0x2c || char === 0x26 || char === BACKSLASH;

/** Length of the separator at `at` (0 if there is none): what may stand between two characters of wrapped base64. */
export function separatorLength(bytes: Uint8Array, at: number, end: number): number {
  const char = bytes[at]!;
  if (char === LF || char === 0x0d || char === 0x20 || char === 0x09) return 1;
  if (char === BACKSLASH) {
    let next = at + 1;
    while (next < end && next < at + 4 && bytes[next] === BACKSLASH) next++;
    const letter = bytes[next];
    if (next < end && (letter === 0x6e || letter === 0x72 || letter === 0x74)) return next + 1 - at; // \n \r \t
    if (next < end && (letter === LF || letter === 0x0d)) return next + 1 - at; // line continuation
    return 0;
  }
  if (QUOTES.includes(char)) {
    let next = at + 1;
    while (next < end && next < at + 64 && isGlue(bytes[next]!)) next++;
    return bytes[next] === char && next > at + 1 ? next + 1 - at : 0;
  }
  return 0;
}

/** The character that an escape at `at` stands for, and its length: `\/`, `\u002f`, `\u003d`. */
function readEscape(bytes: Uint8Array, at: number, end: number): { char: number; length: number } | undefined {
  if (bytes[at] !== BACKSLASH) return undefined;
  let next = at + 1;
  while (next < end && next < at + 4 && bytes[next] === BACKSLASH) next++;
  if (bytes[next] === 0x2f) return { char: 0x2f, length: next + 1 - at };
  if (bytes[next] !== 0x75 || next + 5 > end || bytes[next + 1] !== 0x30 || bytes[next + 2] !== 0x30) return undefined;
  const digits = Number.parseInt(String.fromCharCode(bytes[next + 3]!, bytes[next + 4]!), 16);
  // Only what JSON writers escape in base64: + / =. Those three are public by nature, so this string holds no secret.
  return digits === 0x2b || digits === 0x2f || digits === 0x3d ? { char: digits, length: next + 5 - at } : undefined;
}

export interface Decoded {
  /** In memory of its own: wipe it after use. */
  readonly bytes: Uint8Array;
  /** Index after the last character (padding included). */
  readonly next: number;
  /** Base64 characters read, padding excluded. */
  readonly chars: number;
  readonly padded: boolean;
}

export interface DecodeOptions {
  /** `wrapped`: separators are skipped. `plain`: the run ends at the first other character. */
  readonly style: 'wrapped' | 'plain';
  /** Stop after that many characters. */
  readonly maxChars?: number;
  /** Characters to leave out in front, so that the quantum of four begins after them (a text whose head was cut). */
  readonly skipChars?: number;
}

/** Decodes from `start` until something is neither base64 nor (in wrapped style) a separator. Incomplete quanta give whole bytes only. */
export function decodeBase64(bytes: Uint8Array, start: number, end: number, options: DecodeOptions): Decoded {
  const wrapped = options.style === 'wrapped';
  const most = options.maxChars ?? Number.MAX_SAFE_INTEGER;
  const out = new Uint8Array(Math.ceil(((Math.min(end, bytes.length) - start) * 3) / 4) + 3);
  let length = 0;
  let bits = 0;
  let chars = 0;
  let skip = options.skipChars ?? 0;
  let at = start;
  let next = start;
  let padded = false;
  const limit = Math.min(end, bytes.length);
  while (at < limit && chars < most) {
    let char = bytes[at]!;
    let size = 1;
    const escaped = char === BACKSLASH ? readEscape(bytes, at, limit) : undefined;
    if (escaped) ({ char, length: size } = escaped);
    const value = VALUE[char]!;
    if (value !== BAD) {
      // A `-` of `-----END` is in the url alphabet: five dashes are never key material.
      if (char === 0x2d && wrapped && bytes[at + 1] === 0x2d && bytes[at + 2] === 0x2d) break;
      at += size;
      next = at;
      if (skip > 0) {
        skip--;
        continue;
      }
      bits = (bits << 6) | value;
      chars++;
      const phase = chars & 3;
      if (phase !== 1) out[length++] = (bits >> (phase === 2 ? 4 : phase === 3 ? 2 : 0)) & 255;
      bits &= 0xffff;
      continue;
    }
    if (char === 0x3d && (chars & 3) >= 2) {
      padded = true;
      at += size;
      next = at;
      const second = bytes[at] === BACKSLASH ? readEscape(bytes, at, limit) : undefined;
      if ((chars & 3) === 2 && (bytes[at] === 0x3d || second?.char === 0x3d)) next = at + (second?.length ?? 1);
      break;
    }
    const separator = wrapped ? separatorLength(bytes, at, limit) : 0;
    if (separator === 0) break;
    at += separator;
  }
  const decoded = out.slice(0, length);
  out.fill(0);
  return { bytes: decoded, next, chars, padded };
}
