/** Scans paths and bytes: puts sources, runner and worklist together. */

import { type ScanEvent, streamEvents } from './events.ts';
import { builtModule } from './model/built-module.ts';
import { UsageError } from './model/errors.ts';
import type { Gap } from './model/finding.ts';
import type { Input } from './model/input.ts';
import type { InventoryEntry } from './model/inventory.ts';
import type { KnownList } from './model/known-list.ts';
import type { Locator } from './model/place.ts';
import type { ScanResult } from './model/result.ts';
import type { PreparedRule } from './model/rule.ts';
import { createRunner, type ThreadOptions } from './pool/runner.ts';
import { type RunObserver, run } from './run.ts';
import { type ContextOptions, DEFAULT_CONTEXT, type RedactionHooks } from './scan/context.ts';
import type { Limits } from './scan/quota.ts';
import { createSources } from './sources/sources.ts';
import type { Spool } from './sources/spool.ts';
import { SpoolArena } from './sources/spool-arena.ts';
import { hasContent, type Listing, listTargets, type ScanTarget, toTargets } from './targets.ts';

/** Starting a pool takes as long as scanning about this much in the main thread (bench/RESULTS.md). */
const SMALL_BYTES = 512 * 1024 * 1024;
/** Nor do files that are this few: passing one to a worker takes longer than scanning a small one here. */
const SMALL_FILES = 10_000;

export interface ScanOptions extends ThreadOptions {
  /** Globs; of what lies in directories, only these. Without a slash they match at any depth. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Follow symlinks in directories. Those that are named as a path are always followed. */
  readonly followSymlinks?: boolean | undefined;
  /** 32 secret bytes. The same key gives the same fingerprints in every scan; random by default. */
  readonly fingerprintKey?: Uint8Array | undefined;
  /** `off` takes the slow twin of the search kernel. */
  readonly simd?: ContextOptions['simd'] | undefined;
  /** Public keys that must not leak: their private halves are searched for, and named in findings. */
  readonly inventory?: readonly InventoryEntry[] | undefined;
  /** Lists of published keys (`parseKnownList`), besides our own: what they know is reported as `known`. */
  readonly knownKeys?: readonly KnownList[] | undefined;
  /** Where keys are searched for that lie as bare numbers: in what could be a dump (`dumps`, the default), in `all`, or nowhere (`off`). */
  readonly memoryKeys?: ContextOptions['memoryKeys'] | undefined;
  /** Opens what `-` stands for; the process's standard input by default. Called again for each pass over it. */
  readonly openStdin?: (() => Input) | undefined;
  /** Bytes of `Content` held in memory; what is beyond goes to a temporary file, encrypted. 256 MiB by default. */
  readonly spoolBytes?: number | undefined;
  /** Ceilings for what is opened inside an input: beyond them there are gaps. */
  readonly limits?: Partial<Limits> | undefined;
  /** URL of a module whose default export is the list of detectors, instead of those that come with dumpsieve. */
  readonly patternsUrl?: string | undefined;
  /** URLs of further such modules. */
  readonly packUrls?: readonly string[] | undefined;
  /** Rules to search for as well, from `loadRules`. */
  readonly rules?: readonly PreparedRule[] | undefined;
  /** Ends the scan early; what is left becomes gaps `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  readonly observer?: RunObserver | undefined;
  /** Bytes done since the last call. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Only for `redact`: sees secrets, and keeps the scan in this thread. */
  readonly redaction?: RedactionHooks | undefined;
}

/** URL of the detectors that come with dumpsieve. */
export const DEFAULT_PATTERNS_URL = builtModule('patterns/index').href;

/** Content held in memory before it goes to disk. */
export const SPOOL_BYTES = 256 * 1024 * 1024;

/** What workers need to know. Throws UsageError. */
export function toContext(options: ScanOptions): ContextOptions {
  const fingerprintKey = options.fingerprintKey ?? crypto.getRandomValues(new Uint8Array(32));
  if (fingerprintKey.length !== 32) throw new UsageError('fingerprintKey must be 32 bytes');
  return {
    ...DEFAULT_CONTEXT,
    ...options.limits,
    patternsUrl: options.patternsUrl ?? DEFAULT_PATTERNS_URL,
    packUrls: options.packUrls ?? DEFAULT_CONTEXT.packUrls,
    rules: options.rules ?? DEFAULT_CONTEXT.rules,
    // A copy of its own: a view would post its whole buffer to the workers.
    fingerprintKey: fingerprintKey.slice(),
    simd: options.simd ?? DEFAULT_CONTEXT.simd,
    inventory: options.inventory ?? DEFAULT_CONTEXT.inventory,
    knownKeys: options.knownKeys ?? DEFAULT_CONTEXT.knownKeys,
    memoryKeys: options.memoryKeys ?? DEFAULT_CONTEXT.memoryKeys,
  };
}

/** Looks ahead until the work is known to be large or the listing ends; gives back a listing with everything in it. */
async function lookAhead(listing: Listing): Promise<{ listing: Listing; isSmall: boolean; hasStdin: boolean }> {
  const seen: (Locator | Gap)[] = [];
  let bytes = 0;
  let isDone = false;
  while (bytes < SMALL_BYTES && seen.length < SMALL_FILES) {
    const { done, value } = await listing.next();
    isDone = done === true;
    if (done) break;
    seen.push(value);
    if (!('code' in value)) bytes += value.size ?? 0;
  }
  async function* replay(): Listing {
    yield* seen.splice(0);
    yield* listing;
  }
  const hasStdin = seen.some((item) => 'source' in item && item.source === 'stdin');
  return { listing: replay(), isSmall: isDone, hasStdin };
}

/**
 * Scans files, directories, globs and bytes; `-` is standard input. Bytes that can't be scanned are gaps in the result, and
 * never make it fail. Rejects with UsageError when the options can't be met, and with what an iterable of bytes throws.
 */
export async function scan(what: ScanTarget | readonly ScanTarget[], options: ScanOptions = {}): Promise<ScanResult> {
  const targets = toTargets(what);
  const signal = options.signal ?? new AbortController().signal;
  const context = toContext(options);
  const arena = hasContent(targets) ? new SpoolArena(options.spoolBytes ?? SPOOL_BYTES) : undefined;
  const spools: Spool[] = [];
  try {
    const { listing, isSmall, hasStdin } = await lookAhead(
      listTargets(targets, createSources(options.openStdin), arena, spools, {
        include: options.include ?? [],
        exclude: options.exclude ?? [],
        followSymlinks: options.followSymlinks ?? false,
        signal,
      }),
    );
    const { threads, maxMemoryBytes, onProgress = () => undefined, openStdin, redaction } = options;
    const runner = await createRunner(
      context,
      { threads, maxMemoryBytes, isSmall, hasStdin: hasStdin || targets.includes('-') },
      { signal, onProgress, openStdin, spools: arena?.memory, redaction },
    );
    try {
      return await run(listing, runner, signal, options.observer);
    } finally {
      await runner.close();
    }
  } finally {
    for (const spool of spools) spool.close();
  }
}

/** The same as events: findings and gaps as they come, the result last. Leaving the loop ends the scan. */
export function scanStream(
  what: ScanTarget | readonly ScanTarget[],
  options: ScanOptions = {},
): AsyncGenerator<ScanEvent, void, undefined> {
  return streamEvents((observer, signal) => scan(what, { ...options, observer, signal }), options.signal);
}
