/**
 * `node dist/bench/joins.js FILE [ROUNDS]`: what the search for keys in memory costs, in this thread: the scan with leads
 * and without, in turns, then each share of the joins. `npm run bench` runs it on 2 GB.
 */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { countLeads, type PackedLeads } from '../src/model/packed-leads.ts';
import { JOIN_SHARES } from '../src/model/task.ts';
import type { Context } from '../src/scan/context.ts';
import { runTask } from '../src/scan/run-task.ts';
import { createScanContext } from './scan-context.ts';
import { spread } from './summary.ts';

export interface JoinCost {
  /** Time of the scan with leads, divided by that without, of each round. */
  readonly ratios: readonly number[];
  readonly leads: number;
  /** Of each share of the joins, on one thread. */
  readonly joinSeconds: readonly number[];
  /** Codes and details of gaps. */
  readonly gaps: readonly string[];
}

const RANGE_BYTES = 64 * 1024 * 1024;
const ROUNDS = 3;

const secondsSince = (started: number): number => (performance.now() - started) / 1000;

async function measureJoins(path: string, rounds: number): Promise<JoinCost> {
  const locator = { source: 'file', id: path, label: path };
  const plain = await createScanContext(path, 'off');
  const context = await createScanContext(path, 'all');
  const gaps = new Set<string>();
  const { size } = statSync(path);

  async function scan(by: Context): Promise<{ seconds: number; leads: PackedLeads }> {
    const started = performance.now();
    const leads: number[] = [];
    for (let start = 0; start < size; start += RANGE_BYTES) {
      const range = { start, end: Math.min(size, start + RANGE_BYTES) };
      const result = await runTask({ kind: 'scan', id: 1, locator, trail: [], range }, by);
      for (const number of result.leads) leads.push(number);
      for (const { code, detail } of result.gaps) gaps.add([code, detail].filter(Boolean).join(' '));
    }
    return { seconds: secondsSince(started), leads };
  }

  const ratios: number[] = [];
  let leads: PackedLeads = [];
  // The first round warms up: V8 compiles, the file comes into the page cache.
  for (let round = 0; round <= rounds; round++) {
    const without = await scan(plain);
    const withLeads = await scan(context);
    if (round > 0) ratios.push(withLeads.seconds / without.seconds);
    leads = withLeads.leads;
  }
  const joinSeconds: number[] = [];
  for (let share = 0; share < JOIN_SHARES; share++) {
    const started = performance.now();
    const result = await runTask({ kind: 'join', id: 2, locator, trail: [], leads, share }, context);
    joinSeconds.push(secondsSince(started));
    for (const { code, detail, detector } of result.gaps) gaps.add([code, detector, detail].filter(Boolean).join(' '));
  }
  return { ratios, leads: countLeads(leads), joinSeconds, gaps: [...gaps] };
}

/** Seconds that `threads` threads take for tasks of these lengths, each taking the next one when it is done. */
export function onThreads(seconds: readonly number[], threads: number): number {
  const ends = new Array<number>(threads).fill(0);
  for (const task of seconds) {
    const next = ends.indexOf(Math.min(...ends));
    ends[next]! += task;
  }
  return Math.max(...ends);
}

export function formatJoinCost({ ratios, leads, joinSeconds, gaps }: JoinCost): string {
  const { min, median, max } = spread(ratios);
  const shares = joinSeconds.map((seconds) => seconds.toFixed(1)).join(' + ');
  return [
    `scan with leads / without: ${median.toFixed(2)} (${min.toFixed(2)}..${max.toFixed(2)}), wanted at most 1.40`,
    `joins of ${leads} leads: ${shares} s; on two threads ${onThreads(joinSeconds, 2).toFixed(1)} s, wanted below 20`,
    `gaps: ${gaps.join(', ') || 'none'}`,
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, rounds] = process.argv.slice(2);
  if (path === undefined) throw new Error('usage: joins FILE [ROUNDS]');
  console.log(JSON.stringify(await measureJoins(path, Number(rounds ?? ROUNDS))));
}
