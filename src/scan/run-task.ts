/** Runs one task to its result. Never throws: what goes wrong is a gap. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Join, JoinClaim, LeadWindow } from '../join/join.ts';
import { kindsToRead } from '../join/text-keys.ts';
import { type Turn, turnWords, type WordBytes, wholeWords } from '../join/turned-words.ts';
import type { Claim, Detector } from '../model/detector.ts';
import { SourceError } from '../model/errors.ts';
import type { Finding, Gap } from '../model/finding.ts';
import type { Layout } from '../model/format.ts';
import type { Input } from '../model/input.ts';
import { MAX_HELD_OUTLINES, MAX_OUTLINES, type Outline } from '../model/outline.ts';
import { type PackedLeads, unpackLeads } from '../model/packed-leads.ts';
import type { Encoding, Span, Step } from '../model/place.ts';
import { addStats, type JoinTask, type Lead, NO_STATS, type Stats, type Task, type TaskResult } from '../model/task.ts';
import type { Context } from './context.ts';
import { LEAD_BUDGET, readLeads, wipeWindows } from './lead-windows.ts';
import { createOutline } from './outline.ts';
import { createPlacer, type Placer } from './place.ts';
import { Quota } from './quota.ts';
import { reopenArtifact, scanArtifact } from './scan-artifact.ts';
import { seal } from './seal.ts';

/**
 * CPU time of this thread in ms, so that a busy machine does not end a join sooner; before Node 23.9, which can tell it, time
 * on the clock.
 */
function threadMs(): number {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage };
  const usage = threadCpuUsage?.();
  return usage ? (usage.user + usage.system) / 1000 : performance.now();
}

/** Milliseconds of a join between two turns of the event loop, where an abort is noticed and progress is drawn. */
const JOIN_TURN_MS = 50;

export async function runTask(task: Task, context: Context): Promise<TaskResult> {
  const run = new TaskRun(task, context);
  let input: Input | undefined;
  try {
    input = await context.open(task.locator);
    if (task.kind === 'scan') {
      const { range } = task;
      const artifact = { input, depth: 0, range, isReopened: !input.sequential, locator: task.locator };
      await scanArtifact(run, artifact, { context, quota: new Quota(context) });
    } else {
      await run.join(task, await reopenArtifact(run, task, input, context));
    }
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

/** Gaps of one task: an archive of a million encrypted members is known well enough by then. */
const MAX_GAPS = 10_000;

interface Outcome {
  /** In the order in which artifacts were opened; an artifact that is still being opened has none yet. */
  readonly outlines: (Outline | undefined)[];
  outlinesOmitted: number;
  readonly findings: Finding[];
  readonly gaps: Gap[];
  leads: PackedLeads;
  stats: Stats;
}

const keyOf = ({ input, trail }: Pick<Outline, 'input' | 'trail'>): string => JSON.stringify([input, trail ?? []]);

/** What one task has found so far in one artifact and its members: kept when a read fails half way. */
export class TaskRun {
  /** Set when the layout is known. */
  placer: Placer = createPlacer(undefined);
  /** Of these the memory of big-endian machines is made. */
  turnedWords: readonly Turn[] = [];
  /** Leads whose words were turned round, and how wide those are. */
  readonly #turnedBy = new WeakMap<Lead, WordBytes>();
  /** Offset in the artifact of what is searched as offset 0. */
  origin = 0;
  readonly #task: Task;
  readonly #context: Context;
  readonly #outcome: Outcome;
  readonly #isMember: boolean;
  #countsOutside = false;
  #outlineAt: number | undefined;

  constructor(task: Task, context: Context, parent?: TaskRun) {
    this.#task = task;
    this.#context = context;
    this.#isMember = parent !== undefined;
    this.#outcome = parent
      ? parent.#outcome
      : { outlines: [], outlinesOmitted: 0, findings: [], gaps: [], leads: [], stats: NO_STATS };
  }

  result(): TaskResult {
    const { outlines, findings, gaps } = this.#outcome;
    const marked = new Set([...findings.flatMap(({ places }) => places), ...gaps].map(keyOf));
    let others = 0;
    const known = outlines.filter((outline) => outline !== undefined);
    const kept = known.filter((outline) => marked.has(keyOf(outline)) || ++others <= MAX_OUTLINES);
    const outlinesOmitted = this.#outcome.outlinesOmitted + known.length - kept.length;
    return {
      id: this.#task.id,
      ...this.#outcome,
      outlines: kept,
      ...(outlinesOmitted > 0 && { outlinesOmitted }),
      rest: [],
    };
  }

  set leads(leads: PackedLeads) {
    this.#outcome.leads = leads;
  }

  /** Path of the artifact, members behind `!`, as gitleaks writes it. */
  get path(): string {
    const { locator, trail } = this.#task;
    return [locator.label, ...trail.map(({ member }) => member)].join('!');
  }

  gap(code: Gap['code'], more: Partial<Gap> = {}): void {
    const { locator, trail } = this.#task;
    const { gaps } = this.#outcome;
    if (gaps.length > MAX_GAPS) return;
    if (gaps.length === MAX_GAPS) gaps.push({ code: 'over-budget', input: locator.label, detail: 'gaps' });
    else gaps.push({ code, input: locator.label, ...(trail.length > 0 && { trail }), ...more });
  }

  /** Before its members are opened, of which there may be a million: keeps a place for the container's own outline. */
  reserveOutline(): void {
    const { outlines } = this.#outcome;
    if (outlines.length >= MAX_HELD_OUTLINES) this.#outcome.outlinesOmitted++;
    else this.#outlineAt = outlines.push(undefined) - 1;
  }

  /** Says what this artifact is. */
  outline(layout: Layout | undefined, size: number, format: string | undefined): void {
    if (this.#outlineAt === undefined) return;
    const { locator, trail } = this.#task;
    const where = { input: locator.label, ...(trail.length > 0 && { trail }) };
    this.#outcome.outlines[this.#outlineAt] = createOutline(where, layout, size, format);
  }

  addStats(stats: Stats): void {
    this.#outcome.stats = addStats(this.#outcome.stats, stats);
  }

  /** Tells whoever redacts where things are. */
  tellLayout(layout: Layout | undefined): void {
    if (layout) this.#context.redaction?.onLayout(this.#task.trail, layout);
  }

  /** Progress of a search: only bytes of the input itself count, not those of members. */
  onBytes(bytes: number): void {
    this.#context.onProgress(this.#isMember || this.#countsOutside ? 0 : bytes);
  }

  /** From here on the bytes that are read of `input` count, up to its size, and not those that are searched. */
  countReads(input: Input): Input {
    if (this.#isMember) return input;
    this.#countsOutside = true;
    let left = input.size;
    const count = (read: number): number => {
      const counted = Math.min(read, left);
      left -= counted;
      if (counted > 0) this.#context.onProgress(counted);
      return read;
    };
    return {
      size: input.size,
      ...(input.sequential && { sequential: true }),
      read: (into, at) => {
        const read = input.read(into, at);
        return typeof read === 'number' ? count(read) : read.then(count);
      },
      close: () => input.close(),
    };
  }

  /** A member of this artifact: what it finds is of the same task, and its trail is one step longer. */
  member(step: Step): TaskRun {
    return new TaskRun({ ...this.#task, trail: [...this.#task.trail, step] }, this.#context, this);
  }

  /** Joins leads of a member, which nobody can open again later. */
  async joinMember(leads: PackedLeads, isThinned: boolean, input: Input): Promise<void> {
    if (leads.length > 0) await this.join({ ...this.#task, kind: 'join', leads, isThinned }, input);
  }

  /** Re-reads the bytes of each lead, and joins them. */
  async join(task: JoinTask, input: Input): Promise<void> {
    const { joins, onProgress } = this.#context;
    const mine = task.share === undefined ? joins.flat() : (joins[task.share] ?? []);
    const all = unpackLeads(task.leads);
    const kinds = new Set(mine.flatMap((join) => kindsToRead(join, all)));
    const leads = all.filter(({ kind }) => kinds.has(kind));
    const onRead = async (): Promise<void> => {
      onProgress(0);
      await nextTurn();
    };
    const copies = 1 + this.turnedWords.filter((words) => words !== 'array').length;
    const budget = { windows: LEAD_BUDGET.windows / copies, bytes: LEAD_BUDGET.bytes / copies };
    const { windows, overBudget } = await readLeads(leads, input, onRead, budget);
    if (overBudget) this.gap('over-budget', { detail: 'leads' });
    try {
      await this.#runJoins(mine, windows, overBudget || task.isThinned === true);
    } finally {
      wipeWindows(windows);
    }
  }

  /** Joins what was held of a stream. */
  async joinHeld(windows: readonly LeadWindow[], isThinned: boolean): Promise<void> {
    await this.#runJoins(this.#context.joins.flat(), windows, isThinned);
  }

  async #runJoins(joins: readonly Join[], windows: readonly LeadWindow[], isThinned: boolean): Promise<void> {
    const turned = this.turnedWords.flatMap((turn) => turnWords(windows, turn));
    for (const { lead, wordBytes } of turned) this.#turnedBy.set(lead, wordBytes);
    const all = turned.length > 0 ? [...windows, ...turned].sort((a, b) => a.lead.start - b.lead.start) : windows;
    try {
      for (const join of joins) {
        const mine = all.filter(({ lead }) => join.kinds.includes(lead.kind));
        if (mine.length === 0) continue;
        try {
          if (!(await this.#runJoin(join, mine, isThinned))) return;
        } catch {
          this.gap('detector-failed', { detector: join.id });
        }
      }
    } finally {
      wipeWindows(turned);
    }
  }

  #sealStep({ claim, lead }: JoinClaim, join: Join): void {
    const wordBytes = this.#turnedBy.get(lead);
    this.seal(claim, join, wordBytes ? wholeWords(claim.span, lead, wordBytes) : claim.span, lead.encoding);
  }

  /** Whether to go on with the next one. */
  async #runJoin(join: Join, windows: readonly LeadWindow[], isThinned: boolean): Promise<boolean> {
    const { options, signal, onProgress } = this.#context;
    const started = threadMs();
    let turned = performance.now();
    let isLate = false;
    const result = join.join(windows, isThinned);
    for (const step of result.claims) {
      if (step) this.#sealStep(step, join);
      onProgress(0);
      const now = performance.now();
      if (now - turned > JOIN_TURN_MS) {
        await nextTurn();
        turned = now;
      }
      if (signal.aborted) {
        this.gap('interrupted', { detector: join.id });
        return false;
      }
      isLate = threadMs() - started > options.maxJoinMs;
      if (isLate) break;
    }
    if (isLate) this.gap('over-budget', { detector: join.id, detail: 'time' });
    else if (result.overBudget) this.gap('over-budget', { detector: join.id });
    return true;
  }

  /** Seals a claim at `span` (in offsets of the artifact, or virtual ones). */
  seal(claim: Claim, by: Pick<Detector, 'id' | 'severity'>, span: Span, encoding: Encoding): void {
    const { locator, trail } = this.#task;
    const located = this.placer.locate({ start: span.start + this.origin, end: span.end + this.origin });
    if (!located) {
      claim.secret.fill(0);
      return;
    }
    const place = { ...located, input: locator.label, encoding, ...(trail.length > 0 && { trail }) };
    const { inventory, options, redaction } = this.#context;
    const secret = redaction && claim.secret.slice();
    const finding = seal(claim, by, place, options.fingerprintKey, inventory, options.knownKeys);
    if (secret) redaction.onSecret(finding, secret, claim.publicKey);
    this.#outcome.findings.push(finding);
  }
}
