/** Where a report goes: standard output, piece by piece, or a file that appears whole or not at all. */
import { accessSync, constants, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../src/model/errors.ts';

export interface Output {
  write(text: string): void;
  /** Call once, when the report is complete. */
  finish(): void;
}

export function openStandardOutput(): Output {
  return { write: (text) => void process.stdout.write(text), finish: () => undefined };
}

/** Replaces `path` at once, so that nobody reads half a report; a device or FIFO is written to as it is. */
export function replaceFile(path: string, text: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats && !stats.isFile()) {
    writeFileSync(path, text);
    return;
  }
  const folder = mkdtempSync(join(dirname(path), '.dumpsieve-'));
  try {
    const draft = join(folder, basename(path));
    writeFileSync(draft, text, { flush: true });
    renameSync(draft, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps the report in memory until the end: a draft on disk could lie in the directory that is being scanned. */
export function openFile(path: string): Output {
  try {
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('directory');
  } catch {
    throw new UsageError(`--output: "${path}" can't be written; its folder must exist and it must not be a folder`);
  }
  const parts: string[] = [];
  return {
    write: (text) => void parts.push(text),
    finish: () => replaceFile(path, parts.join('')),
  };
}
