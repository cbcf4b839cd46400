/**
 * A worker thread: one kernel and one pattern pack for its life, one task at a time. Nothing it does may reject: a
 * rejected task would post its error, with message and stack, to the main thread.
 */
import { workerData } from 'node:worker_threads';
import type { TaskResult } from '../model/task.ts';
import { type Context, createContext } from '../scan/context.ts';
import { runTask } from '../scan/run-task.ts';
import { createSources } from '../sources/sources.ts';
import { SpoolMemory } from '../sources/spool-arena.ts';
import { failedTask } from './failed-task.ts';
import { BEAT_BYTES, STOP, type TaskMessage, type WorkerSetup } from './protocol.ts';

const { context: options, beats, spools } = workerData as WorkerSetup;
const sources = createSources(undefined, spools && new SpoolMemory(spools));
let stop = new AbortController();
let slot = 0;

function beat(bytes: number): void {
  Atomics.add(beats, slot, Math.max(1, Math.ceil(bytes / BEAT_BYTES)));
  if (Atomics.load(beats, STOP) !== 0 || Atomics.load(beats, slot + 1) !== 0) stop.abort();
}

let context: Promise<Context> | undefined;

export default async function handle(message: TaskMessage): Promise<TaskResult> {
  slot = message.slot;
  stop = new AbortController();
  beat(0);
  try {
    context ??= createContext(options, {
      open: (locator) => sources.open(locator),
      onProgress: beat,
      signal: stop.signal,
    });
    return await runTask(message.task, { ...(await context), signal: stop.signal });
  } catch {
    return failedTask(message.task, 'worker-lost', 'context');
  }
}
