/**
 * The worklist of the main thread. Listed inputs become tasks, large files several; results bring more tasks (`rest`)
 * and leads, which become joins. The listing is pulled one input ahead of the threads, so memory is bounded by
 * findings and gaps, not by the number of files.
 */
import { createArtifacts } from './artifacts.ts';
import { createGapLog } from './gap-log.ts';
import { createMerger } from './merge.ts';
import type { Finding, Gap } from './model/finding.ts';
import { countLeads } from './model/packed-leads.ts';
import type { Locator } from './model/place.ts';
import type { ScanResult, TaskRunner } from './model/result.ts';
import { addStats, JOIN_SHARES, type JoinTask, NO_STATS, type ScanTask, type TaskResult } from './model/task.ts';
import { createOutlines } from './outlines.ts';
import { gapOf } from './pool/failed-task.ts';

const MIB = 1024 * 1024;
/** Files above this are scanned in ranges, so that a few large files keep all threads busy. */
export const WHOLE_BYTES = 128 * MIB;
/** A multiple of 1 MiB: reads stay aligned to pages and chunks. */
export const RANGE_BYTES = 64 * MIB;

/** Sees things as they happen: progress, streaming reports. */
export interface RunObserver {
  onInput?(locator: Locator): void;
  /** One sighting, as a worker reports it; the same key may come again, and be merged in the end. */
  onFinding?(finding: Finding): void;
  /** Each gap that the result lists, once. */
  onGap?(gap: Gap): void;
}

/** A task that has no number yet. */
type Work = Omit<ScanTask, 'id'> | Omit<JoinTask, 'id'>;

/** The scan tasks of one input: one, or ranges that partition it. */
function planInput(locator: Locator): Omit<ScanTask, 'id'>[] {
  const { size } = locator;
  const scan = { kind: 'scan', locator, trail: [] } as const;
  // A stream has one end only, even when its size is known.
  if (locator.source === 'stdin' || size === undefined || size <= WHOLE_BYTES) return [scan];
  return Array.from({ length: Math.ceil(size / RANGE_BYTES) }, (_, i) => ({
    ...scan,
    range: { start: i * RANGE_BYTES, end: Math.min((i + 1) * RANGE_BYTES, size) },
  }));
}

/** Fewer leads are joined faster than two threads can read them twice. */
export const SHARED_LEADS = 1000;

/** The join tasks of one artifact: one, or one for each share of the joins. */
function planJoins(join: Omit<JoinTask, 'id'>): Omit<JoinTask, 'id'>[] {
  if (countLeads(join.leads) < SHARED_LEADS) return [join];
  return Array.from({ length: JOIN_SHARES }, (_, share) => ({ ...join, share }));
}

/** What was never started, as gaps; neighbouring ranges of one input become one. */
function* leftOver(queue: readonly Work[]): Generator<Gap> {
  let last: Gap | undefined;
  for (const work of queue) {
    const gap = gapOf('interrupted', work);
    const { span } = gap;
    if (span && last?.span?.end === span.start && last.input === gap.input && last.trail === gap.trail) {
      last = { ...last, span: { start: last.span.start, end: span.end } };
    } else {
      if (last) yield last;
      last = gap;
    }
  }
  if (last) yield last;
}

/**
 * Scans everything that `listing` gives. Rejects only with what `listing` throws. When `signal` aborts, nothing new is
 * started, tasks in flight end as their runner decides, and what is left becomes gaps `interrupted`.
 */
export async function run(
  listing: AsyncIterable<Locator | Gap>,
  runner: TaskRunner,
  signal: AbortSignal,
  observer: RunObserver = {},
): Promise<ScanResult> {
  const started = new Date();
  const merger = createMerger();
  const log = createGapLog(observer.onGap?.bind(observer));
  const artifacts = createArtifacts();
  const outlines = createOutlines();
  const items = listing[Symbol.asyncIterator]();
  const queue: Work[] = [];
  let stats = NO_STATS;
  let inputs = 0;
  let lastId = 0;
  let inFlight = 0;
  let listed = false;
  let isPulling = false;
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => undefined;

  function enqueue(work: Work): void {
    if (work.kind === 'scan') artifacts.open(work);
    queue.push(work);
  }

  function accept(item: Locator | Gap): void {
    if ('code' in item) {
      log.add(item);
      return;
    }
    inputs++;
    outlines.addInput(item);
    observer.onInput?.(item);
    for (const work of planInput(item)) enqueue(work);
  }

  function finish(work: Work, result: TaskResult): void {
    stats = addStats(stats, result.stats);
    for (const finding of result.findings) {
      merger.add(finding);
      observer.onFinding?.(finding);
    }
    for (const gap of result.gaps) log.add(gap);
    for (const outline of result.outlines ?? []) outlines.add(outline);
    outlines.omit(result.outlinesOmitted ?? 0);
    for (const rest of result.rest) enqueue(rest);
    if (work.kind === 'join') return;
    const isThinned = result.gaps.some(({ code, detail }) => code === 'over-budget' && detail === 'leads');
    const { join, full } = artifacts.close(work, result.leads, isThinned);
    if (full) log.add(gapOf('over-budget', { locator: work.locator, trail: work.trail }, 'leads'));
    if (join) for (const part of planJoins(join)) enqueue(part);
  }

  /** Whatever goes wrong in here is our bug: it ends the run, and must not be lost in a promise. */
  async function attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      failure ??= { error };
    }
    wake();
  }

  function start(work: Work): Promise<void> {
    inFlight++;
    return attempt(async () => {
      const result = await runner.run({ ...work, id: ++lastId }, signal);
      inFlight--;
      finish(work, result);
    });
  }

  /** Takes in the next listed item. */
  function pull(): Promise<void> {
    isPulling = true;
    return attempt(async () => {
      const { done, value } = await items.next();
      isPulling = false;
      if (done) listed = true;
      else accept(value);
    });
  }

  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  while (!failure) {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (!signal.aborted) {
      while (queue.length > 0 && inFlight < runner.concurrency) void start(queue.shift()!);
      // One input ahead of the threads.
      if (!listed && !isPulling && queue.length === 0) void pull();
    }
    if (inFlight === 0 && (signal.aborted || (listed && queue.length === 0))) break;
    await woken;
  }
  signal.removeEventListener('abort', onAbort);
  if (failure) throw failure.error;

  for (const gap of leftOver(queue)) log.add(gap);
  const interrupted = signal.aborted && (!listed || queue.length > 0 || (log.counts.interrupted ?? 0) > 0);
  if (interrupted && !listed) {
    log.add({ code: 'interrupted', input: '(inputs not listed yet)' });
    // Not awaited: a listing that hangs must not keep the report.
    void items.return?.().catch(() => undefined);
  }
  const findings = merger.findings();
  const gaps = log.gaps();
  return {
    findings,
    ...outlines.kept([...findings.flatMap(({ places }) => places), ...gaps]),
    gaps,
    gapCounts: log.counts,
    stats,
    inputs,
    startedAt: started.toISOString(),
    durationMs: Date.now() - started.getTime(),
    interrupted,
  };
}
