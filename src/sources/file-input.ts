/**
 * Random access to one regular file. Reads are synchronous: straight into the kernel's memory they are half as fast
 * again as `FileHandle.read`, and a worker has nothing else to do meanwhile.
 */
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

/** The system's error code (`EACCES`), which never holds a path, unlike the message. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}

/** Identity of a file's content: `<mtime in ns>-<size>`. */
export function fileVersion(stats: BigIntStats): string {
  return `${stats.mtimeNs}-${stats.size}`;
}

function openDescriptor(path: string): number {
  try {
    // A FIFO swapped in after the listing must not block the thread, nor a symlink lead elsewhere.
    // Windows has neither flag.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ELOOP') throw new SourceError('changed', code);
    if (code === 'ENXIO') throw new SourceError('special-file', code);
    throw new SourceError('unreadable', code);
  }
}

function readAt(descriptor: number, into: Uint8Array, at: number): number {
  let done = 0;
  while (done < into.length) {
    let count: number;
    try {
      count = readSync(descriptor, into, done, into.length - done, at + done);
    } catch (error) {
      throw new SourceError('unreadable', errorCode(error));
    }
    if (count === 0) break;
    done += count;
  }
  return done;
}

/**
 * Files in /proc and some FUSE mounts say that they are empty and are not: only reading tells. Their size is unknown,
 * which is `Infinity`.
 */
function sizeOf(descriptor: number, stats: BigIntStats): number {
  if (stats.size > 0n) return Number(stats.size);
  return readAt(descriptor, new Uint8Array(1), 0) === 0 ? 0 : Number.POSITIVE_INFINITY;
}

/**
 * Opens `path`, whose last component must not be a symlink. `version` is that of the listing: `check` says `truncated`
 * when the file has shrunk since, `changed` when it is otherwise different. Throws SourceError.
 */
export function openFile(path: string, version?: string): Input {
  const descriptor = openDescriptor(path);
  try {
    const stats = fstatSync(descriptor, { bigint: true });
    if (!stats.isFile()) throw new SourceError('special-file', 'not-a-regular-file');
    const listed = version ?? fileVersion(stats);
    const listedSize = BigInt(listed.slice(listed.indexOf('-') + 1));
    return {
      size: sizeOf(descriptor, stats),
      read: (into, at) => readAt(descriptor, into, at),
      async check() {
        const now = fstatSync(descriptor, { bigint: true });
        if (now.size < listedSize) return 'truncated';
        return fileVersion(now) === listed ? undefined : 'changed';
      },
      async close() {
        closeSync(descriptor);
      },
    };
  } catch (error) {
    closeSync(descriptor);
    throw error instanceof SourceError ? error : new SourceError('unreadable', errorCode(error));
  }
}
