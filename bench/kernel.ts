/**
 * Speed of the search kernels alone, in GB/s of one thread, by kernel, number of patterns, and dense tests:
 * `node dist/bench/kernel.js [file] [--pieces N] [--patterns URL]`, by default on this Node's binary.
 *
 * Pieces of the file, evenly spread, are read into the kernel's window and searched several times; the best time of
 * each piece counts, so that other load on the machine shows little. Variants take turns at each piece.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { createKernel } from '../src/kernel/create.ts';
import type { Kernel, KernelOptions } from '../src/kernel/kernel.ts';
import { createPlan, type Plan } from '../src/kernel/plan.ts';
import { type Anchor, DENSE_TESTS, type DenseTest, type Detector, defineDetector } from '../src/model/detector.ts';

const PIECE_BYTES = 262_144;
const MARGIN_BYTES = 65_536;
const ROUNDS = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pieces: { type: 'string', default: '200' },
    patterns: { type: 'string', default: new URL('../patterns/index.js', import.meta.url).href },
  },
});
const { default: detectors } = (await import(values.patterns)) as { default: readonly Detector[] };

/** The plan with only `count` of its patterns, evenly chosen, and with or without dense tests. */
function part(plan: Plan, count: number, dense: boolean): Plan {
  const patterns = plan.anchors.filter((anchor) => !anchor.dense);
  const step = patterns.length / count;
  const chosen = Array.from({ length: count }, (_, i) => patterns[Math.floor(i * step)]!);
  return { ...plan, anchors: [...chosen, ...(dense ? plan.anchors.filter((anchor) => anchor.dense) : [])] };
}

/** The plan with one dense test and nothing else. */
function alone(plan: Plan, test: DenseTest): Plan {
  return { ...plan, anchors: plan.anchors.filter(({ dense }) => dense === test) };
}

/** Stands for a user's pack: words that no training has seen. */
function strangers(count: number): Detector {
  const anchors = Array.from({ length: count }, (_, i): Anchor => {
    const word = Array.from(
      { length: 8 },
      (_, k) => 'etaoinshrdlucmfwygpbvkxqjz_-='[(i * 37 + k * k * 11 + i * k) % 29],
    );
    return { text: `${word.join('')}${i}` };
  });
  return defineDetector({
    id: 'strangers',
    title: '',
    doc: '',
    severity: 'info',
    anchors: [...anchors, ...DENSE_TESTS.map((dense) => ({ dense }))],
    reach: { before: 0, after: 64 },
    parse: () => undefined,
    verify: () => [],
    examples: () => ({ hits: [], misses: [] }),
  });
}

interface Variant {
  readonly name: string;
  readonly kernel: Kernel;
  readonly setupMs: number;
  seconds: number;
  hits: number;
}

const full = createPlan([...detectors, strangers(0)]);
const all = full.anchors.filter((anchor) => !anchor.dense).length;
const more = createPlan([...detectors, strangers(100)]);
const counts = [25, 100, 200, 300].filter((count) => count < all);

function variant(name: string, plan: Plan, simd: KernelOptions['simd']): Variant {
  const start = performance.now();
  const kernel = createKernel(plan, { chunkBytes: PIECE_BYTES, marginBytes: MARGIN_BYTES, simd });
  return { name, kernel, setupMs: performance.now() - start, seconds: 0, hits: 0 };
}

const variants = (['relaxed', 'plain', 'off'] as const).flatMap((simd) => [
  ...DENSE_TESTS.map((test) => variant(`${simd}, ${test} alone`, alone(full, test), simd)),
  variant(`${simd}, dense tests only`, part(full, 0, true), simd),
  ...counts.map((count) => variant(`${simd}, ${count} patterns`, part(full, count, false), simd)),
  variant(`${simd}, all ${all} patterns`, part(full, all, false), simd),
  variant(`${simd}, all ${all} patterns, dense tests`, part(full, all, true), simd),
  variant(`${simd}, and 100 untrained patterns`, part(more, all + 100, true), simd),
]);

const fd = openSync(positionals[0] ?? process.execPath, 'r');
const windowBytes = PIECE_BYTES + 2 * MARGIN_BYTES;
const fileBytes = fstatSync(fd).size;
const pieces = Math.min(Number(values.pieces), Math.floor(fileBytes / windowBytes));
for (let piece = 0; piece < pieces; piece++) {
  const at = Math.floor((piece * (fileBytes - windowBytes)) / pieces / 4096) * 4096;
  for (const variant of variants) {
    const { kernel } = variant;
    readSync(fd, kernel.window, 0, windowBytes, at);
    let best = Number.POSITIVE_INFINITY;
    let hits = 0;
    for (let round = 0; round < (kernel.kind === 'reference' ? 2 : ROUNDS); round++) {
      hits = 0;
      const start = performance.now();
      kernel.search(MARGIN_BYTES, MARGIN_BYTES + PIECE_BYTES, windowBytes, () => hits++);
      best = Math.min(best, performance.now() - start);
    }
    variant.seconds += best / 1000;
    variant.hits += hits;
  }
}
closeSync(fd);

const bytes = pieces * PIECE_BYTES;
console.log(`${pieces} pieces of ${PIECE_BYTES} bytes`);
for (const { name, seconds, hits, setupMs } of variants) {
  const speed = (bytes / seconds / 1e9).toFixed(2).padStart(6);
  const rate = ((hits / bytes) * 1e6).toFixed(1).padStart(8);
  console.log(`${name.padEnd(44)} ${speed} GB/s ${rate} hits/MB   set up in ${setupMs.toFixed(1)} ms`);
}
