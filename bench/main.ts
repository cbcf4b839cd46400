/**
 * `npm run bench`: how fast the scanner is, against `cat`, a loop that only reads, ripgrep, YARA and Hyperscan on the
 * same anchors and the same file of real memory, in one run. See docs/benchmark.md.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createPlan } from '../src/kernel/plan.ts';
import { type Finding, type Gap, VERDICTS } from '../src/model/finding.ts';
import { peerLiterals } from './anchors.ts';
import { type Absent, type Contender, listContenders, reportPath } from './contenders.ts';
import { formatJoinCost, type JoinCost } from './joins.ts';
import { type Measurement, measure } from './measure.ts';
import { makeMemoryFile } from './memory.ts';
import { checkTargets, formatTable, formatTargets, summarize } from './summary.ts';

const folder = fileURLToPath(new URL('../../bench/out/', import.meta.url));

const USAGE = `npm run bench -- [options]
  --gb N        size of the file of real memory, in 10^9 bytes (default 6); made once, kept in bench/out
  --file PATH   scan this file instead
  --rounds N    how often everything runs, interleaved (default 5)
  --only LIST   contenders whose names begin with one of these, separated by commas; "joins" is what keys in memory cost`;

/** What the search for keys in memory costs is measured on this much: as the memory of one large process. */
const JOINS_GIGABYTES = 2;

function readOptions() {
  const { values } = parseArgs({
    options: {
      gb: { type: 'string', default: '6' },
      file: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  const gigabytes = Number(values.gb);
  const rounds = Number(values.rounds);
  if (values.help || !(gigabytes > 0) || !(rounds >= 1)) throw new Error(USAGE);
  return { gigabytes, rounds, file: values.file, only: values.only.split(',') };
}

async function loadLiterals(): Promise<Uint8Array[]> {
  const url = pathToFileURL(fileURLToPath(new URL('../patterns/index.js', import.meta.url))).href;
  const { default: detectors } = (await import(url)) as typeof import('../patterns/index.ts');
  return peerLiterals(createPlan(detectors));
}

function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpu?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${memory} GiB, Linux ${release()}, Node ${process.version}`;
}

async function run(contender: Contender, file: string): Promise<Measurement> {
  // Brings the file back into the page cache: a virtual machine's host may take pages away within seconds.
  await measure(['cat', file], 'discard');
  const measurement = await measure(contender.command, contender.output);
  if (!contender.okExits.includes(measurement.exitCode ?? -1)) {
    throw new Error(`${contender.id} ended with exit code ${measurement.exitCode}: ${contender.command.join(' ')}`);
  }
  return measurement;
}

/** All contenders once per round. Each round begins with another one, so that none always follows the same one. */
async function runRounds(
  contenders: readonly Contender[],
  file: string,
  rounds: number,
): Promise<Map<string, Measurement[]>> {
  const runs = new Map(contenders.map(({ id }) => [id, [] as Measurement[]]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length];
      if (contender !== undefined) runs.get(contender.id)?.push(await run(contender, file));
    }
    console.log(`round ${round + 1} of ${rounds}, load ${loadavg()[0]?.toFixed(1)}`);
  }
  return runs;
}

/** In a process of its own: on the given file, or on 2 GB of real memory. */
async function runJoins(given: string | undefined, literals: readonly Uint8Array[]): Promise<JoinCost> {
  const file = given ?? join(folder, `memory-${JOINS_GIGABYTES}gb.bin`);
  if (!existsSync(file)) await makeMemoryFile(file, JOINS_GIGABYTES * 1e9, literals, console.log);
  const script = fileURLToPath(new URL('joins.js', import.meta.url));
  const { exitCode, stdout } = await measure([process.execPath, script, file], 'text');
  if (exitCode !== 0) throw new Error(`joins ended with exit code ${exitCode}`);
  return JSON.parse(stdout) as JoinCost;
}

/** What the last run of each contender found: proof that it did its work. */
function describeResults(runs: ReadonlyMap<string, readonly Measurement[]>): string[] {
  const printed = [...runs].flatMap(([id, measurements]) => {
    const line = measurements.at(-1)?.stdout.trim().split('\n')[0];
    return line ? [`${id}: ${line}`] : [];
  });
  if (![...runs.keys()].some((id) => /^(scan|encoded)-/.test(id))) return printed;
  const report = JSON.parse(readFileSync(reportPath(folder), 'utf8')) as { findings: Finding[]; gaps: Gap[] };
  const counts = VERDICTS.map(
    (wanted) => `${report.findings.filter(({ verdict }) => verdict === wanted).length} ${wanted}`,
  );
  return [...printed, `scan: findings: ${counts.join(', ')}; ${report.gaps.length} gaps`];
}

async function main(): Promise<void> {
  const options = readOptions();
  mkdirSync(folder, { recursive: true });
  const literals = await loadLiterals();
  const file = options.file ?? join(folder, `memory-${options.gigabytes}gb.bin`);
  if (!existsSync(file)) {
    if (options.file !== undefined) throw new Error(`${file}: no such file`);
    await makeMemoryFile(file, options.gigabytes * 1e9, literals, console.log);
  }
  const fileBytes = statSync(file).size;

  const wanted = ({ id }: Contender | Absent) => options.only.some((prefix) => id.startsWith(prefix));
  const contenders: Contender[] = [];
  for (const entry of listContenders(file, folder, literals).filter(wanted)) {
    if ('reason' in entry) console.log(`SKIPPED ${entry.id}: ${entry.reason}`);
    else contenders.push(entry);
  }
  console.log(describeMachine());
  console.log(`${file}: ${(fileBytes / 1e9).toFixed(2)} GB; ${literals.length} literals for the peers`);

  const wantsJoins = options.only.some((prefix) => 'joins'.startsWith(prefix));
  const joins = wantsJoins ? await runJoins(options.file, literals) : undefined;
  const runs = await runRounds(contenders, file, options.rounds);
  const rows = summarize(runs, fileBytes);
  const targets = checkTargets(runs);
  const results = describeResults(runs);
  console.log(`\n${formatTable(rows)}\n\n${results.join('\n')}\n\n${formatTargets(targets)}`);
  if (joins) console.log(`\n${formatJoinCost(joins)}`);
  const machine = describeMachine();
  const latest = { machine, file, fileBytes, literals: literals.length, rows, targets, results, joins };
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(latest, undefined, 2)}\n`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
