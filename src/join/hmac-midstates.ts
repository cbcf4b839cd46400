/**
 * What libraries keep of an HMAC key (RFC 2104, 4): the states of SHA-2 after one block, inner and outer, each in the
 * context of a hash that has seen just that block. The key itself is wiped; the states do all that it could.
 */
import { u32le } from '../bytes/reader.ts';
import type { Lead } from '../model/task.ts';
import { SHA2_SIZES, type Sha2 } from '../proof/sha2.ts';
import { type LeadWindow, startOfAround } from './join.ts';

export interface Midstate {
  /** In big-endian words, in memory of its own. */
  readonly state: Uint8Array;
  /** Span in the input. */
  readonly start: number;
  readonly end: number;
  readonly lead: Lead;
}

/** 64 bits or more of SHA-2's state are words of 32 or 64 bits. */
interface Family {
  readonly stateBytes: 32 | 64;
  readonly wordBytes: 4 | 8;
  /** After the state: bits (OpenSSL's `Nl`) or blocks (nettle's `count`) that were hashed. */
  readonly counts: readonly number[];
  /** Before the state: bytes that were hashed (mbedTLS's `total`). */
  readonly totals: readonly number[];
  /** Before the state, in big-endian words: what Go's `MarshalBinary` begins with, last byte 3 for SHA-256. */
  readonly magics: readonly number[];
}

const SHORT: Family = { stateBytes: 32, wordBytes: 4, counts: [512, 1], totals: [64], magics: [0x03] };
const LONG: Family = { stateBytes: 64, wordBytes: 8, counts: [1024, 1], totals: [128], magics: [0x04, 0x07] };
/** `sha`, and the number that follows. */
const GO_MAGIC = 0x616873;

/** Candidates: nothing but a token tells which belong together. */
export function findMidstates(windows: readonly LeadWindow[], hash: Sha2): Midstate[] {
  const family = SHA2_SIZES[hash].stateBytes === 32 ? SHORT : LONG;
  return windows.flatMap((window) => [...readMidstates(window, family)]);
}

function* readMidstates(window: LeadWindow, family: Family): Generator<Midstate> {
  const { around, bytes, lead } = window;
  const { stateBytes, wordBytes, counts, totals, magics } = family;
  const first = bytes.byteOffset - around.byteOffset;
  const origin = startOfAround(window);
  const found = (at: number, wordSize: number): Midstate => {
    const state = around.slice(at, at + stateBytes);
    for (let word = 0; word < stateBytes; word += wordSize) state.subarray(word, word + wordSize).reverse();
    return { state, start: origin + at, end: origin + at + stateBytes, lead };
  };
  // Contexts begin where allocations do, or a few fields further on.
  for (let at = first - 8; at + stateBytes <= around.length; at += 8) {
    if (at < 0) continue;
    const isBefore = (values: readonly number[]): boolean => at >= 8 && isNumber(around, at - 8, values);
    if (isNumber(around, at + stateBytes, counts) || isBefore(totals)) yield found(at, wordBytes);
    for (const header of [at, at + 4]) {
      const magic = u32le(around, header);
      if (magic === undefined || (magic & 0xffffff) !== GO_MAGIC || !magics.includes(magic >>> 24)) continue;
      if (header + 4 + stateBytes <= around.length) yield found(header + 4, 1);
    }
  }
}

/** Whether the eight bytes at `at` are one of the numbers, little-endian. */
function isNumber(bytes: Uint8Array, at: number, values: readonly number[]): boolean {
  const low = u32le(bytes, at);
  return low !== undefined && values.includes(low) && u32le(bytes, at + 4) === 0;
}
