/**
 * `node dist/bench/start-up.js [ROUNDS]`: from start to verdict. `dumpsieve gate` on a minidump of 1 MB beside `node -e 0`, in
 * turns: an idle dump's memory is a piece of this Node's binary. Prints medians, and the ratio of each pair of runs.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spread } from './summary.ts';

const MEMORY_BYTES = 1_000_000;
const MEMORY_AT = 0x7f00_0000_0000n;
const FROM = 30_000_000;

/** A header, a directory of one stream, and Memory64List (minidumpapiset.h) with one range. */
function writeMinidump(path: string): void {
  const memoryAt = 32 + 12 + 32;
  const dump = Buffer.alloc(memoryAt + MEMORY_BYTES);
  dump.write('MDMP', 0, 'latin1');
  dump.writeUInt32LE(0xa793, 4);
  dump.writeUInt32LE(1, 8);
  dump.writeUInt32LE(32, 12);
  dump.writeUInt32LE(9, 32);
  dump.writeUInt32LE(32, 36);
  dump.writeUInt32LE(44, 40);
  dump.writeBigUInt64LE(1n, 44);
  dump.writeBigUInt64LE(BigInt(memoryAt), 52);
  dump.writeBigUInt64LE(MEMORY_AT, 60);
  dump.writeBigUInt64LE(BigInt(MEMORY_BYTES), 68);
  const binary = openSync(process.execPath, 'r');
  readSync(binary, dump, memoryAt, MEMORY_BYTES, FROM);
  closeSync(binary);
  writeFileSync(path, dump);
}

function run(args: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
  return performance.now() - started;
}

const rounds = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'start-up-'));
try {
  const dump = join(folder, 'idle.dmp');
  writeMinidump(dump);
  const cli = fileURLToPath(new URL('../cli/main.js', import.meta.url));
  const pairs = Array.from({ length: rounds }, () => [run(['-e', '0']), run([cli, 'gate', dump])] as const);
  const [node, gate] = [spread(pairs.map(([a]) => a)), spread(pairs.map(([, b]) => b))];
  const ratio = spread(pairs.map(([a, b]) => b / a));
  const range = `${ratio.min.toFixed(1)}..${ratio.max.toFixed(1)}`;
  console.log(`node -e 0        ${node.median.toFixed(0)} ms`);
  console.log(
    `dumpsieve gate   ${gate.median.toFixed(0)} ms   ${ratio.median.toFixed(1)} times (${range}); target 2.5`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
