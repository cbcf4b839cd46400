/**
 * The demonstration of the README: starts a real process with throw-away keys, dumps its memory, scans the dump, and
 * compares. `--keep` leaves the dump in place.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DemoKey } from './demo-process.ts';
import { canDumpProcesses, dumpProcess } from './dumps/live-process.ts';
import { COMMAND, scanDump } from './scan-dump.ts';

const RULE = '-'.repeat(78);

async function writeDump(child: ChildProcess, folder: string): Promise<string> {
  if (canDumpProcesses()) {
    const path = join(folder, 'node.core');
    dumpProcess(child.pid!, path);
    return path;
  }
  // Without /proc: what the process holds in its JavaScript heap.
  const snapshot = join(folder, 'node.heapsnapshot');
  child.send({ snapshot });
  await once(child, 'message');
  return snapshot;
}

/** SHA-256 of the DER SubjectPublicKeyInfo, as reports print it. */
const digest = ({ publicKey }: DemoKey): string =>
  createHash('sha256').update(Uint8Array.from(publicKey)).digest('hex');

/** Why a key need not be found. */
function excuse({ lies }: DemoKey): string | undefined {
  if (lies === 'library') return 'not found: it exists only as raw numbers';
  return lies === 'memory' && !canDumpProcesses() ? 'not in a heap snapshot' : undefined;
}

async function main(): Promise<void> {
  const keep = process.argv.includes('--keep');
  const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-demo-'));
  const child = fork(fileURLToPath(new URL('demo-process.js', import.meta.url)), [], { execArgv: [] });
  try {
    const [message] = (await once(child, 'message')) as [{ keys: readonly DemoKey[] }];
    const keys = message.keys.map((key) => ({ ...key, publicKeySha256: digest(key) }));
    console.log(`1. A Node.js process (pid ${child.pid}) made four throw-away keys and holds them in its memory:\n`);
    for (const key of keys) {
      console.log(
        `     ${key.algorithm.padEnd(9)} ${key.held.padEnd(27)} public key ${key.publicKeySha256.slice(0, 16)}…`,
      );
    }

    const dump = await writeDump(child, folder);
    child.kill('SIGKILL');
    const mebibytes = Math.round(statSync(dump).size / 2 ** 20);
    console.log(`\n2. Its memory was written to a dump (${mebibytes} MiB), as after a crash, and the process ended.`);

    console.log(`\n3. dumpsieve scan ${dump}\n${RULE}`);
    spawnSync(process.execPath, [COMMAND, 'scan', dump], { stdio: 'inherit' });
    console.log(RULE);

    const proven = new Set(
      scanDump(dump)
        .findings.filter(({ verdict }) => verdict === 'proven')
        .map(({ traits }) => traits.publicKeySha256),
    );
    console.log('\n4. Compared with what the process said it holds:\n');
    for (const key of keys) {
      const result = proven.has(key.publicKeySha256) ? 'found and proven' : (excuse(key) ?? 'MISSED');
      console.log(`     ${key.algorithm.padEnd(9)} ${key.held.padEnd(27)} ${result}`);
    }
    const complete = keys.every((key) => proven.has(key.publicKeySha256) || excuse(key) !== undefined);
    console.log(
      complete
        ? '\nEvery key that the dump holds in an encoded form was found, and proven to fit its public key.'
        : '\nA key was missed. Please open an issue with your system and Node version.',
    );
    if (keep) console.log(`\nThe dump stays at ${dump}`);
    process.exitCode = complete ? 0 : 1;
  } finally {
    child.kill('SIGKILL');
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

await main();
