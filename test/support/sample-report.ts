/** A report with something of everything, for the tests of reporters. No value in it is a real key's. */
import type { Finding, Gap } from '../../src/model/finding.ts';
import type { Report, ReportContext, Reporter } from '../../src/report/reporter.ts';

const digest = (digit: string): string => digit.repeat(64);

export const rsaFinding: Finding = {
  detector: 'private-key-pem',
  severity: 'critical',
  verdict: 'proven',
  fingerprint: digest('1'),
  traits: {
    algorithm: 'RSA',
    form: 'pem',
    proof: 'p*q=n',
    bits: 2048,
    publicKeySha256: digest('a'),
    jwkThumbprint: 'thumbprint',
    sshFingerprint: 'SHA256:fingerprint',
  },
  places: [
    { input: 'dumps/app.core', start: 4096, end: 5796, detector: 'private-key-pem', form: 'pem', encoding: 'bytes' },
    {
      input: 'dumps/app.core',
      start: 6_442_450_944,
      end: 6_442_452_136,
      detector: 'rsa-pkcs1-der',
      form: 'der',
      encoding: 'utf-16le',
      region: { kind: 'heap', label: '[heap]' },
      address: '0x7f1200000010',
      thread: 12,
      trail: [{ container: 'zip', member: 'core' }],
    },
  ],
};

export const knownFinding: Finding = {
  ...rsaFinding,
  severity: 'info',
  verdict: 'known',
  fingerprint: digest('2'),
  traits: { ...rsaFinding.traits, known: 'openssl test/testrsa.pem', publicKeySha256: digest('b') },
  places: [rsaFinding.places[0]!],
};

export const lockedFinding: Finding = {
  detector: 'encrypted-pkcs8-der',
  severity: 'medium',
  verdict: 'likely',
  fingerprint: digest('3'),
  traits: { algorithm: 'EC', form: 'der', proof: 'none', curve: 'P-256', protection: 'pbes2' },
  places: [{ ...rsaFinding.places[0]!, input: 'odd name#?%.bin' }],
};

export const gaps: readonly Gap[] = [
  { code: 'unreadable', input: 'dumps/locked', detail: 'EACCES' },
  { code: 'worker-lost', input: 'dumps/app.core', span: { start: 0, end: 67_108_864 }, detail: 'crashed' },
];

/** Under a policy that lets published keys pass, and no gap. */
export function sampleReport(more: Partial<Report> = {}): Report {
  const findings = more.findings ?? [rsaFinding, lockedFinding, knownFinding];
  return {
    findings,
    failed: findings.filter(({ verdict, suppressed }) => verdict !== 'known' && !suppressed),
    gapCodes: [...new Set((more.gaps ?? gaps).map(({ code }) => code))],
    gaps,
    gapCounts: { unreadable: 1, 'worker-lost': 1 },
    stats: { bytes: 8_589_934_592, zeroBytes: 4096, hits: 7, candidates: 5, claims: 4 },
    inputs: 3,
    outlinesOmitted: 0,
    outlines: [
      {
        input: 'dumps/app.core',
        size: 8_000_000_000,
        format: 'elf-core',
        regions: [
          { kind: 'heap', start: 0, end: 4_000_000_000 },
          { kind: 'stack', start: 4_000_000_000, end: 4_500_000_000 },
          { kind: 'image', start: 6_000_000_000, end: 7_500_000_000 },
        ],
      },
      { input: 'odd name#?%.bin', size: 100_000, regions: [] },
    ],
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 2000,
    interrupted: false,
    verdict: 'findings',
    exitCode: 1,
    failing: (more.failed ?? findings.filter(({ verdict, suppressed }) => verdict !== 'known' && !suppressed)).length,
    ...more,
  };
}

export const sampleContext: ReportContext = {
  tool: { name: 'dumpsieve', version: '1.2.3' },
  colour: false,
  detectors: [{ id: 'private-key-pem', title: 'Private key in PEM', doc: 'What it **is**.', severity: 'critical' }],
};

export function render(reporter: Reporter, report: Report, context: ReportContext = sampleContext): string {
  return [...reporter.end(report, context)].join('');
}
