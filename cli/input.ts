/** Single files, and standard input that is kept, for commands that read them more than once. */
import type { Hash } from 'node:crypto';
import { type BigIntStats, statSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { UsageError } from '../src/model/errors.ts';
import type { Spool } from '../src/sources/spool.ts';

/** Throws UsageError for what is no regular file: only its bytes stay what they are. */
export function statInput(path: string): BigIntStats {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stats) throw new UsageError(`"${path}" does not exist`);
  if (!stats.isFile()) throw new UsageError(`"${path}" is no regular file: name a file, or - for standard input`);
  return stats;
}

/** Takes all of standard input. Rejects when `signal` ends it: somebody who writes slowly must not hold us for ever. */
export async function keepStdin(spool: Spool, signal: AbortSignal, hash?: Hash): Promise<void> {
  for await (const chunk of addAbortSignal(signal, process.stdin)) {
    hash?.update(chunk as Uint8Array);
    spool.write(chunk as Uint8Array);
    (chunk as Uint8Array).fill(0);
  }
}

/** Standard input was not taken to its end. */
export const isAbort = (error: unknown, { aborted }: AbortSignal): boolean =>
  aborted && error instanceof Error && error.name === 'AbortError';
