/**
 * JUnit XML (the form that Jenkins, GitLab and Azure DevOps read). What the policy makes fail is a failed test case, a gap
 * that it does not allow an error; all else is skipped and says why. A clean scan is one passed case, since an empty
 * suite counts as "no tests" there.
 */
import type { Finding, Gap } from '../model/finding.ts';
import { BELOW_POLICY, judgementOf } from './judgement.ts';
import type { Report, ReportContext, Reporter } from './reporter.ts';
import { summarize } from './summary.ts';
import { formatOffset } from './units.ts';
import {
  adviseOn,
  describeForm,
  describeGap,
  describeKey,
  describeProof,
  describeSpan,
  describeSuppression,
  describeWhere,
  sayGap,
} from './words.ts';
import { escapeXml } from './xml.ts';

/** Places written for one key: test reports are read by people. */
const MAX_PLACES = 100;

function toCase(classname: string, name: string, body: string): string {
  return `    <testcase classname="${escapeXml(classname)}" name="${escapeXml(name)}" time="0">${body}</testcase>\n`;
}

function findingCase(finding: Finding, fails: boolean): string {
  const { detector, verdict, severity, traits, places, fingerprint } = finding;
  const name = `${describeKey(traits)} ${traits.publicKeySha256 ?? fingerprint}`;
  const message = `${describeKey(traits)} in ${describeWhere(places[0]!)}`;
  if (!fails) {
    const why = finding.suppressed
      ? describeSuppression(finding.suppressed)
      : verdict === 'known'
        ? 'published test key'
        : `${severity}, ${verdict}, ${BELOW_POLICY}: ${message}`;
    return toCase(detector, name, `<skipped message="${escapeXml(why)}"/>`);
  }
  const lines = [
    `${severity}, ${verdict}: ${describeProof(traits)}`,
    ...places
      .slice(0, MAX_PLACES)
      .map((place) => `${describeWhere(place)} ${formatOffset(place.start)}: ${describeForm(place.form)}`),
    ...(places.length > MAX_PLACES ? [`and ${places.length - MAX_PLACES} more places`] : []),
    adviseOn(finding),
  ];
  return toCase(
    detector,
    name,
    `<failure type="${verdict}" message="${escapeXml(message)}">${escapeXml(lines.join('\n'))}</failure>`,
  );
}

function gapCase(gap: Gap, blocks: boolean): string {
  const span = gap.span ? ` ${describeSpan(gap.span)}` : '';
  const message = sayGap(gap);
  return toCase(
    'not-scanned',
    `${gap.code} ${describeWhere(gap)}${span}`,
    blocks
      ? `<error type="${gap.code}" message="${escapeXml(message)}">${escapeXml(describeGap(gap.code).todo)}</error>`
      : `<skipped message="${escapeXml(`allowed: ${message}`)}"/>`,
  );
}

const reporter: Reporter = {
  id: 'junit',
  *end(report: Report, { tool }: ReportContext) {
    const { findings, gaps, startedAt, durationMs, failing } = report;
    const { fails, blocks, isClosedOtherwise } = judgementOf(report);
    const blocking = gaps.filter(blocks).length;
    // A suite of nothing but skipped cases counts as one that did not run, so that there is a case for the scan.
    const hasOwn = isClosedOtherwise || failing + blocking === 0;
    const tests = findings.length + gaps.length;
    const errors = blocking + (isClosedOtherwise ? 1 : 0);
    const counts =
      `tests="${tests + (hasOwn ? 1 : 0)}" failures="${failing}" errors="${errors}" ` +
      `time="${(durationMs / 1000).toFixed(3)}"`;
    // Jenkins' schema has `skipped` for a suite, but not for all of them.
    const skipped = `skipped="${tests - failing - blocking}"`;
    const timestamp = `timestamp="${startedAt.replace(/\.\d+Z$/, '')}"`;
    yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${tool.name}" ${counts}>\n`;
    yield `  <testsuite name="${tool.name} ${tool.version}" ${counts} ${skipped} ${timestamp}>\n`;
    for (const finding of findings) yield findingCase(finding, fails(finding));
    for (const gap of gaps) yield gapCase(gap, blocks(gap));
    if (isClosedOtherwise) {
      const error = `<error type="${report.verdict}" message="${escapeXml(summarize(report))}"></error>`;
      yield toCase('scan', 'the scan came to its end', error);
    } else if (hasOwn) {
      const name = tests === 0 ? 'everything was scanned, nothing was found' : 'nothing that was found fails';
      yield toCase('scan', name, '');
    }
    yield '  </testsuite>\n</testsuites>\n';
  },
};

export default reporter;
