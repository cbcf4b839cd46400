/**
 * Dumps of small programs that hold fresh random bytes on their heap, on two stacks and in their environment: made by
 * gcore, the kernel, Chromium's crash handler, lldb, and by Wine's MiniDumpWriteDump. Or what the caller plants there.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, succeeds } from './program.ts';

/** Where a program put the bytes that it was given: three times as many, and the value of a variable. */
export interface Planted {
  readonly heap: Buffer;
  readonly stack: Buffer;
  /** On the stack of the second thread. */
  readonly secondStack: Buffer;
  readonly environment: Buffer;
}

export interface PlantedDump {
  readonly path: string;
  readonly planted: Planted;
  /** What a debugger needs beside the dump. */
  readonly program: string;
  /** The process that was dumped, stopped nowhere since. The caller ends it. */
  readonly live?: ChildProcess;
}

/** Bytes of each random value. */
const RANDOM_BYTES = 32;
const START_MS = 60_000;
const DUMP_MS = 300_000;
const VARIABLE = 'PLANTED';

/** Reads its values from standard input straight to where they stay: no copy of them is anywhere else. */
const LINUX_PROGRAM = (plantedBytes: number): string => `
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *handler;
/* What the handler asks for: crashpad, util/linux/exception_information.h. */
static struct __attribute__((packed)) { uint64_t siginfo, context; int32_t thread; } information;

static void on_crash(int signal, siginfo_t *siginfo, void *context) {
  char argument[64];
  information.siginfo = (uintptr_t)siginfo;
  information.context = (uintptr_t)context;
  information.thread = syscall(SYS_gettid);
  snprintf(argument, sizeof argument, "--trace-parent-with-exception=0x%lx", (unsigned long)&information);
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  pid_t child = fork();
  if (child == 0) {
    execl(handler, handler, argument, "--database=./database", "--no-rate-limit", "--annotation=prod=planted", NULL);
    _exit(127);
  }
  waitpid(child, NULL, 0);
  _exit(1);
}

static void take(volatile void *into) {
  for (ssize_t total = 0, done; total < ${plantedBytes}; total += done) {
    done = read(0, (char *)into + total, ${plantedBytes} - total);
    if (done <= 0) exit(2);
  }
}

static void *second(void *unused) {
  volatile unsigned char value[${plantedBytes}];
  take(value);
  write(1, "ready\\n", 6);
  pause();
  return (void *)(uintptr_t)value[0];
}

int main(int argc, char **argv) {
  volatile unsigned char value[${plantedBytes}];
  unsigned char *heap = malloc(4096 + ${plantedBytes});
  pthread_t thread;
  struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
  setrlimit(RLIMIT_CORE, &unlimited);
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  if (argc > 1) {
    struct sigaction action = {0};
    handler = argv[1];
    action.sa_sigaction = on_crash;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);
  }
  take(heap);
  take(value);
  pthread_create(&thread, NULL, second, NULL);
  pthread_setname_np(thread, "signer");
  pthread_join(thread, NULL);
  return value[0] + heap[0];
}
`;

const WINDOWS_PROGRAM = (plantedBytes: number): string => `
#include <windows.h>
#include <dbghelp.h>
#include <stdlib.h>

static void take(volatile void *into) {
  DWORD done = 0, total = 0;
  while (total < ${plantedBytes} && ReadFile(GetStdHandle(STD_INPUT_HANDLE), (char *)into + total, ${plantedBytes} - total, &done, NULL) && done) total += done;
  if (total != ${plantedBytes}) ExitProcess(2);
}

static HANDLE taken;

static DWORD WINAPI second(void *unused) {
  volatile unsigned char value[${plantedBytes}];
  take(value);
  SetEvent(taken);
  Sleep(INFINITE);
  return value[0];
}

int main(int argc, char **argv) {
  volatile unsigned char value[${plantedBytes}];
  unsigned char *heap = HeapAlloc(GetProcessHeap(), 0, 4096 + ${plantedBytes});
  take(heap);
  take(value);
  taken = CreateEventA(NULL, TRUE, FALSE, NULL);
  CreateThread(NULL, 0, second, NULL, 0, NULL);
  WaitForSingleObject(taken, INFINITE);
  Sleep(200);
  for (int i = 1; i + 1 < argc; i += 2) {
    HANDLE file = CreateFileA(argv[i], GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    MINIDUMP_TYPE type = (MINIDUMP_TYPE)strtoul(argv[i + 1], NULL, 0);
    if (!MiniDumpWriteDump(GetCurrentProcess(), GetCurrentProcessId(), file, type, NULL, NULL, NULL)) return 3;
    CloseHandle(file);
  }
  return value[0] + heap[0] == 1000;
}
`;

export const CRASHPAD_HANDLER = '/usr/lib/chromium/chrome_crashpad_handler';
export const LLDB = ['lldb-19', 'lldb', 'lldb-14'].find((name) => succeeds([name, '--version']));

/** Random bytes; in the environment in hex. */
function plant(): Planted {
  const hex = Buffer.from(randomBytes(RANDOM_BYTES / 2).toString('hex'));
  const [heap, stack, secondStack] = [0, 1, 2].map(() => randomBytes(RANDOM_BYTES));
  return { heap: heap!, stack: stack!, secondStack: secondStack!, environment: hex };
}

const inputOf = ({ heap, stack, secondStack }: Planted): Buffer => Buffer.concat([heap, stack, secondStack]);

/** Compiles and starts the program; resolves when all values are in place. */
async function start(folder: string, argv: readonly string[], planted: Planted): Promise<ChildProcess> {
  writeFileSync(join(folder, 'planted.c'), LINUX_PROGRAM(planted.heap.length));
  run('cc', ['-O0', '-pthread', '-o', 'planted', 'planted.c'], folder);
  const child = spawn(join(folder, 'planted'), argv, {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', [VARIABLE]: planted.environment.toString('latin1') },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin!.write(inputOf(planted));
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the program was not ready in time')), START_MS);
    child.stdout!.once('data', () => {
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}`)));
  });
  child.removeAllListeners('exit');
  return child;
}

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));
}

export async function dumpByGcore(folder: string, planted = plant()): Promise<PlantedDump> {
  const child = await start(folder, [], planted);
  run('gcore', ['-o', join(folder, 'core'), String(child.pid)], folder);
  child.kill('SIGKILL');
  return { path: join(folder, `core.${child.pid}`), planted, program: join(folder, 'planted') };
}

/** Cores go to the folder of the process only where no program takes them. */
export function kernelWritesCores(): boolean {
  const pattern = '/proc/sys/kernel/core_pattern';
  return existsSync(pattern) && /^core[^/|]*$/.test(readFileSync(pattern, 'latin1').trim());
}

export async function dumpByKernel(folder: string): Promise<PlantedDump> {
  const planted = plant();
  const child = await start(folder, [], planted);
  child.kill('SIGSEGV');
  await ended(child);
  const core = readdirSync(folder).find((name) => /^core/.test(name));
  if (!core) throw new Error('the kernel wrote no core');
  return { path: join(folder, core), planted, program: join(folder, 'planted') };
}

export async function dumpByCrashpad(folder: string, planted = plant()): Promise<PlantedDump> {
  const child = await start(folder, [CRASHPAD_HANDLER], planted);
  child.kill('SIGSEGV');
  await ended(child);
  const pending = join(folder, 'database/pending');
  const dump = readdirSync(pending).find((name) => name.endsWith('.dmp'));
  if (!dump) throw new Error('the handler wrote no dump');
  return { path: join(pending, dump), planted, program: join(folder, 'planted') };
}

/** lldb 19 refuses its own dumps of two threads ("Duplicate stream type"): the process is left to be asked instead. */
export async function dumpByLldb(folder: string, planted = plant()): Promise<PlantedDump> {
  const child = await start(folder, [], planted);
  const path = join(folder, 'lldb.dmp');
  const save = `process save-core --plugin-name=minidump --style=full ${path}`;
  run(LLDB!, ['-b', '-p', String(child.pid), '-o', save, '-o', 'detach'], folder);
  return { path, planted, program: join(folder, 'planted'), live: child };
}

const WINE_COMPILER = 'x86_64-w64-mingw32-gcc';

export function hasWine(): boolean {
  return succeeds([WINE_COMPILER, '--version']) && spawnSync('sh', ['-c', 'command -v wine']).status === 0;
}

/** One normal dump and one with all memory, of the same process. */
export function dumpByWine(
  folder: string,
  planted = plant(),
): { readonly normal: PlantedDump; readonly full: PlantedDump } {
  writeFileSync(join(folder, 'planted.c'), WINDOWS_PROGRAM(planted.heap.length));
  run(WINE_COMPILER, ['-O0', '-o', 'planted.exe', 'planted.c', '-ldbghelp'], folder);
  const { status, stderr } = spawnSync('wine', ['planted.exe', 'normal.dmp', '0', 'full.dmp', '2'], {
    cwd: folder,
    input: inputOf(planted),
    timeout: DUMP_MS,
    env: {
      ...process.env,
      WINEPREFIX: join(folder, 'wine'),
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree,mshtml=',
      [VARIABLE]: planted.environment.toString('latin1'),
    },
  });
  spawnSync('wineserver', ['-k'], { env: { ...process.env, WINEPREFIX: join(folder, 'wine') } });
  if (status !== 0) throw new Error(`wine ended with ${status}: ${String(stderr).slice(-500)}`);
  const program = join(folder, 'planted.exe');
  return {
    normal: { path: join(folder, 'normal.dmp'), planted, program },
    full: { path: join(folder, 'full.dmp'), planted, program },
  };
}

/** What a debugger that knows nothing of us reads at `address`, of the dump or of the process that was dumped. */
export function readByGdb({ path, program, live }: PlantedDump, address: bigint, bytes: number): Buffer {
  const what = live ? ['-p', String(live.pid)] : [program, path];
  const output = run('gdb', ['-batch', '-nx', '-ex', `x/${bytes}xb 0x${address.toString(16)}`, ...what], '/');
  return bytesOf(output.split('\n').filter((line) => /^0x[0-9a-f]+.*:\t/.test(line)));
}

export function readByLldb({ path }: PlantedDump, address: bigint, bytes: number): Buffer {
  const read = `memory read --force -s1 -fx -c${bytes} 0x${address.toString(16)}`;
  const output = run(LLDB!, ['-b', '-c', path, '-o', read], '/');
  return bytesOf(output.split('\n').filter((line) => /^0x[0-9a-f]+: /.test(line)));
}

/** `0x7ffc…: 0x41 0x42 …` */
function bytesOf(lines: readonly string[]): Buffer {
  const values = lines.flatMap((line) => line.slice(line.indexOf(':')).match(/\b0x[0-9a-f]{2}\b/g) ?? []);
  return Buffer.from(values.map((value) => Number.parseInt(value, 16)));
}
