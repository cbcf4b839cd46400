/** Gaps of a scan: each once, listed up to a ceiling for each code and only counted beyond it. */
import { GAP_CODES, type Gap, type GapCode } from './model/finding.ts';
import { MAX_LISTED_GAPS } from './model/result.ts';

export interface GapLog {
  readonly counts: { readonly [code in GapCode]?: number };
  add(gap: Gap): void;
  /** The listed ones, by code, input and offset: the same in every run. */
  gaps(): Gap[];
}

function compareGaps(a: Gap, b: Gap): number {
  return (
    GAP_CODES.indexOf(a.code) - GAP_CODES.indexOf(b.code) ||
    (a.input < b.input ? -1 : a.input > b.input ? 1 : 0) ||
    (a.span?.start ?? 0) - (b.span?.start ?? 0)
  );
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
    gaps: () => [...listed.values()].sort(compareGaps),
  };
}
