/**
 * From spans to places: region, address and thread of what was found, from the layout of the input. Spans beyond
 * `VIRTUAL_BASE` lie in seams, and are mapped back to the pieces of the file that they are made of.
 */
import { bisect } from '../bytes/bisect.ts';
import type { Place } from '../model/finding.ts';
import type { Layout, LayoutRegion } from '../model/format.ts';
import { sanitizeLabel } from '../model/label.ts';
import type { Region, Span } from '../model/place.ts';
import { isVirtual, NO_SEAMS, type Seams } from './seams.ts';

/** Where a span lies, as the layout and the seams say. */
export type Located = Pick<Place, 'start' | 'end' | 'region' | 'pieces' | 'address' | 'thread'>;

export interface Placer {
  /** Undefined for what lies in a seam stretch and crosses no seam: the search in file order has it already. */
  locate(span: Span): Located | undefined;
}

const RAW: Region = { kind: 'raw', label: '' };
const UNCOVERED: Region = { kind: 'file', label: '' };

/** Of the sorted `regions` the one that holds `at`. */
export function regionAt<T extends Span>(regions: readonly T[], at: number): T | undefined {
  const region = regions[bisect(regions.length, (i) => regions[i]!.start > at) - 1];
  return region && at < region.end ? region : undefined;
}

/** `0x` and lower-case hex digits. */
export function formatAddress(address: bigint): string {
  return `0x${BigInt.asUintN(64, address).toString(16)}`;
}

function describe(region: LayoutRegion | undefined, at: number): Pick<Located, 'region' | 'address' | 'thread'> {
  if (!region) return { region: UNCOVERED };
  const { kind, label, address, thread, start } = region;
  return {
    region: { kind, label: sanitizeLabel(label) },
    ...(address !== undefined && { address: formatAddress(address + BigInt(at - start)) }),
    ...(thread !== undefined && { thread }),
  };
}

/** @param layout undefined for an input without a known format */
export function createPlacer(layout: Pick<Layout, 'regions'> | undefined, seams: Seams = NO_SEAMS): Placer {
  return {
    locate(span) {
      const pieces = isVirtual(span.start) ? seams.piecesOf(span) : [span];
      // One piece of a seam stretch is no news.
      if (pieces.length === 0 || (pieces.length === 1 && isVirtual(span.start))) return undefined;
      const [first] = pieces;
      const { start, end } = first!;
      return {
        start,
        end,
        ...(layout ? describe(regionAt(layout.regions, start), start) : { region: RAW }),
        ...(pieces.length > 1 && { pieces }),
      };
    },
  };
}
