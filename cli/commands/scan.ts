/** `dumpsieve scan`: runs a scan, reports while and after it, and tells the exit code. */
import { scan } from '../../src/api.ts';
import { decide } from '../../src/gate.ts';
import { UsageError } from '../../src/model/errors.ts';
import type { ScanResult } from '../../src/model/result.ts';
import { loadReporter } from '../../src/report/reporters.ts';
import type { ScanConfig } from '../config.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { openFile, openStandardOutput } from '../output.ts';
import { createProgress } from '../progress.ts';
import { suppressFindings } from '../suppressions.ts';

/** A path that doesn't exist is a gap beside others, but alone it is a mistake. */
function rejectNothingScanned({ inputs, gaps }: ScanResult): void {
  if (inputs > 0 || gaps.length === 0 || gaps.some(({ code }) => code !== 'not-found')) return;
  const names = gaps.map(({ input }) => `"${input}"`).join(', ');
  const isGlob = gaps.every(({ detail }) => detail === 'no-match');
  throw new UsageError(
    `nothing to scan: ${names} ${isGlob ? 'matches no file' : 'does not exist'}; check the path and the working directory`,
  );
}

export async function runScan(config: ScanConfig, tool: { name: string; version: string }): Promise<number> {
  const reporter = await loadReporter(config.format);
  const output = config.output === undefined ? openStandardOutput() : openFile(config.output);
  const progress = process.stderr.isTTY && !config.quiet ? createProgress(process.stderr) : undefined;
  const interrupt = listenForInterrupt(() => {
    if (!config.quiet) process.stderr.write('\ninterrupted: finishing the report; once more to stop at once\n');
  });
  let result: ScanResult;
  try {
    result = await scan(config.paths, {
      ...config.scan,
      signal: interrupt.signal,
      onProgress: (bytes) => progress?.addDone(bytes),
      observer: {
        onInput: ({ size }) => progress?.addTotal(size ?? 0),
        onFinding: (finding) => {
          progress?.addFinding(finding.fingerprint);
          if (reporter.finding) output.write(reporter.finding(finding));
        },
        onGap: (gap) => {
          if (reporter.gap) output.write(reporter.gap(gap));
        },
      },
    });
  } finally {
    progress?.stop();
  }
  rejectNothingScanned(result);
  const say = (line: string): void => void (config.quiet || process.stderr.write(`${line}\n`));
  result = await suppressFindings(result, config.suppressions, say);
  const report = { ...result, ...decide(result.findings, result.gaps, config.policy) };
  const detectors = reporter.needsDetectors
    ? await (await import('../../src/catalogue.ts')).loadCatalogue(config.scan)
    : [];
  for (const text of reporter.end(report, { tool, colour: config.colour, detectors })) output.write(text);
  output.finish();
  if (config.output !== undefined && !config.quiet) {
    const { summarize } = await import('../../src/report/summary.ts');
    process.stderr.write(`${summarize(report)}\n`);
  }
  interrupt.release();
  return report.exitCode;
}
