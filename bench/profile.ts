/**
 * Where a scan spends its time: the search alone, then hits and time of each anchor's `parse` and `verify`.
 * One thread. Usage: node dist/bench/profile.js FILE
 */
import detectors from '../patterns/index.ts';
import { createKernel } from '../src/kernel/create.ts';
import type { Kernel } from '../src/kernel/kernel.ts';
import { createPlan } from '../src/kernel/plan.ts';
import { type Anchor, type Detector, MAX_REACH_BYTES } from '../src/model/detector.ts';
import type { Input } from '../src/model/input.ts';
import { CandidateStage } from '../src/scan/candidates.ts';
import { type Chunk, readChunks } from '../src/scan/chunks.ts';
import { DEFAULT_CONTEXT } from '../src/scan/context.ts';
import { openInput } from './scan-context.ts';

interface Cost {
  readonly detector: string;
  readonly anchor: string;
  /** Hits that reached `parse`; the others lay inside a claimed key. */
  hits: number;
  parseMs: number;
  candidates: number;
  verifyMs: number;
  claims: number;
}

function describe(anchor: Anchor): string {
  if ('dense' in anchor) return anchor.dense;
  if ('run' in anchor) return `${anchor.begins} ${anchor.run}`;
  if ('assigned' in anchor) return `${anchor.assigned} assigned`;
  return 'bytes' in anchor ? anchor.bytes : `${JSON.stringify(anchor.text)}${anchor.wide ? ' wide' : ''}`;
}

/** The same detector, its calls counted and timed in `costs`, one entry for each anchor. */
function timed(detector: Detector, costs: Cost[]): Detector {
  const own = detector.anchors.map((anchor): Cost => {
    return {
      detector: detector.id,
      anchor: describe(anchor),
      hits: 0,
      parseMs: 0,
      candidates: 0,
      verifyMs: 0,
      claims: 0,
    };
  });
  costs.push(...own);
  let current: Cost | undefined;
  return {
    ...detector,
    parse(view) {
      const start = performance.now();
      const candidate = detector.parse(view);
      current = own[view.anchor];
      if (current) {
        current.hits++;
        current.parseMs += performance.now() - start;
        if (candidate !== undefined) current.candidates++;
      }
      return candidate;
    },
    verify(candidate) {
      const start = performance.now();
      const claims = detector.verify(candidate);
      if (current) {
        current.verifyMs += performance.now() - start;
        current.claims += claims.length;
      }
      return claims;
    },
  };
}

/**
 * Milliseconds of CPU time of a search of the whole file, reading included, with `onHit` for each hit. CPU time, since
 * wall time doubles when the machine is busy.
 */
async function search(
  input: Input,
  kernel: Kernel,
  onHit: (chunk: Chunk, anchor: number, at: number, length: number) => void,
): Promise<number> {
  const start = process.cpuUsage();
  for await (const chunk of readChunks(input, { start: 0, end: input.size }, kernel)) {
    kernel.search(chunk.own.start, chunk.own.end, chunk.data.end, (anchor, at, length) =>
      onHit(chunk, anchor, at, length),
    );
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function main(path: string): Promise<void> {
  const input = openInput(path);
  const costs: Cost[] = [];
  const plan = createPlan(detectors);
  const marginBytes = Math.min(MAX_REACH_BYTES, Math.ceil(plan.reachBytes / 4096) * 4096);
  const kernel = createKernel(plan, { ...DEFAULT_CONTEXT, marginBytes });
  const stage = new CandidateStage(
    kernel,
    detectors.map((detector) => timed(detector, costs)),
    Number.POSITIVE_INFINITY,
    {
      onClaim: ({ secret }) => void secret.fill(0),
      onFailure: (code, { id }, { start }) => console.log(`${code}: ${id} at ${start}`),
    },
  );
  const discard = (): void => undefined;
  const speed = (ms: number) => `${(ms / 1e3).toFixed(2)} s of CPU time, ${(input.size / 1e6 / ms).toFixed(2)} GB/s`;
  await search(input, kernel, discard); // Warms up the page cache and the compiler.
  console.log(`${plan.anchors.length} patterns, ${kernel.kind}, margin ${marginBytes}`);
  console.log(`search alone:       ${speed(await search(input, kernel, discard))}`);
  console.log(`with all detectors: ${speed(await search(input, kernel, (...hit) => stage.onHit(...hit)))}`);
  console.log(stage.counts);
  console.table(
    costs
      .filter(({ hits }) => hits > 0)
      .sort((a, b) => b.parseMs + b.verifyMs - a.parseMs - a.verifyMs)
      .map((cost) => ({ ...cost, parseMs: Math.round(cost.parseMs), verifyMs: Math.round(cost.verifyMs) })),
  );
  await input.close();
}

await main(process.argv[2] ?? '');
