/** Redacts bodies, each in a thread of its own. What comes out has to be judged like any other upload. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { builtModule } from '../model/built-module.ts';
import { createTurns } from '../pool/turns.ts';
import { Spool } from '../sources/spool.ts';
import type { SpoolArena } from '../sources/spool-arena.ts';
import type { RedactTask } from './redact-thread.ts';

/** Each takes one processor and some hundred megabytes; more bodies wait. */
const MAX_THREADS = 2;
/** What a scan of a large body needs; beyond it the thread ends, and the body is not redacted. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 512 };

export type RedactBody = (body: Spool, signal: AbortSignal) => Promise<Spool | undefined>;

/** The redacted body, to be closed by the caller; undefined when it could not be made, or in time. Never rejects. */
export function createBodyRedactor(
  arena: SpoolArena,
  options: Pick<RedactTask, 'scan' | 'allowGaps' | 'known'>,
): RedactBody {
  const inTurn = createTurns(MAX_THREADS);
  return (body, signal) => inTurn(async () => (signal.aborted ? undefined : runThread(body, arena, options, signal)));
}

async function runThread(
  body: Spool,
  arena: SpoolArena,
  options: Pick<RedactTask, 'scan' | 'allowGaps' | 'known'>,
  signal: AbortSignal,
): Promise<Spool | undefined> {
  const task: RedactTask = { ...options, shared: arena.memory.shared, body: body.locate('upload') };
  const worker = new Worker(builtModule('src/serve/redact-thread'), {
    workerData: task,
    resourceLimits: THREAD_LIMITS,
    stdout: true,
    stderr: true,
  });
  // One that ends without its last message has failed.
  const ended = new AbortController();
  worker.on('exit', () => ended.abort());
  worker.on('error', () => undefined);
  let redacted: Spool | undefined;
  try {
    redacted = new Spool(arena);
    const either = AbortSignal.any([signal, ended.signal]);
    for (;;) {
      const [message] = (await once(worker, 'message', { signal: either })) as [Uint8Array | boolean];
      if (message === true) return redacted;
      if (message === false) break;
      redacted.write(message);
      message.fill(0);
      worker.postMessage('next');
    }
  } catch {
    // Out of time, of memory, or of disk.
  } finally {
    await worker.terminate();
  }
  redacted?.close();
  return undefined;
}
