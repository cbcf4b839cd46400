/** The thread that redacts one body: it finds secrets, so it runs alone, and a server must not wait for it. */
import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ScanOptions } from '../api.ts';
import type { GatePolicy } from '../gate.ts';
import type { Input } from '../model/input.ts';
import type { Locator } from '../model/place.ts';
import { SpoolDraft } from '../redact/draft.ts';
import { redact, sourceOfSpool } from '../redact/redact.ts';
import { openSpool } from '../sources/spool.ts';
import { SpoolMemory } from '../sources/spool-arena.ts';

export interface RedactTask {
  /** Memory of the arena that keeps the body. */
  readonly shared: SharedArrayBuffer;
  readonly body: Locator;
  readonly scan: Pick<
    ScanOptions,
    'inventory' | 'knownKeys' | 'limits' | 'packUrls' | 'patternsUrl' | 'rules' | 'simd'
  >;
  readonly allowGaps: GatePolicy['allowGaps'];
  /** Overwrite published keys as well. */
  readonly known: boolean;
}

/** Of the redacted body; what is beyond goes to disk, encrypted. */
const DRAFT_BYTES = 32 * 1024 * 1024;

/** Sends a piece for each message that asks for one, then `true`; or `false` when there is no redacted body. */
async function main(port: MessagePort, { shared, body, scan, allowGaps, known }: RedactTask): Promise<void> {
  const memory = new SpoolMemory(shared);
  const open = (): Input => openSpool(body, memory);
  let draft: SpoolDraft | undefined;
  let isDone = false;
  try {
    ({ draft } = await redact(sourceOfSpool(open), () => new SpoolDraft(DRAFT_BYTES), {
      scan,
      allowGaps,
      also: new Set(),
      known,
    }));
    for (const piece of draft?.content() ?? []) {
      port.postMessage(piece);
      await once(port, 'message');
    }
    isDone = draft !== undefined;
  } catch {
    // Not redactable, or no room: an error's text must not leave either.
  } finally {
    draft?.discard();
    port.postMessage(isDone);
    port.close();
  }
}

if (parentPort) void main(parentPort, workerData as RedactTask);
