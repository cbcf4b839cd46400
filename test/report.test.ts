/** Every reporter on the same report. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { decide, type GatePolicy } from '../src/gate.ts';
import {
  ALGORITHMS,
  type Finding,
  FORMS,
  GAP_CODES,
  type Gap,
  PROOFS,
  PROTECTIONS,
  SEVERITIES,
  VERDICTS,
} from '../src/model/finding.ts';
import { ENCODINGS, REGION_KINDS } from '../src/model/place.ts';
import type { Report } from '../src/report/reporter.ts';
import { FORMATS, loadReporter } from '../src/report/reporters.ts';
import { toSarif } from '../src/report/sarif.ts';
import { reportSchema } from '../src/report/schema.ts';
import { formatBytes, formatDuration } from '../src/report/units.ts';
import {
  adviseOn,
  describeForm,
  describeGap,
  describeKey,
  describeProof,
  describeProtection,
} from '../src/report/words.ts';
import { GITLAB_SCHEMA } from './support/gitlab-schema.ts';
import { gaps, render, rsaFinding, sampleContext, sampleReport } from './support/sample-report.ts';

type GitlabReport = {
  readonly scan: object;
  readonly vulnerabilities: readonly { id: string; severity: string; raw_source_code_extract: string }[];
};

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
    ['trail', 'dumps/app.core › core › heap'],
    [
      'region',
      'dumps/app.core › core › heap [heap] @0x7f1200000010  0x180000000 (6442450944), 1.2 KiB: DER in UTF-16LE, thread 12 [rsa-pkcs1-der]',
    ],
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

describe('schema', async () => {
  const validate = new Ajv2020({ strict: true, allErrors: true }).addFormat('date-time', true).compile(reportSchema());

  it('takes what the JSON report says', async () => {
    for (const report of [sampleReport(), clean]) {
      validate(JSON.parse(render(await loadReporter('json'), report)));
      expect(validate.errors).toBeNull();
    }
  });

  it('is described in docs/report-json.md, member by member', () => {
    type Node = { readonly properties?: Readonly<Record<string, Node>>; readonly items?: Node };
    const namesIn = ({ properties = {}, items }: Node): string[] => [
      ...Object.entries(properties).flatMap(([name, node]) => [name, ...namesIn(node)]),
      ...(items ? namesIn(items) : []),
    ];
    const text = readFileSync(new URL('../docs/report-json.md', import.meta.url), 'utf8');
    const names = new Set(namesIn(reportSchema() as Node));
    expect([...names].filter((name) => !text.includes(`\`${name}\``) && !text.includes(`"${name}":`))).toEqual([]);
    // Of forms and protections only examples.
    const words = [ALGORITHMS, PROOFS, SEVERITIES, VERDICTS, ENCODINGS, REGION_KINDS].flat();
    expect(words.filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
  });

  it('refuses other words', async () => {
    const odd = sampleReport({ findings: [{ ...rsaFinding, verdict: 'perhaps' as never }] });
    expect(validate(JSON.parse(render(await loadReporter('json'), odd)))).toBe(false);
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

describe('junit', async () => {
  const xml = render(await loadReporter('junit'), sampleReport());

  it('counts keys as failures, gaps as errors, and published test keys as skipped', () => {
    expect(xml).toContain('<testsuites name="dumpsieve" tests="5" failures="2" errors="2" time="2.000">');
    expect(xml).toContain('errors="2" time="2.000" skipped="1" timestamp="2026-01-02T03:04:05">');
    expect(xml).toContain('message="RSA 2048-bit private key in dumps/app.core"');
    expect(xml).toContain('<error type="unreadable"');
  });

  it('has one passed case when all is clean, since an empty suite means that nothing ran', async () => {
    const text = render(await loadReporter('junit'), clean);
    expect(text).toContain('tests="1" failures="0" errors="0"');
  });

  it('escapes names', async () => {
    const odd = { ...rsaFinding, places: [{ ...rsaFinding.places[0]!, input: '<a href="x">&\u0007' }] };
    const text = render(await loadReporter('junit'), sampleReport({ findings: [odd] }));
    expect(text).toContain('&lt;a href=&quot;x&quot;&gt;&amp;\ufffd');
    expect(text).not.toContain('<a ');
  });
});

describe('csv', async () => {
  const reporter = await loadReporter('csv');

  it('has a line for each place and each gap, with as many cells as the head', () => {
    const lines = render(reporter, sampleReport()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + 4 + 2);
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([22]));
  });

  it('says why a finding may stay', () => {
    const accepted = { ...rsaFinding, suppressed: { reason: 'a test, see SEC-12' } };
    expect(render(reporter, sampleReport({ findings: [accepted], gaps: [] }))).toContain(',"a test, see SEC-12",,\r\n');
  });

  it('quotes cells, and disarms formulas', () => {
    const odd = { ...rsaFinding, places: [{ ...rsaFinding.places[0]!, input: '=cmd|"x",1' }] };
    expect(render(reporter, sampleReport({ findings: [odd] }))).toContain(`"'=cmd|""x"",1"`);
  });
});

describe('pipelines', () => {
  const hostile = sampleReport({
    findings: [{ ...rsaFinding, places: [{ ...rsaFinding.places[0]!, input: 'a,b:c]d;e%f\n::error::' }] }],
  });

  it('github: annotates, loudest first, and no name ends a command', async () => {
    const lines = render(await loadReporter('github'), hostile)
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(1 + 2 + 1);
    expect(lines[0]).toMatch(
      /^::error file=a%2Cb%3Ac\]d;e%25f%0A%3A%3Aerror%3A%3A,title=RSA 2048-bit private key \(proven\)::/,
    );
    expect(lines[1]).toMatch(/^::error file=dumps\/locked,title=Not scanned%3A unreadable::/);
  });

  /** As the runners read a line: actions/runner's ActionCommand.TryParseV2, azure-pipelines-agent's Command.TryParse. */
  const parse = (line: string, pattern: RegExp, escapes: readonly (readonly [string, string])[]) => {
    const [, head, data] = pattern.exec(line)!;
    const decode = (text: string): string => escapes.reduce((all, [to, from]) => all.replaceAll(from, to), text);
    const [name, ...rest] = head!.split(/ (.*)/s);
    const properties = rest.join('').split(pattern === AZURE ? ';' : ',');
    return { name, data: decode(data!), properties: properties.map(decode) };
  };
  const GITHUB = /^::(.*?)::(.*)$/s;
  const AZURE = /^##vso\[(.*?)\](.*)$/s;
  const LINES = [
    ['\r', '%0D'],
    ['\n', '%0A'],
  ] as const;
  const odd = Array.from({ length: 0x7f }, (_, code) => String.fromCharCode(code)).join('');
  const names = [
    odd,
    '%0A::error::x',
    '%25',
    '%AZP25',
    '::add-mask::x',
    '##vso[task.complete result=Succeeded]x',
    '],;:=',
  ];

  it.each(names)('github and azure: the runner reads back the name %j', async (name) => {
    const report = sampleReport({
      findings: [{ ...rsaFinding, places: [{ ...rsaFinding.places[0]!, input: name }] }],
      gaps: [],
    });
    const [github, end, ...none] = render(await loadReporter('github'), report)
      .trimEnd()
      .split(/\r|\n/);
    expect([end, none]).toEqual([expect.stringMatching(/^findings: /), []]);
    const annotation = parse(github!, GITHUB, [...LINES, [':', '%3A'], [',', '%2C'], ['%', '%25']]);
    expect(annotation.name).toBe('error');
    expect(annotation.properties[0]).toBe(`file=${name}`);
    expect(annotation.data).toContain(`${name} 0x1000 (4096)`);
    const [azure, last, ...more] = render(await loadReporter('azure'), report)
      .trimEnd()
      .split(/\r|\n/);
    expect([last, more]).toEqual([expect.stringMatching(/^##vso\[task.complete result=Failed\]/), []]);
    const issue = parse(azure!, AZURE, [[';', '%3B'], ...LINES, [']', '%5D'], ['%', '%AZP25']]);
    expect(issue.name).toBe('task.logissue');
    expect(issue.properties).toEqual(['type=error', `sourcepath=${name}`, 'code=private-key-pem']);
    expect(issue.data).toContain(`${name} 0x1000 (4096)`);
  });

  it('azure: logs issues, and completes with the verdict', async () => {
    const lines = render(await loadReporter('azure'), hostile)
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(1 + 2 + 1);
    expect(lines[0]).toContain('sourcepath=a,b:c%5Dd%3Be%AZP25f%0A::error::;code=private-key-pem]');
    expect(lines.at(-1)).toMatch(/^##vso\[task.complete result=Failed]findings: /);
  });

  it('markdown: names are no markup', async () => {
    const text = render(await loadReporter('markdown'), hostile);
    expect(text).toContain('| critical | **RSA 2048\\-bit private key**, proven');
    expect(text.split('\n').filter((line) => line.startsWith('| critical'))).toHaveLength(1);
    expect(text).toContain('### Not scanned');
  });

  it('gitlab: a number that stays, no extract, and the status of a scan with gaps', async () => {
    const read = (report: Report) => JSON.parse(render(gitlab, report)) as GitlabReport;
    const gitlab = await loadReporter('gitlab');
    const { vulnerabilities, scan } = read(sampleReport());
    expect(scan).toMatchObject({ type: 'secret_detection', status: 'failure', start_time: '2026-01-02T03:04:05' });
    expect(vulnerabilities.map(({ severity }) => severity)).toEqual(['Critical', 'Medium', 'Info']);
    expect(vulnerabilities.every((entry) => entry.raw_source_code_extract === '')).toBe(true);
    expect(new Set(vulnerabilities.map(({ id }) => id)).size).toBe(3);
    expect(vulnerabilities[0]!.id).toBe(read(sampleReport()).vulnerabilities[0]!.id);
    expect(read(clean)).toMatchObject({ scan: { status: 'success' }, vulnerabilities: [] });
  });

  it('gitlab: fits its schema', async () => {
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(GITLAB_SCHEMA);
    for (const report of [sampleReport(), hostile, clean]) {
      validate(JSON.parse(render(await loadReporter('gitlab'), report)));
      expect(validate.errors).toBeNull();
    }
  });
});

describe('reports for pipelines mark what the policy makes fail, and only that', () => {
  const of = (fingerprint: string, more: Partial<Finding>): Finding => ({ ...rsaFinding, fingerprint, ...more });
  const findings: readonly Finding[] = [
    of('proven', {}),
    of('random', { verdict: 'likely', traits: { algorithm: 'opaque', form: 'keyword-value', proof: 'none' } }),
    of('quiet', { severity: 'low' }),
    of('known', { severity: 'info', verdict: 'known' }),
    of('suppressed', { suppressed: { reason: 'demo' } }),
  ].map((finding) => ({ ...finding, detector: finding.fingerprint }));
  const allGaps: readonly Gap[] = ['encrypted', 'unreadable'].map((code) => ({ code, input: code }) as Gap);
  const policies: readonly [string, GatePolicy, string[], string[]][] = [
    ['the default', { failOn: 'medium', allowGaps: [] }, ['proven'], ['encrypted', 'unreadable']],
    ['likely', { failOn: 'medium', level: 'likely', allowGaps: ['encrypted'] }, ['proven', 'random'], ['unreadable']],
    ['everything', { failOn: 'info', level: 'likely', allowGaps: 'all' }, ['proven', 'random', 'quiet'], []],
    ['published keys only', { failOn: 'none', failOnKnown: true, allowGaps: 'all' }, ['known'], []],
    ['nothing', { failOn: 'none', allowGaps: 'all' }, [], []],
  ];
  const textOf = async (format: (typeof FORMATS)[number], report: Report): Promise<string> =>
    render(await loadReporter(format), report);

  it.each(policies)('%s', async (_, policy, failing, blocking) => {
    const report = sampleReport({ findings, gaps: allGaps, ...decide(findings, allGaps, policy) });
    const junit = await textOf('junit', report);
    const cases = [...junit.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*><(\w+)/g)];
    const marked = (tag: string): string[] =>
      cases.filter(([, , , outcome]) => outcome === tag).map(([, name]) => name!);
    expect(marked('failure')).toEqual(failing);
    expect(marked('error')).toHaveLength(blocking.length);
    expect(marked('skipped')).toHaveLength(7 - failing.length - blocking.length);
    const counts = /tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(junit)!.slice(1).map(Number);
    const passed = failing.length + blocking.length === 0 ? 1 : 0;
    expect(counts).toEqual([7 + passed, failing.length, blocking.length]);

    const github = (await textOf('github', report)).split('\n').filter((line) => line.startsWith('::error'));
    expect(github).toHaveLength(failing.length + blocking.length);
    const azure = (await textOf('azure', report)).split('\n').filter((line) => line.includes('type=error'));
    expect(azure.map((line) => /code=([^\]]*)\]/.exec(line)![1])).toEqual([...failing, ...blocking]);

    const { vulnerabilities, scan } = JSON.parse(await textOf('gitlab', report)) as GitlabReport;
    expect(vulnerabilities).toHaveLength(4);
    expect(vulnerabilities.filter(({ severity }) => severity !== 'Info')).toHaveLength(failing.length);
    expect(scan).toMatchObject({ status: blocking.length > 0 ? 'failure' : 'success' });

    const [run] = toSarif(report, sampleContext).runs;
    expect(run!.results!.filter(({ level }) => level === 'error').map(({ ruleId }) => ruleId)).toEqual(failing);
    expect(run!.results!.filter(({ suppressions }) => suppressions)).toHaveLength(failing.includes('known') ? 1 : 2);
    expect(run!.invocations![0]!.executionSuccessful).toBe(blocking.length === 0);
  });

  it('and say when the gate is closed for another reason', async () => {
    const report = { ...clean, verdict: 'incomplete', exitCode: 3 } as const;
    expect(await textOf('junit', report)).toContain('tests="1" failures="0" errors="1"');
    expect(await textOf('github', report)).toMatch(/^::error::incomplete/);
    expect(await textOf('azure', report)).toContain('result=Failed');
    expect(JSON.parse(await textOf('gitlab', report))).toMatchObject({ scan: { status: 'failure' } });
    expect(toSarif(report, sampleContext).runs[0]!.invocations![0]!.executionSuccessful).toBe(false);
  });
});

describe('html', async () => {
  const reporter = await loadReporter('html');
  const page = render(reporter, sampleReport());

  it('reaches for nothing outside, and says so to the browser', () => {
    expect(page).toContain(`default-src 'none'`);
    expect(page).not.toMatch(/(?:src|href)="(?!#)|url\(|@import/);
  });

  it('places findings on the map, to scale', () => {
    expect(page).toContain('class="r heap" style="left:0.000%;width:50.000%"');
    expect(page).toContain('href="#f0" style="left:0.000%"');
  });

  it('lets no name be markup', () => {
    const odd = { ...rsaFinding, places: [{ ...rsaFinding.places[0]!, input: '"><script>x</script>' }] };
    expect(render(reporter, sampleReport({ findings: [odd] })).match(/<script/g)).toHaveLength(1);
  });

  it('says what clean means', () => {
    expect(render(reporter, clean)).toContain('Nothing: every byte was searched.');
    expect(render(reporter, clean)).toContain('<h1>Clean: everything was scanned, and nothing was found.');
    const withKnown = { ...clean, findings: [sampleReport().findings[2]!] };
    expect(render(reporter, withKnown)).toContain(
      '<h1>Clean: everything was scanned, and nothing that was found fails.',
    );
    expect(render(reporter, { ...clean, gaps })).toContain(
      '<h1>Clean: everything was scanned but for gaps that are allowed,',
    );
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
