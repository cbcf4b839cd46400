/** Collects regions in file order: neighbours with the same meaning become one, and their number has a ceiling. */
import type { LayoutRegion } from '../model/format.ts';

/** A layout is held in memory for as long as an input is scanned. */
const MAX_REGIONS = 262_144;

export class RegionList {
  /** The last one grows in place: a walk may add a region for each of 10^7 records. */
  readonly #regions: (Omit<LayoutRegion, 'end'> & { end: number })[] = [];

  #full = false;

  /** Adds `region`, cut where it overlaps the one before; empty ones are left out. */
  add(region: LayoutRegion): void {
    const last = this.#regions[this.#regions.length - 1];
    const cut = Math.max(region.start, last?.end ?? 0) - region.start;
    if (!(region.end > region.start + cut)) return;
    const next: LayoutRegion =
      cut === 0
        ? region
        : {
            ...region,
            start: region.start + cut,
            ...(region.address !== undefined && { address: region.address + BigInt(cut) }),
          };
    if (last && isContinuation(last, next)) last.end = next.end;
    else if (this.#regions.length < MAX_REGIONS) this.#regions.push({ ...next });
    else this.#full = true;
  }

  /** What to say when there were too many, and the rest has no labels. */
  get gaps(): readonly { readonly code: 'over-budget'; readonly detail: string }[] {
    return this.#full ? [{ code: 'over-budget', detail: 'layout.regions' }] : [];
  }

  /** Sorted by `start`, without overlaps, as `Layout.regions` wants them. */
  done(): readonly LayoutRegion[] {
    return this.#regions;
  }
}

function isContinuation(last: LayoutRegion, next: LayoutRegion): boolean {
  if (last.end !== next.start || last.kind !== next.kind) return false;
  if (last.label !== next.label || last.thread !== next.thread) return false;
  return last.address === undefined
    ? next.address === undefined
    : next.address === last.address + BigInt(last.end - last.start);
}
