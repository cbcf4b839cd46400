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

export const REGION_KINDS = [
  'heap',
  'stack',
  'image', // a module: its code and data
  'mapped', // a mapped file or device that is no module
  'memory', // memory of unknown use
  'environment', // environment block or command line
  'registers',
  'stream', // a named part of a dump that is not memory: a minidump stream, a note, a record
  'file', // headers, tables, and what no region covers
  'raw', // the input has no known layout
] as const;
export type RegionKind = (typeof REGION_KINDS)[number];

/** What a stretch of an input is, for people. */
export type Region = { readonly kind: RegionKind; readonly label: string };

/** How the characters of a text form are stored. */
export const ENCODINGS = ['bytes', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const;
export type Encoding = (typeof ENCODINGS)[number];
