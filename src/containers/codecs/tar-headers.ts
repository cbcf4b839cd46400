/** Headers of tar: POSIX ustar and pax (IEEE 1003.1, pax "ustar Interchange Format"), GNU (tar manual, "Basic Tar Format"). */
import { hasText } from '../../bytes/reader.ts';

export const BLOCK_BYTES = 512;

export interface Header {
  readonly name: string;
  readonly type: string;
  /** Undefined when the field is no number, negative, or above 2^53. */
  readonly bytes: number | undefined;
  readonly isUstar: boolean;
}

/** Stretch of a sparse file that is stored; what lies between is zero. */
export interface Extent {
  readonly at: number;
  readonly bytes: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin = new TextDecoder('latin1');

/** Up to the first NUL; UTF-8 when it is that. */
export function readText(field: Uint8Array): string {
  const end = field.indexOf(0);
  const bytes = end < 0 ? field : field.subarray(0, end);
  try {
    return utf8.decode(bytes);
  } catch {
    return latin.decode(bytes);
  }
}

/** Octal text, or a binary number of the GNU kind (first bit set); undefined when it is neither or negative. */
function parseNumber(field: Uint8Array): number | undefined {
  if (field[0]! & 0x80) {
    if (field[0]! & 0x40) return undefined;
    let value = field[0]! & 0x3f;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = readText(field).trim();
  if (!/^[0-7]*$/.test(text)) return undefined;
  return text === '' ? 0 : Number.parseInt(text, 8);
}

export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** Sum of the bytes with the checksum field as blanks; old writers added signed bytes. */
export function hasChecksum(block: Uint8Array): boolean {
  if (block.length < BLOCK_BYTES) return false;
  const stored = parseNumber(block.subarray(148, 156));
  if (stored === undefined || (block[0] === 0 && block[156] === 0 && !hasText(block, 257, 'ustar'))) return false;
  let unsigned = 8 * 32;
  let signed = unsigned;
  for (let i = 0; i < BLOCK_BYTES; i++) {
    if (i >= 148 && i < 156) continue;
    unsigned += block[i]!;
    signed += (block[i]! << 24) >> 24;
  }
  return stored === unsigned || stored === signed;
}

/** The fields of a block whose checksum is right. */
export function readHeader(block: Uint8Array): Header {
  const isUstar = hasText(block, 257, 'ustar');
  const isPosix = isUstar && block[262] === 0;
  const prefix = isPosix ? readText(block.subarray(345, 500)) : '';
  const name = readText(block.subarray(0, 100));
  return {
    name: prefix ? `${prefix}/${name}` : name,
    type: String.fromCharCode(block[156]!),
    bytes: parseNumber(block.subarray(124, 136)),
    isUstar,
  };
}

/** Records of a pax header: `length key=value\n`. Keys that come more than once (sparse 0.0) keep all their values. */
export function parsePax(bytes: Uint8Array): Map<string, string[]> | undefined {
  const records = new Map<string, string[]>();
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    const blank = bytes.indexOf(0x20, at);
    if (blank < 0 || blank - at > 10) return undefined;
    const digits = latin.decode(bytes.subarray(at, blank));
    const length = /^[0-9]+$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    const equals = bytes.indexOf(0x3d, blank);
    if (length < 5 || end > bytes.length || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a) return undefined;
    const key = latin.decode(bytes.subarray(blank + 1, equals));
    const values = records.get(key);
    const value = readText(bytes.subarray(equals + 1, end - 1));
    if (values) values.push(value);
    else records.set(key, [value]);
    at = end;
  }
  return records;
}

export const parseDecimal = (text: string | undefined): number | undefined => {
  const value = text !== undefined && /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
};

/** Extents from the numbers of a map: in order, and not over each other. */
export function toExtents(numbers: readonly (number | undefined)[]): Extent[] | undefined {
  const extents: Extent[] = [];
  let next = 0;
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    const at = numbers[i];
    const bytes = numbers[i + 1];
    if (at === undefined || bytes === undefined || at < next || !Number.isSafeInteger(at + bytes)) return undefined;
    next = at + bytes;
    if (bytes > 0) extents.push({ at, bytes });
  }
  return extents;
}

/** Entries of the old GNU map, of which `count` lie at `at`; the list ends at the first empty one. */
export function gnuExtents(block: Uint8Array, at: number, count: number): (number | undefined)[] {
  const numbers: (number | undefined)[] = [];
  for (let i = 0; i < count; i++) {
    const field = block.subarray(at + i * 24, at + i * 24 + 24);
    if (field[0] === 0) break;
    numbers.push(parseNumber(field.subarray(0, 12)), parseNumber(field.subarray(12)));
  }
  return numbers;
}
