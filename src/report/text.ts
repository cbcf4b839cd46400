/** The report for people: what was found, what it means, what to do, what was not scanned. */
import type { Finding, Gap, GapCode, Place, Severity } from '../model/finding.ts';
import type { Report, ReportContext, Reporter } from './reporter.ts';
import { summarize } from './summary.ts';
import { count, formatBytes, formatOffset } from './units.ts';
import {
  adviseOn,
  describeForm,
  describeGap,
  describeInventory,
  describeKey,
  describeProof,
  describeRegion,
  describeSpan,
  describeSuppression,
  describeWhere,
} from './words.ts';

/** Places of one key, and inputs of one kind of gap, that are printed; the other formats list them all. */
const MAX_LINES = 20;
const LABEL_WIDTH = 13;
const PROSE_WIDTH = 85;

type Paint = (text: string, ...codes: readonly number[]) => string;

const BOLD = 1;
const DIM = 2;
const RED = 31;
const GREEN = 32;
const YELLOW = 33;
const BLUE = 34;
const SEVERITY_COLOURS: Record<Severity, number> = { critical: RED, high: RED, medium: YELLOW, low: BLUE, info: DIM };

function createPaint(colour: boolean): Paint {
  return (text, ...codes) => (colour ? `\u001b[${codes.join(';')}m${text}\u001b[0m` : text);
}

function row(label: string, value: string, paint: Paint): string {
  return `  ${paint(label.padEnd(LABEL_WIDTH), DIM)}${value}\n`;
}

/** A row whose value is prose: broken between words. */
function prose(label: string, text: string, paint: Paint): string {
  const lines = text.match(new RegExp(`\\S.{0,${PROSE_WIDTH - 1}}(?=\\s|$)`, 'g')) ?? [];
  return lines.map((line, i) => row(i === 0 ? label : '', line, paint)).join('');
}

function describePlace(place: Place): string {
  const { start, end, form, encoding, region, address, thread, detector, pieces } = place;
  const parts = [describeForm(form) + (encoding === 'bytes' ? '' : ` in ${encoding.toUpperCase()}`)];
  if (thread !== undefined) parts.push(`thread ${thread}`);
  if (pieces) parts.push(`in ${pieces.length} pieces of the file`);
  // A raw region, or what no region covers, says no more than the offset does.
  const memory = region && !(region.kind === 'raw' || region.label === '') ? ` › ${describeRegion(region)}` : '';
  const where = `${describeWhere(place)}${memory}${address ? ` @${address}` : ''}`;
  return `${where}  ${formatOffset(start)}, ${formatBytes(end - start)}: ${parts.join(', ')} [${detector}]`;
}

/** The first `MAX_LINES`, one a line under `label`, and how many more there are. */
function* rows(label: string, values: readonly string[], paint: Paint): Generator<string> {
  for (const [i, value] of values.slice(0, MAX_LINES).entries()) yield row(i === 0 ? label : '', value, paint);
  const more = values.length - MAX_LINES;
  if (more > 0) yield row('', paint(`… and ${count(more, 'more place')} (all of them: --format json)`, DIM), paint);
}

function* findingText(finding: Finding, paint: Paint): Generator<string> {
  const { severity, verdict, traits, places, fingerprint } = finding;
  const tag =
    verdict === 'known' ? 'KNOWN TEST KEY' : severity.toUpperCase() + (finding.suppressed ? ', SUPPRESSED' : '');
  yield `\n${paint(tag, BOLD, SEVERITY_COLOURS[severity])}  ${paint(describeKey(traits), BOLD)}\n`;
  if (verdict === 'known' && traits.known) yield row('published', traits.known, paint);
  yield row(
    'verdict',
    verdict === 'likely' ? `likely: ${describeProof(traits)}` : `proven: ${describeProof(traits)}`,
    paint,
  );
  if (traits.inventory) yield row('inventory', describeInventory(traits), paint);
  if (traits.publicKeySha256) yield row('public key', `SPKI SHA-256  ${traits.publicKeySha256}`, paint);
  if (traits.jwkThumbprint) yield row('', `JWK thumbprint  ${traits.jwkThumbprint}`, paint);
  if (traits.sshFingerprint) yield row('', `SSH  ${traits.sshFingerprint}`, paint);
  if (traits.pgpFingerprint) yield row('', `OpenPGP  ${traits.pgpFingerprint}`, paint);
  yield* rows(places.length === 1 ? 'place' : `${places.length} places`, places.map(describePlace), paint);
  yield row('fingerprint', fingerprint, paint);
  if (finding.suppressed) yield prose('suppressed', describeSuppression(finding.suppressed), paint);
  yield prose('do', adviseOn(finding), paint);
}

function* gapText(code: GapCode, gaps: readonly Gap[], total: number, paint: Paint): Generator<string> {
  const { means, todo } = describeGap(code);
  yield `\n${paint('NOT SCANNED', BOLD, YELLOW)}  ${paint(code, BOLD)} (${total.toLocaleString('en-US')}): ${means}\n`;
  const inputs = gaps.map((gap) => {
    const span = gap.span ? `  ${describeSpan(gap.span)}` : '';
    const why = [gap.detector, gap.detail].filter((part) => part !== undefined).join(', ');
    return `${describeWhere(gap)}${span}${why ? `  (${why})` : ''}`;
  });
  for (const input of inputs.slice(0, MAX_LINES)) yield `  ${input}\n`;
  if (total > MAX_LINES) yield `  ${paint(`… and ${(total - MAX_LINES).toLocaleString('en-US')} more`, DIM)}\n`;
  yield prose('do', todo, paint);
}

const reporter: Reporter = {
  id: 'text',
  *end(report: Report, { colour }: ReportContext) {
    const paint = createPaint(colour);
    for (const finding of report.findings) yield* findingText(finding, paint);
    const codes = new Set(report.gaps.map((gap) => gap.code));
    for (const code of codes) {
      const gaps = report.gaps.filter((gap) => gap.code === code);
      yield* gapText(code, gaps, report.gapCounts[code] ?? gaps.length, paint);
    }
    if (report.findings.length + report.gaps.length > 0) yield '\n';
    const colours = { clean: GREEN, findings: RED, incomplete: YELLOW };
    yield `${paint(summarize(report), BOLD, colours[report.verdict])}\n`;
  },
};

export default reporter;
