/** What the joins share: leads with their bytes go in, claims come out. One join per file. */
import type { Claim } from '../model/detector.ts';
import type { Severity } from '../model/finding.ts';
import type { Lead, LeadKind } from '../model/task.ts';

/** A lead and the bytes at it, re-read for the join (or held, for a stream), in memory of their own. */
export interface LeadWindow {
  readonly lead: Lead;
  /** Exactly the bytes of `[lead.start, lead.end)`. */
  readonly bytes: Uint8Array;
}

/** A claim made of several leads: `span` is in input offsets, and belongs to `lead`. */
export interface JoinClaim {
  readonly claim: Claim;
  readonly lead: Lead;
}

export interface JoinResult {
  readonly claims: readonly JoinClaim[];
  /** Not every combination was tried: a gap. */
  readonly overBudget: boolean;
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
  /** Total, like `verify`. `windows` holds only leads of its kinds, all of one artifact, in order of `start`. */
  join(windows: readonly LeadWindow[]): JoinResult;
}
