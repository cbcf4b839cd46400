/**
 * What pool and worker share besides tasks and results: one array of 32-bit integers in shared memory.
 * Index 0 tells all workers to stop. Each task in flight has two: one counts the pages it has done, so that the main
 * thread sees progress, and the lack of it, without messages; the next tells this task alone to stop.
 */

import type { Task } from '../model/task.ts';
import type { ContextOptions } from '../scan/context.ts';

export const STOP = 0;
export const BEAT_BYTES = 4096;

/** A worker's `workerData`. */
export interface WorkerSetup {
  readonly context: ContextOptions;
  readonly beats: Int32Array;
  /** Where the bytes of spools are (sources/spool-arena.ts), when there are any. */
  readonly spools?: SharedArrayBuffer | undefined;
}

export interface TaskMessage {
  readonly task: Task;
  /** Index of the task's counter: 0 until a worker has taken it. The next one is not 0 when the task is to stop. */
  readonly slot: number;
}
