/** One JSON document, described in docs/report-json.md. */
import type { Report, ReportContext, Reporter } from './reporter.ts';

/** Changes when a reader of the old form would go wrong; new members alone don't change it. */
export const REPORT_SCHEMA = 'dumpsieve-report/1';

/** Everything but the lists. */
export function reportHead(report: Report, { tool }: ReportContext) {
  const { startedAt, durationMs, verdict, exitCode, interrupted, inputs, stats, gapCounts } = report;
  return {
    schema: REPORT_SCHEMA,
    tool,
    startedAt,
    durationMs,
    verdict,
    exitCode,
    interrupted,
    inputs,
    stats,
    gapCounts,
  };
}

const reporter: Reporter = {
  id: 'json',
  *end(report, context) {
    const { findings, gaps } = report;
    yield `${JSON.stringify({ ...reportHead(report, context), findings, gaps }, null, 2)}\n`;
  },
};

export default reporter;
