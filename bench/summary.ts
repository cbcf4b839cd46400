/** Turns the measurements of all rounds into a table, and checks the targets. */
import type { Measurement } from './measure.ts';

/** Measurements of each contender, one per round. Round i of all contenders ran close together in time. */
export type Rounds = ReadonlyMap<string, readonly Measurement[]>;

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface Row {
  readonly id: string;
  readonly wallSeconds: Spread;
  readonly cpuSeconds: Spread;
  readonly peakBytes: number;
  /** 10^9 bytes per second of wall time, from the median. */
  readonly gigabytesPerSecond: number;
  /** Speed relative to `cat`, round by round. Undefined when `cat` did not run. */
  readonly ratioToCat: Spread | undefined;
}

export interface TargetResult {
  readonly target: string;
  readonly measured: number;
  /** Measured divided by wanted: at least 1 when met. */
  readonly margin: number;
  readonly met: boolean;
}

/** The default scan on two threads against its peers: how many times as fast it has to be. */
const SPEED_TARGETS: Record<string, number> = { cat: 0.45, ripgrep: 8, yara: 25, 'hyperscan-block-2': 1 };
const MAX_PEAK_BYTES = 300e6;
const SUBJECT = 'scan-2';

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { min: at(0), median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, max: at(sorted.length - 1) };
}

/**
 * How many times as fast `id` is as `other`. Taken round by round, so that noise of the machine, which hits the
 * runs of one round alike, cancels out.
 */
function ratio(rounds: Rounds, id: string, other: string): Spread | undefined {
  const others = rounds.get(other);
  if (others === undefined) return undefined;
  const own = rounds.get(id) ?? [];
  return spread(own.map((run, i) => (others[i]?.wallSeconds ?? Number.NaN) / run.wallSeconds));
}

export function summarize(rounds: Rounds, fileBytes: number): Row[] {
  return [...rounds].map(([id, runs]) => {
    const wallSeconds = spread(runs.map((run) => run.wallSeconds));
    return {
      id,
      wallSeconds,
      cpuSeconds: spread(runs.map((run) => run.cpuSeconds)),
      peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
      gigabytesPerSecond: fileBytes / 1e9 / wallSeconds.median,
      ratioToCat: ratio(rounds, id, 'cat'),
    };
  });
}

/** The targets whose contenders ran. */
export function checkTargets(rounds: Rounds): TargetResult[] {
  if (!rounds.has(SUBJECT)) return [];
  const results = Object.entries(SPEED_TARGETS).flatMap(([other, wanted]): TargetResult[] => {
    const measured = ratio(rounds, SUBJECT, other)?.median;
    if (measured === undefined) return [];
    const margin = measured / wanted;
    return [{ target: `at least ${wanted} times ${other}`, measured, margin, met: margin >= 1 }];
  });
  const peak = Math.max(...(rounds.get(SUBJECT) ?? []).map((run) => run.peakBytes));
  const margin = MAX_PEAK_BYTES / peak;
  results.push({ target: `memory below ${MAX_PEAK_BYTES / 1e6} MB`, measured: peak / 1e6, margin, met: margin > 1 });
  return results;
}

export function formatTable(rows: readonly Row[]): string {
  const header = ['contender', 'wall s min', 'median', 'max', 'GB/s', 'CPU s', 'peak MB', 'x cat', '(min..max)'];
  const cells = rows.map(({ id, wallSeconds, cpuSeconds, peakBytes, gigabytesPerSecond, ratioToCat }) => [
    id,
    wallSeconds.min.toFixed(2),
    wallSeconds.median.toFixed(2),
    wallSeconds.max.toFixed(2),
    gigabytesPerSecond.toFixed(2),
    cpuSeconds.median.toFixed(2),
    (peakBytes / 1e6).toFixed(0),
    ratioToCat?.median.toFixed(3) ?? '-',
    ratioToCat ? `${ratioToCat.min.toFixed(3)}..${ratioToCat.max.toFixed(3)}` : '-',
  ]);
  const widths = header.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)));
  return [header, widths.map((width) => '-'.repeat(width)), ...cells]
    .map(
      (row) =>
        `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`,
    )
    .join('\n');
}

export function formatTargets(results: readonly TargetResult[]): string {
  return results
    .map(({ target, measured, margin, met }) => {
      const percent = `${Math.abs((margin - 1) * 100).toFixed(0)} %`;
      return `${met ? 'met   ' : 'MISSED'}  ${SUBJECT} ${target}: ${measured.toFixed(2)} (${met ? `${percent} to spare` : `short by ${percent}`})`;
    })
    .join('\n');
}
