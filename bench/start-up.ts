/**
 * `node dist/bench/start-up.js [ROUNDS]`: from start to verdict. `dumpsieve gate` on minidumps of 1 MB beside `node -e 0`, in
 * turns. One holds stack and heap of this process, as minidumps do (Linux only); one nothing but machine code, the worst
 * there is. Prints medians, and the ratio of each pair of runs.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spread } from './summary.ts';

const MEMORY_BYTES = 1_000_000;
const MEMORY_AT = 0x7f00_0000_0000n;
const FROM = 30_000_000;
/** ProcessorArchitecture. */
const AMD64 = 9;
const ARM64 = 12;

/** A header, a directory, SystemInfoStream, and Memory64ListStream (minidumpapiset.h) with one range. */
function writeMinidump(path: string, memory: Buffer): void {
  const systemAt = 32 + 2 * 12;
  const listAt = systemAt + 56;
  const memoryAt = listAt + 32;
  const dump = Buffer.alloc(memoryAt + memory.length);
  dump.write('MDMP', 0, 'latin1');
  dump.writeUInt32LE(0xa793, 4);
  dump.writeUInt32LE(2, 8);
  dump.writeUInt32LE(32, 12);
  for (const [i, field] of [7, 56, systemAt, 9, 32, listAt].entries()) dump.writeUInt32LE(field, 32 + 4 * i);
  dump.writeUInt16LE(process.arch === 'arm64' ? ARM64 : AMD64, systemAt);
  dump.writeBigUInt64LE(1n, listAt);
  dump.writeBigUInt64LE(BigInt(memoryAt), listAt + 8);
  dump.writeBigUInt64LE(MEMORY_AT, listAt + 16);
  dump.writeBigUInt64LE(BigInt(memory.length), listAt + 24);
  memory.copy(dump, memoryAt);
  writeFileSync(path, dump);
}

function readAt(path: string, at: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  const file = openSync(path, 'r');
  const read = readSync(file, buffer, 0, bytes, at);
  closeSync(file);
  return buffer.subarray(0, read);
}

/** The stack of this process, then its heap, as far as a minidump of 1 MB goes. */
function readOwnMemory(): Buffer {
  const maps = readFileSync('/proc/self/maps', 'latin1');
  const regions = ['stack', 'heap'].map((name) => {
    const [, start = '0', end = '0'] = new RegExp(`^([0-9a-f]+)-([0-9a-f]+) .*\\[${name}\\]$`, 'm').exec(maps) ?? [];
    return readAt(
      '/proc/self/mem',
      Number(`0x${start}`),
      Math.min(Number(`0x${end}`) - Number(`0x${start}`), MEMORY_BYTES),
    );
  });
  return Buffer.concat(regions).subarray(0, MEMORY_BYTES);
}

function run(args: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
  return performance.now() - started;
}

function measure(title: string, dump: string, rounds: number): void {
  const cli = fileURLToPath(new URL('../cli/main.js', import.meta.url));
  const pairs = Array.from({ length: rounds }, () => [run(['-e', '0']), run([cli, 'gate', dump])] as const);
  const [node, gate] = [spread(pairs.map(([a]) => a)), spread(pairs.map(([, b]) => b))];
  const ratio = spread(pairs.map(([a, b]) => b / a));
  const range = `${ratio.min.toFixed(1)}..${ratio.max.toFixed(1)}`;
  console.log(
    `${title.padEnd(16)} gate ${gate.median.toFixed(0)} ms, node -e 0 ${node.median.toFixed(0)} ms: ${ratio.median.toFixed(1)} times (${range}); target 2.5`,
  );
}

const rounds = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'start-up-'));
try {
  for (const [title, memory] of [
    ...(process.platform === 'linux' ? [['stack and heap', readOwnMemory()] as const] : []),
    ['machine code', readAt(process.execPath, FROM, MEMORY_BYTES)] as const,
  ]) {
    const dump = join(folder, 'idle.dmp');
    writeMinidump(dump, memory);
    measure(title, dump, rounds);
  }
} finally {
  rmSync(folder, { recursive: true });
}
