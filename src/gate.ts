/**
 * The policy: findings and gaps in, open or closed out. Fails closed: what was not scanned keeps the gate shut unless
 * the policy names the reason as allowed.
 */
import { type Finding, type Gap, type GapCode, SEVERITIES, type Severity } from './model/finding.ts';
import type { Decision } from './model/result.ts';

export interface GatePolicy {
  /** Findings of this severity or louder close the gate. */
  readonly failOn: Severity | 'none';
  /** Gaps that don't close it. */
  readonly allowGaps: readonly GapCode[] | 'all';
}

function closes(finding: Finding, failOn: GatePolicy['failOn']): boolean {
  if (failOn === 'none' || finding.verdict === 'known') return false;
  return SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(failOn);
}

/** A finding outweighs a gap: what was found stays found, however much was not looked at. */
export function decide(findings: readonly Finding[], gaps: readonly Gap[], policy: GatePolicy): Decision {
  const failing = findings.filter((finding) => closes(finding, policy.failOn)).length;
  const { allowGaps } = policy;
  const gapCodes =
    allowGaps === 'all' ? [] : [...new Set(gaps.map((gap) => gap.code))].filter((code) => !allowGaps.includes(code));
  if (failing > 0) return { open: false, verdict: 'findings', exitCode: 1, failing, gapCodes };
  if (gapCodes.length > 0) return { open: false, verdict: 'incomplete', exitCode: 3, failing, gapCodes };
  return { open: true, verdict: 'clean', exitCode: 0, failing, gapCodes };
}
