/**
 * From hits to what rules find. The hits of a chunk are collected; then each rule searches the text around its hits,
 * hits that share a text together, so that each text is searched once for each rule however many keywords it holds.
 */
import type { Kernel } from '../kernel/kernel.ts';
import type { Sought } from '../kernel/plan.ts';
import type { Claim } from '../model/detector.ts';
import type { Encoding, Span } from '../model/place.ts';
import type { PreparedRule } from '../model/rule.ts';
import { knownValue } from '../proof/known-values.ts';
import type { RuleSearch } from '../rules/rule-search.ts';
import type { CandidateCounts, CandidateEvents } from './candidates.ts';
import type { Chunk } from './chunks.ts';
import { WideText } from './narrow.ts';
import { textEnd, textStart } from './text-extent.ts';

/** How a text is stored; wide ones at even and at odd indexes are apart. */
const LANES = [
  { encoding: 'bytes', width: 1 },
  { encoding: 'utf-16le', width: 2 },
  { encoding: 'utf-16le', width: 2 },
  { encoding: 'utf-16be', width: 2 },
  { encoding: 'utf-16be', width: 2 },
] as const;
/** Longest character in UTF-8: so much is looked at behind a window, for `$` and `\b`. */
const MAX_CHARACTER = 4;

/** What the kernel must know of a rule. */
export function soughtBy({ id, anchors, windowChars }: PreparedRule): Sought {
  const after = windowChars + MAX_CHARACTER;
  return {
    id,
    anchors: anchors.map(({ text, ignoreCase }) => ({ text, ignoreCase, wide: 'utf-16' })),
    reach: { before: windowChars, after },
  };
}

function laneOf(encoding: Encoding, at: number): number {
  if (encoding === 'bytes') return 0;
  return (encoding === 'utf-16le' ? 1 : 3) + (at & 1);
}

export interface RuleEvents extends Pick<CandidateEvents, 'onClaim'> {
  onFailure(code: 'detector-failed' | 'over-budget', rule: { readonly id: string }, span: Span): void;
}

export class RuleStage {
  readonly #kernel: Kernel;
  readonly #rules: readonly RuleSearch[];
  readonly #first: number;
  readonly #path: Uint8Array;
  readonly #events: RuleEvents;
  readonly #counts: CandidateCounts;
  /** Indexes of the window, by rule and lane. */
  readonly #hits = new Map<number, number[]>();
  /** By rule: whether it looks at this file. */
  readonly #taken = new Map<number, boolean>();
  /** By rule and lane: offset where the last match ended. */
  readonly #doneTo = new Map<number, number>();
  readonly #failed = new Set<string>();
  readonly #wideText: WideText;

  /**
   * @param first index in the plan of the first rule
   * @param path of the file, for the rules' paths
   */
  constructor(
    kernel: Kernel,
    rules: readonly RuleSearch[],
    first: number,
    path: string,
    counts: CandidateCounts,
    events: RuleEvents,
  ) {
    this.#kernel = kernel;
    this.#wideText = new WideText(kernel.window);
    this.#rules = rules;
    this.#first = first;
    this.#path = new TextEncoder().encode(path);
    this.#counts = counts;
    this.#events = events;
  }

  /** Takes note of a hit at index `at` of the window. */
  onHit(anchor: number, at: number): void {
    for (const target of this.#kernel.plan.anchors[anchor]!.targets) {
      const index = target.detector - this.#first;
      if (index < 0 || index >= this.#rules.length) continue;
      const key = index * LANES.length + laneOf(target.encoding, at);
      const hits = this.#hits.get(key);
      if (hits) hits.push(at);
      else this.#hits.set(key, [at]);
    }
  }

  /** Searches around the hits of a chunk. */
  onChunk(chunk: Chunk): void {
    for (const [key, hits] of this.#hits) {
      const index = Math.floor(key / LANES.length);
      let isTaken = this.#taken.get(index);
      if (isTaken === undefined) {
        isTaken = this.#rules[index]!.takesFile(this.#path);
        this.#taken.set(index, isTaken);
      }
      if (!isTaken) continue;
      for (const window of this.#windows(
        chunk,
        key,
        hits.sort((a, b) => a - b),
      ))
        this.#search(chunk, key, window);
    }
    this.#hits.clear();
  }

  /** The texts around sorted hits: apart, each at most as far from a hit as the rule looks. */
  *#windows({ data }: Chunk, key: number, hits: readonly number[]): Generator<Span> {
    const { window } = this.#kernel;
    const { encoding, width } = LANES[key % LANES.length]!;
    const far = this.#rules[Math.floor(key / LANES.length)]!.rule.windowChars * width;
    let open: Span | undefined;
    for (const at of hits) {
      const ceiling = Math.min(data.end, at + far);
      if (open && at < open.end) {
        open = { start: open.start, end: textEnd(window, open.end, ceiling, encoding) };
        continue;
      }
      const floor = Math.max(data.start, at - far, open?.end ?? 0);
      const start = textStart(window, at, floor, encoding);
      const end = textEnd(window, at, ceiling, encoding);
      if (open && start === open.end) open = { start: open.start, end };
      else {
        if (open) yield open;
        open = { start, end };
      }
    }
    if (open) yield open;
  }

  #search(chunk: Chunk, key: number, { start, end }: Span): void {
    const { window } = this.#kernel;
    const { encoding, width } = LANES[key % LANES.length]!;
    const search = this.#rules[Math.floor(key / LANES.length)]!;
    this.#counts.candidates++;
    // A little of the text before and behind, where it was cut.
    const outer = {
      start: textStart(window, start, Math.max(chunk.data.start, start - width), encoding),
      end: textEnd(window, end, Math.min(chunk.data.end, end + MAX_CHARACTER * width), encoding),
    };
    const isWide = encoding !== 'bytes';
    const bytes = isWide ? narrow(window, outer, encoding) : window;
    const origin = isWide ? outer.start : 0;
    const inner = { start: (start - origin) / width, end: (end - origin) / width };
    const text = isWide ? { start: 0, end: bytes.length } : outer;
    const spanOf = (span: Span): Span => ({
      start: chunk.base + origin + span.start * width,
      end: chunk.base + origin + span.end * width,
    });
    try {
      const isDone = search.search(bytes, inner, text, this.#path, ({ secret, match }) => {
        const whole = spanOf(match);
        if (whole.start < (this.#doneTo.get(key) ?? -1)) return;
        this.#doneTo.set(key, whole.end);
        if (isWide && this.#wideText.isShadow(chunk.data, origin + secret.start * width, encoding)) return;
        this.#counts.claims++;
        this.#events.onClaim(
          claimOf(bytes.slice(secret.start, secret.end), secret),
          search.rule,
          spanOf(secret),
          encoding,
        );
      });
      if (!isDone) this.#fail('over-budget', search.rule, { start: chunk.base + start, end: chunk.base + end });
    } catch {
      this.#fail('detector-failed', search.rule, { start: chunk.base + start, end: chunk.base + end });
    } finally {
      if (isWide) bytes.fill(0);
    }
  }

  #fail(code: 'detector-failed' | 'over-budget', rule: { readonly id: string }, span: Span): void {
    const once = `${code} ${rule.id}`;
    if (this.#failed.has(once)) return;
    this.#failed.add(once);
    this.#events.onFailure(code, rule, span);
  }
}

/** One byte for each character of wide text. */
function narrow(window: Uint8Array, { start, end }: Span, encoding: Encoding): Uint8Array {
  const low = encoding === 'utf-16le' ? 0 : 1;
  const bytes = new Uint8Array((end - start) / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = window[start + 2 * i + low]!;
  return bytes;
}

/** What a rule says is likely, never proven. `secret` is in memory of its own. */
function claimOf(secret: Uint8Array, span: Span): Claim {
  const known = knownValue(secret);
  return {
    verdict: 'likely',
    span,
    traits: { algorithm: 'token', form: 'token', proof: 'none', ...(known && { known }) },
    secret,
  };
}
