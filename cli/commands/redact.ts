/** `dumpsieve redact`: a copy without secrets, or the file itself; `-` is standard input or output. */
import { type BigIntStats, realpathSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SourceError, UsageError } from '../../src/model/errors.ts';
import { FileDraft, SpoolDraft } from '../../src/redact/draft.ts';
import { NotRedactable } from '../../src/redact/not-redactable.ts';
import { redact, sourceOfFile, sourceOfSpool } from '../../src/redact/redact.ts';
import { Spool } from '../../src/sources/spool.ts';
import { SpoolArena } from '../../src/sources/spool-arena.ts';
import type { RedactConfig } from '../config-redact.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { isAbort, keepStdin, statInput } from '../input.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { describeRedaction } from '../redaction-report.ts';

/** The output may replace a file, but not the input by another name of it. Throws UsageError. */
function checkOutput(path: string, input: BigIntStats | undefined): void {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isFile()) throw new UsageError(`"${path}" is no regular file: name a file to write`);
  if (input && stats.dev === input.dev && stats.ino === input.ino) {
    throw new UsageError(`"${path}" is the input itself: to replace it, use --in-place without an output`);
  }
}

export async function runRedact(config: RedactConfig): Promise<number> {
  const { input, output, quiet } = config;
  const say = (text: string): void => void (quiet || process.stderr.write(`dumpsieve redact: ${text}\n`));
  const stats = input === '-' ? undefined : statInput(input);
  // A symlink stays one: what it points to is replaced.
  const target = output ?? realpathSync(input);
  if (output !== undefined && output !== '-') checkOutput(output, stats);
  const spool = input === '-' ? new Spool(new SpoolArena(config.spoolBytes)) : undefined;
  const interrupt = listenForInterrupt(() => say('interrupted: nothing is written'));
  const createDraft = (): FileDraft | SpoolDraft =>
    target === '-' ? new SpoolDraft(config.spoolBytes) : new FileDraft(target);
  let draft: FileDraft | SpoolDraft | undefined;
  try {
    if (spool) await keepStdin(spool, interrupt.signal);
    const source = spool ? sourceOfSpool(() => spool.openInput()) : sourceOfFile(input);
    const redaction = await redact(source, createDraft, {
      ...config,
      scan: { ...config.scan, signal: interrupt.signal },
    });
    ({ draft } = redaction);
    for (const line of describeRedaction(redaction)) say(line);
    if (draft instanceof FileDraft) draft.moveTo(target, output === undefined ? stats : undefined);
    else if (draft) await pipeline(Readable.from(draft.content()), process.stdout, { end: false });
    return exitCodeOf(redaction.outcome);
  } catch (error) {
    if (isAbort(error, interrupt.signal)) return EXIT.incomplete;
    if (error instanceof NotRedactable) {
      say(`not written: ${error.message}`);
      return EXIT.findings;
    }
    if (error instanceof SourceError) throw new UsageError(`"${target}" can't be written (${error.detail})`);
    throw error;
  } finally {
    interrupt.release();
    draft?.discard();
    spool?.close();
  }
}
