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

/** A FIFO swapped in after the listing must not block the thread, nor a symlink lead elsewhere. Windows has neither flag. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

function openDescriptor(path: string): number {
  try {
    return openSync(path, FLAGS);
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

const PAGE = 4096;
const BLOCK_BYTES = 512n;
/** Of smaller files holes take no time. */
const MIN_SPARSE_BYTES = 64n << 20n;
/** Of the size of a file at most this share is data where holes are most of the work. */
const SPARSE_SHARE = 8n;

/**
 * A second descriptor for a file that is nearly all holes, such as the kernel writes cores of Go and WebAssembly: past the page cache, which would have
 * to be filled with zeros first, they are read in a fraction of the time (bench/RESULTS.md). Undefined where that is not possible (macOS, Windows, some file systems).
 */
function openDirect(path: string, stats: BigIntStats): number | undefined {
  const isSparse = stats.size >= MIN_SPARSE_BYTES && stats.blocks * BLOCK_BYTES * SPARSE_SHARE <= stats.size;
  if (!isSparse || constants.O_DIRECT === undefined) return undefined;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, FLAGS | constants.O_DIRECT);
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    if (dev === stats.dev && ino === stats.ino) return descriptor;
  } catch {
    // The other descriptor will do.
  }
  if (descriptor !== undefined) closeSync(descriptor);
  return undefined;
}

/** Reads whole pages to where a page of memory begins; returns how many bytes, 0 where anything stands in the way. */
function readDirect(descriptor: number, into: Uint8Array, at: number): number {
  if (at % PAGE !== 0 || into.byteOffset % PAGE !== 0 || into.length < PAGE) return 0;
  try {
    return readSync(descriptor, into, 0, into.length - (into.length % PAGE), at);
  } catch {
    return 0;
  }
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
    const size = sizeOf(descriptor, stats);
    const direct = openDirect(path, stats);
    return {
      size,
      read(into, at) {
        const done = direct === undefined ? 0 : readDirect(direct, into, at);
        return done + readAt(descriptor, into.subarray(done), at + done);
      },
      async check() {
        const now = fstatSync(descriptor, { bigint: true });
        if (now.size < listedSize) return 'truncated';
        return fileVersion(now) === listed ? undefined : 'changed';
      },
      async close() {
        closeSync(descriptor);
        if (direct !== undefined) closeSync(direct);
      },
    };
  } catch (error) {
    closeSync(descriptor);
    throw error instanceof SourceError ? error : new SourceError('unreadable', errorCode(error));
  }
}
