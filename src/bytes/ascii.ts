/** Letters and digits of ASCII, and words in either case. `undefined` stands for the end of the bytes. */

export const isDigit = (char: number | undefined): boolean => char !== undefined && char >= 0x30 && char <= 0x39;

/** Blank, tab, or a line end. */
export const isBlank = (char: number | undefined): boolean =>
  char === 0x20 || char === 0x09 || char === 0x0a || char === 0x0d;

export const isLetter = (char: number | undefined): boolean => {
  const lower = (char ?? 0) | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
};

export const isLetterOrDigit = (char: number | undefined): boolean => isLetter(char) || isDigit(char);

/** Of a hex digit of either case; -1 otherwise. */
export function hexValue(char: number | undefined): number {
  if (char === undefined) return -1;
  if (char >= 0x30 && char <= 0x39) return char - 0x30;
  const letter = char | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** Whether `0x` or `0X` is at `at`. */
export const isHexPrefix = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 0x30 && (bytes[at + 1]! | 0x20) === 0x78;

/** Whether `bytes[start, end)` are hex digits, of either case. */
export function isHex(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (hexValue(bytes[at]) < 0) return false;
  return true;
}

/** Octets, in memory of their own; undefined when the text isn't hex. */
export function decodeHex(text: Uint8Array): Uint8Array | undefined {
  if (text.length % 2 === 1) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const [high, low] = [hexValue(text[2 * i]), hexValue(text[2 * i + 1])];
    if (high < 0 || low < 0) return undefined;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

/** Of an ASCII letter; any other byte as it is. */
export const lowerCase = (char: number): number => (char >= 0x41 && char <= 0x5a ? char | 0x20 : char);

/** Whether `bytes` holds `word`, which is in lower case, in either case at `at`. */
export function hasWord(bytes: Uint8Array, at: number, word: string): boolean {
  if (at < 0 || at + word.length > bytes.length) return false;
  for (let i = 0; i < word.length; i++) if (lowerCase(bytes[at + i]!) !== word.charCodeAt(i)) return false;
  return true;
}

/** Whether `bytes[start, end)` holds one of `words`, which are in lower case and not empty, in either case. */
export function holdsWord(bytes: Uint8Array, start: number, end: number, words: readonly string[]): boolean {
  for (let at = start; at < end; at++) {
    const first = lowerCase(bytes[at]!);
    for (const word of words) {
      if (word.charCodeAt(0) === first && at + word.length <= end && hasWord(bytes, at, word)) return true;
    }
  }
  return false;
}
