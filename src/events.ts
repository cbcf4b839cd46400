/** A scan as a stream of events: what an observer sees, for `for await`. */
import type { Finding, Gap } from './model/finding.ts';
import type { ScanResult } from './model/result.ts';
import type { RunObserver } from './run.ts';

/**
 * `finding` is one sighting, as soon as a worker has it: the same key may come again, and `result` has it once, with all its
 * places. `gap` comes once for each gap that the result lists. `result` is the last event.
 */
export type ScanEvent =
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'gap'; readonly gap: Gap }
  | { readonly type: 'result'; readonly result: ScanResult };

/**
 * Runs `scan` and hands out its events. Whoever stops listening aborts the scan, and waits for its end. What is not taken is
 * kept: findings and gaps are few, and a worker must not wait for a reader.
 */
export async function* streamEvents(
  scan: (observer: RunObserver, signal: AbortSignal) => Promise<ScanResult>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ScanEvent, void, undefined> {
  const stop = new AbortController();
  const events: ScanEvent[] = [];
  let wake = (): void => undefined;
  let isDone = false;
  const push = (event: ScanEvent): void => {
    events.push(event);
    wake();
  };
  const observer: RunObserver = {
    onFinding: (finding) => push({ type: 'finding', finding }),
    onGap: (gap) => push({ type: 'gap', gap }),
  };
  const done = scan(observer, signal ? AbortSignal.any([signal, stop.signal]) : stop.signal)
    .then((result) => push({ type: 'result', result }))
    .finally(() => {
      isDone = true;
      wake();
    });
  // Also when nobody awaits it any more.
  done.catch(() => undefined);
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      while (events.length > 0) yield events.shift()!;
      if (isDone) break;
      await woken;
    }
    await done;
  } finally {
    stop.abort();
    await done.catch(() => undefined);
  }
}
