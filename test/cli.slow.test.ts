/** The built program on a file beyond every 32-bit limit: 12 GB, nearly all of it holes. */
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { cli } from './support/run-cli.ts';

const GIB = 1024 ** 3;
const SIZE = 12 * GIB;

it('finds a key beyond every 32-bit limit and across the edge of a range, in bounded memory', () => {
  const root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
  const path = join(root, 'sparse.core');
  const make = createMake('sparse');
  const pem = make.pem('PRIVATE KEY', make.pkcs8(make.rsa()));
  // Ranges end at multiples of 64 MiB; the last key ends with the file.
  const starts = [3 * GIB - 700, SIZE / 2 - 700, SIZE - pem.length];
  const file = openSync(path, 'w');
  ftruncateSync(file, SIZE);
  for (const start of starts) writeSync(file, pem, start);
  closeSync(file);
  // Prints the most memory that the process had, in KiB, when it ends.
  const preload =
    "import { isMainThread } from 'node:worker_threads';" +
    "if (isMainThread) process.on('exit', () => console.error(process.resourceUsage().maxRSS));";
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${preload}`, cli, 'scan', path, '--format', 'json'],
    { encoding: 'utf8' },
  );
  rmSync(root, { recursive: true });
  const report = JSON.parse(stdout) as {
    findings: { places: { start: number }[] }[];
    gaps: unknown[];
    stats: { bytes: number; zeroBytes: number };
  };
  expect(status).toBe(1);
  expect(report.findings.map(({ places }) => places.map(({ start }) => start))).toEqual([starts]);
  expect(report.gaps).toEqual([]);
  expect(report.stats.bytes).toBe(SIZE);
  expect(report.stats.zeroBytes).toBeGreaterThan(SIZE - 2 ** 20);
  expect(Number(stderr) * 1024).toBeLessThan(300 * 1024 ** 2);
});
