/** What the inputs of a scan are as a whole, for the map in the HTML report. */
import type { RegionKind, Span, Step } from './place.ts';
import { assertPlain } from './plain.ts';

/** Inputs whose outline a result keeps, besides those with findings or gaps. */
export const MAX_OUTLINES = 1000;
/** Members of one input whose outline is held until it is known whether anything is in them. */
export const MAX_HELD_OUTLINES = 4 * MAX_OUTLINES;
/** Regions in one outline: neighbours of one kind are united, then the smallest ones dropped. */
export const MAX_OUTLINE_REGIONS = 400;

/** What an input, or a member of a container, is as a whole: for the map in the HTML report. A wire type. */
export type Outline = {
  /** Label of the input. */
  readonly input: string;
  readonly trail?: readonly Step[];
  /** In bytes; absent for a stream. */
  readonly size?: number;
  /** Id of the dump format or container. */
  readonly format?: string;
  /** In order of `start`, at most `MAX_OUTLINE_REGIONS`. */
  readonly regions: readonly (Span & { readonly kind: RegionKind })[];
};

assertPlain<Outline>();
