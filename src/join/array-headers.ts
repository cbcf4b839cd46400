/** What virtual machines write before an array: how many elements it has. */
import { u32be, u32le } from '../bytes/reader.ts';

export type ElementBytes = 1 | 4 | 8;

export interface ArrayHeader {
  readonly elementBytes: ElementBytes;
  readonly count: number;
  /** Elements are big-endian: in heap dumps of Java, whatever the machine. */
  readonly isBigEndian: boolean;
}

const WORD_BYTES = 8;
/** Of a buffer. */
const MAX_BUFFER_BYTES = 65_536;

/** PRIMITIVE ARRAY DUMP of HPROF: byte, int, long. */
const HPROF_TYPES: Readonly<Record<number, ElementBytes>> = { 8: 1, 10: 4, 11: 8 };

/** Of the array in a heap dump of Java whose first element is at `at`: the number of elements as a big-endian u32, and their type behind it. */
export function hprofArray(bytes: Uint8Array, at: number): ArrayHeader | undefined {
  const elementBytes = HPROF_TYPES[bytes[at - 1]!];
  const count = u32be(bytes, at - 5);
  return elementBytes === undefined || count === undefined ? undefined : { elementBytes, count, isBigEndian: true };
}

/** Whether an array ends where its run of `length` random bytes does: its last word may look like no random one. */
const endsWithRun = ({ elementBytes, count }: ArrayHeader, length: number): boolean =>
  count * elementBytes >= length && count * elementBytes <= length + WORD_BYTES;

/**
 * Of the array that the run of `length` random bytes at `at` fills or begins, if what lies before it says so. The number of elements is a u32 (Java)
 * or a u64 (.NET, Mono). BigInts of V8 count digits of 64 bits above a sign bit, so ints here.
 */
export function arrayAt(bytes: Uint8Array, at: number, length: number): ArrayHeader | undefined {
  const count = u32le(bytes, at - 4) || (u32le(bytes, at - 8) ?? 0);
  for (const elementBytes of [4, 8, 1] as const) {
    const header = { elementBytes, count, isBigEndian: false };
    if (endsWithRun(header, length)) return header;
  }
  const header = hprofArray(bytes, at);
  if (header && endsWithRun(header, length)) return header;
  // A buffer of Java's that is not full, behind its class.
  const isBuffer =
    count > length && count <= MAX_BUFFER_BYTES && u32le(bytes, at - 4) === count && u32le(bytes, at - 8)! > 0;
  return isBuffer ? { elementBytes: 1, count, isBigEndian: false } : undefined;
}
