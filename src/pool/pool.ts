/**
 * Runs tasks in worker threads, with piscina. A worker that crashes, runs out of memory or makes no progress costs
 * only its task: the task is tried once more, then it is a gap `worker-lost`.
 */
import { Piscina } from 'piscina';
import { builtModule } from '../model/built-module.ts';
import type { TaskRunner } from '../model/result.ts';
import type { Task, TaskResult } from '../model/task.ts';
import type { ContextOptions } from '../scan/context.ts';
import { failedTask } from './failed-task.ts';
import { BEAT_BYTES, STOP, type TaskMessage, type WorkerSetup } from './protocol.ts';
import { ABORT_GRACE_MS, type RunnerHooks } from './runner.ts';

const MIB = 1024 * 1024;
/** Two tasks for each thread: the next one waits in the thread's queue while the last result is taken in. */
const TASKS_PER_THREAD = 2;
const ATTEMPTS = 2;
const POLL_MS = 250;
/** Part of a worker's heap that V8 takes for short-lived objects. */
const YOUNG_MIB = 16;

export interface PoolOptions {
  readonly threads: number;
  /** Ceiling of each worker's JavaScript heap. */
  readonly heapBytes: number;
  /** A task without progress for so long is taken from its worker, and the worker ended. */
  readonly stallMs: number;
  /** The worker's module: only tests have another one. */
  readonly workerUrl?: URL;
}

/** A task in flight, as the watchdog sees it. */
interface Watch {
  readonly slot: number;
  readonly abort: AbortController;
  beats: number;
  /** When its counter last moved. */
  since: number;
  cause: 'crashed' | 'stalled' | 'interrupted';
}

/** Names of the codes that Node gives to errors of dying threads; messages and stacks stay here. */
function causeOf(error: unknown, watch: Watch): string {
  if (watch.cause !== 'crashed') return watch.cause;
  const isOutOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isOutOfMemory ? 'out-of-memory' : 'crashed';
}

export function createPool(context: ContextOptions, options: PoolOptions, hooks: RunnerHooks): TaskRunner {
  const { threads, heapBytes, stallMs } = options;
  const concurrency = threads * TASKS_PER_THREAD;
  const beats = new Int32Array(new SharedArrayBuffer(4 * (1 + 2 * concurrency)));
  const freeSlots = Array.from({ length: concurrency }, (_, i) => 1 + 2 * i);
  const watches = new Set<Watch>();
  /** When any counter last moved. */
  let activeAt = Date.now();
  let polledAt = Date.now();

  const piscina = new Piscina({
    filename: (options.workerUrl ?? builtModule('src/pool/worker')).href,
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    recordTiming: false,
    resourceLimits: {
      maxOldGenerationSizeMb: Math.max(YOUNG_MIB, Math.floor(heapBytes / MIB) - YOUNG_MIB),
      maxYoungGenerationSizeMb: YOUNG_MIB,
    },
    workerData: { context, beats, spools: hooks.spools?.shared } satisfies WorkerSetup,
  });

  function end(watch: Watch, cause: Watch['cause']): void {
    watch.cause = cause;
    watch.abort.abort();
  }

  // A worker died while it had no task, so perhaps at its start: tasks that wait for one would wait for ever.
  piscina.on('error', () => {
    for (const watch of watches) if (watch.beats === 0) end(watch, 'crashed');
  });

  function update(watch: Watch, now: number): void {
    const done = Atomics.load(beats, watch.slot);
    if (done === watch.beats) return;
    hooks.onProgress((done - watch.beats) * BEAT_BYTES);
    watch.beats = done;
    watch.since = now;
    activeAt = now;
  }

  function poll(): void {
    const now = Date.now();
    // The machine slept, or the process was stopped: that is nobody's stall.
    const slept = now - polledAt > 20 * POLL_MS;
    polledAt = now;
    // All died at their start, and piscina makes no more of them.
    const isAlone = piscina.threads.length === 0;
    for (const watch of watches) {
      if (isAlone) end(watch, 'crashed');
      update(watch, now);
      if (slept) {
        watch.since = now;
        activeAt = now;
      }
      // A task that no worker has taken yet stalls only when all of them have.
      const since = watch.beats > 0 ? watch.since : Math.max(watch.since, activeAt + stallMs);
      if (now - since > stallMs) end(watch, 'stalled');
    }
  }
  // Threads that are gone keep no process alive: the timer does, while tasks wait.
  const timer = setInterval(poll, Math.min(POLL_MS, stallMs / 4));
  timer.unref();

  let graceTimer: NodeJS.Timeout | undefined;
  function onAbort(): void {
    Atomics.store(beats, STOP, 1);
    graceTimer = setTimeout(() => {
      for (const watch of watches) end(watch, 'interrupted');
    }, ABORT_GRACE_MS);
  }
  if (hooks.signal.aborted) onAbort();
  else hooks.signal.addEventListener('abort', onAbort, { once: true });

  /** The result, or why there is none. */
  async function attempt(task: Task, slot: number, signal?: AbortSignal): Promise<TaskResult | string> {
    Atomics.store(beats, slot, 0);
    Atomics.store(beats, slot + 1, 0);
    const watch: Watch = { slot, abort: new AbortController(), beats: 0, since: Date.now(), cause: 'crashed' };
    watches.add(watch);
    timer.ref();
    let abortTimer: NodeJS.Timeout | undefined;
    const onTaskAbort = (): void => {
      Atomics.store(beats, slot + 1, 1);
      abortTimer = setTimeout(() => end(watch, 'interrupted'), ABORT_GRACE_MS);
    };
    if (signal?.aborted) onTaskAbort();
    else signal?.addEventListener('abort', onTaskAbort, { once: true });
    try {
      const message: TaskMessage = { task, slot };
      const result: TaskResult = await piscina.run(message, { signal: watch.abort.signal });
      update(watch, Date.now());
      return result;
    } catch (error) {
      hooks.onProgress(-watch.beats * BEAT_BYTES);
      return causeOf(error, watch);
    } finally {
      clearTimeout(abortTimer);
      signal?.removeEventListener('abort', onTaskAbort);
      watches.delete(watch);
      if (watches.size === 0) timer.unref();
    }
  }

  return {
    concurrency,
    async run(task, signal) {
      const slot = freeSlots.pop();
      if (slot === undefined) throw new Error(`more than ${concurrency} tasks in flight`);
      try {
        let cause = '';
        for (let i = 0; i < ATTEMPTS && cause !== 'interrupted'; i++) {
          const outcome = await attempt(task, slot, signal);
          if (typeof outcome !== 'string') return outcome;
          cause = outcome;
        }
        return cause === 'interrupted' ? failedTask(task, 'interrupted') : failedTask(task, 'worker-lost', cause);
      } finally {
        freeSlots.push(slot);
      }
    },
    async close() {
      clearInterval(timer);
      clearTimeout(graceTimer);
      hooks.signal.removeEventListener('abort', onAbort);
      await piscina.destroy();
    },
  };
}
