/**
 * Standard input, named `-`: bytes that come once, in order, and whose number nobody knows. Read through Node's
 * stream in the main thread: a pending `fs.read` of a silent pipe can't be given up, neither by a worker that is
 * ended nor by `process.exit`.
 */
import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { SourceError, UsageError } from '../model/errors.ts';
import type { Input, Source } from '../model/input.ts';
import type { Locator } from '../model/place.ts';
import { errorCode } from './file-input.ts';

/** A stream as an input: `read` accepts only the next `at`. What was handed out is wiped in the stream's buffers. */
export function openStream(stream: AsyncIterable<Uint8Array>): Input {
  const chunks = stream[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array(0);
  let next = 0;

  /** False at the end. */
  async function pull(): Promise<boolean> {
    try {
      const { done, value } = await chunks.next();
      if (!done) chunk = value;
      return !done;
    } catch (error) {
      throw new SourceError('unreadable', errorCode(error));
    }
  }

  return {
    size: Number.POSITIVE_INFINITY,
    sequential: true,
    async read(into, at) {
      if (at !== next) throw new SourceError('not-seekable', 'out-of-order');
      let done = 0;
      while (done < into.length && (chunk.length > 0 || (await pull()))) {
        const part = chunk.subarray(0, into.length - done);
        into.set(part, done);
        chunk = chunk.subarray(part.length);
        done += part.length;
        part.fill(0);
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

/** @param openInput the bytes, when something else than the process's own stream has them */
export function createStdinSource(openInput?: () => Input): Source {
  let listed = false;
  return {
    scheme: 'stdin',
    async *list() {
      if (!openInput && isatty(0)) {
        throw new UsageError('"-" reads standard input, which is this terminal: pipe a dump into it, or name a file');
      }
      const size = openInput ? { size: openInput().size } : redirectedSize();
      if (!listed) yield { source: 'stdin', id: '-', label: 'stdin', ...size } satisfies Locator;
      listed = true;
    },
    async open() {
      return openInput?.() ?? openStream(process.stdin);
    },
  };
}
