/** The built program as a child process. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Path of the built program, an argument of `process.execPath`. */
export const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Outcome {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  /** Standard output as it was written. */
  readonly stdoutBytes: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** Standard input; it is closed at once without. */
  readonly input?: string | Uint8Array | undefined;
  /** Beside this process' own variables. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** As somebody whom the modes of files bind: root is not, as long as it has its capabilities. */
  readonly bound?: boolean | undefined;
  /** Called once the program runs; standard input is left to it. */
  readonly during?: ((child: ChildProcess) => void | Promise<void>) | undefined;
}

/** Root without the right to read everything. It stays root, since another user need not reach the folder of a checkout. */
const SETPRIV = ['setpriv', '--inh-caps=-all', '--bounding-set=-dac_override,-dac_read_search', '--'];
const isRoot = process.platform !== 'win32' && process.getuid?.() === 0;

/** Whether `bound` can be had here. */
export const canBeBound =
  process.platform !== 'win32' && (!isRoot || spawnSync(SETPRIV[0]!, [...SETPRIV.slice(1), 'true']).status === 0);

/** Runs `dumpsieve ...args` to its end. */
export async function runCli(
  args: readonly string[],
  { cwd, input, env, bound = false, during }: RunOptions,
): Promise<Outcome> {
  const [program, ...rest] = [...(bound && isRoot ? SETPRIV : []), process.execPath, cli, ...args];
  const child = spawn(program!, rest, { cwd, env: { ...process.env, ...env } });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes));
  child.stdin.on('error', () => undefined);
  if (input !== undefined || !during) child.stdin.end(input);
  const closed = once(child, 'close');
  try {
    await during?.(child);
    const [code, signal] = (await closed) as [number | null, string | null];
    const stdoutBytes = Buffer.concat(stdout);
    return { code, signal, stdout: stdoutBytes.toString(), stdoutBytes, stderr: Buffer.concat(stderr).toString() };
  } finally {
    child.kill('SIGKILL');
  }
}
