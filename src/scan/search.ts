/** Searches one span of an input: chunks through the kernel, hits to candidates and leads. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HARVESTERS } from '../join/harvest.ts';
import type { OnHit } from '../kernel/kernel.ts';
import type { Input } from '../model/input.ts';
import type { Span } from '../model/place.ts';
import type { Stats } from '../model/task.ts';
import { CandidateStage } from './candidates.ts';
import { readChunks } from './chunks.ts';
import type { Context } from './context.ts';
import { HarvestStage } from './harvest.ts';
import type { LeadCollector } from './leads.ts';
import { type RuleEvents, RuleStage } from './rules.ts';
import { type Words, wordStartsIn } from './words.ts';

/** Stands for the detector of what `RedactionHooks.findParts` gives. */
const KNOWN_PARTS = { id: 'known-key-part', severity: 'critical' } as const;

export interface SearchEvents extends RuleEvents {
  /** Path of the file, for rules. */
  readonly path: string;
  /** Bytes done since the last call, after each chunk. */
  onBytes(bytes: number): void;
  /** Once, when the search ends or throws. */
  onStats(stats: Stats): void;
}

export interface SearchEnd {
  /** Offset that was reached, less than the end of the span when the input is shorter or the search was aborted. */
  readonly reached: number;
  readonly aborted: boolean;
}

/** Throws SourceError. */
export async function searchSpan(
  context: Context,
  input: Input,
  span: Span,
  leads: LeadCollector,
  { phases, shifts }: Words,
  events: SearchEvents,
): Promise<SearchEnd> {
  const { kernel, detectors, rules, options, signal } = context;
  const stage = new CandidateStage(kernel, detectors, options.maxVerifyMs, events);
  // Without rules, not even a loop for each hit.
  const ruleStage =
    rules.length === 0 ? undefined : new RuleStage(kernel, rules, detectors.length, events.path, stage.counts, events);
  const harvest = new HarvestStage(kernel, HARVESTERS, detectors.length + rules.length, leads);
  let reached = span.start;
  let zeroBytes = 0;
  try {
    for await (const chunk of readChunks(input, span, kernel)) {
      const onHit: OnHit = (anchor, at, length) => {
        stage.onHit(chunk, anchor, at, length);
        ruleStage?.onHit(anchor, at);
        harvest.onHit(chunk, anchor, at, length);
        const { dense } = kernel.plan.anchors[anchor]!;
        if (dense) leads.onRun(dense, kernel.window, chunk, at, length);
      };
      const parts = context.redaction?.findParts?.(kernel.window, chunk.own, chunk.data) ?? [];
      for (const { claim, span: at, encoding } of parts) {
        const place = { start: chunk.base + at.start, end: chunk.base + at.end };
        events.onClaim(claim, KNOWN_PARTS, place, encoding);
      }
      const { base, own } = chunk;
      const starts = wordStartsIn(shifts, { start: base + own.start, end: base + own.end }).map((at) => at - base);
      zeroBytes += kernel.search(own.start, own.end, chunk.data.end, onHit, phases, starts).zeroBytes;
      ruleStage?.onChunk(chunk);
      reached = chunk.base + chunk.own.end;
      events.onBytes(chunk.own.end - chunk.own.start);
      if (reached >= span.end) continue;
      // An abort is noticed, progress is drawn, and decoders in other threads get their next bytes.
      await nextTurn();
      if (signal.aborted) return { reached, aborted: true };
    }
    return { reached, aborted: false };
  } finally {
    events.onStats({ bytes: reached - span.start, zeroBytes, ...stage.counts });
  }
}
