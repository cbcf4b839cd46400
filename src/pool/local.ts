/** Runs tasks in this thread, one at a time: for work so small that starting workers would take longer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskRunner } from '../model/result.ts';
import type { Task, TaskResult } from '../model/task.ts';
import { type ContextOptions, createContext } from '../scan/context.ts';
import { runTask } from '../scan/run-task.ts';
import { createSources } from '../sources/sources.ts';
import { failedTask } from './failed-task.ts';
import { ABORT_GRACE_MS, type RunnerHooks } from './runner.ts';

/** Resolves some time after `signal` aborted: a read that never returns must not keep the report. */
function whenGraceEnds(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wait = (): void => void sleep(ABORT_GRACE_MS, undefined, { ref: false }).then(resolve);
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { once: true });
  });
}

/** Rejects when the pattern pack can't be loaded. */
export async function createLocalRunner(options: ContextOptions, hooks: RunnerHooks): Promise<TaskRunner> {
  const sources = createSources(hooks.openStdin, hooks.spools);
  const context = await createContext(options, {
    open: (locator) => sources.open(locator),
    onProgress: (bytes) => hooks.onProgress(bytes),
    signal: hooks.signal,
    redaction: hooks.redaction,
  });
  const graceEnded = whenGraceEnds(hooks.signal);
  let previous: Promise<unknown> = Promise.resolve();
  return {
    concurrency: 1,
    run(task: Task): Promise<TaskResult> {
      // There is one kernel, whose window belongs to one task at a time, however many are asked for.
      const done = previous.then(() => runTask(task, context));
      const result = Promise.race([done, graceEnded.then(() => failedTask(task, 'interrupted'))]);
      previous = result;
      return result;
    },
    async close() {
      context.kernel.wipe();
    },
  };
}
