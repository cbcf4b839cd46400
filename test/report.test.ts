/** Every reporter on the same report. */
import { describe, expect, it } from 'vitest';
import { ALGORITHMS, FORMS, GAP_CODES, PROOFS, PROTECTIONS } from '../src/model/finding.ts';
import { FORMATS, loadReporter } from '../src/report/reporters.ts';
import { toSarif } from '../src/report/sarif.ts';
import { formatBytes, formatDuration } from '../src/report/units.ts';
import {
  adviseOn,
  describeForm,
  describeGap,
  describeKey,
  describeProof,
  describeProtection,
} from '../src/report/words.ts';
import { gaps, render, rsaFinding, sampleContext, sampleReport } from './support/sample-report.ts';

const INT32_END = 2 ** 31;
const clean = sampleReport({ findings: [], gaps: [], gapCounts: {}, verdict: 'clean', exitCode: 0, failing: 0 });

describe.each(FORMATS)('%s', (format) => {
  it('goes by its name, and ends with a newline', async () => {
    const reporter = await loadReporter(format);
    expect(reporter.id).toBe(format);
    for (const report of [sampleReport(), clean]) expect(render(reporter, report)).toMatch(/\n$/);
  });
});

describe('text', async () => {
  const reporter = await loadReporter('text');
  const text = render(reporter, sampleReport());

  it.each([
    ['key', 'CRITICAL  RSA 2048-bit private key'],
    ['proof', 'proven: both primes multiply to the modulus'],
    ['SPKI', `SPKI SHA-256  ${'a'.repeat(64)}`],
    ['JWK thumbprint', 'JWK thumbprint  thumbprint'],
    ['SSH', 'SSH  SHA256:fingerprint'],
    ['offset', 'dumps/app.core  0x1000 (4096), 1.7 KiB: PEM [private-key-pem]'],
    ['trail', 'dumps/app.core › core  0x180000000 (6442450944)'],
    ['region', 'DER in UTF-16LE, heap [heap], at address 0x7f1200000010, thread 12 [rsa-pkcs1-der]'],
    ['encrypted', 'MEDIUM  P-256 private key, encrypted'],
    ['test key', 'KNOWN TEST KEY  RSA 2048-bit private key'],
    ['source of the test key', 'openssl test/testrsa.pem'],
    ['gap', 'NOT SCANNED  unreadable (1): could not be read'],
    ['cause of a gap', 'dumps/locked  (EACCES)'],
    ['span of a gap', '0x0 (0) to 0x4000000 (67108864)  (crashed)'],
    ['summary', 'findings: 3 inputs, 8.0 GiB in 2.00 s, 4.0 GiB/s; 2 findings and 1 known test key; 2 gaps'],
  ])('says the %s', (_, part) => {
    expect(text).toContain(part);
  });

  it('is one line when there is nothing to say', () => {
    expect(render(reporter, clean)).toBe('clean: 3 inputs, 8.0 GiB in 2.00 s, 4.0 GiB/s; 0 findings; 0 gaps\n');
  });

  it('has colours only when asked', () => {
    expect(text).not.toContain('\u001b');
    expect(render(reporter, sampleReport(), { ...sampleContext, colour: true })).toContain('\u001b[1;31mCRITICAL');
  });

  it('cuts long lists, and says so', () => {
    const places = Array.from({ length: 50 }, (_, i) => ({ ...rsaFinding.places[0]!, start: i * 10, end: i * 10 + 5 }));
    const many = render(reporter, sampleReport({ findings: [{ ...rsaFinding, places }] }));
    expect(many).toContain('50 places');
    expect(many).toContain('… and 30 more places');
    const listed = Array.from({ length: 50 }, (_, i) => ({ code: 'encrypted', input: `m${i}` }) as const);
    const gapText = render(reporter, sampleReport({ gaps: listed, gapCounts: { encrypted: 5000 } }));
    expect(gapText).toContain('encrypted (5,000)');
    expect(gapText).toContain('… and 4,980 more');
  });
});

describe('json', async () => {
  it('is the documented document', async () => {
    const document: unknown = JSON.parse(render(await loadReporter('json'), sampleReport()));
    const { findings, stats, gapCounts } = sampleReport();
    expect(document).toEqual({
      schema: 'dumpsieve-report/1',
      tool: { name: 'dumpsieve', version: '1.2.3' },
      startedAt: '2026-01-02T03:04:05.000Z',
      durationMs: 2000,
      verdict: 'findings',
      exitCode: 1,
      interrupted: false,
      inputs: 3,
      stats,
      gapCounts,
      findings,
      gaps,
    });
  });
});

describe('jsonl', async () => {
  const reporter = await loadReporter('jsonl');

  it('writes sightings and gaps as they come', () => {
    expect(JSON.parse(reporter.finding!(rsaFinding))).toEqual({ type: 'finding', ...rsaFinding });
    expect(JSON.parse(reporter.gap!(gaps[0]!))).toEqual({ type: 'gap', ...gaps[0] });
    expect(reporter.finding!(rsaFinding).trimEnd()).not.toContain('\n');
  });

  it('ends with a summary line', () => {
    const lines = render(reporter, sampleReport()).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ type: 'summary', verdict: 'findings', exitCode: 1, findings: 3 });
  });
});

describe('sarif', () => {
  const log = toSarif(sampleReport(), sampleContext);
  const run = log.runs[0]!;

  it('keeps numbers in 32 bits, and the exact offsets as text', () => {
    const numbers: number[] = [];
    JSON.stringify(run.results, (_, value: unknown) => {
      if (typeof value === 'number') numbers.push(value);
      return value;
    });
    expect(Math.max(...numbers)).toBeLessThan(INT32_END);
    const [near, far] = run.results![0]!.locations!;
    expect(near!.physicalLocation!.region).toMatchObject({ startLine: 1, byteOffset: 4096, byteLength: 1700 });
    expect(far!.physicalLocation!.region).not.toHaveProperty('byteOffset');
    expect(far!.physicalLocation).not.toHaveProperty('address');
    expect(far!.properties).toMatchObject({ start: '6442450944', end: '6442452136', address: '0x7f1200000010' });
    expect(far!.logicalLocations![0]!.fullyQualifiedName).toBe('dumps/app.core › core@0x180000000 (6442450944)');
  });

  it('writes addresses and offsets that fit', () => {
    const place = { ...rsaFinding.places[0]!, end: INT32_END - 1, address: '0x7fffffff' };
    const fits = toSarif(sampleReport({ findings: [{ ...rsaFinding, places: [place] }] }), sampleContext);
    const { region, address } = fits.runs[0]!.results![0]!.locations![0]!.physicalLocation!;
    expect(region).toHaveProperty('byteOffset', 4096);
    expect(address).toEqual({ absoluteAddress: INT32_END - 1 });
    const over = toSarif(
      sampleReport({ findings: [{ ...rsaFinding, places: [{ ...place, end: INT32_END, address: '0x80000000' }] }] }),
      sampleContext,
    );
    const physical = over.runs[0]!.results![0]!.locations![0]!.physicalLocation!;
    expect(physical.region).not.toHaveProperty('byteOffset');
    expect(physical).not.toHaveProperty('address');
  });

  it('says what GitHub needs', () => {
    const [result] = run.results!;
    expect(result).toMatchObject({
      ruleId: 'private-key-pem',
      ruleIndex: 0,
      level: 'error',
      partialFingerprints: { primaryLocationLineHash: 'a'.repeat(64) },
    });
    expect(run.tool.driver.rules![0]).toMatchObject({
      id: 'private-key-pem',
      shortDescription: { text: 'Private key in PEM' },
      help: { markdown: 'What it **is**.' },
      properties: { 'security-severity': '9.5' },
    });
  });

  it('never points to a rule that is not there', () => {
    expect(run.results![1]).not.toHaveProperty('ruleIndex');
  });

  it('escapes names into URI references', () => {
    const uri = run.results![1]!.locations![0]!.physicalLocation!.artifactLocation!.uri;
    expect(uri).toBe('odd%20name%23%3F%25.bin');
  });

  it('suppresses known test keys, and turns gaps into notifications', () => {
    expect(run.results![2]!.suppressions).toMatchObject([{ kind: 'external' }]);
    const [invocation] = run.invocations!;
    expect(invocation).toMatchObject({
      executionSuccessful: false,
      exitCode: 1,
      endTimeUtc: '2026-01-02T03:04:07.000Z',
    });
    expect(invocation!.toolExecutionNotifications!.map((notification) => notification.descriptor!.id)).toEqual([
      'unreadable',
      'worker-lost',
    ]);
  });

  it('keeps to the ceiling of locations', () => {
    const places = Array.from({ length: 1500 }, (_, i) => ({ ...rsaFinding.places[0]!, start: i, end: i + 1 }));
    const many = toSarif(sampleReport({ findings: [{ ...rsaFinding, places }] }), sampleContext);
    expect(many.runs[0]!.results![0]!.locations).toHaveLength(1000);
    expect(many.runs[0]!.results![0]!.properties).toMatchObject({ places: 1500 });
  });
});

describe('words', () => {
  it('has one for everything that can be reported', () => {
    for (const code of GAP_CODES) expect(Object.values(describeGap(code)).join('')).not.toBe('');
    for (const form of FORMS) expect(describeForm(form)).not.toBe('');
    for (const protection of PROTECTIONS) expect(describeProtection(protection)).not.toBe('');
    for (const algorithm of ALGORITHMS) {
      for (const proof of PROOFS) {
        const traits = { algorithm, proof, form: 'der' } as const;
        expect(describeKey(traits)).toMatch(/^\S/);
        expect(describeProof(traits)).toMatch(/^\S/);
        expect(adviseOn({ ...rsaFinding, traits })).toMatch(/\.$/);
        expect(adviseOn({ ...rsaFinding, traits: { ...traits, protection: 'pbes2' } })).toMatch(/\.$/);
      }
    }
  });

  it('does not call a key protected that opened with a default password', () => {
    const traits = { ...rsaFinding.traits, protection: 'jks', openedWithDefaultPassword: true } as const;
    expect(describeKey(traits)).toContain('opened with a default password');
    expect(adviseOn({ ...rsaFinding, traits })).toContain('issue a new key');
  });
});

describe('units', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [200 * 1024, '200 KiB'],
    [3 * 2 ** 40, '3.0 TiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
  it.each([
    [420, '0.42 s'],
    [12_340, '12.3 s'],
    [125_000, '2 min 05 s'],
    [7_380_000, '2 h 03 min'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
