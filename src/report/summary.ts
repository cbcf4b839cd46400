/** The whole result in one line. */
import type { Report } from './reporter.ts';
import { count, formatBytes, formatDuration } from './units.ts';

/** One line: what was scanned, how fast, what came out. Every report for people ends or begins with it. */
export function summarize(report: Report): string {
  const { findings, gapCounts, stats, inputs, durationMs, verdict, failing } = report;
  const speed = durationMs >= 100 ? `, ${formatBytes((stats.bytes / durationMs) * 1000)}/s` : '';
  const known = findings.filter((finding) => finding.verdict === 'known').length;
  const suppressed = findings.filter((finding) => finding.suppressed).length;
  const keys = findings.length - known - suppressed;
  const gapTotal = Object.values(gapCounts).reduce((sum, number) => sum + number, 0);
  const parts = [
    `${count(inputs, 'input')}, ${formatBytes(stats.bytes)} in ${formatDuration(durationMs)}${speed}`,
    count(keys, 'finding') +
      (known > 0 ? ` and ${count(known, 'known test key')}` : '') +
      (suppressed > 0 ? `, ${suppressed} suppressed` : '') +
      (failing !== keys ? `, ${failing} failing` : ''),
    count(gapTotal, 'gap'),
  ];
  return `${verdict}: ${parts.join('; ')}`;
}
