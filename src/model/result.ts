/** What a whole scan comes to, and who runs its tasks. */
import type { Finding, Gap, GapCode } from './finding.ts';
import type { Outline } from './outline.ts';
import type { Stats, Task, TaskResult } from './task.ts';

/** Gaps listed one by one for each code; beyond that they are only counted, so that a result stays bounded. */
export const MAX_LISTED_GAPS = 1000;

export type ScanResult = {
  /** One entry per key, loudest first. */
  readonly findings: readonly Finding[];
  /** At most `MAX_LISTED_GAPS` of each code. */
  readonly gaps: readonly Gap[];
  /** All gaps, counted. */
  readonly gapCounts: { readonly [code in GapCode]?: number };
  readonly stats: Stats;
  /** Inputs that were listed (a file scanned in ranges counts once). */
  readonly inputs: number;
  /** Of at most `MAX_OUTLINES` inputs, and of all with findings or gaps. */
  readonly outlines: readonly Outline[];
  /** Inputs and members that were searched and have no outline in this result. */
  readonly outlinesOmitted: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The scan was aborted; what is left is among the gaps. */
  readonly interrupted: boolean;
};

/** What a policy makes of a result. */
export type Decision = {
  readonly open: boolean;
  /** Stable words: scripts compare them. */
  readonly verdict: 'clean' | 'findings' | 'incomplete';
  readonly exitCode: 0 | 1 | 3;
  /** Number of findings that close the gate. */
  readonly failing: number;
  /** These findings. */
  readonly failed: readonly Finding[];
  /** Codes of the gaps that close the gate, each once. */
  readonly gapCodes: readonly GapCode[];
};

/** Runs tasks: in this thread, or in worker threads. */
export interface TaskRunner {
  /** Tasks worth having in flight at once: enough to keep every thread busy. Give it no more than that. */
  readonly concurrency: number;
  /**
   * Never rejects: what goes wrong is a gap in the result. `signal` ends this task alone, for runners that serve several
   * scans at once.
   */
  run(task: Task, signal?: AbortSignal): Promise<TaskResult>;
  /** Ends the threads. Call it when no task is in flight. */
  close(): Promise<void>;
}
