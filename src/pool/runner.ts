/** Who runs the tasks of a scan: this thread alone, or a pool of worker threads. */
import { availableParallelism } from 'node:os';
import { UsageError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import type { TaskRunner } from '../model/result.ts';
import type { ContextOptions, RedactionHooks } from '../scan/context.ts';
import type { SpoolMemory } from '../sources/spool-arena.ts';

const MIB = 1024 * 1024;
/** Less heap than this is not enough for one worker. */
export const MIN_HEAP_BYTES = 64 * MIB;
const DEFAULT_HEAP_BYTES = 512 * MIB;
const STALL_MS = 60_000;
/** Time that tasks get to end by themselves when the scan is aborted. */
export const ABORT_GRACE_MS = 2000;

export interface RunnerHooks {
  /** What stands for standard input, see sources/sources.ts. */
  readonly openStdin?: (() => Input) | undefined;
  /** Memory of spools, see sources/spool.ts. */
  readonly spools?: SpoolMemory | undefined;
  readonly signal: AbortSignal;
  /** What must not leave a thread is asked for: everything runs in this one. */
  readonly redaction?: RedactionHooks | undefined;
  /** Bytes done since the last call; negative when a lost task starts over. */
  onProgress(bytes: number): void;
}

export interface ThreadOptions {
  /** Worker threads; one for each processor by default. */
  readonly threads?: number | undefined;
  /** Ceiling of the JavaScript heaps of all workers together, in bytes. */
  readonly maxMemoryBytes?: number | undefined;
}

/** Number of workers, and the heap of each. Throws UsageError. */
export function planThreads({ threads, maxMemoryBytes }: ThreadOptions): { threads: number; heapBytes: number } {
  const wanted = threads ?? availableParallelism();
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 1024) {
    throw new UsageError('threads must be a whole number from 1 to 1024');
  }
  if (maxMemoryBytes === undefined) return { threads: wanted, heapBytes: DEFAULT_HEAP_BYTES };
  if (!(maxMemoryBytes >= MIN_HEAP_BYTES)) {
    throw new UsageError(`max-memory must be at least ${MIN_HEAP_BYTES / MIB}M: one worker needs that much`);
  }
  const affordable = Math.min(wanted, Math.floor(maxMemoryBytes / MIN_HEAP_BYTES));
  return { threads: affordable, heapBytes: Math.floor(maxMemoryBytes / affordable) };
}

/** Runs everything in this thread when `isSmall`, else in workers. Rejects when the pattern pack can't be loaded. */
export async function createRunner(
  context: ContextOptions,
  options: ThreadOptions & { readonly isSmall: boolean; readonly hasStdin: boolean },
  hooks: RunnerHooks,
): Promise<TaskRunner> {
  const plan = planThreads(options);
  // Standard input can only be read in this thread, see sources/stdin.ts.
  const isAlone = options.isSmall || hooks.redaction !== undefined;
  const isLocal = isAlone || options.hasStdin;
  const local = isLocal ? await (await import('./local.ts')).createLocalRunner(context, hooks) : undefined;
  if (local && isAlone) return local;
  // Imported only when needed: it takes as long as scanning 50 MiB.
  const { createPool } = await import('./pool.ts');
  const pool = createPool(context, { ...plan, stallMs: STALL_MS }, hooks);
  return {
    concurrency: pool.concurrency,
    run: (task, signal) => (local && task.locator.source === 'stdin' ? local : pool).run(task, signal),
    async close() {
      await local?.close();
      await pool.close();
    },
  };
}
