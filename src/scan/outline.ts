/** What an artifact is as a whole, for the map in reports: coarse, bounded, and without labels. */
import type { Layout } from '../model/format.ts';
import { MAX_OUTLINE_REGIONS, type Outline } from '../model/outline.ts';
import type { RegionKind, Span } from '../model/place.ts';

type OutlineRegion = Span & { readonly kind: RegionKind };

/** Regions that nearly touch count as one: headers and guard pages between them can't be seen on a map. */
const NEAR = 1 / 2000;

/** @param size in bytes; undefined for a stream */
export function outlineRegions(layout: Pick<Layout, 'regions'> | undefined, size: number | undefined): OutlineRegion[] {
  const regions = layout?.regions ?? [];
  const slack = (size ?? regions.at(-1)?.end ?? 0) * NEAR;
  const united: { kind: RegionKind; start: number; end: number }[] = [];
  for (const { kind, start, end } of regions) {
    const last = united.at(-1);
    if (last?.kind === kind && start - last.end <= slack) last.end = end;
    else united.push({ kind, start, end });
  }
  if (united.length <= MAX_OUTLINE_REGIONS) return united;
  const sizes = united.map(({ start, end }) => end - start).sort((a, b) => b - a);
  const least = sizes[MAX_OUTLINE_REGIONS - 1]!;
  return united.filter(({ start, end }) => end - start >= least).slice(0, MAX_OUTLINE_REGIONS);
}

export function createOutline(
  where: Pick<Outline, 'input' | 'trail'>,
  layout: Pick<Layout, 'regions'> | undefined,
  size: number,
  format: string | undefined,
): Outline {
  const known = Number.isFinite(size) ? size : undefined;
  return {
    ...where,
    ...(known !== undefined && { size: known }),
    ...(format !== undefined && { format }),
    regions: outlineRegions(layout, known),
  };
}
