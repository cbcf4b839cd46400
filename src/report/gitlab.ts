/**
 * GitLab's secret-detection report, schema 15.2.1 (security-report-schemas, secret-detection-report-format): artifact
 * `reports: secret_detection`. A dump has no lines: `start_line` 1 is a dummy, the offset stands in the description.
 * `raw_source_code_extract` stays empty: nothing of the secret leaves. GitLab judges by severity: what the policy lets pass
 * is `Info`, and nothing that fails is.
 */
import { createHash } from 'node:crypto';
import type { Finding, Place, Severity } from '../model/finding.ts';
import { BELOW_POLICY, judgementOf } from './judgement.ts';
import type { Report, ReportContext, Reporter } from './reporter.ts';
import { summarize } from './summary.ts';
import { formatOffset } from './units.ts';
import { adviseOn, describeForm, describeKey, describeProof, describeWhere, sayGap } from './words.ts';

const SCHEMA_VERSION = '15.2.1';
const SEVERITIES: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};
const URL = 'https://www.npmjs.com/package/dumpsieve';

/** UUID-shaped (version 5, RFC 9562) digest of public values: the same key in the same file keeps its number. */
function idOf(finding: Finding, { input, trail, start }: Place): string {
  const { traits, fingerprint, detector } = finding;
  const name = JSON.stringify([detector, traits.publicKeySha256 ?? fingerprint, input, trail ?? [], start]);
  const hex = createHash('sha256').update(name).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function toVulnerability(finding: Finding, fails: boolean) {
  const { detector, severity, verdict, traits, places } = finding;
  const passes = verdict === 'known' ? '' : ` Severity ${severity}, ${BELOW_POLICY}.`;
  const place = places[0]!;
  const where = `${describeWhere(place)} ${formatOffset(place.start)}`;
  const identifiers = [
    { type: 'dumpsieve_rule_id', name: `dumpsieve rule ${detector}`, value: detector },
    ...(traits.publicKeySha256
      ? [
          {
            type: 'dumpsieve_public_key',
            name: `SPKI SHA-256 ${traits.publicKeySha256}`,
            value: traits.publicKeySha256,
          },
        ]
      : []),
  ];
  return {
    id: idOf(finding, place),
    category: 'secret_detection',
    name: describeKey(traits),
    description: `${describeKey(traits)} (${verdict}: ${describeProof(traits)}) as ${describeForm(place.form)} in ${where}${places.length > 1 ? ` and at ${places.length - 1} more places` : ''}.${fails ? '' : passes}`,
    severity: fails ? (severity === 'info' ? SEVERITIES.low : SEVERITIES[severity]) : SEVERITIES.info,
    solution: adviseOn(finding),
    raw_source_code_extract: '',
    identifiers,
    location: { file: place.input, start_line: 1, commit: { sha: '0000000' } },
    ...(verdict === 'known' &&
      !fails && {
        flags: [
          {
            type: 'flagged-as-likely-false-positive',
            origin: 'dumpsieve',
            description: `Published test key: ${traits.known ?? 'source unknown'}`,
          },
        ],
      }),
  };
}

/** `YYYY-MM-DDTHH:MM:SS`, as the schema wants it. */
const toTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

export function toGitlab(report: Report, { tool }: ReportContext) {
  const vendor = { name: tool.name };
  const program = { id: tool.name, name: tool.name, url: URL, version: tool.version, vendor };
  const started = Date.parse(report.startedAt);
  const { fails, blocks, isClosedOtherwise } = judgementOf(report);
  return {
    version: SCHEMA_VERSION,
    scan: {
      analyzer: program,
      scanner: program,
      type: 'secret_detection',
      start_time: toTime(started),
      end_time: toTime(started + report.durationMs),
      status: isClosedOtherwise || report.gaps.some(blocks) ? 'failure' : 'success',
      messages: [
        ...report.gaps.map((gap) => ({
          level: blocks(gap) ? 'fatal' : 'info',
          value: `${gap.code}: ${sayGap(gap)}`,
        })),
        ...(isClosedOtherwise ? [{ level: 'fatal', value: summarize(report) }] : []),
      ],
    },
    // GitLab has no word for accepted ones: it would open an issue for each.
    vulnerabilities: report.findings
      .filter(({ suppressed }) => !suppressed)
      .map((finding) => toVulnerability(finding, fails(finding))),
  };
}

const reporter: Reporter = {
  id: 'gitlab',
  *end(report, context) {
    yield `${JSON.stringify(toGitlab(report, context), null, 2)}\n`;
  },
};

export default reporter;
