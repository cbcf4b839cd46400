/** Starts, uses, dumps and ends real programs. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { dumpProcess } from '../dumps/live-process.ts';
import type { Kind } from './fresh-keys.ts';

export interface Program {
  readonly pid: number;
  end(): void;
}

export interface StartOptions {
  readonly folder: string;
  /** Printed on stdout or stderr when the program can be used. Without it, the program is given two seconds. */
  readonly ready?: RegExp;
  readonly environment?: Readonly<Record<string, string>>;
}

const START_MS = 120_000;
const running = new Set<ChildProcess>();

export function start(command: string, argv: readonly string[], options: StartOptions): Promise<Program> {
  const { folder, ready, environment } = options;
  const child = spawn(command, argv, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  const program = { pid: child.pid ?? 0, end: () => void child.kill('SIGKILL') };
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => (ready ? reject(new Error(`${command} was not ready in time: ${output.slice(-500)}`)) : resolve(program)),
      ready ? START_MS : 2000,
    );
    const onText = (text: Buffer): void => {
      output += text.toString('latin1');
      if (!ready?.test(output)) return;
      clearTimeout(timer);
      resolve(program);
    };
    child.stdout.on('data', onText);
    child.stderr.on('data', onText);
    child.on('error', reject);
    child.on('exit', (code) => {
      running.delete(child);
      clearTimeout(timer);
      reject(new Error(`${command} ended with ${code}: ${output.slice(-500)}`));
    });
  });
}

/** Packages of npm, in `folder`, without running anything of theirs. */
export function installPackages(folder: string, packages: readonly string[]): void {
  writeFileSync(join(folder, 'package.json'), '{}');
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], folder);
}

export function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
}

/** Runs a command to its end; throws with its messages when it fails. */
export function run(
  command: string,
  argv: readonly string[],
  folder: string,
  environment?: Record<string, string>,
): string {
  const { status, stdout, stderr, error } = spawnSync(command, argv, {
    cwd: folder,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return stdout;
}

export function succeeds([command = '', ...argv]: readonly string[]): boolean {
  return spawnSync(command, argv, { stdio: 'ignore' }).status === 0;
}

/** A core of the process: by gcore where it works (it adds the registers), else by our own dumper. */
export function dumpCore(pid: number, path: string): void {
  const { status } = spawnSync('gcore', ['-o', path, String(pid)], { stdio: 'ignore' });
  if (status === 0 && existsSync(`${path}.${pid}`)) renameSync(`${path}.${pid}`, path);
  else dumpProcess(pid, path);
  // gcore writes zero pages out: gigabytes, for Java. Where it can't be done they just stay.
  spawnSync('fallocate', ['--dig-holes', path], { stdio: 'ignore' });
}

/** A core of the program, which ends then; returns its path. */
export function coreOf(program: Program, folder: string): string {
  const path = join(folder, 'dump.core');
  dumpCore(program.pid, path);
  program.end();
  return path;
}

/** The same of a Java program's heap, by jmap: all of it, or what a collector leaves. */
export function heapDumpOf(program: Program, folder: string, what: 'all' | 'live' = 'all'): string {
  const path = join(folder, 'dump.hprof');
  run('jmap', [`-dump:${what === 'live' ? 'live,' : ''}format=b,file=${path}`, String(program.pid)], folder);
  program.end();
  return path;
}

export function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

const SIGNATURES: Partial<Record<Kind, string>> = {
  'RSA-2048': 'rsa_pss_rsae_sha256',
  'RSA-3072': 'rsa_pss_rsae_sha256',
  'RSA-4096': 'rsa_pss_rsae_sha256',
  'P-256': 'ecdsa_secp256r1_sha256',
  'P-384': 'ecdsa_secp384r1_sha384',
  'P-521': 'ecdsa_secp521r1_sha512',
  Ed25519: 'ed25519',
};

/** One TLS handshake, so that the server uses its key; `kind` chooses the certificate of a server with several. */
export function handshake(port: number, kind: Kind): Promise<void> {
  const sigalgs = SIGNATURES[kind];
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...(sigalgs && { sigalgs }) }, () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}
