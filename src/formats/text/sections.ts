/** Crash reports that are text: sections that begin at a line of known form, and reach to the next one. */
import { RegionList } from '../../bytes/region-list.ts';
import { readLines } from '../../bytes/text-lines.ts';
import type { LayoutGap, LayoutRegion } from '../../model/format.ts';
import type { Input } from '../../model/input.ts';

/** Reports are some megabytes; what comes after this has no labels. */
const MAX_TEXT_BYTES = 268_435_456;

export type Section = Omit<LayoutRegion, 'start' | 'end'>;

/**
 * Regions of a text: `sectionOf` says which section begins with a line, undefined when the current one goes on. Lines
 * before the first have `first`.
 */
export async function readSections(
  input: Input,
  first: Section,
  sectionOf: (line: Uint8Array, current: Section) => Section | undefined,
): Promise<{ readonly regions: readonly LayoutRegion[]; readonly gaps: readonly LayoutGap[] }> {
  const regions = new RegionList();
  let current = first;
  let start = 0;
  const end = await readLines(input, MAX_TEXT_BYTES, (line, at) => {
    const section = sectionOf(line, current);
    if (!section) return undefined;
    regions.add({ ...current, start, end: at });
    current = section;
    start = at;
    return undefined;
  });
  regions.add({ ...current, start, end });
  const cut: readonly LayoutGap[] = end >= MAX_TEXT_BYTES ? [{ code: 'over-budget', detail: 'text.size' }] : [];
  return { regions: regions.done(), gaps: [...cut, ...regions.gaps] };
}
