/** Runs one process and measures it: wall time, CPU time of the process and its threads, peak memory. Linux only. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measurement {
  readonly wallSeconds: number;
  /** User and system time, in steps of 10 ms. */
  readonly cpuSeconds: number;
  /** Peak resident set; for programs that map the file, the file's pages count. */
  readonly peakBytes: number;
  readonly exitCode: number | null;
  readonly stdout: string;
}

/** USER_HZ, the unit of times in /proc, is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const POLL_MS = 20;

/** CPU time of all children that have ended: `cutime` and `cstime`, fields 16 and 17 of proc(5) `stat`. */
function childrenCpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

/** VmHWM only grows, so the last reading before the end misses at most what is added in `POLL_MS`. */
function peakBytes(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0; // It has just ended.
  }
}

/** Loading extra certificates, where this is set, takes Node 20 45 ms at each start: not a matter of this benchmark. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

/** `output: 'discard'` connects stdout to /dev/null itself; a pipe would slow `cat` down. */
export async function measure(command: readonly string[], output: 'discard' | 'text'): Promise<Measurement> {
  const [file = '', ...args] = command;
  const cpuBefore = childrenCpuSeconds();
  const start = process.hrtime.bigint();
  const child = spawn(file, args, {
    stdio: ['ignore', output === 'discard' ? 'ignore' : 'pipe', 'inherit'],
    env: ENVIRONMENT,
  });
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  let peak = 0;
  const poll = setInterval(() => (peak = Math.max(peak, peakBytes(child.pid ?? 0))), POLL_MS);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const wallSeconds = Number(process.hrtime.bigint() - start) / 1e9;
    return { wallSeconds, cpuSeconds: childrenCpuSeconds() - cpuBefore, peakBytes: peak, exitCode, stdout };
  } finally {
    clearInterval(poll);
  }
}
