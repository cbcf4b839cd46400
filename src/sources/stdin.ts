/**
 * Standard input, named `-`: bytes that come once, in order, and whose number nobody knows. Must be read in the main
 * thread: a worker with a pending read can't be ended.
 */
import { fstatSync, read } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { promisify } from 'node:util';
import { SourceError, UsageError } from '../model/errors.ts';
import type { Input, Source } from '../model/input.ts';
import type { Locator } from '../model/place.ts';
import { errorCode } from './file-input.ts';

const readDescriptor = promisify(read);

/** A non-blocking pipe has nothing to give just now; there is no way to wait for it but to ask again. */
const RETRY_MS = 5;

/** Reads descriptor `descriptor` to its end. `read` accepts only the next `at`. */
export function openStream(descriptor: number): Input {
  let next = 0;
  return {
    size: Number.POSITIVE_INFINITY,
    sequential: true,
    async read(into, at) {
      if (at !== next) throw new SourceError('not-seekable', 'out-of-order');
      let done = 0;
      while (done < into.length) {
        try {
          const { bytesRead } = await readDescriptor(descriptor, into, done, into.length - done, null);
          if (bytesRead === 0) break;
          done += bytesRead;
        } catch (error) {
          const code = errorCode(error);
          if (code === 'EOF') break;
          if (code !== 'EAGAIN') throw new SourceError('unreadable', code);
          await sleep(RETRY_MS);
        }
      }
      next += done;
      return done;
    },
    async close() {
      // Standard input belongs to the process.
    },
  };
}

/** Known for `dumpsieve scan - < file`; only for the progress bar, as the shell may have moved the position. */
function redirectedSize(): { size?: number } {
  try {
    const stats = fstatSync(0);
    return stats.isFile() ? { size: stats.size } : {};
  } catch {
    return {};
  }
}

export function createStdinSource(): Source {
  let listed = false;
  return {
    scheme: 'stdin',
    async *list() {
      if (isatty(0)) {
        throw new UsageError('"-" reads standard input, which is this terminal: pipe a dump into it, or name a file');
      }
      if (!listed) yield { source: 'stdin', id: '-', label: 'stdin', ...redirectedSize() } satisfies Locator;
      listed = true;
    },
    async open() {
      return openStream(0);
    },
  };
}
