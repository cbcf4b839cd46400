/**
 * `dumpsieve gate --redact`: the command gets a copy without what was found. Fails closed like the gate itself: what could
 * not be searched or made clean is not handed on.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { decide } from '../../src/gate.ts';
import { SourceError, UsageError } from '../../src/model/errors.ts';
import { FileDraft, SpoolDraft } from '../../src/redact/draft.ts';
import { NotRedactable } from '../../src/redact/not-redactable.ts';
import { redact, sourceOfFile, sourceOfSpool } from '../../src/redact/redact.ts';
import { Spool } from '../../src/sources/spool.ts';
import { SpoolArena } from '../../src/sources/spool-arena.ts';
import type { VerdictFile } from '../../src/verdict.ts';
import type { GateConfig } from '../config.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { hashFile } from '../hash-file.ts';
import { isAbort, statInput } from '../input.ts';
import { listenForEnd } from '../interrupt.ts';
import { describeRedaction } from '../redaction-report.ts';
import { fillSpool, runCommand, TOO_LATE, toVerdict, writeVerdict } from './gate.ts';

function hashDraft(draft: SpoolDraft): VerdictFile {
  const hash = createHash('sha256');
  let size = 0;
  for (const piece of draft.content()) {
    hash.update(piece);
    size += piece.length;
  }
  return { name: '-', size, sha256: hash.digest('hex') };
}

export async function runRedactingGate(config: GateConfig, tool: { name: string; version: string }): Promise<number> {
  const { paths, command, quiet } = config;
  const path = paths[0]!;
  const say = (text: string): void => void (quiet || process.stderr.write(`dumpsieve gate: ${text}\n`));
  if (path !== '-') statInput(path);
  const end = listenForEnd(config.maxTimeMs, () => say('interrupted: the gate stays closed'));
  const { signal } = end;
  const spool = path === '-' ? new Spool(new SpoolArena(config.spoolBytes)) : undefined;
  /** Only its owner can look into it. */
  const folder = path === '-' ? undefined : mkdtempSync(join(tmpdir(), 'dumpsieve-gate-'));
  const copy = folder === undefined ? undefined : join(folder, basename(path));
  const createDraft = (): FileDraft | SpoolDraft =>
    copy === undefined ? new SpoolDraft(config.spoolBytes) : new FileDraft(copy);
  let draft: FileDraft | SpoolDraft | undefined;
  try {
    const original = spool ? await fillSpool(spool, signal) : config.verdict ? await hashFile(path) : undefined;
    const source = spool ? sourceOfSpool(() => spool.openInput()) : sourceOfFile(path);
    const redaction = await redact(source, createDraft, {
      scan: { ...config.scan, signal },
      allowGaps: config.policy.allowGaps,
      also: new Set(),
      known: config.policy.failOnKnown === true,
    });
    ({ draft } = redaction);
    for (const line of describeRedaction(redaction)) say(line);
    const { lastScan, left } = redaction;
    const closed = redaction.outcome === 'dirty' ? 'findings' : redaction.outcome;
    const outcome = closed !== 'clean' && end.isLate() ? 'timeout' : closed;
    if (draft instanceof FileDraft) draft.moveTo(copy!);
    if (config.verdict) {
      const isClean = outcome === 'clean';
      const handed = draft instanceof SpoolDraft ? hashDraft(draft) : draft ? await hashFile(copy!) : original!;
      const verdict = toVerdict(
        config,
        tool,
        [isClean ? { ...handed, name: original!.name } : original!],
        lastScan,
        { ...decide(left, redaction.gaps, config.policy), outcome },
        await (await import('../../src/catalogue.ts')).identifyPatterns(config.scan),
      );
      writeVerdict(config, config.verdict, isClean ? { ...verdict, redactedFrom: [original!] } : verdict);
    }
    if (outcome !== 'clean') {
      say(outcome === 'timeout' ? TOO_LATE : `closed: ${outcome}`);
      return exitCodeOf(closed);
    }
    say('open, for a redacted copy');
    end.release();
    if (copy !== undefined)
      return await runCommand(
        command.map((part) => part.replaceAll('{}', copy)),
        undefined,
      );
    const content = draft as SpoolDraft;
    if (command.length > 0) return await runCommand(command, content);
    await pipeline(Readable.from(content.content()), process.stdout, { end: false });
    return EXIT.clean;
  } catch (error) {
    if (isAbort(error, signal)) {
      say(end.isLate() ? TOO_LATE : 'closed: incomplete');
      return EXIT.incomplete;
    }
    if (error instanceof NotRedactable) {
      say(`closed: ${error.message}`);
      return EXIT.findings;
    }
    if (error instanceof SourceError)
      throw new UsageError(`no copy can be made (${error.detail}); the gate stays closed`);
    throw error;
  } finally {
    end.release();
    spool?.close();
    draft?.discard();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
