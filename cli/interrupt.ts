/** What ends work early: Ctrl-C (the first one asks for a partial report, the second one ends the process at once), and time. */

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Puts the default handling back. */
  release(): void;
}

export function listenForInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const handle = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      release();
      process.kill(process.pid, name);
      return;
    }
    onFirst();
    controller.abort();
  };
  const release = (): void => {
    process.off('SIGINT', handle);
    process.off('SIGTERM', handle);
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return { signal: controller.signal, release };
}

export interface Deadline extends Interrupt {
  /** Time is over. */
  isLate(): boolean;
}

/** The same, or `maxTimeMs`; undefined for any time. */
export function listenForEnd(maxTimeMs: number | undefined, onInterrupt: () => void): Deadline {
  const timer = new AbortController();
  const interrupt = listenForInterrupt(onInterrupt);
  const timeout = maxTimeMs === undefined ? undefined : setTimeout(() => timer.abort(), maxTimeMs);
  return {
    signal: AbortSignal.any([interrupt.signal, timer.signal]),
    isLate: () => timer.signal.aborted,
    release() {
      clearTimeout(timeout);
      interrupt.release();
    },
  };
}
