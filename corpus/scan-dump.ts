/** Runs the built command on a dump and reads its JSON report, as a user's script would. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding, Gap } from '../src/model/finding.ts';

/** The built command. This file runs as `dist/corpus/scan-dump.js`. */
export const COMMAND = fileURLToPath(new URL('../cli/main.js', import.meta.url));

export interface Report {
  readonly findings: readonly Finding[];
  readonly gaps: readonly Gap[];
}

/** Throws when the command fails (exit 2) or writes no report; findings (1) and gaps (3) are answers. */
export function scanDump(path: string, options: readonly string[] = []): Report {
  const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-report-'));
  const output = join(folder, 'report.json');
  try {
    const argv = [COMMAND, 'scan', path, '--format', 'json', '--output', output, '--quiet', ...options];
    const { status, stderr, error } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    if (error) throw error;
    if (status !== 0 && status !== 1 && status !== 3) throw new Error(`dumpsieve scan ended with ${status}: ${stderr}`);
    return JSON.parse(readFileSync(output, 'utf8')) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
