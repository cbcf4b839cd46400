/**
 * Redaction of dumps that real tools write, with keys in all forms on the heap, on stacks and in the environment: nothing is
 * left for dumpsieve, `strings` and the brute-force search, and debuggers show what they showed before.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchResidue } from '../corpus/brute/residue.ts';
import {
  CRASHPAD_HANDLER,
  dumpByCrashpad,
  dumpByGcore,
  dumpByLldb,
  dumpByWine,
  hasWine,
  LLDB,
  type PlantedDump,
} from '../corpus/real/planted-dumps.ts';
import { type PlantedKeys, plantKeys } from '../corpus/real/planted-keys.ts';
import { succeeds } from '../corpus/real/program.ts';
import { createLeakSearch } from '../corpus/spellings.ts';
import { cli } from './support/run-cli.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-redact-dumps-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Show = (dump: PlantedDump, path: string) => string;

/** Threads and frames, without the dump's own name and what depends on the moment. */
const byGdb: Show = ({ program }, path) => {
  const argv = ['-batch', '-nx', '-ex', 'info threads', '-ex', 'thread apply all bt', program, path];
  return spawnSync('gdb', argv, { encoding: 'utf8' }).stdout.replaceAll(path, 'dump');
};
const byLldb: Show = ({ program }, path) => {
  const argv = ['-b', '-o', `target create --core ${path} ${program}`, '-o', 'thread backtrace all'];
  return spawnSync(LLDB!, argv, { encoding: 'utf8' }).stdout.replaceAll(path, 'dump');
};

function expectRedacted(dump: PlantedDump, { keys, secrets }: PlantedKeys, show?: Show): void {
  const { path } = dump;
  const out = `${path}.redacted`;
  expect(searchResidue(path, keys).length).toBeGreaterThan(10);
  const { status, stderr } = spawnSync(process.execPath, [cli, 'redact', path, out], { encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(statSync(out).size).toBe(statSync(path).size);
  expect(searchResidue(out, keys)).toEqual([]);
  const findLeaks = createLeakSearch(secrets);
  for (const width of ['s', 'l', 'L']) {
    const { stdout } = spawnSync('strings', ['-n', '8', '-e', width, out], { maxBuffer: 1 << 29 });
    expect(findLeaks(stdout)).toEqual([]);
  }
  const scan = spawnSync(process.execPath, [cli, 'scan', out, '--format', 'json'], { encoding: 'utf8' });
  const report = JSON.parse(scan.stdout) as { findings: { traits: { publicKeySha256?: string } }[] };
  const ours = new Set(keys.map(({ publicKeySha256 }) => publicKeySha256));
  expect(report.findings.filter(({ traits }) => ours.has(traits.publicKeySha256 ?? ''))).toEqual([]);
  if (!show) return;
  const shown = show(dump, path);
  expect(shown).toMatch(/#0/);
  expect(show(dump, out)).toBe(shown);
}

const hasCompiler = succeeds(['cc', '--version']);
const hasGdb = hasCompiler && succeeds(['gdb', '--version']);
const freshFolder = (): string => mkdtempSync(join(root, 'case-'));

describe.skipIf(!succeeds(['strings', '--version']))('redacts', () => {
  it.runIf(hasGdb && succeeds(['sh', '-c', 'command -v gcore']))('a core by gcore', async () => {
    const planted = plantKeys();
    expectRedacted(await dumpByGcore(freshFolder(), planted.planted), planted, byGdb);
  });

  it.runIf(hasCompiler && LLDB && existsSync(CRASHPAD_HANDLER))("a minidump by Chromium's crash handler", async () => {
    const planted = plantKeys();
    const dump = await dumpByCrashpad(freshFolder(), planted.planted);
    expectRedacted(dump, { ...planted, keys: planted.keys.slice(1) }, byLldb);
  });

  it.runIf(hasCompiler && LLDB)('a full minidump by lldb', async () => {
    const planted = plantKeys();
    const dump = await dumpByLldb(freshFolder(), planted.planted);
    dump.live?.kill('SIGKILL');
    // lldb 19 can't open its own dumps of two threads.
    expectRedacted(dump, planted);
  });

  it.runIf(LLDB && hasWine())("minidumps by Wine's MiniDumpWriteDump, normal and full", () => {
    const planted = plantKeys();
    const { normal, full } = dumpByWine(freshFolder(), planted.planted);
    expectRedacted(normal, { ...planted, keys: planted.keys.slice(2) }, byLldb);
    expectRedacted(full, planted, byLldb);
  });
});
