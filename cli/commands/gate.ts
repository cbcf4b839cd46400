/**
 * `dumpsieve gate`: runs a command only when the files are clean. Fails closed: whatever goes wrong before the verdict, the
 * command does not run. Standard input is kept (src/sources/spool.ts) and handed to the command, or to standard output.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { type BigIntStats, statSync } from 'node:fs';
import { constants } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { scan } from '../../src/api.ts';
import { decide, outcomeOf } from '../../src/gate.ts';
import { SourceError, UsageError } from '../../src/model/errors.ts';
import type { Decision, ScanResult } from '../../src/model/result.ts';
import { loadReporter } from '../../src/report/reporters.ts';
import { Spool } from '../../src/sources/spool.ts';
import { SpoolArena } from '../../src/sources/spool-arena.ts';
import { patternsSha256, signVerdict, VERDICT_SCHEMA, type Verdict, type VerdictFile } from '../../src/verdict.ts';
import type { GateConfig } from '../config.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import { hashFile } from '../hash-file.ts';
import { isAbort, keepStdin, statInput } from '../input.ts';
import { listenForEnd } from '../interrupt.ts';
import { openFile, replaceFile } from '../output.ts';
import { suppressFindings } from '../suppressions.ts';

export const TOO_LATE = 'closed: the scan took longer than --max-time';

/** What a file is, to notice that it is another one now. */
const identityOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(' ');

function isSame(path: string, identity: string): boolean {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats !== undefined && identityOf(stats) === identity;
}

/** Takes all of standard input, as far as `signal` lets it. */
export async function fillSpool(spool: Spool, signal: AbortSignal): Promise<VerdictFile> {
  const hash = createHash('sha256');
  await keepStdin(spool, signal, hash);
  return { name: '-', size: spool.size, sha256: hash.digest('hex') };
}

export function toVerdict(
  config: GateConfig,
  tool: { name: string; version: string },
  files: readonly VerdictFile[],
  result: ScanResult,
  decision: Decision & { readonly outcome: Verdict['verdict'] },
  patterns: readonly string[],
): Verdict {
  const countOf = (verdict: string): number => result.findings.filter((finding) => finding.verdict === verdict).length;
  return {
    schema: VERDICT_SCHEMA,
    verdict: decision.outcome,
    open: decision.outcome === 'clean',
    files,
    findings: { proven: countOf('proven'), likely: countOf('likely'), known: countOf('known') },
    failing: decision.failing,
    suppressed: result.findings.filter((finding) => finding.suppressed).length,
    gaps: result.gapCounts,
    policy: config.policy,
    tool: { name: tool.name, version: tool.version },
    patternsSha256: patternsSha256(patterns),
    startedAt: result.startedAt,
    endedAt: new Date(Date.parse(result.startedAt) + result.durationMs).toISOString(),
  };
}

/** Signs it when there is a key. Throws UsageError. */
export function writeVerdict({ verdictKeyPem }: GateConfig, path: string, verdict: Verdict): void {
  const signed = verdictKeyPem === undefined ? verdict : signVerdict(verdict, verdictKeyPem);
  try {
    replaceFile(path, `${JSON.stringify(signed, null, 2)}\n`);
  } catch {
    throw new UsageError(`--verdict: "${path}" can't be written; the gate stays closed`);
  }
}

/** Runs the command, with the spool as its standard input; resolves to its exit code, 128 and the number of a signal. */
export async function runCommand(
  [program, ...args]: readonly string[],
  spool: Pick<Spool, 'content'> | undefined,
): Promise<number> {
  const child = spawn(program!, args, { stdio: [spool ? 'pipe' : 'inherit', 'inherit', 'inherit'] });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', () => reject(new UsageError(`"${program}" can't be run; nothing was handed on`)));
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal!] ?? 0)));
  });
  // A command that doesn't read all of its input has its reasons; its exit code tells.
  if (spool && child.stdin) {
    const [code] = await Promise.all([
      ended,
      pipeline(Readable.from(spool.content()), child.stdin).catch(() => undefined),
    ]);
    return code;
  }
  return ended;
}

export async function runGate(config: GateConfig, tool: { name: string; version: string }): Promise<number> {
  if (config.redact) return (await import('./gate-redact.ts')).runRedactingGate(config, tool);
  const { paths, command, quiet } = config;
  const hasStdin = paths.includes('-');
  const files = paths.filter((path) => path !== '-');
  const say = (text: string): void => void (quiet || process.stderr.write(`dumpsieve gate: ${text}\n`));
  const reporter = await loadReporter(config.format);
  // Standard output belongs to the command, or to what is handed on.
  const report = config.output === undefined ? undefined : openFile(config.output);
  const identities = new Map(files.map((path) => [path, identityOf(statInput(path))]));
  const end = listenForEnd(config.maxTimeMs, () => say('interrupted: the gate stays closed'));
  const { signal } = end;
  const spool = hasStdin ? new Spool(new SpoolArena(config.spoolBytes)) : undefined;
  try {
    const hashes: VerdictFile[] = [];
    if (spool) hashes.push(await fillSpool(spool, signal));
    if (config.verdict) for (const path of files) hashes.push(await hashFile(path));
    const scanned = await scan(paths, {
      ...config.scan,
      signal,
      ...(spool && { openStdin: () => spool.openInput() }),
    });
    const result = await suppressFindings(scanned, config.suppressions, say);
    const decision = decide(result.findings, result.gaps, config.policy);
    const changed = files.find((path) => !isSame(path, identities.get(path)!));
    const outcome = outcomeOf(decision, {
      timeout: end.isLate(),
      changed: changed !== undefined,
      incomplete: result.interrupted,
    });
    const detectors = reporter.needsDetectors
      ? await (await import('../../src/catalogue.ts')).loadCatalogue(config.scan)
      : [];
    const whole = {
      ...result,
      ...decision,
      verdict: outcome === 'clean' || outcome === 'findings' ? outcome : 'incomplete',
      exitCode: exitCodeOf(outcome),
    } as const;
    if (report || (outcome !== 'clean' && !quiet)) {
      const context = { tool, colour: !report && process.stderr.isTTY === true && config.colour, detectors };
      const write = report ? (text: string) => report.write(text) : (text: string) => void process.stderr.write(text);
      for (const text of reporter.end(whole, context)) write(text);
      report?.finish();
    }
    if (config.verdict) {
      const patterns = await (await import('../../src/catalogue.ts')).identifyPatterns(config.scan);
      const verdict = toVerdict(config, tool, hashes, result, { ...decision, outcome }, patterns);
      writeVerdict(config, config.verdict, verdict);
    }
    if (outcome !== 'clean') {
      if (outcome === 'timeout') say(TOO_LATE);
      else if (outcome === 'changed') say(`closed: "${changed}" changed while it was scanned`);
      else say(`closed: ${outcome}`);
      return whole.exitCode;
    }
    say('open');
    end.release();
    if (command.length > 0) return await runCommand(command, spool);
    if (spool) await pipeline(Readable.from(spool.content()), process.stdout, { end: false });
    return EXIT.clean;
  } catch (error) {
    if (isAbort(error, signal)) {
      say(end.isLate() ? TOO_LATE : 'closed: incomplete');
      return EXIT.incomplete;
    }
    // A full disk, a pipe that broke: the gate never opened.
    if (error instanceof SourceError)
      throw new UsageError(`standard input can't be kept (${error.detail}); the gate stays closed`);
    throw error;
  } finally {
    end.release();
    spool?.close();
  }
}
