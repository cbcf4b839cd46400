/** The HTTP gate as a process of its own: many large uploads at once in bounded memory, Crashpad's own upload, and Sentry's SDK. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { cli } from './support/run-cli.ts';

const MIB = 1024 * 1024;
const CRASHPAD = '/usr/lib/chromium/chrome_crashpad_handler';

const make = createMake('serve-slow');
const KEY = make.pem('RSA PRIVATE KEY', make.pkcs1(make.rsa()));

let root: string;
let upstream: Server;
let gate: ChildProcess | undefined;
let records: { outcome: string; bytes: number; detectors: string[] }[] = [];
let received: { url: string | undefined; headers: IncomingHttpHeaders; bytes: number; head: Buffer }[] = [];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-serve-'));
  [records, received] = [[], []];
  upstream = createServer((incoming, response) => {
    let bytes = 0;
    const head: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => {
      if (bytes < MIB) head.push(chunk);
      bytes += chunk.length;
    });
    incoming.on('end', () => {
      received.push({ url: incoming.url, headers: incoming.headers, bytes, head: Buffer.concat(head) });
      response.end('{"id":"1"}');
    });
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
});
afterEach(() => {
  gate?.kill('SIGKILL');
  upstream.close();
  upstream.closeAllConnections();
  rmSync(root, { recursive: true, force: true });
});

/** Resolves to the port. */
async function startGate(args: readonly string[] = []): Promise<number> {
  const forward = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  gate = spawn(process.execPath, [cli, 'serve', '--listen', '127.0.0.1:0', '--forward', forward, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface(gate.stdout!).on('line', (line) => records.push(JSON.parse(line)));
  const [line] = (await once(createInterface(gate.stderr!), 'line')) as [string];
  return Number(/:(\d+)$/.exec(line)![1]);
}

function put(port: number, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path: '/x',
      method: 'PUT',
      headers: { 'Content-Length': body.length },
    });
    outgoing.on('error', reject).on('response', (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode!));
    });
    outgoing.end(body);
  });
}

describe('200 uploads of 20 MB at once', () => {
  it('stay within the memory that they may take', async () => {
    const port = await startGate([
      '--max-uploads',
      '256',
      '--spool-memory',
      '128M',
      '--max-time',
      '9m',
      '--threads',
      '2',
    ]);
    // What a dump is like: code, text and zeros; the same bytes for all, so that this process stays small.
    const program = readFileSync(process.execPath).subarray(8 * MIB, 10 * MIB);
    const clean = Buffer.concat([program, Buffer.alloc(20 * MIB - program.length)]);
    const dirty = Buffer.concat([clean.subarray(0, clean.length - KEY.length), Buffer.from(KEY)]);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => put(port, i % 10 === 0 ? dirty : clean)));
    const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${gate!.pid}/status`, 'utf8'))![1]) / 1024;
    console.info(`peak of 200 uploads of 20 MB: ${Math.round(peak)} MiB`);
    expect(answers.filter((status) => status === 422)).toHaveLength(20);
    expect(answers.filter((status) => status === 200)).toHaveLength(180);
    expect(received).toHaveLength(180);
    for (const { bytes } of received) expect(bytes).toBe(20 * MIB);
    expect(peak).toBeLessThan(1024);
    gate!.kill('SIGTERM');
    expect(await once(gate!, 'exit')).toEqual([0, null]);
  });
});

/** A program that crashes with Crashpad's handler at hand, which uploads to `url`; `secret` is on its stack. */
const crasher = (url: string, database: string, secret: string): string => `
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
/* Crashpad's ExceptionInformation (util/linux/exception_information.h). */
struct __attribute__((packed)) { uint64_t info, context; int32_t thread; } exception;
static void handle(int number, siginfo_t *info, void *context) {
  exception.info = (uint64_t)info; exception.context = (uint64_t)context; exception.thread = syscall(SYS_gettid);
  char trace[64]; snprintf(trace, sizeof trace, "--trace-parent-with-exception=0x%lx", (unsigned long)&exception);
  prctl(PR_SET_DUMPABLE, 1); prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  pid_t child = fork();
  if (!child) execl("${CRASHPAD}", "handler", trace, "--database=${database}", "--url=${url}", "--no-rate-limit", "--annotation=prod=test", (char *)0);
  waitpid(child, 0, 0); _exit(1);
}
int main(void) {
  struct sigaction action = {0}; action.sa_sigaction = handle; action.sa_flags = SA_SIGINFO; sigaction(SIGSEGV, &action, 0);
  volatile char secret[] = "${secret}"; *(volatile int *)0 = secret[0]; return secret[1];
}`;

const hasCompiler = ((): boolean => {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!existsSync(CRASHPAD) || !hasCompiler)("Crashpad's handler", () => {
  it.each([
    ['a clean dump', 'nothing', 1],
    ['a dump with a key on the stack', KEY.replaceAll('\n', '\\n'), 0],
  ])('uploads %s', async (_, secret, forwarded) => {
    const port = await startGate();
    const database = join(root, 'database');
    writeFileSync(join(root, 'crash.c'), crasher(`http://127.0.0.1:${port}/submit`, database, secret));
    execFileSync('cc', ['-w', '-O0', '-o', join(root, 'crash'), join(root, 'crash.c')]);
    enableUploads(database);
    const child = spawn(join(root, 'crash'), { cwd: root, stdio: 'ignore' });
    await once(child, 'exit');
    // The handler of one crash ends with it; the next one that starts uploads what is pending.
    const url = `http://127.0.0.1:${port}/submit`;
    const args = ['--initial-client-fd=3', `--database=${database}`, `--url=${url}`, '--no-rate-limit'];
    const handler = spawn(CRASHPAD, args, { cwd: root, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    for (let i = 0; records.length === 0 && i < 300; i++) await new Promise((resolve) => setTimeout(resolve, 100));
    handler.kill();
    expect(records).toMatchObject([{ outcome: forwarded ? 'clean' : 'findings' }]);
    expect(received).toHaveLength(forwarded);
    if (forwarded) {
      expect(received[0]!.headers['content-type']).toContain('multipart/form-data');
      const { head, headers } = received[0]!;
      const form = headers['content-encoding'] === 'gzip' ? gunzipSync(head) : head;
      expect(form.toString('latin1')).toContain('upload_file_minidump');
    }
  });
});

/** Settings of a Crashpad database on Linux (client/settings.cc): uploads are off until its user agrees. */
function enableUploads(database: string): void {
  execFileSync('mkdir', [
    '-p',
    join(database, 'new'),
    join(database, 'pending'),
    join(database, 'completed'),
    join(database, 'attachments'),
  ]);
  const settings = Buffer.alloc(40);
  // The constant 'CPds', as a number of a little-endian machine.
  settings.write('sdPC', 0, 'latin1');
  settings.writeUInt32LE(1, 4);
  settings.writeUInt32LE(1, 8);
  writeFileSync(join(database, 'settings.dat'), settings);
}

describe("Sentry's SDK for Node.js", () => {
  it('sends events with attachments', async ({ skip }) => {
    try {
      writeFileSync(join(root, 'package.json'), '{"private":true}');
      execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '@sentry/node@9'], {
        cwd: root,
        stdio: 'ignore',
        timeout: 240_000,
      });
    } catch {
      skip('@sentry/node can not be installed here');
    }
    const port = await startGate();
    const program = `
      const Sentry = require('@sentry/node');
      Sentry.init({ dsn: 'http://0123456789abcdef0123456789abcdef@127.0.0.1:${port}/42', defaultIntegrations: false });
      const data = require('fs').readFileSync(process.argv[2]);
      Sentry.getCurrentScope().addAttachment({ filename: 'core.bin', data });
      Sentry.captureException(new Error('crash'));
      Sentry.flush(20000).then(() => process.exit(0));`;
    writeFileSync(join(root, 'sentry.cjs'), program);
    const send = async (name: string, bytes: string): Promise<void> => {
      writeFileSync(join(root, name), bytes);
      await once(spawn(process.execPath, ['sentry.cjs', name], { cwd: root, stdio: 'inherit' }), 'exit');
    };
    await send('clean.bin', 'nothing to see\n'.repeat(10_000));
    expect(received).toMatchObject([{ url: '/api/42/envelope/' + (received[0]?.url?.split('/envelope/')[1] ?? '') }]);
    const { head, headers } = received[0]!;
    const envelope = headers['content-encoding'] === 'gzip' ? gunzipSync(head) : head;
    expect(envelope.toString('latin1')).toContain('"type":"attachment"');
    await send('dirty.bin', KEY);
    expect(received).toHaveLength(1);
    expect(records.map(({ outcome }) => outcome)).toEqual(['clean', 'findings']);
  });
});
