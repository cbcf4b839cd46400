/**
 * Directory trees and globs, with fast-glob. Two of its habits would lose files without a word, so it sees the file
 * system through an adapter:
 * - its `*` and `**` don't match names with a line break, so line breaks are spelled differently on the way in;
 * - one unreadable directory ends the whole listing, so errors become gaps and the directory an empty one.
 * With `followSymlinks` the adapter also enters each directory once only, by its real path, which ends loops.
 */
import { type Dirent, lstat, readdir, realpath, type Stats, stat } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import fastGlob from 'fast-glob';
import { errorCode } from './file-input.ts';

/** What `.` in a regular expression does not match, and the character that starts their spelling. */
const UNMATCHED = ['\n', '\r', '\u2028', '\u2029'];
const ESCAPE = '\u{10fffd}';
const ESCAPED = [ESCAPE, ...UNMATCHED];

function encodeName(name: string): string {
  return name.replace(/[\n\r\u2028\u2029\u{10fffd}]/gu, (c) => `${ESCAPE}${ESCAPED.indexOf(c)}`);
}

function decodeName(name: string): string {
  return name.replace(/\u{10fffd}(\d)/gu, (_, index: string) => ESCAPED[Number(index)] ?? '');
}

export type Entry =
  | { readonly kind: 'file' | 'directory' | 'symlink' | 'special'; readonly path: string }
  | { readonly kind: 'error'; readonly path: string; readonly code: string };

export interface WalkOptions {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly followSymlinks: boolean;
}

type Callback<T> = (error: NodeJS.ErrnoException | null, value: T) => void;

function kindOf(dirent: Dirent): 'file' | 'directory' | 'symlink' | 'special' {
  if (dirent.isFile()) return 'file';
  if (dirent.isDirectory()) return 'directory';
  return dirent.isSymbolicLink() ? 'symlink' : 'special';
}

/** The file system as fast-glob sees it; `onError` gets each directory that can't be read, by its absolute path. */
function createAdapter(followSymlinks: boolean, onError: (path: string, code: string) => void) {
  const entered = new Set<string>();
  const list = (path: string, callback: Callback<Dirent[]>): void => {
    readdir(path, { withFileTypes: true }, (error, dirents) => {
      if (error) {
        onError(path, errorCode(error));
        callback(null, []);
        return;
      }
      for (const dirent of dirents) dirent.name = encodeName(dirent.name);
      callback(null, dirents);
    });
  };
  return {
    lstat: (path: string, callback: Callback<Stats>) => lstat(decodeName(path), callback),
    stat: (path: string, callback: Callback<Stats>) => stat(decodeName(path), callback),
    readdir: (encoded: string, _: unknown, callback: Callback<Dirent[]>) => {
      const path = decodeName(encoded);
      if (!followSymlinks) return list(path, callback);
      realpath(path, (error, real) => {
        if (error) onError(path, errorCode(error));
        if (error || entered.has(real)) return callback(null, []);
        entered.add(real);
        list(path, callback);
      });
    },
  };
}

/** `*.log` means "at any depth", as in .gitignore. */
function atAnyDepth(pattern: string): string {
  return pattern.includes('/') ? pattern : `**/${pattern}`;
}

async function* stream(pattern: string, cwd: string, options: WalkOptions): AsyncGenerator<Entry> {
  const errors: Entry[] = [];
  const adapter = createAdapter(options.followSymlinks, (path, code) => {
    errors.push({ kind: 'error', path: isAbsolute(pattern) ? path : relative(cwd, path), code });
  });
  const entries = fastGlob.stream(encodeName(pattern), {
    cwd,
    // The typings ask for the overloads of node:fs; fast-glob calls the ones that the adapter has.
    fs: adapter as unknown as NonNullable<fastGlob.Options['fs']>,
    dot: true,
    onlyFiles: false,
    objectMode: true,
    unique: false,
    followSymbolicLinks: options.followSymlinks,
    ignore: options.exclude.flatMap((exclude) => {
      const anywhere = encodeName(atAnyDepth(exclude));
      return [anywhere, `${anywhere.replace(/\/$/, '')}/**`];
    }),
  });
  for await (const entry of entries as AsyncIterable<fastGlob.Entry & { dirent: Dirent }>) {
    yield* errors.splice(0);
    yield { kind: kindOf(entry.dirent), path: decodeName(entry.path) };
  }
  yield* errors;
}

/**
 * Everything beneath `directory`, dot files included, as paths relative to it. `include` and `exclude` are globs
 * relative to it as well. An entry may come twice when two `include` patterns match it.
 */
export async function* walkDirectory(directory: string, options: WalkOptions): AsyncGenerator<Entry> {
  const patterns = options.include.length > 0 ? options.include.map(atAnyDepth) : ['**'];
  for (const pattern of patterns) yield* stream(pattern, resolve(directory), options);
}

/** Everything that a glob matches, as paths like the glob: absolute, or relative to the working directory. */
export async function* expandGlob(pattern: string, options: WalkOptions): AsyncGenerator<Entry> {
  const portable = sep === '\\' ? pattern.replaceAll('\\', '/') : pattern;
  yield* stream(portable, resolve('.'), options);
}

export function isGlob(spec: string): boolean {
  return fastGlob.isDynamicPattern(spec);
}
