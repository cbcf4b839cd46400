/** `dumpsieve redact`: a copy without secrets, or the file itself; `-` is standard input or output. */
import { realpathSync, type Stats, statSync } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SourceError, UsageError } from '../../src/model/errors.ts';
import { type Draft, FileDraft, SpoolDraft } from '../../src/redact/draft.ts';
import { NotRedactable } from '../../src/redact/not-redactable.ts';
import { type Redaction, type RedactSource, redact } from '../../src/redact/redact.ts';
import { openFile } from '../../src/sources/file-input.ts';
import { Spool } from '../../src/sources/spool.ts';
import { SpoolArena } from '../../src/sources/spool-arena.ts';
import type { RedactConfig } from '../config-redact.ts';
import { EXIT } from '../exit-codes.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { describeRedaction } from '../redaction-report.ts';
import { isAbort } from './gate.ts';

/** Throws UsageError for what is no regular file. */
function checkInput(path: string): Stats {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new UsageError(`"${path}" does not exist`);
  if (!stats.isFile())
    throw new UsageError(`"${path}" is no regular file: redact takes a file, or - for standard input`);
  return stats;
}

/** The output may replace a file, but not the input by another name of it. Throws UsageError. */
function checkOutput(path: string, input: Stats | undefined): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isFile()) throw new UsageError(`"${path}" is no regular file: name a file to write`);
  if (input && stats.dev === input.dev && stats.ino === input.ino) {
    throw new UsageError(`"${path}" is the input itself: to replace it, use --in-place without an output`);
  }
}

async function fillSpool(spool: Spool, signal: AbortSignal): Promise<void> {
  for await (const chunk of addAbortSignal(signal, process.stdin)) {
    spool.write(chunk as Uint8Array);
    (chunk as Uint8Array).fill(0);
  }
}

function exitCodeOf({ outcome }: Redaction<Draft>): number {
  if (outcome === 'clean') return EXIT.clean;
  return outcome === 'dirty' ? EXIT.findings : EXIT.incomplete;
}

export async function runRedact(config: RedactConfig): Promise<number> {
  const { input, output, quiet } = config;
  const say = (text: string): void => void (quiet || process.stderr.write(`dumpsieve redact: ${text}\n`));
  const stats = input === '-' ? undefined : checkInput(input);
  // A symlink stays one: what it points to is replaced.
  const target = output ?? realpathSync(input);
  if (output !== undefined && output !== '-') checkOutput(output, stats);
  const spool = input === '-' ? new Spool(new SpoolArena(config.spoolBytes)) : undefined;
  const interrupt = listenForInterrupt(() => say('interrupted: nothing is written'));
  const drafts = new Set<Draft>();
  const createDraft = (): FileDraft | SpoolDraft => {
    const draft = target === '-' ? new SpoolDraft(config.spoolBytes) : new FileDraft(target);
    drafts.add(draft);
    return draft;
  };
  try {
    if (spool) await fillSpool(spool, interrupt.signal);
    const source: RedactSource = spool
      ? { spec: '-', openStdin: () => spool.openInput(), open: () => spool.openInput() }
      : { spec: input, open: () => openFile(realpathSync(input)) };
    const redaction = await redact(source, createDraft, {
      ...config,
      scan: { ...config.scan, signal: interrupt.signal },
    });
    for (const line of describeRedaction(redaction)) say(line);
    const { draft } = redaction;
    if (draft instanceof FileDraft) draft.moveTo(target, output === undefined ? stats : undefined);
    else if (draft) await pipeline(Readable.from(draft.content()), process.stdout, { end: false });
    if (draft instanceof FileDraft) drafts.delete(draft);
    return exitCodeOf(redaction);
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
    for (const draft of drafts) draft.discard();
    spool?.close();
  }
}
