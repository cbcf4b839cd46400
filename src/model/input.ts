/** Live types for reading: they hold handles and bytes and never leave the worker. */

import type { Gap } from './finding.ts';
import type { Locator } from './place.ts';

/** Random-access bytes. */
export interface Input {
  /** Size in bytes when opened. `Infinity` when nobody knows it (a stream, a file of /proc): a short read is the end. */
  readonly size: number;
  /** Fills `into` from `at`; returns the number of bytes read, less than asked only at the end. Throws SourceError. */
  read(into: Uint8Array, at: number): number | Promise<number>;
  /** Bytes that can only be read once, in order: `read` then accepts only the next `at`, and joins are impossible. */
  readonly sequential?: boolean;
  /** Called after the last read: a gap when the content changed since it was listed. */
  check?(): Promise<Gap['code'] | undefined>;
  close(): Promise<void>;
}

/** One storage system. */
export interface Source {
  readonly scheme: string;
  /** Lists inputs; what can't be listed comes as a gap. */
  list(spec: string, options: ListOptions): AsyncIterable<Locator | Gap>;
  open(locator: Locator): Promise<Input>;
}

export interface ListOptions {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly followSymlinks: boolean;
  readonly signal: AbortSignal;
}
