/** Searches files for very many fixed byte strings at every offset. Slow and simple on purpose: it is the judge. */
import { closeSync, openSync, readSync } from 'node:fs';

export interface Needle<T> {
  /** At least 8 bytes, the first of them not zero. */
  readonly bytes: Uint8Array;
  readonly tag: T;
}

/** The bytes around a hit: `window[at]` is the first byte of the needle, and lies at `base + at` in the file. */
export type OnHit<T> = (tag: T, window: Buffer, at: number, base: number) => void;

export const BLOCK_BYTES = 4 << 20;
/** What is shown around a hit: documents are shorter, even in UTF-32. */
export const AROUND_BYTES = 128 << 10;
const PAGE_BYTES = 4096;
const ZERO_PAGE = Buffer.alloc(PAGE_BYTES);

export function searchFile<T>(path: string, needles: readonly Needle<T>[], onHit: OnHit<T>): void {
  const find = compile(needles);
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(AROUND_BYTES + BLOCK_BYTES + AROUND_BYTES);
  try {
    for (let start = 0; ; start += BLOCK_BYTES) {
      const base = Math.max(0, start - AROUND_BYTES);
      const length = readFully(file, buffer.subarray(0, start - base + BLOCK_BYTES + AROUND_BYTES), base);
      const window = buffer.subarray(0, length);
      const end = Math.min(length, start - base + BLOCK_BYTES);
      find(window, start - base, end, (tag, at) => onHit(tag, window, at, base));
      if (base + length <= start + BLOCK_BYTES) return;
    }
  } finally {
    closeSync(file);
  }
}

function compile<T>(needles: readonly Needle<T>[]) {
  const pairs = new Uint8Array(65_536);
  const prefixes = new Set<number>();
  /** By their first eight bytes: of texts with several bytes per character, few begin alike in those. */
  const byStart = new Map<string, Needle<T>[]>();
  for (const needle of needles) {
    const { bytes } = needle;
    if (bytes.length < 8 || bytes[0] === 0) throw new RangeError('a needle is too short or begins with zero');
    pairs[bytes[0]! | (bytes[1]! << 8)] = 1;
    const start = Buffer.from(bytes.subarray(0, 8));
    prefixes.add(start.readUInt32LE(0));
    const alike = byStart.get(start.toString('latin1'));
    if (alike) alike.push(needle);
    else byStart.set(start.toString('latin1'), [needle]);
  }
  return (window: Buffer, start: number, end: number, onHit: (tag: T, at: number) => void): void => {
    const last = Math.min(end, window.length - 7);
    for (let at = start; at < last; at++) {
      if ((at - start) % PAGE_BYTES === 0 && window.subarray(at, at + PAGE_BYTES).equals(ZERO_PAGE)) {
        at += PAGE_BYTES - 1;
        continue;
      }
      if (pairs[window[at]! | (window[at + 1]! << 8)] === 0) continue;
      if (!prefixes.has(window.readUInt32LE(at))) continue;
      for (const { bytes, tag } of byStart.get(window.toString('latin1', at, at + 8)) ?? []) {
        if (window.subarray(at, at + bytes.length).equals(bytes)) onHit(tag, at);
      }
    }
  };
}

function readFully(file: number, into: Buffer, position: number): number {
  let done = 0;
  while (done < into.length) {
    const count = readSync(file, into, done, into.length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
