/**
 * SARIF 2.1.0 (OASIS), shaped for GitHub code scanning.
 *
 * Microsoft's SDK reads byteOffset, byteLength and absoluteAddress as signed 32-bit integers, and drops the whole log
 * without a word when one is larger. So they are written only below 2^31; the exact values always stand as text in
 * `properties`. GitHub wants line numbers: binary files get the dummy region 1:1-1:2.
 */
import type { Location, Log, Notification, PhysicalLocation, ReportingDescriptor, Result } from 'sarif';
import type { Finding, Gap, GapCode, Place, Severity } from '../model/finding.ts';
import { judgementOf } from './judgement.ts';
import type { Report, ReportContext, Reporter } from './reporter.ts';
import { formatOffset } from './units.ts';
import {
  adviseOn,
  describeForm,
  describeGap,
  describeInventory,
  describeKey,
  describeProof,
  describeRegion,
  describeSuppression,
  describeWhere,
  sayGap,
} from './words.ts';

const INFORMATION_URI = 'https://www.npmjs.com/package/dumpsieve';
const MAX_INT32 = 2 ** 31 - 1;
/** GitHub's limit for one result. */
const MAX_LOCATIONS = 1000;

/** Of rules; a result is an `error` when the policy makes it fail, and only then. */
const LEVELS: Record<Severity, Result.level> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** CVSS-like numbers, by which GitHub sorts. */
const SECURITY_SEVERITIES: Record<Severity, string> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.0',
};

/** A label as a URI reference (RFC 3986): relative paths stay relative. */
function toUri(label: string): string {
  const path = label.replaceAll('\\', '/');
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return /^[A-Za-z]:\//.test(path) ? `file:///${encoded.replace('%3A', ':')}` : encoded;
}

function toPhysicalLocation({ input, start, end, address }: Place): PhysicalLocation {
  const virtual = address === undefined ? Number.NaN : Number(address);
  return {
    artifactLocation: { uri: toUri(input) },
    region: {
      startLine: 1,
      startColumn: 1,
      endLine: 1,
      endColumn: 2,
      ...(end <= MAX_INT32 && { byteOffset: start, byteLength: end - start }),
    },
    ...(virtual <= MAX_INT32 && { address: { absoluteAddress: virtual } }),
  };
}

function toLocation(place: Place): Location {
  const { start, end, address, form, encoding, region, detector, thread, trail, pieces } = place;
  const offset = formatOffset(start);
  const where = region && region.kind !== 'raw' ? describeRegion(region) : undefined;
  return {
    physicalLocation: toPhysicalLocation(place),
    logicalLocations: [{ fullyQualifiedName: `${describeWhere(place)}@${offset}`, kind: where ? 'module' : 'member' }],
    message: { text: `${describeForm(form)} at ${offset}${address ? `, address ${address}` : ''}` },
    properties: {
      start: String(start),
      end: String(end),
      detector,
      form,
      encoding,
      ...(where && { region: where }),
      ...(address && { address }),
      ...(thread !== undefined && { thread }),
      ...(trail && { trail: trail.map(({ container, member }) => `${container}:${member}`) }),
      ...(pieces && { pieces: pieces.map((piece) => ({ start: String(piece.start), end: String(piece.end) })) }),
    },
  };
}

/** Of results that don't fail. */
const quietLevel = ({ severity }: Finding): Result.level => (LEVELS[severity] === 'note' ? 'note' : 'warning');

function toResult(finding: Finding, fails: boolean, ruleIndexes: ReadonlyMap<string, number>): Result {
  const { detector, severity, verdict, fingerprint, traits, places } = finding;
  const ruleIndex = ruleIndexes.get(detector);
  const ids = [
    traits.publicKeySha256 && `SPKI SHA-256 ${traits.publicKeySha256}`,
    traits.jwkThumbprint && `JWK thumbprint ${traits.jwkThumbprint}`,
    traits.sshFingerprint && `SSH ${traits.sshFingerprint}`,
    traits.pgpFingerprint && `OpenPGP ${traits.pgpFingerprint}`,
  ].filter((id) => typeof id === 'string');
  const publicKey = ids.length > 0 ? ` Public key: ${ids.join(', ')}.` : '';
  const inventory = traits.inventory ? ` In the inventory: ${describeInventory(traits)}.` : '';
  return {
    ruleId: detector,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: fails ? 'error' : quietLevel(finding),
    message: {
      text: `${describeKey(traits)}, ${verdict}: ${describeProof(traits)}.${publicKey}${inventory} ${adviseOn(finding)}`,
    },
    locations: places.slice(0, MAX_LOCATIONS).map(toLocation),
    // GitHub matches alerts of two runs by this one alone. The public key stays the same in every run; the
    // fingerprint only under the same --fingerprint-key-file.
    partialFingerprints: {
      primaryLocationLineHash: traits.publicKeySha256 ?? fingerprint,
      'dumpsieveFingerprint/v1': fingerprint,
    },
    properties: { verdict, severity, traits, places: places.length },
    ...((verdict === 'known' || finding.suppressed) &&
      !fails && {
        suppressions: [
          {
            kind: 'external',
            justification: finding.suppressed
              ? describeSuppression(finding.suppressed)
              : `Published test key: ${traits.known ?? 'source unknown'}`,
          },
        ],
      }),
  };
}

function toRule({ id, title, doc, severity }: ReportContext['detectors'][number]): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: { text: doc, markdown: doc },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['security', 'secret'], 'security-severity': SECURITY_SEVERITIES[severity] },
  };
}

function toNotificationRule(code: GapCode): ReportingDescriptor {
  const { means, todo } = describeGap(code);
  return { id: code, shortDescription: { text: code }, fullDescription: { text: means }, help: { text: todo } };
}

function toNotification(gap: Gap, blocks: boolean): Notification {
  return {
    descriptor: { id: gap.code },
    level: blocks ? 'error' : 'note',
    message: { text: `${sayGap(gap)}. ${describeGap(gap.code).todo}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: toUri(gap.input) } } }],
  };
}

export function toSarif(report: Report, { tool, detectors }: ReportContext): Log {
  const { findings, gaps, gapCounts, startedAt, durationMs, exitCode, stats } = report;
  const { fails, blocks, isClosedOtherwise } = judgementOf(report);
  const ruleIndexes = new Map(detectors.map(({ id }, i) => [id, i]));
  const codes = [...new Set(gaps.map((gap) => gap.code))];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            informationUri: INFORMATION_URI,
            semanticVersion: tool.version,
            rules: detectors.map(toRule),
            notifications: codes.map(toNotificationRule),
          },
        },
        invocations: [
          {
            // A scan with gaps looked at less than it was asked to.
            executionSuccessful: !isClosedOtherwise && !gaps.some(blocks),
            exitCode,
            startTimeUtc: startedAt,
            endTimeUtc: new Date(Date.parse(startedAt) + durationMs).toISOString(),
            toolExecutionNotifications: gaps.map((gap) => toNotification(gap, blocks(gap))),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => toResult(finding, fails(finding), ruleIndexes)),
        properties: { verdict: report.verdict, stats, gapCounts },
      },
    ],
  };
}

const reporter: Reporter = {
  id: 'sarif',
  needsDetectors: true,
  *end(report, context) {
    yield `${JSON.stringify(toSarif(report, context), null, 2)}\n`;
  },
};

export default reporter;
