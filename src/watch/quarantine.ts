/** Moves a file into a folder that only its owner may enter, or keeps it there as well, at once or not at all. */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { errorCode } from '../sources/file-input.ts';

/** Makes the folder when it is missing; one that exists is closed to others. Throws the system's error. */
export function openQuarantine(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/** Nothing in quarantine is overwritten: a second dump of the same name gets an ending of its own. */
function freeName(folder: string, name: string): string {
  const path = join(folder, name);
  return existsSync(path) ? `${path}.${randomBytes(4).toString('hex')}` : path;
}

/** Returns where the file is now. Throws the system's error; the file is then where it was, closed to others. */
export function quarantine(path: string, folder: string): string {
  const target = freeName(folder, basename(path));
  // Closed to others before it moves: between the two it is already nobody else's.
  chmodSync(path, 0o600);
  try {
    renameSync(path, target);
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    moveAcross(path, target);
  }
  return target;
}

/** File systems without hard links, and systems that forbid them, say so in many ways. */
const NO_LINKS = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL']);

/** The file is in the folder as well, under the name that is given back. Throws the system's error; then it is not. */
export function keepIn(path: string, folder: string): string {
  // A run that was killed may have left it there.
  if (isSameFile(path, join(folder, basename(path)))) return join(folder, basename(path));
  const target = freeName(folder, basename(path));
  try {
    linkSync(path, target);
  } catch (error) {
    if (!NO_LINKS.has(errorCode(error))) throw error;
    copyAcross(path, target);
  }
  return target;
}

function isSameFile(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => lstatSync(path, { bigint: true, throwIfNoEntry: false }));
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

/** To another file system; then the original goes. */
function moveAcross(path: string, target: string): void {
  copyAcross(path, target);
  rmSync(path);
}

/** A copy under another name that is complete on disk before it gets its own. */
function copyAcross(path: string, target: string): void {
  const draft = `${target}.partial`;
  try {
    copyFileSync(path, draft, constants.COPYFILE_EXCL);
    chmodSync(draft, 0o600);
    const descriptor = openSync(draft, 'r+');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
