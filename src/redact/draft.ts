/**
 * Where the redacted bytes go until they are known to be clean: a file beside the output, which then takes its place at
 * once (write, fsync, rename: whoever is killed in between leaves the old file whole), or an encrypted spool.
 */
import { randomBytes } from 'node:crypto';
import {
  type BigIntStats,
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import { errorCode } from '../sources/file-input.ts';
import { Spool } from '../sources/spool.ts';
import { SpoolArena } from '../sources/spool-arena.ts';

export interface Draft {
  /** Throws SourceError with the system's code when the disk is full. */
  write(bytes: Uint8Array): void;
  /** Nothing more is written; what was is on the disk. */
  finish(): void;
  /** What `scan` takes. */
  readonly spec: string;
  readonly openStdin?: () => Input;
  discard(): void;
}

/** Zeros of this size are left as holes: dumps are full of them. */
const HOLE_BYTES = 65_536;

export class FileDraft implements Draft {
  readonly spec: string;
  #descriptor: number | undefined;
  #size = 0;

  /** Beside `target`, readable for the owner only. Throws SourceError. */
  constructor(target: string) {
    this.spec = join(dirname(target), `.${basename(target)}.dumpsieve-${randomBytes(6).toString('hex')}`);
    this.#descriptor = attempt(() => openSync(this.spec, 'wx', 0o600));
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += HOLE_BYTES) {
      const part = bytes.subarray(at, at + HOLE_BYTES);
      if (part.length < HOLE_BYTES || part.some((byte) => byte !== 0)) this.#writeAt(part, this.#size + at);
    }
    this.#size += bytes.length;
  }

  #writeAt(bytes: Uint8Array, at: number): void {
    for (let done = 0; done < bytes.length; ) {
      done += attempt(() => writeSync(this.#descriptor!, bytes, done, bytes.length - done, at + done));
    }
  }

  finish(): void {
    attempt(() => {
      ftruncateSync(this.#descriptor!, this.#size);
      fsyncSync(this.#descriptor!);
      closeSync(this.#descriptor!);
    });
    this.#descriptor = undefined;
  }

  /** Takes the place of `target`, with the mode and owner of `like` when the file is replaced. Throws SourceError. */
  moveTo(target: string, like?: Pick<BigIntStats, 'mode' | 'uid' | 'gid'>): void {
    attempt(() => {
      if (like) {
        try {
          chownSync(this.spec, Number(like.uid), Number(like.gid));
        } catch {
          // Only root may give files away; then it stays the user's own.
        }
        chmodSync(this.spec, Number(like.mode) & 0o7777);
      }
      renameSync(this.spec, target);
      syncFolder(dirname(target));
    });
  }

  discard(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.spec, { force: true });
  }
}

/** The rename itself outlasts a power cut. Windows can't open folders, and needs not. */
function syncFolder(path: string): void {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(folder);
  } catch {
    // Some network file systems refuse.
  } finally {
    closeSync(folder);
  }
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof SourceError ? error : new SourceError('unreadable', errorCode(error));
  }
}

export class SpoolDraft implements Draft {
  readonly spec = '-';
  readonly #spool: Spool;
  readonly openStdin: () => Input;

  constructor(memoryBytes: number) {
    this.#spool = new Spool(new SpoolArena(memoryBytes));
    this.openStdin = () => this.#spool.openInput();
  }

  write(bytes: Uint8Array): void {
    this.#spool.write(bytes);
  }

  finish(): void {}

  content(): Generator<Uint8Array> {
    return this.#spool.content();
  }

  discard(): void {
    this.#spool.close();
  }
}
