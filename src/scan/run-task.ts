/** Runs one task to its result. Never throws: what goes wrong is a gap. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HARVESTERS } from '../join/harvest.ts';
import { AROUND_BYTES, createWindow, type LeadWindow } from '../join/join.ts';
import type { OnHit } from '../kernel/kernel.ts';
import type { NumberPhases } from '../kernel/numbers.ts';
import type { Claim, Detector } from '../model/detector.ts';
import { SourceError } from '../model/errors.ts';
import type { Finding, Gap } from '../model/finding.ts';
import type { Input } from '../model/input.ts';
import { type PackedLeads, unpackLeads } from '../model/packed-leads.ts';
import type { Encoding, Region, Span } from '../model/place.ts';
import { type JoinTask, NO_STATS, type ScanTask, type Stats, type Task, type TaskResult } from '../model/task.ts';
import { CandidateStage } from './candidates.ts';
import { type Chunk, readChunks } from './chunks.ts';
import type { Context } from './context.ts';
import { HarvestStage } from './harvest.ts';
import { LeadCollector } from './leads.ts';
import { numberPhasesOf, PHASES_BYTES } from './number-phases.ts';
import { listRegions } from './regions.ts';
import { seal } from './seal.ts';
import { MAGIC_BYTES, recogniseContainer } from './unwrap.ts';

/** Chunks between two turns of the event loop, where an abort is noticed and progress is drawn. */
const CHUNKS_PER_TURN = 8;
/** The same for leads that a join re-reads. */
const LEADS_PER_TURN = 4096;

export async function runTask(task: Task, context: Context): Promise<TaskResult> {
  const run = new TaskRun(task, context);
  let input: Input | undefined;
  try {
    input = await context.open(task.locator);
    if (task.kind === 'scan') await run.scan(task, input);
    else await run.join(task, input);
    const changed = await input.check?.();
    if (changed) run.gap(changed);
  } catch (error) {
    // Anything but a SourceError is our bug; its message may quote input, so only the code leaves.
    if (error instanceof SourceError) run.gap(error.code, { detail: error.detail });
    else run.gap('detector-failed', { detail: 'engine' });
  } finally {
    context.kernel.wipe();
    await input?.close().catch(() => undefined);
  }
  return run.result();
}

/** What one task has found so far: kept when a read fails half way. */
class TaskRun {
  readonly #task: Task;
  readonly #context: Context;
  readonly #findings: Finding[] = [];
  readonly #gaps: Gap[] = [];
  #leads: PackedLeads = [];
  #stats: Stats = NO_STATS;

  constructor(task: Task, context: Context) {
    this.#task = task;
    this.#context = context;
  }

  result(): TaskResult {
    return {
      id: this.#task.id,
      findings: this.#findings,
      gaps: this.#gaps,
      leads: this.#leads,
      rest: [],
      stats: this.#stats,
    };
  }

  gap(code: Gap['code'], more: Partial<Gap> = {}): void {
    const { locator, trail } = this.#task;
    this.#gaps.push({ code, input: locator.label, ...(trail.length > 0 && { trail }), ...more });
  }

  async scan(task: ScanTask, input: Input): Promise<void> {
    const { options } = this.#context;
    const leads = new LeadCollector(options.maxLeads, { hold: input.sequential === true });
    try {
      for (const region of listRegions(input, task.range)) await this.#scanRegion(region, input, leads);
      if (leads.overflowed) this.gap('over-budget', { detail: 'leads' });
      // A stream can't be read again: the bytes of its leads were held, and are joined here and now.
      if (input.sequential) this.#join(leads.held);
      else this.#leads = leads.leads;
    } finally {
      leads.wipe();
    }
  }

  async #scanRegion(region: Region, input: Input, leads: LeadCollector): Promise<void> {
    const { kernel, detectors, options, signal, onProgress } = this.#context;
    const stage = new CandidateStage(kernel, detectors, options.maxVerifyMs, {
      onClaim: (claim, detector, span, encoding) => this.#seal(claim, detector, span, encoding),
      onFailure: (code, detector, span) => this.gap(code, { detector: detector.id, span }),
    });
    const harvest = new HarvestStage(kernel, HARVESTERS, detectors.length, leads);
    let reached = region.start;
    let zeroBytes = 0;
    let turns = 0;
    let phases: NumberPhases = 1;
    if (region.start > 0) {
      const head = new Uint8Array(PHASES_BYTES);
      phases = numberPhasesOf(head.subarray(0, await input.read(head, 0)));
    }
    try {
      for await (const chunk of readChunks(input, region, kernel)) {
        if (chunk.base + chunk.data.start === 0) {
          this.#recognise(kernel.window, chunk);
          phases = numberPhasesOf(kernel.window.subarray(chunk.data.start, chunk.data.end));
        }
        const onHit: OnHit = (anchor, at, length) => {
          stage.onHit(chunk, anchor, at, length);
          harvest.onHit(chunk, anchor, at, length);
          const { dense } = kernel.plan.anchors[anchor]!;
          if (dense) leads.onRun(dense, kernel.window, chunk, at, length);
        };
        zeroBytes += kernel.search(chunk.own.start, chunk.own.end, chunk.data.end, onHit, phases).zeroBytes;
        reached = chunk.base + chunk.own.end;
        onProgress(chunk.own.end - chunk.own.start);
        if (++turns % CHUNKS_PER_TURN === 0) await nextTurn();
        if (signal.aborted && reached < region.end) {
          this.gap('interrupted', { span: { start: reached, end: region.end } });
          return;
        }
      }
      if (reached < region.end && !input.sequential)
        this.gap('truncated', { span: { start: reached, end: region.end } });
    } finally {
      this.#stats = {
        bytes: this.#stats.bytes + reached - region.start,
        zeroBytes: this.#stats.zeroBytes + zeroBytes,
        hits: this.#stats.hits + stage.counts.hits,
        candidates: this.#stats.candidates + stage.counts.candidates,
        claims: this.#stats.claims + stage.counts.claims,
      };
    }
  }

  /** Re-reads the bytes of each lead, and joins them. */
  async join(task: JoinTask, input: Input): Promise<void> {
    const windows: LeadWindow[] = [];
    try {
      for (const lead of unpackLeads(task.leads)) {
        const from = Math.max(0, lead.start - AROUND_BYTES);
        const around = new Uint8Array(lead.end + AROUND_BYTES - from);
        const read = await input.read(around, from);
        windows.push(createWindow(lead, around.subarray(0, read), lead.start - from));
        if (read < lead.end - from) throw new SourceError('truncated', 'join');
        if (windows.length % LEADS_PER_TURN === 0) {
          this.#context.onProgress(0);
          await nextTurn();
        }
      }
      this.#join(windows);
    } finally {
      for (const { around } of windows) around.fill(0);
    }
  }

  #join(windows: readonly LeadWindow[]): void {
    for (const join of this.#context.joins) {
      const mine = windows.filter(({ lead }) => join.kinds.includes(lead.kind));
      if (mine.length === 0) continue;
      const { claims, overBudget } = join.join(mine);
      for (const { claim, lead } of claims) this.#seal(claim, join, claim.span, lead.encoding);
      if (overBudget) this.gap('over-budget', { detector: join.id });
    }
  }

  #recognise(window: Uint8Array, { data }: Chunk): void {
    const container = recogniseContainer(window.subarray(data.start, Math.min(data.end, data.start + MAGIC_BYTES)));
    if (container) this.gap(container.code, { detail: container.detail });
  }

  #seal(claim: Claim, by: Pick<Detector, 'id' | 'severity'>, span: Span, encoding: Encoding): void {
    const { locator, trail } = this.#task;
    const place = { ...span, input: locator.label, encoding, ...(trail.length > 0 && { trail }) };
    const { inventory, options } = this.#context;
    this.#findings.push(seal(claim, by, place, options.fingerprintKey, inventory));
  }
}
