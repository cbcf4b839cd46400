/**
 * Watches one directory for new dumps. A file is complete when its size and time have stood still for a while; the events of
 * the file system only wake us, so a file system without them costs a delay and nothing else. What was done is remembered by
 * the identity of each file, so a restart scans nothing twice and forgets nothing.
 */
import { type BigIntStats, type FSWatcher, lstatSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { ScanOptions } from '../api.ts';
import { decide, type GatePolicy, outcomeOf } from '../gate.ts';
import type { Finding } from '../model/finding.ts';
import { sanitizeLabel } from '../model/label.ts';
import type { ScanResult } from '../model/result.ts';
import type { SpoolScanner } from '../scanner.ts';
import { errorCode, fileVersion } from '../sources/file-input.ts';
import { applySuppressions, type SuppressionRule } from '../suppress.ts';
import { quarantine } from './quarantine.ts';
import { type NoCopy, replaceByCopy } from './redacted-copy.ts';

/** What was done with a file, by its name. */
export type WatchState = { readonly [name: string]: { readonly identity: string; readonly outcome: Outcome } };

/** `redacted`: there were findings, and a copy without them is in the file's place. */
type Outcome = 'clean' | 'redacted' | 'findings' | 'incomplete' | 'timeout';

export interface WatchEvent {
  readonly time: string;
  readonly file: string;
  /** `error`: the file could not be moved, and is tried again. */
  readonly outcome: Outcome | 'error';
  readonly size: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
  readonly gaps: ScanResult['gapCounts'];
  /** Where it is now; of a redacted file, where the original is. */
  readonly movedTo?: string;
  /** Why no redacted copy was made. */
  readonly notRedacted?: NoCopy;
  /** The system's error code. */
  readonly error?: string;
}

export interface WatchOptions {
  readonly folder: string;
  /** Where files go that are not clean; they stay when absent. */
  readonly quarantine?: string | undefined;
  /** How to scan for a redacted copy that takes the place of a file with findings; without it, none is made. */
  readonly redact?: ScanOptions | undefined;
  readonly settleMs: number;
  readonly pollMs: number;
  /** For one file. */
  readonly maxTimeMs?: number | undefined;
  /** Ends when every file that is there was looked at. */
  readonly once: boolean;
  readonly policy: GatePolicy;
  readonly suppressions: readonly SuppressionRule[];
  readonly state: WatchState;
  /** Called after each file, before its event. */
  readonly save: (state: WatchState) => void;
  readonly onEvent: (event: WatchEvent) => void;
  readonly signal: AbortSignal;
}

/** What systemd-coredump and we ourselves call files that are still being written. */
const isDraft = (name: string): boolean =>
  name.startsWith('.#') || name.startsWith('.dumpsieve-') || /^\..*\.dumpsieve-[0-9a-f]{12}$/.test(name);

const identityOf = ({ dev, ino, size, mtimeNs }: BigIntStats): string => [dev, ino, size, mtimeNs].join('-');

/** Stats of a regular file; undefined for what is none, or is gone. */
function statFile(path: string): BigIntStats | undefined {
  try {
    const stats = lstatSync(path, { bigint: true });
    return stats.isFile() ? stats : undefined;
  } catch {
    return undefined;
  }
}

/** Worst outcome of what was looked at in this run; undefined when nothing was. Rejects when the directory can't be read. */
export async function watchFolder(scanner: SpoolScanner, options: WatchOptions): Promise<Outcome | undefined> {
  const { folder, settleMs, pollMs, signal } = options;
  /** Since when a file looks as it does. */
  const seen = new Map<string, { readonly identity: string; readonly since: number }>();
  const done = new Map(Object.entries(options.state));
  const outcomes = new Set<Outcome>();
  let wake = (): void => undefined;
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort);

  /** What has stood still for long enough, and how long the next one still needs. */
  function look(): { ready: { name: string; stats: BigIntStats }[]; waiting: number } {
    const ready: { name: string; stats: BigIntStats }[] = [];
    let waiting = 0;
    const names = new Set(readdirSync(folder));
    for (const known of [...seen.keys()]) if (!names.has(known)) seen.delete(known);
    for (const known of [...done.keys()]) if (!names.has(known)) done.delete(known);
    for (const name of names) {
      if (isDraft(name)) continue;
      const stats = statFile(join(folder, name));
      if (!stats) continue;
      const identity = identityOf(stats);
      if (done.get(name)?.identity === identity) continue;
      const before = seen.get(name);
      if (before?.identity !== identity) seen.set(name, { identity, since: performance.now() });
      if (before?.identity === identity && performance.now() - before.since >= settleMs) ready.push({ name, stats });
      else waiting++;
    }
    return { ready, waiting };
  }

  async function scanFile(name: string, stats: BigIntStats): Promise<void> {
    const path = join(folder, name);
    const started = performance.now();
    const timer = options.maxTimeMs === undefined ? undefined : AbortSignal.timeout(options.maxTimeMs);
    const locator = {
      source: 'file',
      id: path,
      label: sanitizeLabel(path),
      size: Number(stats.size),
      version: fileVersion(stats),
    };
    const either = timer ? AbortSignal.any([signal, timer]) : signal;
    const result = await scanner.scanLocators([locator], { signal: either });
    if (signal.aborted) return;
    const now = statFile(path);
    // It went on growing, was replaced, or is gone: the next look decides.
    if (!now || identityOf(now) !== identityOf(stats)) {
      seen.delete(name);
      return;
    }
    const { findings } = await applySuppressions(result.findings, options.suppressions);
    const outcome = outcomeOf(decide(findings, result.gaps, options.policy), {
      timeout: timer?.aborted === true,
      incomplete: result.interrupted,
    });
    const event = {
      time: new Date().toISOString(),
      file: locator.label,
      size: locator.size,
      seconds: Math.round(performance.now() - started) / 1000,
      findings,
      gaps: result.gapCounts,
    };
    let notRedacted: NoCopy | undefined;
    if (outcome === 'findings' && options.redact) {
      const copy = await makeCopy(path, stats, either);
      if (signal.aborted || copy === 'changed') {
        seen.delete(name);
        return;
      }
      if (typeof copy === 'object') {
        settle(name, statFile(path) ?? stats, 'redacted');
        const movedTo = copy.keptAs === undefined ? {} : { movedTo: sanitizeLabel(copy.keptAs) };
        options.onEvent({ ...event, outcome: 'redacted', ...movedTo });
        return;
      }
      notRedacted = copy;
    }
    const told = { ...event, ...(notRedacted && { notRedacted }) };
    outcomes.add(outcome);
    if (outcome !== 'clean' && options.quarantine !== undefined) {
      try {
        const movedTo = sanitizeLabel(quarantine(path, options.quarantine));
        seen.delete(name);
        if (done.delete(name)) options.save(Object.fromEntries(done));
        options.onEvent({ ...told, outcome, movedTo });
      } catch (error) {
        // Seen anew, so that it is not tried in every round.
        seen.delete(name);
        options.onEvent({ ...told, outcome: 'error', error: errorCode(error) });
      }
      return;
    }
    settle(name, stats, outcome);
    options.onEvent({ ...told, outcome });
  }

  /** A file that stays is not looked at again until it changes. */
  function settle(name: string, stats: BigIntStats, outcome: Outcome): void {
    outcomes.add(outcome);
    seen.delete(name);
    done.set(name, { identity: identityOf(stats), outcome });
    options.save(Object.fromEntries(done));
  }

  /** Everything is as it was when there is none. */
  async function makeCopy(path: string, stats: BigIntStats, either: AbortSignal): ReturnType<typeof replaceByCopy> {
    const isSame = (): boolean => {
      const now = statFile(path);
      return now !== undefined && identityOf(now) === identityOf(stats);
    };
    const { quarantine: folderOfOriginals, policy } = options;
    try {
      return await replaceByCopy({
        path,
        stats,
        quarantine: folderOfOriginals,
        scan: { ...options.redact, signal: either },
        allowGaps: policy.allowGaps,
        known: policy.failOnKnown === true,
        isSame,
      });
    } catch {
      // The original can't be kept: moving it will say why.
      return 'no-room';
    }
  }

  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(folder, () => wake());
    // Polling goes on without it.
    watcher.on('error', () => watcher?.close());
  } catch {
    // No events on this file system.
  }
  try {
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const { ready, waiting } = look();
      for (const { name, stats } of ready) if (!signal.aborted) await scanFile(name, stats);
      if (options.once && ready.length === 0 && waiting === 0) break;
      if (ready.length > 0) continue;
      const timer = setTimeout(wake, waiting > 0 ? Math.min(settleMs, pollMs) : pollMs);
      await woken;
      clearTimeout(timer);
    }
  } finally {
    watcher?.close();
    signal.removeEventListener('abort', onAbort);
  }
  return (['findings', 'timeout', 'incomplete', 'redacted', 'clean'] as const).find((outcome) => outcomes.has(outcome));
}
