/**
 * The policy: findings and gaps in, open or closed out. Fails closed: what was not scanned keeps the gate shut unless
 * the policy names the reason as allowed.
 */
import {
  type Finding,
  type Gap,
  type GapCode,
  type Level,
  RANDOM_FORMS,
  SEVERITIES,
  type Severity,
} from './model/finding.ts';
import type { Decision } from './model/result.ts';

export const DEFAULT_LEVEL: Level = 'format';

export interface GatePolicy {
  /** Findings of this severity or louder close the gate. */
  readonly failOn: Severity | 'none';
  /** How sure a finding must be to close it; `format` by default. */
  readonly level?: Level;
  /** Published keys and values close it as well, whatever `failOn` and `level` say. */
  readonly failOnKnown?: boolean;
  /** Gaps that don't close it. */
  readonly allowGaps: readonly GapCode[] | 'all';
}

/** Whether a finding is as sure as `level` asks. */
function reaches({ verdict, traits }: Finding, level: Level): boolean {
  if (verdict === 'proven' || level === 'likely') return true;
  return level === 'format' && !RANDOM_FORMS.has(traits.form);
}

function closes(finding: Finding, { failOn, level = DEFAULT_LEVEL, failOnKnown = false }: GatePolicy): boolean {
  if (finding.suppressed) return false;
  if (finding.verdict === 'known') return failOnKnown;
  if (failOn === 'none' || !reaches(finding, level)) return false;
  return SEVERITIES.indexOf(finding.severity) <= SEVERITIES.indexOf(failOn);
}

/**
 * The verdict, unless the work was stopped: then the first of `stops` that holds. No policy allows these, since what was not
 * looked at was not looked at; but what was found stays found.
 */
export function outcomeOf<S extends string>(
  { verdict }: Pick<Decision, 'verdict'>,
  stops: Readonly<Record<S, boolean>>,
): Decision['verdict'] | S {
  if (verdict === 'findings') return verdict;
  return (Object.keys(stops) as S[]).find((stop) => stops[stop]) ?? verdict;
}

/** A finding outweighs a gap: what was found stays found, however much was not looked at. */
export function decide(findings: readonly Finding[], gaps: readonly Gap[], policy: GatePolicy): Decision {
  const failed = findings.filter((finding) => closes(finding, policy));
  const failing = failed.length;
  const { allowGaps } = policy;
  const gapCodes =
    allowGaps === 'all' ? [] : [...new Set(gaps.map((gap) => gap.code))].filter((code) => !allowGaps.includes(code));
  if (failing > 0) return { open: false, verdict: 'findings', exitCode: 1, failing, failed, gapCodes };
  if (gapCodes.length > 0) return { open: false, verdict: 'incomplete', exitCode: 3, failing, failed, gapCodes };
  return { open: true, verdict: 'clean', exitCode: 0, failing, failed, gapCodes };
}
