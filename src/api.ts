/** Scans paths: puts sources, runner and worklist together. */
import { UsageError } from './model/errors.ts';
import type { Gap } from './model/finding.ts';
import type { InventoryEntry } from './model/inventory.ts';
import type { Locator } from './model/place.ts';
import type { ScanResult } from './model/result.ts';
import { builtModule } from './pool/built-module.ts';
import { createRunner, type ThreadOptions } from './pool/runner.ts';
import { type RunObserver, run } from './run.ts';
import { type ContextOptions, DEFAULT_CONTEXT } from './scan/context.ts';
import { createSources } from './sources/sources.ts';

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
  /** Search for keys that lie in memory as bare numbers, too: seconds for each dump. */
  readonly memoryKeys?: boolean | undefined;
  /** URL of a module whose default export is the list of detectors. */
  readonly patternsUrl?: string | undefined;
  /** Ends the scan early; what is left becomes gaps `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  readonly observer?: RunObserver | undefined;
  /** Bytes done since the last call. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** URL of the detectors that come with dumpsieve. */
export const DEFAULT_PATTERNS_URL = builtModule('patterns/index').href;

type Listing = AsyncGenerator<Locator | Gap>;

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
 * Scans files, directories and globs; `-` is standard input. Bytes that can't be scanned are gaps in the result, and
 * never make it fail. Rejects with UsageError when the options can't be met.
 */
export async function scan(paths: string | readonly string[], options: ScanOptions = {}): Promise<ScanResult> {
  const specs = typeof paths === 'string' ? [paths] : paths;
  if (specs.length === 0 || specs.includes('')) throw new UsageError('nothing to scan: name a file, a directory or -');
  const signal = options.signal ?? new AbortController().signal;
  const fingerprintKey = options.fingerprintKey ?? crypto.getRandomValues(new Uint8Array(32));
  if (fingerprintKey.length !== 32) throw new UsageError('fingerprintKey must be 32 bytes');
  const { listing, isSmall, hasStdin } = await lookAhead(
    createSources().list(specs, {
      include: options.include ?? [],
      exclude: options.exclude ?? [],
      followSymlinks: options.followSymlinks ?? false,
      signal,
    }),
  );
  const runner = await createRunner(
    {
      ...DEFAULT_CONTEXT,
      patternsUrl: options.patternsUrl ?? DEFAULT_PATTERNS_URL,
      // A copy of its own: a view would post its whole buffer to the workers.
      fingerprintKey: fingerprintKey.slice(),
      simd: options.simd ?? DEFAULT_CONTEXT.simd,
      inventory: options.inventory ?? DEFAULT_CONTEXT.inventory,
      memoryKeys: options.memoryKeys ?? DEFAULT_CONTEXT.memoryKeys,
    },
    {
      threads: options.threads,
      maxMemoryBytes: options.maxMemoryBytes,
      isSmall,
      hasStdin: hasStdin || specs.includes('-'),
    },
    { signal, onProgress: options.onProgress ?? (() => undefined) },
  );
  try {
    return await run(listing, runner, signal, options.observer);
  } finally {
    await runner.close();
  }
}
