/**
 * Files, directories and globs on this machine. Directories are walked with their dot files; symlinks in them are
 * followed only on demand, symlinks named on the command line always (as `find -H`). A file that is reached twice is
 * listed once. Nothing but regular files is ever opened.
 */
import { type BigIntStats, lstatSync, statSync } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gap, GapCode } from '../model/finding.ts';
import type { ListOptions, Source } from '../model/input.ts';
import { sanitizeLabel } from '../model/label.ts';
import type { Locator } from '../model/place.ts';
import { errorCode, fileVersion, openFile } from './file-input.ts';
import type { Entry } from './walk.ts';

function gap(code: GapCode, path: string, detail: string): Gap {
  return { code, input: sanitizeLabel(path), detail };
}

/** Errors that mean "there is no such path"; a glob taken as a path can also be too long or have a file as parent. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EINVAL']);

/** A source for one scan: it remembers which files it has listed. */
export function createFileSource(): Source {
  const listed = new Map<bigint, Set<bigint>>();

  /** Whether this file was listed before, by another path or spec. Some file systems have no inode numbers. */
  function isListed({ dev, ino }: BigIntStats): boolean {
    if (ino === 0n) return false;
    let inodes = listed.get(dev);
    if (!inodes) listed.set(dev, (inodes = new Set()));
    if (inodes.has(ino)) return true;
    inodes.add(ino);
    return false;
  }

  function* locate(path: string, label: string, stats: BigIntStats): Generator<Locator | Gap> {
    if (!stats.isFile()) {
      yield gap('special-file', label, 'not-a-regular-file');
    } else if (!isListed(stats)) {
      yield {
        source: 'file',
        id: path,
        label: sanitizeLabel(label),
        size: Number(stats.size),
        version: fileVersion(stats),
      };
    }
  }

  /** An entry that vanished since it was seen is a change; a symlink to nothing has nothing to scan. */
  async function* fromEntry(entry: Entry, path: string, label: string, follow: boolean) {
    if (entry.kind === 'error') {
      yield gap('unreadable', label, entry.code);
    } else if (entry.kind !== 'directory' && (entry.kind !== 'symlink' || follow)) {
      try {
        // Synchronous: a trip through the thread pool for each of a million files would keep the workers waiting.
        const stats = lstatSync(path, { bigint: true });
        if (!stats.isSymbolicLink()) yield* locate(path, label, stats);
        else if (follow) {
          const target = statSync(path, { bigint: true });
          if (!target.isDirectory()) yield* locate(await realpath(path), label, target);
        }
      } catch (error) {
        const code = errorCode(error);
        if (entry.kind !== 'symlink') yield gap(code === 'ENOENT' ? 'changed' : 'unreadable', label, code);
        else if (code !== 'ENOENT' && code !== 'ELOOP') yield gap('unreadable', label, code);
      }
    }
  }

  async function* fromDirectory(directory: string, label: string, options: ListOptions) {
    const { walkDirectory } = await import('./walk.ts');
    for await (const entry of walkDirectory(directory, options)) {
      if (options.signal.aborted) return;
      const path = join(directory, entry.path);
      yield* fromEntry(entry, path, join(label, entry.path), options.followSymlinks);
    }
  }

  async function* fromGlob(spec: string, options: ListOptions) {
    const { expandGlob, isGlob } = await import('./walk.ts');
    let matches = 0;
    if (isGlob(spec)) {
      for await (const entry of expandGlob(spec, { ...options, include: [] })) {
        if (options.signal.aborted) return;
        matches++;
        // `dumps/*` takes what is in the directories as well, as it does when a shell expands it.
        if (entry.kind === 'directory' && !spec.includes('**')) yield* fromDirectory(entry.path, entry.path, options);
        else yield* fromEntry(entry, entry.path, entry.path, options.followSymlinks);
      }
    }
    if (matches === 0) yield gap('not-found', spec, isGlob(spec) ? 'no-match' : 'ENOENT');
  }

  return {
    scheme: 'file',
    async *list(spec, options) {
      let path = spec;
      let stats: BigIntStats;
      try {
        stats = await lstat(spec, { bigint: true });
        if (stats.isSymbolicLink()) {
          path = await realpath(spec);
          stats = await stat(path, { bigint: true });
        }
      } catch (error) {
        const code = errorCode(error);
        if (ABSENT.has(code)) yield* fromGlob(spec, options);
        else yield gap('unreadable', spec, code);
        return;
      }
      if (stats.isDirectory()) yield* fromDirectory(path, spec, options);
      else yield* locate(path, spec, stats);
    },
    async open(locator) {
      return openFile(locator.id, locator.version);
    },
  };
}
