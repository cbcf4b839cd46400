/** Runs a join to its end, without a task around it. */
import type { Join, JoinClaim, LeadWindow } from '../../src/join/join.ts';

export interface JoinOutcome {
  readonly claims: readonly JoinClaim[];
  readonly overBudget: boolean;
  /** How often it could have been stopped. */
  readonly breaths: number;
}

export function runJoin(join: Join, windows: readonly LeadWindow[], isThinned = false): JoinOutcome {
  const result = join.join(windows, isThinned);
  const claims: JoinClaim[] = [];
  let breaths = 0;
  for (const step of result.claims) {
    if (step) claims.push(step);
    else breaths++;
  }
  return { claims, overBudget: result.overBudget, breaths };
}
