/**
 * The built program on a dump made against the joins: a hundred million false numbers, 4 GB, each behind the header of an
 * allocation. It must end within its budgets, and say that it did not try everything. By hand:
 * `SUITE=slow npx vitest run test/near-leads.slow.test.ts`.
 */
import { spawnSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cli } from './support/run-cli.ts';

const ARRAYS = 100_000_000;
/** Header and number. */
const ARRAY_BYTES = 8 + 32;
const ARRAYS_PER_WRITE = 100_000;
/** Generous: a busy machine of two processors needs a fifth. */
const MOST_SECONDS = 400;
const MOST_BYTES = 1500 * 1024 ** 2;

function writeDump(path: string): void {
  const random = createCipheriv('aes-128-ctr', new Uint8Array(16), new Uint8Array(16));
  const file = openSync(path, 'w');
  const zeros = new Uint8Array(ARRAYS_PER_WRITE * ARRAY_BYTES);
  for (let done = 0; done < ARRAYS; done += ARRAYS_PER_WRITE) {
    const bytes = random.update(zeros);
    for (let at = 0; at < bytes.length; at += ARRAY_BYTES) {
      bytes.writeBigUInt64LE(0x31n, at);
      // Odd, with its top bit set, in both byte orders.
      bytes[at + 8]! |= 0x81;
      bytes[at + 39]! |= 0x81;
    }
    writeSync(file, bytes);
  }
  closeSync(file);
}

it('ends within its budgets on a hundred million false numbers, and reports the gap', () => {
  const root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
  const path = join(root, 'false.core');
  try {
    writeDump(path);
    // Prints the most memory that the process had, in KiB, when it ends.
    const preload =
      "import { isMainThread } from 'node:worker_threads';" +
      "if (isMainThread) process.on('exit', () => console.error(process.resourceUsage().maxRSS));";
    const started = performance.now();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${preload}`, cli, 'scan', path, '--format', 'json', '--threads', '2'],
      { encoding: 'utf8' },
    );
    const seconds = (performance.now() - started) / 1000;
    const { findings, gaps, stats } = JSON.parse(stdout) as {
      findings: unknown[];
      gaps: { code: string; detail?: string; detector?: string }[];
      stats: { bytes: number };
    };
    expect(status).toBe(3);
    expect(findings).toEqual([]);
    expect(stats.bytes).toBe(ARRAYS * ARRAY_BYTES);
    expect(new Set(gaps.map(({ code }) => code))).toEqual(new Set(['over-budget']));
    expect(gaps.map(({ detail }) => detail)).toContain('leads');
    expect(seconds).toBeLessThan(MOST_SECONDS);
    expect(Number(stderr) * 1024).toBeLessThan(MOST_BYTES);
  } finally {
    rmSync(root, { recursive: true });
  }
});
