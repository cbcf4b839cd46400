/**
 * Logging commands of Azure Pipelines ("Logging commands": `##vso[task.logissue type=…;sourcepath=…;code=…]message`),
 * errors for what the policy makes fail, and a last `task.complete`, so that the step shows the verdict whatever the script does with the exit code.
 */
import type { Finding, Gap } from '../model/finding.ts';
import { judgementOf } from './judgement.ts';
import type { Report, Reporter } from './reporter.ts';
import { summarize } from './summary.ts';
import { formatOffset } from './units.ts';
import { adviseOn, describeForm, describeGap, describeKey, describeProof, describeWhere, sayGap } from './words.ts';

/** As azure-pipelines-task-lib escapes them. */
const escapeData = (text: string): string =>
  text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string => escapeData(text).replaceAll(']', '%5D').replaceAll(';', '%3B');

function issue(type: 'error' | 'warning', path: string, code: string, message: string): string {
  const properties = `type=${type};sourcepath=${escapeProperty(path)};code=${escapeProperty(code)}`;
  return `##vso[task.logissue ${properties}]${escapeData(message)}\n`;
}

function findingIssue(finding: Finding, fails: boolean): string {
  const { detector, verdict, traits, places } = finding;
  const [place] = places;
  const where = `${describeWhere(place!)} ${formatOffset(place!.start)}, ${describeForm(place!.form)}`;
  const message = `${describeKey(traits)}, ${verdict}: ${describeProof(traits)}. ${where}. ${adviseOn(finding)}`;
  return issue(fails ? 'error' : 'warning', place!.input, detector, message);
}

function gapIssue(gap: Gap, blocks: boolean): string {
  return issue(blocks ? 'error' : 'warning', gap.input, gap.code, `${sayGap(gap)}. ${describeGap(gap.code).todo}`);
}

const RESULTS: Record<Report['verdict'], string> = {
  clean: 'Succeeded',
  findings: 'Failed',
  incomplete: 'Failed',
};

const reporter: Reporter = {
  id: 'azure',
  *end(report) {
    const { fails, blocks } = judgementOf(report);
    for (const finding of report.findings) yield findingIssue(finding, fails(finding));
    for (const gap of report.gaps) yield gapIssue(gap, blocks(gap));
    yield `##vso[task.complete result=${RESULTS[report.verdict]}]${escapeData(summarize(report))}\n`;
  },
};

export default reporter;
