import { describe, expect, it } from 'vitest';
import { knownFinding, lockedFinding, rsaFinding } from '../test/support/sample-report.ts';
import {
  applySuppressions,
  createBaseline,
  formatSuppressions,
  parseSuppressions,
  type SuppressionRule,
} from './suppress.ts';

const TODAY = '2026-06-15';
const sha256 = rsaFinding.traits.publicKeySha256!;
async function isSuppressed(rule: Partial<SuppressionRule>, finding = rsaFinding): Promise<boolean> {
  const { findings } = await applySuppressions([finding], [{ reason: 'seen', ...rule }], TODAY);
  return findings[0]!.suppressed !== undefined;
}

describe('applySuppressions', () => {
  it.each([
    [{ publicKeySha256: sha256 }, true],
    [{ publicKeySha256: 'f'.repeat(64) }, false],
    [{ fingerprint: rsaFinding.fingerprint }, true],
    [{ detector: 'private-key-pem' }, true],
    [{ detector: 'jwk' }, false],
    [{ detector: 'private-key-pem', publicKeySha256: 'f'.repeat(64) }, false],
    [{ path: 'dumps/**' }, true],
    [{ path: '*.core' }, false],
    [{ path: 'dumps/*.core', expires: TODAY }, true],
    [{ path: 'dumps/*.core', expires: '2026-06-14' }, false],
  ])('%j: %s', async (rule, expected) => {
    expect(await isSuppressed(rule)).toBe(expected);
  });

  it('wants all places of a key under a path', async () => {
    const elsewhere = { ...rsaFinding, places: [...rsaFinding.places, { ...rsaFinding.places[0]!, input: 'other/x' }] };
    expect(await isSuppressed({ path: 'dumps/**' }, elsewhere)).toBe(false);
  });

  it('keeps suppressed findings, and tells of rules that are old or not needed', async () => {
    const rules = [
      { detector: 'private-key-pem', reason: 'a' },
      { detector: 'jwk', reason: 'b' },
      { detector: 'encrypted-pkcs8-der', reason: 'c', expires: '2020-01-01' },
    ];
    const { findings, unused, expired } = await applySuppressions([rsaFinding, lockedFinding], rules, TODAY);
    expect(findings.map(({ suppressed }) => suppressed)).toEqual([{ reason: 'a' }, undefined]);
    expect(unused).toEqual([rules[1]]);
    expect(expired).toEqual([rules[2]]);
  });
});

describe('baseline', () => {
  it('is read back, and suppresses what it was made of', async () => {
    const findings = [rsaFinding, lockedFinding, knownFinding];
    const rules = createBaseline(findings, { reason: 'old', hasFingerprintKey: true });
    expect(rules).toHaveLength(2);
    const read = parseSuppressions(formatSuppressions(rules), 'x');
    expect(read).toEqual(rules);
    const { findings: after } = await applySuppressions(findings, read, TODAY);
    expect(after.map(({ suppressed }) => suppressed !== undefined)).toEqual([true, true, false]);
  });

  it('refuses what it could not recognise again', () => {
    expect(() => createBaseline([lockedFinding], { reason: 'old', hasFingerprintKey: false })).toThrow(
      '--fingerprint-key-file',
    );
    expect(createBaseline([rsaFinding], { reason: 'old', hasFingerprintKey: false })).toHaveLength(1);
    const published = { ...rsaFinding, verdict: 'known' as const };
    expect(createBaseline([published], { reason: 'old', hasFingerprintKey: false })).toEqual([]);
    const options = { reason: 'old', hasFingerprintKey: false, known: true };
    expect(createBaseline([published], options)).toHaveLength(1);
  });
});

it.each([
  ['x', 'is no JSON'],
  ['null', 'must be'],
  ['{"schema":"dumpsieve-suppressions/1","rules":[1]}', 'rules[0] must be an object'],
  ['{"schema":"dumpsieve-suppressions/1","rules":[{"detector":"a"}]}', 'rules[0].reason is missing'],
  ['{"schema":"dumpsieve-suppressions/1","rules":[{"reason":"a"}]}', 'must name at least one'],
  ['{"schema":"dumpsieve-suppressions/1","rules":[{"reason":"a","dectector":"x"}]}', 'dectector is not known'],
  ['{"schema":"dumpsieve-suppressions/1","rules":[{"reason":"a","path":"x","expires":"2026-13-45"}]}', 'is no date'],
])('refuses %j', (text, message) => {
  expect(() => parseSuppressions(text, 'file')).toThrow(message);
});
