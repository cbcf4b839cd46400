/**
 * Puts a redacted copy in the place of a file, at once: whoever is killed in between leaves the file as it was. With a
 * quarantine the original is there before the copy takes its place.
 */
import { type BigIntStats, chmodSync, rmSync } from 'node:fs';
import type { ScanOptions } from '../api.ts';
import type { GatePolicy } from '../gate.ts';
import { SourceError } from '../model/errors.ts';
import { FileDraft } from '../redact/draft.ts';
import { NotRedactable } from '../redact/not-redactable.ts';
import { redact, sourceOfFile } from '../redact/redact.ts';
import { keepIn } from './quarantine.ts';

export interface CopyTask {
  readonly path: string;
  /** As it was when it was scanned. */
  readonly stats: BigIntStats;
  readonly quarantine: string | undefined;
  readonly scan: ScanOptions;
  readonly allowGaps: GatePolicy['allowGaps'];
  /** Overwrite published keys as well. */
  readonly known: boolean;
  /** Whether the file is still the one that was scanned. */
  isSame(): boolean;
}

/** Why there is no copy; `changed`: the file is another one now. */
export type NoCopy = 'incomplete' | 'dirty' | 'not-redactable' | 'no-room' | 'changed';

/** Where the original is now, if it was kept; or why everything is as it was. Throws the system's error of the quarantine. */
export async function replaceByCopy(task: CopyTask): Promise<{ readonly keptAs?: string } | NoCopy> {
  const { path, stats, quarantine, scan, allowGaps, known, isSame } = task;
  let draft: FileDraft | undefined;
  try {
    const redaction = await redact(sourceOfFile(path), () => new FileDraft(path), {
      scan,
      allowGaps,
      also: new Set(),
      known,
    });
    if (redaction.outcome !== 'clean') return redaction.outcome;
    draft = redaction.draft!;
    if (!isSame()) return 'changed';
    const keptAs = quarantine === undefined ? undefined : keepIn(path, quarantine);
    try {
      draft.moveTo(path, stats);
    } catch (error) {
      if (keptAs !== undefined) rmSync(keptAs, { force: true });
      throw error;
    }
    draft = undefined;
    if (keptAs === undefined) return {};
    // Its folder is closed to others already; by its old name nobody reaches it any more.
    chmodSync(keptAs, 0o600);
    return { keptAs };
  } catch (error) {
    if (error instanceof NotRedactable) return 'not-redactable';
    if (error instanceof SourceError) return 'no-room';
    if (scan.signal?.aborted) return 'incomplete';
    throw error;
  } finally {
    draft?.discard();
  }
}
