/** GitHub-flavoured Markdown, short: for `$GITHUB_STEP_SUMMARY`, `##vso[task.uploadsummary]` and merge-request comments. */
import type { Finding, Gap } from '../model/finding.ts';
import type { Reporter } from './reporter.ts';
import { summarize } from './summary.ts';
import { formatOffset } from './units.ts';
import { adviseOn, describeForm, describeGap, describeKey, describeProof, describeWhere } from './words.ts';

/** Rows of each table; GitHub's summaries end at 1 MiB. */
const MAX_ROWS = 200;
const MAX_PLACES = 5;

/** Plain text in a cell: nothing in it is markup. */
const cell = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>()#+!|~-]/g, (char) => `\\${char}`).replace(/\s+/g, ' ');

function findingRow(finding: Finding): string {
  const { severity, verdict, traits, places } = finding;
  const where = places
    .slice(0, MAX_PLACES)
    .map((place) => cell(`${describeWhere(place)} ${formatOffset(place.start)}: ${describeForm(place.form)}`));
  if (places.length > MAX_PLACES) where.push(`and ${places.length - MAX_PLACES} more`);
  const key = traits.publicKeySha256 ? `<br>SPKI SHA-256 ${traits.publicKeySha256}` : '';
  const title = `**${cell(describeKey(traits))}**, ${verdict}: ${cell(describeProof(traits))}${key}`;
  return `| ${severity}${finding.suppressed ? ', suppressed' : ''} | ${title} | ${where.join('<br>')} | ${cell(adviseOn(finding))} |\n`;
}

function gapRow(gap: Gap): string {
  const { means, todo } = describeGap(gap.code);
  const detail = gap.detail ? ` (${gap.detail})` : '';
  return `| ${gap.code} | ${cell(describeWhere(gap))} | ${cell(`${means}${detail}`)} | ${cell(todo)} |\n`;
}

function* table(title: string, columns: readonly string[], rows: readonly string[]): Generator<string> {
  if (rows.length === 0) return;
  yield `\n### ${title}\n\n| ${columns.join(' | ')} |\n|${columns.map(() => '---|').join('')}\n`;
  yield* rows.slice(0, MAX_ROWS);
  if (rows.length > MAX_ROWS) yield `\n… and ${rows.length - MAX_ROWS} more.\n`;
}

const reporter: Reporter = {
  id: 'markdown',
  *end(report, { tool }) {
    yield `## ${tool.name}: ${report.verdict}\n\n${cell(summarize(report))}\n`;
    yield* table('Findings', ['severity', 'key', 'where', 'what to do'], report.findings.map(findingRow));
    yield* table('Not scanned', ['gap', 'where', 'why', 'what to do'], report.gaps.map(gapRow));
  },
};

export default reporter;
