/** Reports read by the tools of those who defined them: Microsoft's SARIF multitool and its schema, and xmllint. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Log } from 'sarif';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { succeeds } from '../corpus/real/program.ts';
import { ALGORITHMS, FORMS, GAP_CODES, PROOFS, PROTECTIONS } from '../src/model/finding.ts';
import junit from '../src/report/junit.ts';
import type { Report } from '../src/report/reporter.ts';
import sarif, { toSarif } from '../src/report/sarif.ts';
import { render, rsaFinding, sampleContext, sampleReport } from './support/sample-report.ts';

const MULTITOOL = '@microsoft/sarif-multitool-linux';
const MULTITOOL_VERSION = '5.7.0';
/** Where Microsoft's SDK stops reading. */
const INT32_END = 2 ** 31;
const HOSTILE = 'a "b" <c> & \'d\' \u0000\u0007 ]]> #?%/../é\u{1f511}.dmp';

/** A finding for each word that there is, far behind 2^31, with an address of 64 bits; and a gap for each code. */
function wideReport(): Report {
  const findings = FORMS.map((form, i) => {
    const start = 5 * INT32_END + i * 4096;
    const traits = {
      ...rsaFinding.traits,
      form,
      algorithm: ALGORITHMS[i % ALGORITHMS.length]!,
      proof: PROOFS[i % PROOFS.length]!,
      protection: PROTECTIONS[i % PROTECTIONS.length]!,
    };
    const place = { ...rsaFinding.places[1]!, input: `${i} ${HOSTILE}`, form, start, end: start + 1700 };
    return { ...rsaFinding, traits, places: [place], fingerprint: String(i).padStart(64, '0') };
  });
  const gaps = GAP_CODES.map((code, i) => ({
    code,
    input: HOSTILE,
    span: { start: INT32_END + i, end: 9 * INT32_END },
  }));
  return sampleReport({ findings, gaps });
}

const REPORTS: readonly (readonly [name: string, report: Report])[] = [
  ['with something of everything', sampleReport()],
  ['beyond 2^31', wideReport()],
  ['of a clean scan', sampleReport({ findings: [], gaps: [], gapCounts: {}, verdict: 'clean', exitCode: 0 })],
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dumpsieve-tools-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasMultitool = process.platform === 'linux' && succeeds(['npm', 'view', MULTITOOL, 'version']);

describe.skipIf(!hasMultitool)('SARIF', () => {
  let tool = '';
  let validate: ValidateFunction;
  beforeAll(() => {
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
    execFileSync('npm', ['install', ...options, `${MULTITOOL}@${MULTITOOL_VERSION}`], { stdio: 'ignore' });
    const home = join(folder, 'node_modules', MULTITOOL);
    tool = join(home, 'Sarif.Multitool');
    chmodSync(tool, 0o755);
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
    ajv.addFormat('uuid', /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i);
    ajv.addFormat('uri', (text: string) => URL.canParse(text));
    // RFC 3986, section 4.1: only these characters, and % only before two hex digits.
    ajv.addFormat('uri-reference', /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-fA-F]{2})*$/);
    validate = ajv.compile(JSON.parse(readFileSync(join(home, 'sarif-2.1.0.json'), 'utf8')));
  }, 300_000);

  const readLog = (path: string): Log => JSON.parse(readFileSync(path, 'utf8').replace(/^\ufeff/, ''));
  const writeLog = (name: string, log: string): string => {
    writeFileSync(join(folder, name), log);
    return join(folder, name);
  };
  const run = (...args: string[]) => spawnSync(tool, args, { cwd: folder, encoding: 'utf8' });

  /** How many results are left when the tool has read the log and written it again. */
  function countMerged(path: string): number {
    const { status, stdout } = run('merge', path, '--output-file', 'merged.sarif', '--log', 'ForceOverwrite');
    expect({ status, stdout }).toMatchObject({ status: 0 });
    return readLog(join(folder, 'merged.sarif')).runs.reduce((sum, { results }) => sum + (results?.length ?? 0), 0);
  }

  describe.each(REPORTS)('%s', (_, report) => {
    it('fits the schema', () => {
      void validate(JSON.parse(render(sarif, report)));
      expect(validate.errors).toBeNull();
    });

    it('has nothing that the multitool warns of', () => {
      const path = writeLog('log.sarif', render(sarif, report));
      const kinds = ['--rule-kind', 'Sarif;Ghas', '--level', 'Error;Warning'];
      const { status, stdout } = run('validate', path, ...kinds, '--output', 'found.sarif', '--log', 'ForceOverwrite');
      expect({ status, stdout }).toMatchObject({ status: 0 });
      const [found] = readLog(join(folder, 'found.sarif')).runs;
      expect(found!.results).toEqual([]);
      // A log that it can't read is "completed successfully" as well, but then it has not looked at any artifact.
      expect(found!.invocations?.[0]?.toolExecutionNotifications ?? []).toEqual([]);
    });

    it('keeps its results in merge', () => {
      expect(countMerged(writeLog('log.sarif', render(sarif, report)))).toBe(report.findings.length);
    });
  });

  it('would lose them all with one offset beyond 2^31, which is why there is none', () => {
    const log = toSarif(sampleReport(), sampleContext);
    log.runs[0]!.results![0]!.locations![0]!.physicalLocation!.region!.byteOffset = INT32_END;
    expect(countMerged(writeLog('log.sarif', JSON.stringify(log)))).toBe(0);
  });
});

describe.skipIf(!succeeds(['xmllint', '--version']))('JUnit', () => {
  const schema = fileURLToPath(new URL('support/junit.xsd', import.meta.url));

  it.each(REPORTS)('%s fits the schema', (_, report) => {
    const path = join(folder, 'junit.xml');
    writeFileSync(path, render(junit, report));
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, path], { encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  });

  it('counts what it holds', () => {
    const path = join(folder, 'junit.xml');
    writeFileSync(path, render(junit, wideReport()));
    for (const [attribute, element] of Object.entries({ tests: 'testcase', failures: 'failure', errors: 'error' })) {
      const expression = `number(/testsuites/@${attribute}) = count(//${element}) and number(//testsuite/@${attribute}) = count(//${element})`;
      expect(execFileSync('xmllint', ['--xpath', expression, path], { encoding: 'utf8' }).trim()).toBe('true');
    }
  });
});
