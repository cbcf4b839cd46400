/** JSON lines, written while the scan runs: sightings, gaps, and a summary last. Described in docs/report-json.md. */
import { reportHead } from './json.ts';
import type { Reporter } from './reporter.ts';

const reporter: Reporter = {
  id: 'jsonl',
  finding: (finding) => `${JSON.stringify({ type: 'finding', ...finding })}\n`,
  gap: (gap) => `${JSON.stringify({ type: 'gap', ...gap })}\n`,
  *end(report, context) {
    const head = reportHead(report, context);
    yield `${JSON.stringify({ type: 'summary', ...head, findings: report.findings.length })}\n`;
  },
};

export default reporter;
