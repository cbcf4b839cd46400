/**
 * JUnit XML (the form that Jenkins, GitLab and Azure DevOps read). Each key is a failed test case, each gap an error, a
 * published test key is skipped; a clean scan is one passed case, since an empty suite counts as "no tests" there.
 */
import type { Finding, Gap } from '../model/finding.ts';
import type { Report, ReportContext, Reporter } from './reporter.ts';
import { formatOffset } from './units.ts';
import {
  adviseOn,
  describeForm,
  describeGap,
  describeKey,
  describeProof,
  describeSuppression,
  describeWhere,
} from './words.ts';
import { escapeXml } from './xml.ts';

/** Places written for one key: test reports are read by people. */
const MAX_PLACES = 100;

function toCase(classname: string, name: string, body: string): string {
  return `    <testcase classname="${escapeXml(classname)}" name="${escapeXml(name)}" time="0">${body}</testcase>\n`;
}

function findingCase(finding: Finding): string {
  const { detector, verdict, severity, traits, places, fingerprint } = finding;
  const name = `${describeKey(traits)} ${traits.publicKeySha256 ?? fingerprint}`;
  const skip = finding.suppressed
    ? describeSuppression(finding.suppressed)
    : verdict === 'known' && 'published test key';
  if (skip) return toCase(detector, name, `<skipped message="${escapeXml(skip)}"/>`);
  const lines = [
    `${severity}, ${verdict}: ${describeProof(traits)}`,
    ...places
      .slice(0, MAX_PLACES)
      .map((place) => `${describeWhere(place)} ${formatOffset(place.start)}: ${describeForm(place.form)}`),
    ...(places.length > MAX_PLACES ? [`and ${places.length - MAX_PLACES} more places`] : []),
    adviseOn(finding),
  ];
  const message = `${describeKey(traits)} in ${describeWhere(places[0]!)}`;
  return toCase(
    detector,
    name,
    `<failure type="${verdict}" message="${escapeXml(message)}">${escapeXml(lines.join('\n'))}</failure>`,
  );
}

function gapCase(gap: Gap): string {
  const { means, todo } = describeGap(gap.code);
  const span = gap.span ? ` ${formatOffset(gap.span.start)} to ${formatOffset(gap.span.end)}` : '';
  const detail = gap.detail ? ` (${gap.detail})` : '';
  const message = `${describeWhere(gap)}${span} ${means}${detail}`;
  return toCase(
    'not-scanned',
    `${gap.code} ${describeWhere(gap)}${span}`,
    `<error type="${gap.code}" message="${escapeXml(message)}">${escapeXml(todo)}</error>`,
  );
}

const reporter: Reporter = {
  id: 'junit',
  *end(report: Report, { tool }: ReportContext) {
    const { findings, gaps, startedAt, durationMs } = report;
    const failures = findings.filter(({ verdict, suppressed }) => verdict !== 'known' && !suppressed).length;
    const isEmpty = findings.length + gaps.length === 0;
    const counts =
      `tests="${findings.length + gaps.length + (isEmpty ? 1 : 0)}" failures="${failures}" errors="${gaps.length}" ` +
      `time="${(durationMs / 1000).toFixed(3)}"`;
    // Jenkins' schema has `skipped` for a suite, but not for all of them.
    const skipped = `skipped="${findings.length - failures}"`;
    const timestamp = `timestamp="${startedAt.replace(/\.\d+Z$/, '')}"`;
    yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${tool.name}" ${counts}>\n`;
    yield `  <testsuite name="${tool.name} ${tool.version}" ${counts} ${skipped} ${timestamp}>\n`;
    for (const finding of findings) yield findingCase(finding);
    for (const gap of gaps) yield gapCase(gap);
    if (isEmpty) yield toCase('scan', 'everything was scanned, nothing was found', '');
    yield '  </testsuite>\n</testsuites>\n';
  },
};

export default reporter;
