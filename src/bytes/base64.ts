/**
 * Base64 and base64url (RFC 4648) as it lies in dumps: with line breaks, escaped line breaks (`\n`, `\\n`, `\u000a`,
 * `&#10;`, `%0A`), indentation, escaped characters (`\/`, `\u003d`, `%2B`), and source text that quotes and
 * concatenates lines.
 */
import { hasText } from './reader.ts';

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

/**
 * The characters that `bytes` alone determine when they begin `phase` bytes after a multiple of three: what to search
 * for to find them in base64. Not for secrets.
 */
export function base64Core(bytes: Uint8Array, phase: 0 | 1 | 2): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(phase), ...bytes)).replace(/=+$/, '');
  return text.slice(Math.ceil((phase * 8) / 6), Math.floor(((phase + bytes.length) * 8) / 6));
}

const LF = 0x0a;
const CR = 0x0d;
const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const AMPERSAND = 0x26;
/** A line end in JSON in JSON in JSON has seven. */
const MAX_BACKSLASHES = 8;
const QUOTES = [0x22, 0x27, 0x60];
const MAX_GLUE = 64;
const COMMA = 0x2c;
/** Between the closing quote of one source line and the opening quote of the next: blanks, `+ . \ , &`, line ends. */
const isGlue = (char: number): boolean =>
  char <= 0x20 || char === 0x2b || char === 0x2e || char === COMMA || char === AMPERSAND || char === BACKSLASH;

/** Line ends as other notations spell them; `\` before the first four may be repeated. */
const ESCAPED_LINE_ENDS = ['u000a', 'u000A', 'u000d', 'u000D', 'x0a', 'x0A', 'x0d', 'x0D'];
const OTHER_LINE_ENDS = ['%0A', '%0D', '%0a', '%0d', '&#10;', '&#13;', '&#xA;', '&#xD;', '&#xa;', '&#xd;'];

/** Length of the separator at `at` (0 if there is none): what may stand between two characters of wrapped base64. */
export function separatorLength(bytes: Uint8Array, at: number, end: number): number {
  const char = bytes[at]!;
  if (char === LF || char === CR || char === 0x20 || char === 0x09) return 1;
  if (char === BACKSLASH) {
    const next = skipBackslashes(bytes, at, end);
    const letter = next < end ? bytes[next] : undefined;
    if (letter === 0x6e || letter === 0x72 || letter === 0x74) return next + 1 - at; // \n \r \t
    if (letter === LF || letter === CR) return next + 1 - at; // line continuation
    const lineEnd = ESCAPED_LINE_ENDS.find((text) => hasText(bytes, next, text));
    return lineEnd && next + lineEnd.length <= end ? next + lineEnd.length - at : 0;
  }
  if (char === PERCENT || char === AMPERSAND) {
    const lineEnd = OTHER_LINE_ENDS.find((text) => hasText(bytes, at, text));
    return lineEnd && at + lineEnd.length <= end ? lineEnd.length : 0;
  }
  if (QUOTES.includes(char)) {
    let next = at + 1;
    while (next < end && next < at + MAX_GLUE && isGlue(bytes[next]!)) next++;
    return next < end && bytes[next] === char && next > at + 1 ? next + 1 - at : 0;
  }
  return 0;
}

function skipBackslashes(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && next < at + MAX_BACKSLASHES && bytes[next] === BACKSLASH) next++;
  return next;
}

/** Index after all separators from `at` on. */
export function skipSeparators(bytes: Uint8Array, at: number, end: number): number {
  let next = at;
  for (let size = 1; size > 0 && next < end; next += size) size = separatorLength(bytes, next, end);
  return next;
}

/** What JSON writers and URL encoders escape in base64: public characters, so these strings hold no secret. */
const ESCAPED_CHARS: readonly (readonly [string, number])[] = [
  ['2b', 0x2b],
  ['2f', 0x2f],
  ['3d', 0x3d],
];

/** The character that an escape at `at` stands for, and its length: `\/`, `\u002f`, `%3D`. */
function readEscape(bytes: Uint8Array, at: number, end: number): { char: number; length: number } | undefined {
  let digits = at + 1;
  if (bytes[at] === BACKSLASH) {
    const next = skipBackslashes(bytes, at, end);
    if (bytes[next] === 0x2f) return { char: 0x2f, length: next + 1 - at };
    if (!hasText(bytes, next, 'u00')) return undefined;
    digits = next + 3;
  }
  if (digits + 2 > end) return undefined;
  const found = ESCAPED_CHARS.find(
    ([text]) => hasText(bytes, digits, text) || hasText(bytes, digits, text.toUpperCase()),
  );
  return found && { char: found[1], length: digits + 2 - at };
}

export interface Decoded {
  /** In memory of its own: wipe it after use. */
  readonly bytes: Uint8Array;
  /** Index after the last character (padding included). */
  readonly next: number;
  /** Base64 characters read, padding excluded. */
  readonly chars: number;
  /** The text ended in `=`. */
  readonly padded: boolean;
}

export interface DecodeOptions {
  /** `wrapped`: separators are skipped. `plain`: the run ends at the first other character. */
  readonly style: 'wrapped' | 'plain';
  /** Stop after that many characters. */
  readonly maxChars?: number;
  /**
   * Characters of the first quantum of four that are missing in front, 0 to 3: of a text whose head was cut, or that
   * is read from its middle. The byte that they take part in is left out.
   */
  readonly phase?: number;
}

/** More characters than this between quotes are not one line of a list, but a value of its own. */
const MAX_LISTED_LINE = 128;

/**
 * Decodes from `start` until something is neither base64 nor (in wrapped style) a separator. An incomplete last quantum
 * gives whole bytes only.
 */
export function decodeBase64(bytes: Uint8Array, start: number, end: number, options: DecodeOptions): Decoded {
  const wrapped = options.style === 'wrapped';
  const limit = Math.min(end, bytes.length);
  const phase = options.phase ?? 0;
  const most = phase + (options.maxChars ?? Number.MAX_SAFE_INTEGER);
  const out = new Uint8Array(Math.ceil((Math.min(Math.max(0, limit - start), most) * 3) / 4) + 3);
  let length = 0;
  let bits = 0;
  let chars = phase;
  let padding = 0;
  let at = start;
  let next = start;
  let quoteAt = start;
  while (at < limit && chars < most) {
    let char = bytes[at]!;
    let size = 1;
    const escaped = char === BACKSLASH || char === PERCENT ? readEscape(bytes, at, limit) : undefined;
    if (escaped) ({ char, length: size } = escaped);
    const value = VALUE[char]!;
    if (value !== BAD && padding === 0) {
      // A `-` of `-----END` is in the url alphabet: three dashes are never key material.
      if (char === 0x2d && wrapped && bytes[at + 1] === 0x2d && bytes[at + 2] === 0x2d) break;
      at += size;
      next = at;
      bits = (bits << 6) | value;
      chars++;
      const part = chars & 3;
      if (part !== 1) out[length++] = (bits >> (part === 2 ? 4 : part === 3 ? 2 : 0)) & 255;
      bits &= 0xffff;
      continue;
    }
    if (char === 0x3d && (chars & 3) + padding >= 2 && (chars & 3) + padding < 4) {
      padding++;
      at += size;
      next = at;
      continue;
    }
    const separator = wrapped && padding === 0 ? separatorLength(bytes, at, limit) : 0;
    if (separator === 0) break;
    if (QUOTES.includes(char)) {
      const listed = bytes.subarray(at, at + separator).includes(COMMA);
      if (listed && at - quoteAt > MAX_LISTED_LINE) break;
      quoteAt = at + separator;
    }
    at += separator;
  }
  const decoded = out.slice(phase > 0 ? 1 : 0, length);
  out.fill(0);
  return { bytes: decoded, next, chars: chars - phase, padded: padding > 0 };
}
