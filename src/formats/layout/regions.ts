/**
 * What a format's tables say about stretches of the file, made into the sorted, disjoint regions of a layout. Tables of
 * dumps overlap as a rule: a stack is in the thread record and in the memory list, a string inside a stream.
 */
import type { LayoutRegion } from '../../model/format.ts';
import { flatten } from './flatten.ts';

/** Lower ranks win where claims overlap. */
export const RANK = { part: 0, stack: 1, memory: 2, stream: 3 } as const;

export interface Claim extends LayoutRegion {
  readonly rank: number;
}

/** Clipped to `size`, the input's; neighbours in file and memory that mean the same are one region. */
export function layRegions(claims: readonly Claim[], size: number): LayoutRegion[] {
  const regions: LayoutRegion[] = [];
  for (const { start, end, of } of flatten<number, Claim>(claims)) {
    if (start >= size) break;
    const { kind, label, thread } = of;
    const address = of.address === undefined ? undefined : of.address + BigInt(start - of.start);
    const region: LayoutRegion = {
      kind,
      label,
      start,
      end: Math.min(end, size),
      ...(address === undefined ? {} : { address }),
      ...(thread === undefined ? {} : { thread }),
    };
    const last = regions.at(-1);
    if (last && continues(last, region)) regions[regions.length - 1] = { ...last, end: region.end };
    else regions.push(region);
  }
  return regions;
}

function continues(last: LayoutRegion, next: LayoutRegion): boolean {
  if (last.end !== next.start || last.kind !== next.kind || last.label !== next.label || last.thread !== next.thread) {
    return false;
  }
  if (last.address === undefined || next.address === undefined) return last.address === next.address;
  return last.address + BigInt(last.end - last.start) === next.address;
}
