/** The regions of an input. Every input is raw for now: one region, file offsets only. */
import type { Input } from '../model/input.ts';
import type { Region, Span } from '../model/place.ts';

/** Regions of the part `range` of an input (all of it by default), in the order in which they are scanned. */
export function* listRegions(input: Input, range: Span = { start: 0, end: input.size }): Generator<Region> {
  yield { kind: 'raw', label: 'file', start: range.start, end: range.end };
}
