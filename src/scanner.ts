/**
 * A scanner that stays: its threads are started once and serve many scans at once, each task in turn. For servers and
 * watchers, where the start of the threads would cost more than the scan.
 */
import { DEFAULT_PATTERNS_URL, type ScanOptions, SPOOL_BYTES, toContext } from './api.ts';
import { type ScanEvent, streamEvents } from './events.ts';
import { UsageError } from './model/errors.ts';
import type { Locator } from './model/place.ts';
import type { ScanResult, TaskRunner } from './model/result.ts';
import { failedTask } from './pool/failed-task.ts';
import { createRunner } from './pool/runner.ts';
import { createTurns } from './pool/turns.ts';
import { type RunObserver, run } from './run.ts';
import { loadDetectors } from './scan/packs.ts';
import { createSources } from './sources/sources.ts';
import type { Spool } from './sources/spool.ts';
import { SpoolArena } from './sources/spool-arena.ts';
import { type Listing, listTargets, type ScanTarget, toTargets } from './targets.ts';

/** What holds for all scans. */
export type ScannerOptions = Omit<ScanOptions, 'signal' | 'observer' | 'openStdin' | 'redaction'>;

/** What holds for one scan. */
export interface ScanRequest {
  /** Ends this scan early; what is left becomes gaps `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  readonly observer?: RunObserver | undefined;
}

export interface Scanner {
  /** As `scan`, but without standard input. Many may run at once. */
  scan(what: ScanTarget | readonly ScanTarget[], request?: ScanRequest): Promise<ScanResult>;
  /** As `scanStream`. */
  scanStream(
    what: ScanTarget | readonly ScanTarget[],
    request?: Pick<ScanRequest, 'signal'>,
  ): AsyncGenerator<ScanEvent, void, undefined>;
  /** Ends the threads. Scans that still run end with gaps. */
  close(): Promise<void>;
}

/** For those who keep bytes themselves, and name them by locators. */
export interface SpoolScanner extends Scanner {
  readonly arena: SpoolArena;
  /** @param request.joins false leaves keys out whose parts lie apart: for bytes that are scanned in another shape as well */
  scanLocators(locators: readonly Locator[], request?: ScanRequest & { readonly joins?: boolean }): Promise<ScanResult>;
}

/** Passes on no more tasks at once than the runner takes; the others wait in the order in which they came. */
function shareRunner(runner: TaskRunner): TaskRunner {
  const inTurn = createTurns(runner.concurrency);
  return {
    concurrency: runner.concurrency,
    run: (task, signal) =>
      inTurn(async () => (signal?.aborted ? failedTask(task, 'interrupted') : runner.run(task, signal))),
    close: () => runner.close(),
  };
}

async function* each(locators: readonly Locator[]): Listing {
  yield* locators;
}

/** Rejects with UsageError when the options can't be met. */
export async function createSpoolScanner(options: ScannerOptions = {}): Promise<SpoolScanner> {
  // A pack that is broken is told now, not as a gap of each scan.
  await loadDetectors([options.patternsUrl ?? DEFAULT_PATTERNS_URL, ...(options.packUrls ?? [])]);
  const arena = new SpoolArena(options.spoolBytes ?? SPOOL_BYTES);
  /** One for each scan that runs: nothing that lives as long as the scanner may collect listeners. */
  const running = new Map<AbortController, Promise<unknown>>();
  let isClosed = false;
  const runner = shareRunner(
    await createRunner(
      toContext(options),
      { threads: options.threads, maxMemoryBytes: options.maxMemoryBytes, isSmall: false, hasStdin: false },
      {
        signal: new AbortController().signal,
        onProgress: options.onProgress ?? (() => undefined),
        spools: arena.memory,
      },
    ),
  );
  /** Runs a scan under a signal that ends with the request's, or with the scanner. */
  async function track(
    { signal }: ScanRequest,
    work: (signal: AbortSignal) => Promise<ScanResult>,
  ): Promise<ScanResult> {
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    if (signal?.aborted || isClosed) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    const result = work(stop.signal);
    running.set(stop, result);
    try {
      return await result;
    } finally {
      running.delete(stop);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async function scanTargets(
    targets: readonly ScanTarget[],
    signal: AbortSignal,
    observer: RunObserver | undefined,
  ): Promise<ScanResult> {
    const spools: Spool[] = [];
    const listing = listTargets(targets, createSources(), arena, spools, {
      include: options.include ?? [],
      exclude: options.exclude ?? [],
      followSymlinks: options.followSymlinks ?? false,
      signal,
    });
    try {
      return await run(listing, runner, signal, observer);
    } finally {
      for (const spool of spools) spool.close();
    }
  }

  async function scan(what: ScanTarget | readonly ScanTarget[], request: ScanRequest = {}): Promise<ScanResult> {
    const targets = toTargets(what);
    if (targets.includes('-')) throw new UsageError('a scanner that stays takes no standard input: pass its bytes');
    return track(request, (signal) => scanTargets(targets, signal, request.observer));
  }

  return {
    arena,
    scan,
    scanStream: (what, { signal } = {}) =>
      streamEvents((observer, either) => scan(what, { observer, signal: either }), signal),
    scanLocators(locators, request = {}) {
      const { joins = true, observer } = request;
      const without: TaskRunner = {
        ...runner,
        run: async (task, signal) => ({ ...(await runner.run(task, signal)), leads: [] }),
      };
      return track(request, (signal) => run(each(locators), joins ? runner : without, signal, observer));
    },
    async close() {
      isClosed = true;
      for (const stop of running.keys()) stop.abort();
      await Promise.allSettled(running.values());
      await runner.close();
    },
  };
}

/** Starts a scanner. Rejects with UsageError when the options can't be met. Close it, or the process does not end. */
export function createScanner(options: ScannerOptions = {}): Promise<Scanner> {
  return createSpoolScanner(options);
}
