/**
 * The whole program on a dump that holds every example of every detector: no output may hold a piece of a secret in
 * any spelling. Reports, standard output, standard error and the temporary folder are searched.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { createLeakSearch, findLeaks } from '../corpus/spellings.ts';
import detectors from '../patterns/index.ts';
import { cli } from './support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-leak-'));
const dump = join(folder, 'planted.core');
const secrets: Uint8Array[] = [];
let search: ReturnType<typeof createLeakSearch>;
/** Examples of each detector that are planted: more only repeat the same outputs. */
const HITS = 3;
/** Of the detectors: one random token in some hundred looks as if nobody had drawn it at random, and is no token. */
const MOST_MISSED = 0.02;

beforeAll(() => {
  const make = createMake('leak');
  const parts: Uint8Array[] = [];
  for (const detector of detectors) {
    const { hits, misses } = detector.examples(make);
    for (const hit of hits.slice(0, HITS)) {
      // A letter right before a name would belong to it.
      parts.push(make.bytes(64 + make.int(512)), new Uint8Array(1), hit.bytes, new Uint8Array(make.int(64)));
      secrets.push(...hit.secrets.filter(({ length }) => length >= 12));
    }
    // What is refuted must not leave either (in an error, a label, a log).
    for (const miss of misses) parts.push(miss.bytes, make.bytes(16));
  }
  writeFileSync(dump, make.concat(...parts));
  search = createLeakSearch(secrets);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a scan with a temporary folder of its own and returns everything that it wrote anywhere. */
function outputsOf(args: readonly string[]): { name: string; bytes: Uint8Array }[] {
  const temp = mkdtempSync(join(folder, 'tmp-'));
  const report = join(temp, 'report');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'scan', dump, '--output', report, ...args], {
    env: { ...process.env, TMPDIR: temp, DUMPSIEVE_DEBUG: '1' },
    maxBuffer: 1 << 28,
  });
  expect(status, String(stderr)).toBe(1);
  const written = readdirSync(temp, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return [
    { name: 'stdout', bytes: stdout },
    { name: 'stderr', bytes: stderr },
    ...written.map((name) => ({ name, bytes: readFileSync(name) })),
  ];
}

describe('nothing of a secret leaves', () => {
  const runs = [
    ['--format', 'text'],
    ['--format', 'html'],
    ['--format', 'sarif', '--threads', '2'],
  ];
  it.each(runs.map((args) => [args.join(' '), args] as const))('%s', (_, args) => {
    const outputs = outputsOf(args);
    expect(outputs.some(({ bytes }) => bytes.length > 10_000)).toBe(true);
    for (const { name, bytes } of outputs) expect(search(bytes), name).toEqual([]);
  });

  it('would notice a leak', () => {
    const secret = secrets[0]!;
    const quoted = Buffer.from(`value ${Buffer.from(secret).toString('hex').slice(8, 72)}…`);
    expect(findLeaks(quoted, [secret])).not.toEqual([]);
  });

  it('--format jsonl, which has the planted keys of nearly all detectors', () => {
    // JSON lines report each sighting; in the merged report one detector's place may lie within another's.
    const outputs = outputsOf(['--format', 'jsonl']);
    for (const { name, bytes } of outputs) expect(search(bytes), name).toEqual([]);
    const report = outputs.map(({ bytes }) => Buffer.from(bytes).toString()).join('');
    const seen = new Set(Array.from(report.matchAll(/"detector":"([^"]+)"/g), ([, id]) => id));
    // Free-standing runs stay silent among so many others.
    const lonely = detectors.filter(({ anchors }) => anchors.every((anchor) => 'dense' in anchor)).map(({ id }) => id);
    const missed = detectors.map(({ id }) => id).filter((id) => !seen.has(id) && !lonely.includes(id));
    expect(missed.length, missed.join()).toBeLessThanOrEqual(MOST_MISSED * detectors.length);
  });
});
