/**
 * Where bytes lie: spans, steps into containers, regions, and the place of a finding.
 * Wire types: plain JSON, the same in a thread message and in a report.
 */

/** Half-open byte range `[start, end)` in an input. */
export type Span = { readonly start: number; readonly end: number };

/** Names one input of one source. `id` opens it again; `label` is sanitised and for people. */
export type Locator = {
  /** Scheme of the source: `file`, `stdin`, later `s3`, `azure`, `gs`. */
  readonly source: string;
  /** What the source needs to open it (for `file`: the path as given). */
  readonly id: string;
  /** Printable name: no control characters, at most 256 characters, no credentials. */
  readonly label: string;
  /** Size in bytes when listed; undefined for a stream. */
  readonly size?: number;
  /** Identity of the content when listed (for `file`: mtime in ns and size), to notice changes. */
  readonly version?: string;
};

/** One step into a container: its id and the sanitised name of the member. The list of steps is the trail. */
export type Step = { readonly container: string; readonly member: string };

export const REGION_KINDS = ['heap', 'stack', 'image', 'mapped', 'file', 'raw'] as const;
export type RegionKind = (typeof REGION_KINDS)[number];

/** A stretch of an input with one meaning. `address` is the virtual address of `start` as 0x text. */
export type Region = {
  readonly kind: RegionKind;
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly address?: string;
};

/** How the characters of a text form are stored. */
export const ENCODINGS = ['bytes', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const;
export type Encoding = (typeof ENCODINGS)[number];
