/**
 * Source maps (ECMA-426): JSON whose `sourcesContent` holds whole source files, escaped: a PEM in one has `\n` for line
 * ends. Each source is a member, unescaped. Sources are found in one pass that keeps only their places.
 */
import { readPieces } from '../bytes/input-reader.ts';
import { indexOfText } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

/** Places kept in memory; the largest bundles have some 50,000 sources. */
const MAX_SOURCES = 1_000_000;
const MAX_DEPTH = 256;
const KEY_CHARS = 16;

interface Source {
  /** Of the text between the quotes. */
  start: number;
  end: number;
  escaped: boolean;
}

export default defineContainer({
  id: 'source-map',
  title: 'Source map with contents',
  doc: `
[ECMA-426](https://tc39.es/ecma426/) source maps (also indexed ones): each text in \`sourcesContent\` is a member with its escapes undone, so that a key in a bundled
source is seen as its author wrote it. Maps without contents have no members.

A gap: JSON that ends within a text or nests above 256 levels.`,
  access: 'random',
  recognise(head) {
    let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
    // The prefix against inclusion as a script: )]}' and a line end.
    if (head[at] === 0x29) at = head.indexOf(0x0a, at) + 1;
    while (head[at] === 0x20 || (head[at]! >= 0x09 && head[at]! <= 0x0d)) at++;
    if (head[at] !== 0x7b || indexOfText(head, '"version"', at) < 0) return false;
    return ['"mappings"', '"sourcesContent"', '"sections"'].some((key) => indexOfText(head, key, at) >= 0);
  },
  async *open(input) {
    const { sources, whole } = await findSources(input);
    for (const [i, source] of sources.entries()) {
      const { start, end, escaped } = source;
      yield {
        name: `source ${i}`,
        ...(escaped ? {} : { size: end - start, stored: { start, end } }),
        content: () => (escaped ? unescapeText(input, start, end) : readPieces(input, start, end)),
      };
    }
    if (!whole) yield { code: 'format-error', detail: 'source-map.json' };
    if (sources.length >= MAX_SOURCES) yield { code: 'over-budget', detail: 'source-map.sources' };
  },
});

async function findSources(input: Input): Promise<{ sources: Source[]; whole: boolean }> {
  const sources: Source[] = [];
  /** For each open bracket: whether it is the array of contents. */
  const stack: boolean[] = [];
  let inContents = false;
  let inText = false;
  let afterBackslash = false;
  let escaped = false;
  let start = 0;
  let position = 0;
  let key = '';
  let afterContentsKey = false;
  for await (const piece of readPieces(input)) {
    for (let i = 0; i < piece.length; i++) {
      const byte = piece[i]!;
      if (inText) {
        if (afterBackslash) afterBackslash = false;
        else if (byte === 0x5c) afterBackslash = escaped = true;
        else if (byte === 0x22) {
          inText = false;
          if (inContents && sources.length < MAX_SOURCES) sources.push({ start, end: position + i, escaped });
        } else if (key.length < KEY_CHARS) key += String.fromCharCode(byte);
        continue;
      }
      switch (byte) {
        case 0x22:
          inText = true;
          escaped = false;
          key = '';
          start = position + i + 1;
          break;
        case 0x3a:
          afterContentsKey = key === 'sourcesContent';
          break;
        case 0x5b:
        case 0x7b:
          if (stack.length >= MAX_DEPTH) return { sources, whole: false };
          stack.push(inContents);
          inContents = byte === 0x5b && afterContentsKey;
          afterContentsKey = false;
          break;
        case 0x5d:
        case 0x7d:
          inContents = stack.pop() ?? false;
          break;
        case 0x2c:
          afterContentsKey = false;
          break;
      }
    }
    position += piece.length;
  }
  if (inText && inContents) sources.push({ start, end: position, escaped });
  return { sources, whole: !inText && stack.length === 0 };
}

const SIMPLE: Readonly<Record<number, number>> = { 98: 8, 102: 12, 110: 10, 114: 13, 116: 9 };

/** JSON's escapes undone; text outside of them is UTF-8 already. Throws FormatError on an escape that is none. */
async function* unescapeText(input: Input, start: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
  let state = 0; // 0 outside, 1 after the backslash, 2 to 5 digits of \u
  let code = 0;
  let high = 0;
  let out = new Uint8Array(0);
  let to = 0;
  const put = (point: number): void => {
    if (point < 0x80) out[to++] = point;
    else if (point < 0x800) {
      out[to++] = 0xc0 | (point >>> 6);
      out[to++] = 0x80 | (point & 63);
    } else {
      if (point < 0x10000) out[to++] = 0xe0 | (point >>> 12);
      else {
        out[to++] = 0xf0 | (point >>> 18);
        out[to++] = 0x80 | ((point >>> 12) & 63);
      }
      out[to++] = 0x80 | ((point >>> 6) & 63);
      out[to++] = 0x80 | (point & 63);
    }
  };
  try {
    for await (const piece of readPieces(input, start, end)) {
      if (out.length < piece.length + 8) out = new Uint8Array(piece.length + 8);
      to = 0;
      for (const byte of piece) {
        if (state === 0) {
          if (byte === 0x5c) state = 1;
          else out[to++] = byte;
        } else if (state === 1) {
          if (byte === 0x75) {
            state = 2;
            code = 0;
          } else {
            out[to++] = SIMPLE[byte] ?? byte;
            state = 0;
          }
        } else {
          const digit = Number.parseInt(String.fromCharCode(byte), 16);
          if (Number.isNaN(digit)) throw new FormatError('source-map.escape');
          code = code * 16 + digit;
          if (++state < 6) continue;
          state = 0;
          if (code >= 0xd800 && code < 0xdc00) high = code;
          else {
            put(high && code >= 0xdc00 && code < 0xe000 ? 0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00) : code);
            high = 0;
          }
        }
      }
      if (to > 0) yield out.subarray(0, to);
    }
    if (state !== 0) throw new FormatError('source-map.escape');
  } finally {
    out.fill(0);
  }
}
