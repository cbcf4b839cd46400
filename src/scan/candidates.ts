/**
 * From hits to claims: gives each detector its view of a hit, and takes what its `parse` and `verify` make of it.
 * A detector that throws is a bug of ours: it becomes a gap, and the scan goes on.
 */

import type { Kernel } from '../kernel/kernel.ts';
import type { Plan, Target } from '../kernel/plan.ts';
import type { Claim, Detector, View } from '../model/detector.ts';
import type { Encoding, Span } from '../model/place.ts';
import { AssignedTargets, leadsToValue, nameBefore, runBegins } from './assignments.ts';
import type { Chunk } from './chunks.ts';
import { WIDTH, WideText } from './narrow.ts';

export interface CandidateEvents {
  /** `span` is in input offsets. */
  onClaim(claim: Claim, detector: Pick<Detector, 'id' | 'severity'>, span: Span, encoding: Encoding): void;
  onFailure(code: 'detector-failed' | 'over-budget', detector: Detector, span: Span): void;
}

export interface CandidateCounts {
  hits: number;
  candidates: number;
  claims: number;
}

/** Who gets the hits of an anchor. */
interface Route {
  readonly isHex: boolean;
  readonly own: readonly Target[];
  readonly assigned: { readonly encoding: Encoding; readonly targets: AssignedTargets } | undefined;
}

/** By anchor of a plan, each made at its first hit. All artifacts share them: an archive may have a million members. */
const routesOf = new WeakMap<Plan, (Route | undefined)[]>();

/** Turns the hits of one input, chunk after chunk, into claims. */
export class CandidateStage {
  readonly counts: CandidateCounts = { hits: 0, candidates: 0, claims: 0 };
  readonly #kernel: Kernel;
  readonly #detectors: readonly Detector[];
  readonly #events: CandidateEvents;
  readonly #maxVerifyMs: number;
  #verifyMs = 0;
  /** Per detector: end of the last claimed span, to skip further anchors of the same key (a PEM's END line). */
  readonly #claimedTo: Float64Array;
  /** Detectors with a failure reported already: one gap per task is enough. */
  readonly #failed = new Set<string>();
  readonly #routes: (Route | undefined)[];
  readonly #wideText: WideText;

  constructor(kernel: Kernel, detectors: readonly Detector[], maxVerifyMs: number, events: CandidateEvents) {
    this.#kernel = kernel;
    this.#detectors = detectors;
    this.#maxVerifyMs = maxVerifyMs;
    this.#events = events;
    this.#claimedTo = new Float64Array(detectors.length).fill(-1);
    this.#routes = routesOf.get(kernel.plan) ?? new Array(kernel.plan.anchors.length);
    routesOf.set(kernel.plan, this.#routes);
    this.#wideText = new WideText(kernel.window);
  }

  /** Handles one hit at index `at` of the window. */
  onHit(chunk: Chunk, anchor: number, at: number, length: number): void {
    this.counts.hits++;
    const { window } = this.#kernel;
    const { isHex, own, assigned } = (this.#routes[anchor] ??= this.#routeOf(anchor));
    for (const target of own) {
      const { begins } = target;
      if (begins && !runBegins(window, at, isHex, begins)) continue;
      this.#onTarget(chunk, target, at, length);
    }
    if (!assigned) return;
    const { encoding, targets } = assigned;
    // Many detectors ask for assignments: those for other names are told apart here, without a view for each.
    if (!leadsToValue(window, chunk.data, { start: at, end: at + length }, encoding)) return;
    const name = nameBefore(window, chunk.data.start, at, encoding);
    for (const target of targets.of(window, name)) this.#onTarget(chunk, target, at, length);
  }

  #routeOf(anchor: number): Route {
    const { targets, dense } = this.#kernel.plan.anchors[anchor]!;
    // Equal patterns may be of other widths: `00 6b 00` in bytes.
    const assigned = targets.filter((target) => target.assigned);
    const encoding = assigned[0]?.encoding;
    return {
      isHex: dense === 'hex-run',
      own: targets.filter((target) => !target.assigned),
      assigned: encoding && { encoding, targets: new AssignedTargets(assigned, encoding) },
    };
  }

  #onTarget(chunk: Chunk, target: Target, at: number, length: number): void {
    if (chunk.base + at < this.#claimedTo[target.detector]!) return;
    const detector = this.#detectors[target.detector];
    // Harvesters follow the detectors.
    if (!detector) return;
    const { encoding } = target;
    const width = WIDTH[encoding];
    const view = this.#view(chunk, detector, target, at, length / width);
    try {
      const candidate = detector.parse(view);
      if (candidate === undefined) return;
      // Asked late, since it follows the text far to both sides.
      if (encoding !== 'bytes' && this.#wideText.isShadow(chunk.data, at, encoding)) return;
      this.counts.candidates++;
      if (this.#verifyMs > this.#maxVerifyMs) {
        this.#fail('over-budget', detector, chunk.base + at, length);
        return;
      }
      const started = performance.now();
      const claims = detector.verify(candidate);
      this.#verifyMs += performance.now() - started;
      for (const claim of claims) {
        const origin = chunk.base + at - view.at * width;
        const span = { start: origin + claim.span.start * width, end: origin + claim.span.end * width };
        this.#claimedTo[target.detector] = Math.max(this.#claimedTo[target.detector]!, span.end);
        this.counts.claims++;
        this.#events.onClaim(claim, detector, span, encoding);
      }
    } catch {
      this.#fail('detector-failed', detector, chunk.base + at, length);
    } finally {
      if (width > 1) view.bytes.fill(0);
    }
  }

  /**
   * The same bytes around a hit wherever the chunks lie: exactly the declared reach, cut only where the data ends.
   */
  #view(chunk: Chunk, detector: Detector, { encoding, anchor }: Target, at: number, length: number): View {
    const { window } = this.#kernel;
    const { before, after } = detector.reach;
    if (encoding !== 'bytes') {
      const text = this.#wideText.narrow(chunk.data, at, encoding, before, after);
      return { bytes: text.bytes, at: text.at, anchor, length };
    }
    const start = Math.max(chunk.data.start, at - before);
    const end = Math.min(chunk.data.end, at + Math.max(after, length));
    return { bytes: window.subarray(start, end), at: at - start, anchor, length };
  }

  #fail(code: 'detector-failed' | 'over-budget', detector: Detector, at: number, length: number): void {
    const once = `${code} ${detector.id}`;
    if (this.#failed.has(once)) return;
    this.#failed.add(once);
    this.#events.onFailure(code, detector, { start: at, end: at + length });
  }
}
