/** Collects a layout's gaps: the same one once, and not more than anybody reads. */
import type { LayoutGap } from '../../model/format.ts';

/** A hostile table makes one a record; after these, one more says that there were more. */
const MAX_GAPS = 64;

export class GapList {
  readonly list: LayoutGap[] = [];
  readonly #seen = new Set<string>();

  add(gap: LayoutGap): void {
    const key = `${gap.code} ${gap.detail} ${gap.span?.start} ${gap.span?.end}`;
    if (this.#seen.has(key) || this.list.length > MAX_GAPS) return;
    this.#seen.add(key);
    this.list.push(this.list.length < MAX_GAPS ? gap : { code: 'over-budget', detail: 'more gaps' });
  }
}
