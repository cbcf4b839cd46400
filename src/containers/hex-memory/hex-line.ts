/** One line of memory in hex. Works on bytes: a string of it would stay in memory. */
import { hexValue } from '../../bytes/ascii.ts';

/** All lines of a report together. */
export const MAX_DECODED_BYTES = 67_108_864;

export interface HexLine {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** From a microdump's stack. */
  readonly isStack: boolean;
}

const SPACE = 0x20;
const COLON = 0x3a;
/** A dump has 16 bytes a line; a microdump's line has 384. */
const MAX_GROUP_BYTES = 16;
const MAX_LINE_CHARS = 4096;

function digitsAt(line: Uint8Array, at: number): number {
  let end = at;
  while (hexValue(line[end]) >= 0) end++;
  return end - at;
}

function decode(line: Uint8Array, at: number, into: Uint8Array): Uint8Array {
  for (let i = 0; i < into.length; i++) into[i] = hexValue(line[at + 2 * i]) * 16 + hexValue(line[at + 2 * i + 1]);
  return into;
}

function addressAt(line: Uint8Array, at: number, digits: number): bigint {
  let value = 0n;
  for (let i = 0; i < digits; i++) value = value * 16n + BigInt(hexValue(line[at + i]));
  return value;
}

/** `0x00007ff48191e790:   00007ff424414fe8 …`, `    c59f1e40 00000000 …  ....`, `#00  ffc5fcd0  00000003  …`, `…: S C3A39000 6000…`. */
export function parseHexLine(line: Uint8Array): HexLine | undefined {
  if (line.length > MAX_LINE_CHARS) return undefined;
  return parseDumpLine(line) ?? parseMicrodumpLine(line);
}

function parseDumpLine(line: Uint8Array): HexLine | undefined {
  let at = 0;
  while (line[at] === SPACE) at++;
  if (line[at] === 0x23) {
    at++;
    const frame = digitsAt(line, at);
    if (frame === 0 || frame > 3) return undefined;
    at += frame;
    while (line[at] === SPACE) at++;
  }
  if (line[at] === 0x30 && line[at + 1] === 0x78) at += 2;
  const digits = digitsAt(line, at);
  if (digits !== 8 && digits !== 16 && digits !== 12) return undefined;
  const address = addressAt(line, at, digits);
  at += digits;
  if (line[at] === COLON) at++;
  if (line[at] !== SPACE) return undefined;
  while (line[at] === SPACE) at++;
  const group = digitsAt(line, at);
  if (group !== 2 && group !== 4 && group !== 8 && group !== 16) return undefined;
  const bytes: number[] = [];
  // At most 16 bytes: what follows is the text column, after two blanks.
  while (bytes.length < MAX_GROUP_BYTES && digitsAt(line, at) === group) {
    const word = decode(line, at, new Uint8Array(group / 2));
    bytes.push(...(group === 2 ? word : word.reverse()));
    at += group;
    if (line[at] !== SPACE || line[at + 1] === SPACE) break;
    at++;
  }
  return { address, bytes: Uint8Array.from(bytes), isStack: false };
}

/** `S`, an address, and bytes in order. The first line of a stack, with its bounds, has blanks between them. */
function parseMicrodumpLine(line: Uint8Array): HexLine | undefined {
  // The tag and the process end with `): `.
  let at = 0;
  while (at < 96 && !(line[at] === 0x53 && line[at + 1] === SPACE && line[at - 1] === SPACE && line[at - 2] === COLON))
    at++;
  if (at >= 96 || at < 2) return undefined;
  at += 2;
  const digits = digitsAt(line, at);
  if (digits !== 8 && digits !== 16) return undefined;
  const from = at + digits + 1;
  const length = digitsAt(line, from);
  if (line[at + digits] !== SPACE || length < 2 || length % 2 !== 0 || from + length !== line.length) return undefined;
  const address = addressAt(line, at, digits);
  return { address, bytes: decode(line, from, new Uint8Array(length / 2)), isStack: true };
}
