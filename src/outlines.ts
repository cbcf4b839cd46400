/** Collects outlines: of every input with a finding or gap, and of the first thousand others. */
import type { Gap, Place } from './model/finding.ts';
import { MAX_OUTLINES, type Outline } from './model/outline.ts';
import type { Locator } from './model/place.ts';
import type { ScanResult } from './model/result.ts';

export interface Outlines {
  /** A listed input, of which nothing is known but its size. */
  addInput(locator: Locator): void;
  add(outline: Outline): void;
  /** So many more were dropped elsewhere. */
  omit(count: number): void;
  /** Those that a result keeps, in the order in which they came, and how many there are besides. */
  kept(marked: Iterable<Pick<Place, 'input' | 'trail'> | Gap>): Pick<ScanResult, 'outlines' | 'outlinesOmitted'>;
}

const keyOf = ({ input, trail }: Pick<Place, 'input' | 'trail'>): string => JSON.stringify([input, trail ?? []]);

/** Bounds the memory of a scan over millions of files: findings in later ones then come without a map. */
const MAX_REMEMBERED = 20 * MAX_OUTLINES;

export function createOutlines(): Outlines {
  const outlines = new Map<string, Outline>();

  let omitted = 0;

  function add(outline: Outline): void {
    const key = keyOf(outline);
    const known = outlines.get(key);
    // Of a stream the listing may know the size.
    if (known || outlines.size < MAX_REMEMBERED) outlines.set(key, { ...known, ...outline });
    else omitted++;
  }

  return {
    add,
    addInput: ({ label, size }) => add({ input: label, ...(size !== undefined && { size }), regions: [] }),
    omit(count) {
      omitted += count;
    },
    kept(marked) {
      const keys = new Set([...marked].map(keyOf));
      let others = 0;
      const kept = [...outlines].flatMap(([key, outline]) =>
        keys.has(key) || ++others <= MAX_OUTLINES ? [outline] : [],
      );
      return { outlines: kept, outlinesOmitted: omitted + outlines.size - kept.length };
    },
  };
}
