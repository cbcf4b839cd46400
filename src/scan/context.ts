/** What a worker (or the main thread, for small inputs) needs to run tasks. Made once per worker. */

import type { Kernel } from '../kernel/kernel.ts';
import type { Detector } from '../model/detector.ts';
import type { Input } from '../model/input.ts';
import type { Locator } from '../model/place.ts';

/** Crosses the worker boundary once, as `workerData`. Plain but for the key, which crosses only here. */
export type ContextOptions = {
  /** URL of the pattern pack: a module whose default export is `Detector[]`. */
  readonly patternsUrl: string;
  /** Project key for fingerprints, 32 bytes; random per run when the user gives none. */
  readonly fingerprintKey: Uint8Array;
  readonly simd: 'auto' | 'relaxed' | 'plain' | 'off';
  readonly chunkBytes: number;
  /** Most leads one task may return; more is a gap `over-budget`. */
  readonly maxLeads: number;
};

export interface Context {
  readonly options: ContextOptions;
  readonly detectors: readonly Detector[];
  readonly kernel: Kernel;
  open(locator: Locator): Promise<Input>;
  /** Called after each chunk with the bytes done since the last call: progress and the watchdog's heartbeat. */
  onProgress(bytes: number): void;
  /** Aborts between chunks: what is left becomes a gap `interrupted`. */
  readonly signal: AbortSignal;
}
