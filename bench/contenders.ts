/** Who takes part in the benchmark: the scanner itself, reading without looking, and the peers. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lengthPrefixed, ripgrepPatterns, yaraRule } from './anchors.ts';

export interface Contender {
  readonly id: string;
  readonly threads: number;
  readonly command: readonly string[];
  /** Exit codes of a complete run; a match or a finding is none of the benchmark's business. */
  readonly okExits: readonly number[];
  readonly output: 'discard' | 'text';
}

/** A contender that can't run here, and why. */
export interface Absent {
  readonly id: string;
  readonly reason: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * @param folder where pattern files, the report and the compiled peer go
 * @param literals what the peers search; without any they are absent
 */
export function listContenders(file: string, folder: string, literals: readonly Uint8Array[]): (Contender | Absent)[] {
  const report = reportPath(folder);
  const cli = join(root, 'dist/cli/main.js');
  const scan = (threads: number, id = `scan-${threads}`, options: readonly string[] = []): Contender | Absent =>
    existsSync(cli)
      ? {
          id,
          threads,
          command: [
            process.execPath,
            cli,
            'scan',
            file,
            '--threads',
            `${threads}`,
            '--format',
            'json',
            '--output',
            report,
            '--quiet',
            ...options,
          ],
          // A budget of the joins may end: 6 GB of memory is more than one process has.
          okExits: [0, 1, 3],
          output: 'discard',
        }
      : { id, reason: 'dist/cli/main.js is missing' };
  const readLoop = fileURLToPath(new URL('read-loop.js', import.meta.url));
  const read = (threads: number): Contender => ({
    id: `read-${threads}`,
    threads,
    command: [process.execPath, readLoop, file, `${threads}`],
    okExits: [0],
    output: 'discard',
  });
  return [
    { id: 'cat', threads: 1, command: ['cat', file], okExits: [0], output: 'discard' },
    read(1),
    read(2),
    scan(1),
    scan(2),
    scan(1, 'encoded-1', ['--no-memory-keys']),
    scan(2, 'encoded-2', ['--no-memory-keys']),
    ...hyperscan(file, folder, literals),
    ripgrep(file, folder, literals),
    yara(file, folder, literals),
  ];
}

/** Where the scanner writes its report. */
export function reportPath(folder: string): string {
  return join(folder, 'report.json');
}

function hyperscan(file: string, folder: string, literals: readonly Uint8Array[]): (Contender | Absent)[] {
  const binary = join(folder, 'hyperscan');
  const patterns = join(folder, 'literals.bin');
  writeFileSync(patterns, lengthPrefixed(literals));
  const reason = literals.length === 0 ? 'no anchors' : compileHyperscan(binary);
  return (['block', 'stream'] as const).flatMap((mode) =>
    [1, 2].map((threads): Contender | Absent => {
      const id = `hyperscan-${mode}-${threads}`;
      if (reason !== undefined) return { id, reason };
      return { id, threads, command: [binary, mode, `${threads}`, patterns, file], okExits: [0], output: 'text' };
    }),
  );
}

/** Compiles `peers/hyperscan.c`; the reason when that fails. */
function compileHyperscan(binary: string): string | undefined {
  const source = join(root, 'bench/peers/hyperscan.c');
  const include = '/usr/include/hs';
  const { status, stderr } = spawnSync('cc', ['-O3', '-pthread', `-I${include}`, source, '-o', binary, '-lhs'], {
    encoding: 'utf8',
  });
  return status === 0
    ? undefined
    : `can't be compiled (apt-get install gcc libhyperscan-dev): ${(stderr ?? '').split('\n')[0]}`;
}

function ripgrep(file: string, folder: string, literals: readonly Uint8Array[]): Contender | Absent {
  const patterns = join(folder, 'ripgrep.txt');
  writeFileSync(patterns, ripgrepPatterns(literals));
  const command = ['rg', '-a', '-c', '-uuu', '-f', patterns, file];
  return installed('ripgrep', literals, { id: 'ripgrep', threads: 1, command, okExits: [0, 1], output: 'text' });
}

function yara(file: string, folder: string, literals: readonly Uint8Array[]): Contender | Absent {
  const rule = join(folder, 'anchors.yar');
  writeFileSync(rule, yaraRule(literals));
  const command = ['yara', '-w', rule, file];
  return installed('yara', literals, { id: 'yara', threads: 1, command, okExits: [0], output: 'text' });
}

function installed(debianPackage: string, literals: readonly Uint8Array[], contender: Contender): Contender | Absent {
  if (literals.length === 0) return { id: contender.id, reason: 'no anchors' };
  const { error } = spawnSync(contender.command[0] ?? '', ['--version'], { stdio: 'ignore' });
  return error ? { id: contender.id, reason: `not installed (apt-get install ${debianPackage})` } : contender;
}
