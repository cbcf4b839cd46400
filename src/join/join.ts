/** What the joins share: leads with their bytes go in, claims come out. One join per file. */
import type { Claim } from '../model/detector.ts';
import type { Severity } from '../model/finding.ts';
import type { Lead, LeadKind } from '../model/task.ts';

/** Bytes before and after a lead that its window holds: allocation headers, lengths, the top word of a 521-bit number. */
export const AROUND_BYTES = 16;

/** A lead and the bytes at it, re-read for the join (or held, for a stream), in memory of their own. */
export interface LeadWindow {
  readonly lead: Lead;
  /** Exactly the bytes of `[lead.start, lead.end)`: a part of `around`. */
  readonly bytes: Uint8Array;
  /** These and `AROUND_BYTES` on each side, less where the input ends. */
  readonly around: Uint8Array;
  /** Words of so many bytes were turned round (turned-words.ts). */
  readonly wordBytes?: 4 | 8;
}

/** @param around memory of its own; `around[at]` is the lead's first byte */
export function createWindow(lead: Lead, around: Uint8Array, at: number): LeadWindow {
  return { lead, around, bytes: around.subarray(at, at + lead.end - lead.start) };
}

/** Input offset of `around[0]`. */
export function startOfAround({ lead, bytes, around }: LeadWindow): number {
  return lead.start - (bytes.byteOffset - around.byteOffset);
}

/**
 * At most `most` bytes that windows hold from offset `start` on, without a hole: a word that doesn't look random divides a key into two
 * leads. In memory of their own.
 */
export function bytesFrom(windows: readonly LeadWindow[], start: number, most: number): Uint8Array {
  const bytes = new Uint8Array(most);
  let length = 0;
  for (let last = -1; length > last; ) {
    last = length;
    for (const window of windows) {
      const at = start + length - startOfAround(window);
      if (at < 0 || at >= window.around.length) continue;
      const more = window.around.subarray(at, at + bytes.length - length);
      bytes.set(more, length);
      length += more.length;
    }
  }
  return bytes.subarray(0, length);
}

/** A claim made of several leads: `span` is in input offsets, and belongs to `lead`. */
export interface JoinClaim {
  readonly claim: Claim;
  readonly lead: Lead;
}

/** A claim, or nothing: some milliseconds of work were done, and whoever runs the join may breathe, or stop it. */
export type JoinStep = JoinClaim | undefined;

export interface JoinResult {
  /** Consumed once. Lazy in joins that take long: the work is done while it is consumed. */
  readonly claims: Iterable<JoinStep>;
  /** Not every combination was tried: a gap. Read when `claims` has ended. */
  readonly overBudget: boolean;
}

/** Of a search that knows at its end whether it tried everything. */
export function resultOf(claims: Iterable<JoinStep>, search: { readonly overBudget: boolean }): JoinResult {
  return {
    claims,
    get overBudget() {
      return search.overBudget;
    },
  };
}

/** Like a detector, for things whose parts lie apart. */
export interface Join {
  /** As a detector's id: shown in findings, explained by `patterns explain`. */
  readonly id: string;
  readonly title: string;
  readonly doc: string;
  readonly severity: Severity;
  /** The kinds of leads it takes. */
  readonly kinds: readonly LeadKind[];
  /**
   * Total, like `verify`. `windows` holds only leads of its kinds, all of one artifact, in order of `start`.
   * @param isThinned leads were left out: what would tell that a number is no key may be among them
   */
  join(windows: readonly LeadWindow[], isThinned?: boolean): JoinResult;
}
