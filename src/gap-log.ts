/** Gaps of a scan: each once, listed up to a ceiling for each code and only counted beyond it. */
import type { Gap, GapCode } from './model/finding.ts';
import { MAX_LISTED_GAPS } from './model/result.ts';

export interface GapLog {
  readonly counts: { readonly [code in GapCode]?: number };
  add(gap: Gap): void;
  /** The listed ones, in the order in which they came. */
  gaps(): Gap[];
}

/** @param onGap called with each gap that is listed */
export function createGapLog(onGap?: (gap: Gap) => void): GapLog {
  const listed = new Map<string, Gap>();
  const counts: { [code in GapCode]?: number } = {};
  return {
    counts,
    add(gap) {
      // Ranges of one file say the same thing about it: a gap without a span is about the whole file.
      const key = JSON.stringify([gap.code, gap.input, gap.trail, gap.span, gap.detector, gap.detail]);
      if (listed.has(key)) return;
      const count = (counts[gap.code] ?? 0) + 1;
      counts[gap.code] = count;
      if (count > MAX_LISTED_GAPS) return;
      listed.set(key, gap);
      onGap?.(gap);
    },
    gaps: () => [...listed.values()],
  };
}
