/**
 * `node dist/bench/nested.js [FILE] [ROUNDS]`: a core in .zst in .zip, scanned and only decompressed, in turns in this
 * process. Decompressing is what the containers do in one thread: Node's inflate, then zstddec. FILE is such a zip;
 * without it 2 GB of real memory is made into one (needs the programs `zstd` and `zip`). See docs/benchmark.md.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { decodeZstd } from '../src/containers/codecs/zstd.ts';
import zip from '../src/containers/zip.ts';
import type { Context } from '../src/scan/context.ts';
import { runTask } from '../src/scan/run-task.ts';
import { makeMemoryFile } from './memory.ts';
import { createScanContext, openInput } from './scan-context.ts';
import { spread } from './summary.ts';

const BYTES = 2e9;
const ROUNDS = 5;
const TARGET = 0.8;
const PAGE = 4096;

/** An ELF core (System V ABI) of one segment, whose memory follows. */
function coreHeader(bytes: number): Buffer {
  const header = Buffer.alloc(PAGE);
  header.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  header.writeUInt16LE(4, 16); // ET_CORE
  header.writeUInt16LE(62, 18); // EM_X86_64
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(64, 52);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt32LE(1, 64); // PT_LOAD
  header.writeUInt32LE(6, 68);
  header.writeBigUInt64LE(BigInt(PAGE), 72);
  header.writeBigUInt64LE(0x7f00_0000_0000n, 80);
  header.writeBigUInt64LE(BigInt(bytes), 96);
  header.writeBigUInt64LE(BigInt(bytes), 104);
  header.writeBigUInt64LE(BigInt(PAGE), 112);
  return header;
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'ignore' });
  if (error) throw new Error(`${command} is not installed (apt-get install ${command})`);
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
}

async function makeNested(path: string): Promise<void> {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const memory = join(folder, 'nested-memory.bin');
  if (!existsSync(memory)) await makeMemoryFile(memory, BYTES, [], console.log);
  const core = join(folder, 'core');
  const out = createWriteStream(core);
  const input = createReadStream(memory);
  out.write(coreHeader(BYTES));
  await pipeline(input, out);
  run('zstd', ['-q', '-f', '-3', 'core', '-o', 'core.zst'], folder);
  run('zip', ['-q', '-1', path, 'core.zst'], folder);
  for (const name of ['core', 'core.zst', 'nested-memory.bin']) rmSync(join(folder, name));
}

async function decompress(path: string): Promise<number> {
  let bytes = 0;
  const input = openInput(path);
  for await (const member of zip.open(input)) {
    if ('code' in member) throw new Error(`${path}: ${member.code}`);
    for await (const piece of decodeZstd(member.content())) bytes += piece.length;
  }
  await input.close();
  return bytes;
}

async function scan(path: string, context: Context): Promise<number> {
  const locator = { source: 'file', id: path, label: path };
  const { stats } = await runTask({ kind: 'scan', id: 1, locator, trail: [] }, context);
  return stats.bytes;
}

interface Cost {
  readonly wall: number;
  readonly cpu: number;
  readonly bytes: number;
}

async function measure(work: () => Promise<number>): Promise<Cost> {
  const started = performance.now();
  const before = process.cpuUsage();
  const bytes = await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1e3, cpu: (user + system) / 1e6, bytes };
}

async function main(given: string | undefined, rounds: number): Promise<void> {
  const path = given || fileURLToPath(new URL('../../bench/out/nested.zip', import.meta.url));
  if (!existsSync(path)) await makeNested(path);
  const encoded = await createScanContext(path, 'off');
  const all = await createScanContext(path, 'dumps');
  const works = {
    decompress: () => decompress(path),
    'scan, no keys in memory': () => scan(path, encoded),
    'scan with joins': () => scan(path, all),
  };
  const costs = new Map(Object.keys(works).map((name) => [name, [] as Cost[]]));
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      const cost = await measure(work);
      if (round > 0) costs.get(name)!.push(cost);
    }
  }
  const base = costs.get('decompress')!;
  console.log(
    `${path}: ${(base[0]!.bytes / 1e9).toFixed(2)} GB inside; medians of ${rounds}, wanted at least ${TARGET}`,
  );
  for (const [name, own] of costs) {
    const [wall, cpu] = [spread(own.map((cost) => cost.wall)), spread(own.map((cost) => cost.cpu))];
    const ratio = spread(own.map((cost, i) => base[i]!.wall / cost.wall));
    console.log(
      `${name.padEnd(24)} ${wall.median.toFixed(2)} s, ${cpu.median.toFixed(2)} s of CPU; speed of decompressing x ` +
        `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}..${ratio.max.toFixed(2)})`,
    );
  }
}

await main(process.argv[2], Number(process.argv[3] ?? ROUNDS));
