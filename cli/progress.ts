/** A bar on standard error while a scan runs: bytes, speed, time left, findings. Only on a terminal. */
import { formatBytes, formatDuration } from '../src/report/units.ts';

/** Short scans end before a bar is worth drawing; loading it takes longer than they do. */
const DELAY_MS = 400;
const UPDATE_MS = 100;

export interface Progress {
  /** Bytes that will have to be scanned, as far as known. */
  addTotal(bytes: number): void;
  addDone(bytes: number): void;
  /** Counts keys, not places. */
  addFinding(fingerprint: string): void;
  stop(): void;
}

const BAR_WIDTH = 24;

/** `█████───  42 %  1.2 GiB of 3.0 GiB  3.1 GiB/s  0.6 s left  2 findings`. */
export function progressLine(done: number, total: number, findings: number, elapsedMs: number): string {
  // Ranges read a little more than they own, and files grow.
  const part = total > 0 ? Math.min(1, done / total) : 0;
  const speed = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
  const filled = Math.round(part * BAR_WIDTH);
  const parts = [
    `${'█'.repeat(filled)}${'─'.repeat(BAR_WIDTH - filled)} ${String(Math.floor(part * 100)).padStart(3)} %`,
    total > 0 ? `${formatBytes(Math.min(done, total))} of ${formatBytes(total)}` : formatBytes(done),
    `${formatBytes(speed)}/s`,
    // The first chunks say little about the rest.
    ...(part >= 0.01 && part < 1 ? [`${formatDuration(((1 - part) / part) * elapsedMs)} left`] : []),
    `${findings} found`,
  ];
  return parts.join('  ');
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  const started = Date.now();
  let done = 0;
  let total = 0;
  const findings = new Set<string>();
  let stopped = false;
  let bar: import('cli-progress').SingleBar | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function show(): Promise<void> {
    const { default: progress } = await import('cli-progress');
    if (stopped) return;
    bar = new progress.SingleBar({
      format: () => progressLine(done, total, findings.size, Date.now() - started),
      stream,
      clearOnComplete: true,
      hideCursor: true,
      // Ctrl-C belongs to the command.
      gracefulExit: false,
    });
    bar.start(1, 0);
    timer = setInterval(() => bar?.update(0), UPDATE_MS);
    timer.unref();
  }
  const delay = setTimeout(() => void show(), DELAY_MS);
  delay.unref();

  return {
    addTotal(bytes) {
      total += bytes;
    },
    addDone(bytes) {
      done += bytes;
    },
    addFinding(fingerprint) {
      findings.add(fingerprint);
    },
    stop() {
      stopped = true;
      clearTimeout(delay);
      clearInterval(timer);
      bar?.stop();
    },
  };
}
