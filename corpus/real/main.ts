/**
 * The real-process suite.
 *
 *   npm run corpus -- [name…]           makes the dumps, with their truth beside them, in corpus/out/
 *   npm run score -- [name…] [--json] [--keep] [--no-memory-keys]
 *
 * `score` makes each dump, scans it with the built command, compares, and deletes it. It fails when an encoded key is
 * missed, anything is proven falsely, guesses are too many, or, without --no-memory-keys, too few of the keys that their
 * numbers prove are found.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding, GapCode } from '../../src/model/finding.ts';
import { findProvable } from '../brute/provable.ts';
import type { Occurrence } from '../brute/truth.ts';
import { searchDump } from '../brute.ts';
import { scanDump } from '../scan-dump.ts';
import { isGenuine } from './confirm.ts';
import { endAll, succeeds } from './program.ts';
import type { Dump, Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { type Score, scoreReport } from './score.ts';
import { formatTable, provableRecall } from './table.ts';

export type Result = {
  readonly name: string;
  readonly title: string;
  /** Bytes of data: holes in sparse dumps don't count. */
  readonly bytes: number;
  readonly seconds: number;
  /** The command that is missing. */
  readonly skipped?: string;
  readonly failed?: string;
  readonly score?: Score;
  /** Unexpected keys that node:crypto confirms, and those that it does not. */
  readonly genuine: readonly Finding[];
  readonly falseProven: readonly Finding[];
  /** Gaps that only a fault of ours, or a budget, explains: code, detail and detector. */
  readonly gaps: readonly string[];
};

/** Without keys, one finding of verdict `likely` per gigabyte is allowed. */
const GIGABYTE = 1e9;
/** Of all keys that the numbers in a dump prove. */
const PROVABLE_RECALL = 0.97;
const FAULTS: readonly GapCode[] = ['detector-failed', 'worker-lost', 'timeout'];
const OUT = fileURLToPath(new URL('../../../corpus/out/', import.meta.url));

async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2);
  const flags = new Set(rest.filter((word) => word.startsWith('--')));
  const names = rest.filter((word) => !word.startsWith('--'));
  const chosen = scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
  if ((command !== 'make' && command !== 'score') || chosen.length === 0) {
    console.error(
      `usage: make|score [--json] [--keep] [--no-memory-keys] [${scenarios.map(({ name }) => name).join('|')}]…`,
    );
    process.exitCode = 2;
    return;
  }
  const results: Result[] = [];
  for (const scenario of chosen) {
    const begin = performance.now();
    const keep = command === 'make' || flags.has('--keep');
    const result = await runScenario(scenario, command, { keep, memoryKeys: !flags.has('--no-memory-keys') });
    results.push({ ...result, seconds: Math.round((performance.now() - begin) / 100) / 10 });
    const { skipped, failed } = result;
    const seconds = results.at(-1)?.seconds;
    console.error(
      `${scenario.name.padEnd(20)} ${skipped ? `skipped: needs ${skipped}` : (failed ?? `done in ${seconds} s`)}`,
    );
  }
  const required = command === 'score' && !flags.has('--no-memory-keys');
  if (command === 'score') {
    console.log(flags.has('--json') ? JSON.stringify(results, null, 2) : formatTable(results, required));
  }
  process.exitCode = results.some(isBad) || (required && provableRecall(results) < PROVABLE_RECALL) ? 1 : 0;
}

async function runScenario(
  scenario: Scenario,
  command: 'make' | 'score',
  { keep, memoryKeys }: { readonly keep: boolean; readonly memoryKeys: boolean },
): Promise<Omit<Result, 'seconds'>> {
  const { name, title, needs } = scenario;
  const nothing = { name, title, bytes: 0, genuine: [], falseProven: [], gaps: [] };
  const missing = needs.find((words) => !succeeds(words));
  if (missing) return { ...nothing, skipped: missing.join(' ') };
  const folder = keep ? join(OUT, name) : mkdtempSync(join(tmpdir(), 'dumpsieve-real-'));
  try {
    if (keep) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
    }
    const dump = await scenario.run(folder);
    endAll();
    const { occurrences, sightings } =
      dump.keys.length > 0 ? searchDump(dump.path, dump.keys) : { occurrences: [], sightings: [] };
    if (keep) writeTruth(folder, dump, occurrences);
    if (command === 'make') return { ...nothing, bytes: dataBytes(dump.path) };
    const options = memoryKeys ? [] : ['--no-memory-keys'];
    if (dump.inventory) options.push('--inventory', dump.inventory);
    const { findings, gaps } = scanDump(dump.path, options);
    const provable =
      dump.keys.length > 0
        ? findProvable(dump.path, dump.keys, sightings, {
            shielded: dump.shielded === true,
            inventory: dump.inventory !== undefined,
          })
        : [];
    const score = scoreReport(dump.keys, occurrences, findings, provable);
    const genuine = score.unexpected.filter(isGenuine);
    return {
      ...nothing,
      bytes: dataBytes(dump.path),
      score,
      gaps: gaps
        .filter(({ code }) => FAULTS.includes(code) || code === 'over-budget')
        .map(({ code, detail, detector }) => [code, detail, detector].filter(Boolean).join(' ')),
      genuine,
      falseProven: score.unexpected.filter((finding) => !genuine.includes(finding)),
    };
  } catch (error) {
    return { ...nothing, failed: error instanceof Error ? error.message : 'unknown error' };
  } finally {
    endAll();
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

/** Public digests, forms and places: no secrets. */
function writeTruth(folder: string, { path, keys }: Dump, occurrences: readonly Occurrence[]): void {
  const truth = { path, keys: keys.map(({ label, publicKeySha256 }) => ({ label, publicKeySha256 })), occurrences };
  writeFileSync(join(folder, 'truth.json'), JSON.stringify(truth, null, 2));
}

function isBad({ failed, score, falseProven, bytes, gaps }: Result): boolean {
  if (gaps.some((gap) => FAULTS.some((code) => gap.startsWith(code)))) return true;
  const tooManyGuesses = score?.keys === 0 && score.guesses.length > Math.ceil(bytes / GIGABYTE);
  return failed !== undefined || (score?.missed.length ?? 0) > 0 || falseProven.length > 0 || tooManyGuesses;
}

function dataBytes(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return Math.min(stats.size, stats.blocks * 512);
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .reduce((sum, entry) => sum + dataBytes(join(path, entry.name)), 0);
}

await main();
