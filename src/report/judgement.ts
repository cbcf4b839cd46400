/** What of a report the gate's policy makes fail: every report marks exactly that, so that none contradicts the exit code. */
import type { Finding, Gap } from '../model/finding.ts';
import type { Report } from './reporter.ts';

interface Judgement {
  fails(finding: Finding): boolean;
  /** It keeps the gate shut. */
  blocks(gap: Gap): boolean;
  /** Nothing that is listed does: the scan took too long, was interrupted, or a file changed meanwhile. */
  readonly isClosedOtherwise: boolean;
}

export function judgementOf({ verdict, failed, gapCodes }: Report): Judgement {
  const failing = new Set(failed);
  return {
    fails: (finding) => failing.has(finding),
    blocks: ({ code }) => gapCodes.includes(code),
    isClosedOtherwise: verdict !== 'clean' && failing.size === 0 && gapCodes.length === 0,
  };
}

/** Why a finding does not fail, in a few words; what is published or suppressed says more about itself. */
export const BELOW_POLICY = 'below the policy (--fail-on, --level)';
