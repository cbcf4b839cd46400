/**
 * Memory as a dump stores it: stretches of the file with their addresses. Labels them by what lies at those addresses
 * (modules, stacks, heap …), and reads by address.
 */
import { bisect } from '../../bytes/bisect.ts';
import type { InputReader } from '../../bytes/random-reader.ts';
import type { RegionKind } from '../../model/place.ts';
import { flatten, type Piece } from './flatten.ts';
import { type Claim, RANK } from './regions.ts';

/** A stretch of memory in the file. `kind` and `label` hold where no `Meaning` does. */
export interface Stored {
  readonly start: number;
  readonly end: number;
  readonly address: bigint;
  readonly kind: RegionKind;
  readonly label: string;
}

/** What lies at an address. `start` and `end` are addresses. */
export interface Meaning {
  readonly start: bigint;
  readonly end: bigint;
  /** Lower wins. */
  readonly rank: number;
  readonly kind: RegionKind;
  readonly label: string;
  readonly thread?: number;
}

/** Ranges of a dump that are looked at: Linux allows a process 65,530 mappings unless told otherwise, some allow four times as many. */
export const MAX_RANGES = 262_144;
/** Ranges that all cover the same address would each be cut at every module: beyond this they stay whole. */
const MAX_CLAIMS = 4 * MAX_RANGES;

/** Cuts `stored` at the borders of `meanings`. `whole` says that some were left whole. */
export function labelMemory(
  stored: readonly Stored[],
  meanings: readonly Meaning[],
): { readonly claims: Claim[]; readonly whole: boolean } {
  const map = flatten<bigint, Meaning>(meanings);
  const claims: Claim[] = [];
  let whole = false;
  for (const range of stored) {
    if (claims.length >= MAX_CLAIMS) whole = true;
    let from = range.address;
    const last = range.address + BigInt(range.end - range.start);
    const claim = (to: bigint, meaning: Meaning | Stored): void => {
      if (to <= from) return;
      const thread = 'thread' in meaning ? meaning.thread : undefined;
      claims.push({
        start: range.start + Number(from - range.address),
        end: range.start + Number(to - range.address),
        address: from,
        kind: meaning.kind,
        label: meaning.label,
        rank: meaning.kind === 'environment' ? RANK.part : meaning.kind === 'stack' ? RANK.stack : RANK.memory,
        ...(thread === undefined ? {} : { thread }),
      });
      from = to;
    };
    for (let i = whole ? map.length : firstAbove(map, from); i < map.length && map[i]!.start < last; i++) {
      const { start, end, of } = map[i]!;
      claim(start, range);
      claim(end < last ? end : last, of);
    }
    claim(last, range);
  }
  return { claims, whole };
}

/** Index of the first piece that ends after `address`. */
const firstAbove = (map: readonly Piece<bigint, unknown>[], address: bigint): number =>
  bisect(map.length, (i) => map[i]!.end > address);

/** Fragments that one read may cross: Wine stores a stack in hundreds. */
const MAX_FRAGMENTS = 256;

/** Reads memory by its address. */
export class Memory {
  readonly #map: Piece<bigint, Meaning & { readonly stored: Stored }>[];
  readonly #reader: InputReader;

  constructor(stored: readonly Stored[], reader: InputReader) {
    this.#reader = reader;
    this.#map = flatten(
      stored.map((range) => ({
        start: range.address,
        end: range.address + BigInt(range.end - range.start),
        rank: 0,
        kind: range.kind,
        label: range.label,
        stored: range,
      })),
    );
  }

  /** The stretch of the file that holds `address`. */
  rangeAt(address: bigint): Stored | undefined {
    const piece = this.#map[firstAbove(this.#map, address)];
    return piece && piece.start <= address ? piece.of.stored : undefined;
  }

  /** The addresses around `address` that the dump holds without a hole. */
  extent(address: bigint): { readonly start: bigint; readonly end: bigint } | undefined {
    const i = firstAbove(this.#map, address);
    if (!(i < this.#map.length && this.#map[i]!.start <= address)) return undefined;
    let [low, high] = [i, i];
    for (let n = 0; n < MAX_FRAGMENTS && low > 0 && this.#map[low - 1]!.end === this.#map[low]!.start; n++) low--;
    for (let n = 0; n < MAX_FRAGMENTS && this.#map[high + 1]?.start === this.#map[high]!.end; n++) high++;
    return { start: this.#map[low]!.start, end: this.#map[high]!.end };
  }

  /** Up to `length` bytes from `address`: fewer where the dump has a hole. */
  async read(address: bigint, length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let from = address;
    let left = length;
    for (
      let i = firstAbove(this.#map, address);
      i < this.#map.length && parts.length < MAX_FRAGMENTS && left > 0;
      i++
    ) {
      const { start, end, of } = this.#map[i]!;
      if (start > from) break;
      const wanted = Math.min(left, Number(end - from));
      const bytes = await this.#reader.read(of.stored.start + Number(from - of.stored.address), wanted);
      parts.push(bytes);
      left -= bytes.length;
      from += BigInt(bytes.length);
      if (bytes.length < wanted) break;
    }
    if (parts.length === 1) return parts[0]!;
    const out = new Uint8Array(length - left);
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return this.#reader.own(out);
  }
}
