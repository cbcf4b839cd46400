/**
 * Workflow commands of GitHub Actions ("Workflow commands": `::error file=…,title=…::message`): annotations in the log and
 * on the changed files. Errors are what the policy makes fail. GitHub shows 10 errors and 10 warnings for each step, so the
 * loudest come first.
 */
import type { Finding, Gap, Severity } from '../model/finding.ts';
import { judgementOf } from './judgement.ts';
import type { Reporter } from './reporter.ts';
import { summarize } from './summary.ts';
import { count, formatOffset } from './units.ts';
import { adviseOn, describeForm, describeGap, describeKey, describeProof, describeWhere, sayGap } from './words.ts';

/** Of what does not fail. */
const COMMANDS: Record<Severity, string> = {
  critical: 'warning',
  high: 'warning',
  medium: 'warning',
  low: 'notice',
  info: 'notice',
};

/** Both escapes are those of actions/toolkit's `command.ts`: data, and values of properties. */
const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function command(name: string, file: string, title: string, message: string): string {
  return `::${name} file=${escapeProperty(file)},title=${escapeProperty(title)}::${escapeData(message)}\n`;
}

function findingCommand(finding: Finding, fails: boolean): string {
  const { severity, verdict, traits, places } = finding;
  const [place] = places;
  const key = traits.publicKeySha256 ? ` Public key: SPKI SHA-256 ${traits.publicKeySha256}.` : '';
  const more = places.length > 1 ? ` and ${count(places.length - 1, 'more place')}` : '';
  const where = `${describeWhere(place!)} ${formatOffset(place!.start)}, ${describeForm(place!.form)}${more}`;
  const quiet = verdict === 'known' || finding.suppressed ? 'notice' : COMMANDS[severity];
  return command(
    fails ? 'error' : quiet,
    place!.input,
    `${describeKey(traits)} (${verdict})`,
    `${where}: ${describeProof(traits)}.${key} ${adviseOn(finding)}`,
  );
}

function gapCommand(gap: Gap, blocks: boolean): string {
  const message = `${sayGap(gap)}. ${describeGap(gap.code).todo}`;
  return command(blocks ? 'error' : 'notice', gap.input, `Not scanned: ${gap.code}`, message);
}

const reporter: Reporter = {
  id: 'github',
  *end(report) {
    const { fails, blocks, isClosedOtherwise } = judgementOf(report);
    for (const finding of report.findings) yield findingCommand(finding, fails(finding));
    for (const gap of report.gaps) yield gapCommand(gap, blocks(gap));
    yield `${isClosedOtherwise ? '::error::' : ''}${escapeData(summarize(report))}\n`;
  },
};

export default reporter;
