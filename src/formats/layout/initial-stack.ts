/**
 * The block of strings that Linux puts at the top of a new program's stack: command line, environment, file name.
 * Below it lie argc, the pointers to the strings, and the auxiliary vector, which a copy in a note or stream of the dump,
 * or else its usual entries, tells from the rest (Linux fs/binfmt_elf.c, create_elf_tables). A program that overwrites its arguments (setproctitle)
 * leaves the pointers alone.
 */
import { Fields } from '../../bytes/fields.ts';
import type { Meaning, Memory } from './memory.ts';

/** Linux gives arguments and environment a quarter of the stack's limit: 2 MiB of the usual 8. Twice that is read. */
const TOP_BYTES = 4 << 20;
/** Words of the auxiliary vector that must agree: addresses chosen at random are among them. */
const SAME_WORDS = 8;
const MAX_STRINGS = 262_144;
/** Types of auxiliary entries, elf.h. */
const AT_NULL = 0;
const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;
/** Linux writes these two one after the other. The first has one of these values, the second is 100 everywhere. */
const PAGE_SIZES = [4096n, 16_384n, 65_536n];
const TICKS = 100n;
const MAX_TYPE = 64n;
const AT_EXECFN = 31;
/** Where nothing else is known: how far the strings reach down from the file name. */
const SCAN_BYTES = 262_144;

/** The value of an auxiliary entry. */
export function auxiliaryValue(vector: Fields, width: number, type: number): bigint | undefined {
  for (let at = 0; vector.has(at, 2 * width) && at < 4096; at += 2 * width) {
    const found = Number(vector.word(at, width));
    if (found === type) return vector.word(at + width, width);
    if (found === AT_NULL) return undefined;
  }
  return undefined;
}

/** `stackEnd` is the address after the stack; `vector` the copy of the auxiliary vector, if there is one. */
export async function readInitialStrings(
  memory: Memory,
  vector: Fields | undefined,
  littleEndian: boolean,
  width: number,
  stackStart: bigint,
  stackEnd: bigint,
): Promise<Meaning[]> {
  const size = stackEnd - stackStart;
  const length = size > BigInt(TOP_BYTES) ? TOP_BYTES : Number(size);
  const start = stackEnd - BigInt(length);
  const bytes = await memory.read(start, length);
  if (bytes.length < length) return [];
  const top = new Fields(bytes, littleEndian);
  const strings = stringsBelow(top, start, vector, width);
  if (strings) {
    const { argumentsAt, environmentAt } = strings;
    if (environmentAt === undefined) {
      return [meaning(start + BigInt(argumentsAt), stackEnd, 'command line and environment')];
    }
    return [
      meaning(start + BigInt(argumentsAt), start + BigInt(environmentAt), 'command line'),
      meaning(start + BigInt(environmentAt), stackEnd, 'environment'),
    ];
  }
  const fileName = vector && auxiliaryValue(vector, width, AT_EXECFN);
  if (fileName === undefined || fileName < start || fileName >= stackEnd) return [];
  const from = textBefore(bytes, Number(fileName - start));
  return [meaning(start + BigInt(from), stackEnd, 'command line and environment')];
}

function meaning(start: bigint, end: bigint, label: string): Meaning {
  return { start, end, rank: 0, kind: 'environment', label };
}

/**
 * Where the strings begin in `top`, by the pointers below the auxiliary vector; undefined when they contradict. Of a
 * program that moved its environment to its heap (Chromium's children), only the beginning of all is known.
 */
function stringsBelow(
  top: Fields,
  base: bigint,
  vector: Fields | undefined,
  width: number,
): { readonly argumentsAt: number; readonly environmentAt: number | undefined } | undefined {
  const vectorAt = vector ? findVector(top, vector, width) : guessVector(top, width);
  if (vectorAt === undefined || top.word(vectorAt - width, width) !== 0n) return undefined;
  const variablesAt = wordsBelow(top, vectorAt - width, width);
  if (top.word(variablesAt - width, width) !== 0n) return undefined;
  const argumentsEnd = variablesAt - width;
  const first = argumentsBelow(top, argumentsEnd, width);
  const place = (at: number): number | undefined => {
    const offset = top.word(at, width) - base;
    return offset > argumentsEnd && offset < top.bytes.length ? Number(offset) : undefined;
  };
  const argumentsAt = first === undefined ? undefined : place(first);
  if (argumentsAt === undefined) return undefined;
  const environmentAt = variablesAt < vectorAt - width ? place(variablesAt) : top.bytes.length;
  return environmentAt !== undefined && environmentAt < argumentsAt ? undefined : { argumentsAt, environmentAt };
}

/** Where the words that are not zero before `end` begin. */
function wordsBelow(top: Fields, end: number, width: number): number {
  let at = end;
  for (let n = 0; at >= width && n < MAX_STRINGS && top.word(at - width, width) !== 0n; n++) at -= width;
  return at;
}

/** Where the arguments before `end` begin: below them stands their number. */
function argumentsBelow(top: Fields, end: number, width: number): number | undefined {
  let at = end;
  for (let count = 0n; at >= width && count < MAX_STRINGS; count++) {
    const word = top.word(at - width, width);
    if (word === count && count > 0n) return at;
    if (word === 0n) return undefined;
    at -= width;
  }
  return undefined;
}

function findVector(top: Fields, vector: Fields, width: number): number | undefined {
  const wanted = SAME_WORDS * width;
  if (!vector.has(0, wanted)) return undefined;
  search: for (let at = top.bytes.length - wanted; at >= width; at -= width) {
    for (let i = 0; i < wanted; i++) if (top.bytes[at + i] !== vector.bytes[i]) continue search;
    return at;
  }
  return undefined;
}

/** The vector by its entries for page size and clock ticks. */
function guessVector(top: Fields, width: number): number | undefined {
  const is = (at: number, value: bigint): boolean => top.word(at, width) === value;
  for (let at = top.bytes.length - 4 * width; at >= width; at -= width) {
    if (!is(at, AT_PAGESZ) || !is(at + 2 * width, AT_CLKTCK) || !is(at + 3 * width, TICKS)) continue;
    if (!PAGE_SIZES.includes(top.word(at + width, width))) continue;
    let first = at;
    while (first >= 2 * width) {
      const type = top.word(first - 2 * width, width);
      if (type === 0n || type > MAX_TYPE) break;
      first -= 2 * width;
    }
    return first;
  }
  return undefined;
}

/** Where the NUL-terminated texts before `end` begin. */
function textBefore(bytes: Uint8Array, end: number): number {
  let from = end;
  for (let at = end - 1; at >= Math.max(0, end - SCAN_BYTES); at--) {
    const byte = bytes[at]!;
    if (byte === 0) {
      if (bytes[at - 1] === 0 || bytes[at - 1] === undefined) break;
      from = at + 1;
    } else if (byte < 0x09) break;
  }
  return from;
}
