/**
 * Seams: places where two stretches meet in memory that lie apart in the file (segments out of order, the thousands of
 * tiny regions of a Wine dump). The bytes around each seam are searched once more, joined, at *virtual offsets* far
 * beyond any file: scan and join build the same virtual bytes from the same layout, so that a lead found there can be
 * read again. Long stretches give only their ends, as far as a detector reaches; short ones are there whole.
 */
import { bisect } from '../bytes/bisect.ts';
import type { LayoutRegion } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import type { Span } from '../model/place.ts';

/** Virtual offsets begin here: no file system holds a file as large, and numbers are still exact. */
export const VIRTUAL_BASE = 2 ** 50;
const PAGE = 4096;
/** Bytes searched a second time for one input: 131,070 segments in reverse order would be 17 GB. */
const MAX_SEAM_BYTES = 256 * 1024 * 1024;

export function isVirtual(at: number): boolean {
  return at >= VIRTUAL_BASE;
}

/** A part of a stretch: `length` bytes of the file from `start` on, at the virtual offset `at`. */
interface Part {
  readonly at: number;
  readonly start: number;
  readonly length: number;
}

export interface Seams {
  /** The virtual bytes; empty when there is no seam. Stretches are separated by zeros. */
  readonly span: Span;
  /** Spans of the file that the stretches are made of, in order of `start`. */
  readonly sources: readonly Span[];
  /** Not all seams are here. */
  readonly overBudget: boolean;
  /** The pieces of the file that a virtual span is made of, in order; none when it leaves its stretch. */
  piecesOf(span: Span): readonly Span[];
  /** `input` with the virtual bytes behind it. */
  extend(input: Input): Input;
}

/** Neighbours in memory and in the file: one piece. */
interface Piece extends Span {
  readonly address: bigint;
}

const endOf = ({ address, start, end }: Piece): bigint => address + BigInt(end - start);

function isSorted(pieces: readonly Piece[]): boolean {
  return pieces.every((piece, i) => i === 0 || pieces[i - 1]!.address <= piece.address);
}

/** Lists of pieces, each one the neighbour in memory of the one before it and not in the file. */
function listRuns(regions: readonly LayoutRegion[]): Piece[][] {
  const pieces: Piece[] = [];
  for (const { start, end, address } of regions) if (address !== undefined) pieces.push({ start, end, address });
  if (!isSorted(pieces))
    pieces.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.start - b.start));
  const runs: Piece[][] = [];
  let run: Piece[] = [];
  for (const piece of pieces) {
    const last = run.at(-1);
    if (last && endOf(last) === piece.address) {
      if (last.end === piece.start) run[run.length - 1] = { ...last, end: piece.end };
      else run.push(piece);
    } else if (!last || endOf(piece) > endOf(last)) {
      // Memory that is stored twice (a stack in its thread's record and in a list) stays out: its first copy has the seams.
      if (run.length > 1) runs.push(run);
      run = [piece];
    }
  }
  if (run.length > 1) runs.push(run);
  return runs;
}

/** Cuts runs into stretches: of a piece longer than two reaches the middle is left out. */
function* listStretches(runs: readonly (readonly Piece[])[], reach: number): Generator<Piece[]> {
  for (const run of runs) {
    let stretch: Piece[] = [];
    for (const [i, piece] of run.entries()) {
      const { start, end, address } = piece;
      const isFirst = i === 0;
      const isLast = i === run.length - 1;
      if (!isFirst && !isLast && end - start <= 2 * reach) {
        stretch.push(piece);
        continue;
      }
      if (!isFirst) {
        stretch.push({ start, end: Math.min(end, start + reach), address });
        yield stretch;
      }
      const tail = Math.max(start, end - reach);
      stretch = isLast ? [] : [{ start: tail, end, address: address + BigInt(tail - start) }];
    }
  }
}

const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE) * PAGE;

/**
 * @param regions sorted by `start`, without overlaps
 * @param reach how far a detector looks to each side, in bytes: a multiple of 4096
 */
export function planSeams(regions: readonly LayoutRegion[], reach: number, maxBytes = MAX_SEAM_BYTES): Seams {
  const parts: Part[] = [];
  const first = VIRTUAL_BASE + pagesOf(reach);
  let at = first;
  let overBudget = false;
  for (const stretch of listStretches(listRuns(regions), reach)) {
    const bytes = stretch.reduce((sum, { start, end }) => sum + end - start, 0);
    if (at - first + bytes > maxBytes) {
      overBudget = true;
      break;
    }
    // Numbers lie at multiples of 8 in memory, and are looked for at multiples of 8 in what is searched.
    at += Number(BigInt.asUintN(3, stretch[0]!.address));
    for (const { start, end } of stretch) {
      parts.push({ at, start, length: end - start });
      at += end - start;
    }
    // At least a page of zeros to the next one.
    at = pagesOf(at) + PAGE;
  }
  if (parts.length === 0) return overBudget ? { ...NO_SEAMS, overBudget } : NO_SEAMS;
  const span = { start: first, end: at };
  return {
    span,
    overBudget,
    sources: parts.map(({ start, length }) => ({ start, end: start + length })).sort((a, b) => a.start - b.start),
    piecesOf: (wanted) => piecesOf(parts, wanted),
    extend: (input) => extend(input, parts, span),
  };
}

export const NO_SEAMS: Seams = {
  span: { start: VIRTUAL_BASE, end: VIRTUAL_BASE },
  sources: [],
  overBudget: false,
  piecesOf: () => [],
  extend: (input) => input,
};

/** Index of the first part that ends behind `at`. */
const firstPart = (parts: readonly Part[], at: number): number =>
  bisect(parts.length, (i) => parts[i]!.at + parts[i]!.length > at);

function piecesOf(parts: readonly Part[], { start, end }: Span): Span[] {
  const pieces: Span[] = [];
  let at = start;
  for (let i = firstPart(parts, start); at < end; i++) {
    const part = parts[i];
    // In the zeros around a stretch.
    if (!part || part.at > at) return [];
    const skip = at - part.at;
    const length = Math.min(end - at, part.length - skip);
    pieces.push({ start: part.start + skip, end: part.start + skip + length });
    at += length;
  }
  return pieces;
}

function extend(input: Input, parts: readonly Part[], span: Span): Input {
  return {
    size: span.end,
    close: () => input.close(),
    read(into, at) {
      return isVirtual(at)
        ? readParts(input, parts, into.subarray(0, Math.max(0, span.end - at)), at)
        : input.read(into, at);
    },
  };
}

async function readParts(input: Input, parts: readonly Part[], into: Uint8Array, at: number): Promise<number> {
  into.fill(0);
  const end = at + into.length;
  for (let i = firstPart(parts, at); i < parts.length; i++) {
    const part = parts[i]!;
    if (part.at >= end) break;
    const from = Math.max(at, part.at);
    const to = Math.min(end, part.at + part.length);
    // What a truncated input lacks stays zero.
    await input.read(into.subarray(from - at, to - at), part.start + from - part.at);
  }
  return into.length;
}
