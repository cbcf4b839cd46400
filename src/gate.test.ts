import { describe, expect, it } from 'vitest';
import { decide, outcomeOf } from './gate.ts';
import type { Finding, Form, Gap, GapCode, Severity, Verdict } from './model/finding.ts';

function finding(severity: Severity, verdict: Verdict = 'proven', form: Form = 'pem'): Finding {
  const traits = { algorithm: 'RSA', form, proof: 'p*q=n' } as const;
  return { detector: 'x', severity, verdict, fingerprint: 'f', traits, places: [] };
}
const gap = (code: GapCode): Gap => ({ code, input: 'a.core' });
const strict = { failOn: 'medium', allowGaps: [] } as const;

describe('decide', () => {
  it.each([
    ['nothing', [], [], strict, 0, 'clean'],
    ['a loud finding', [finding('critical')], [], strict, 1, 'findings'],
    ['a finding at the limit', [finding('medium')], [], strict, 1, 'findings'],
    ['a quiet finding', [finding('low')], [], strict, 0, 'clean'],
    ['a likely finding', [finding('high', 'likely')], [], strict, 1, 'findings'],
    ['a random value', [finding('high', 'likely', 'keyword-value')], [], strict, 0, 'clean'],
    [
      'a random value at level likely',
      [finding('high', 'likely', 'keyword-value')],
      [],
      { ...strict, level: 'likely' },
      1,
      'findings',
    ],
    [
      'a token at level format',
      [finding('high', 'likely', 'token')],
      [],
      { ...strict, level: 'format' },
      1,
      'findings',
    ],
    ['a token at level proven', [finding('high', 'likely', 'token')], [], { ...strict, level: 'proven' }, 0, 'clean'],
    ['a key at level proven', [finding('high')], [], { ...strict, level: 'proven' }, 1, 'findings'],
    ['known, failing', [finding('info', 'known')], [], { ...strict, failOnKnown: true }, 1, 'findings'],
    [
      'known, nothing else',
      [finding('info', 'known')],
      [],
      { failOn: 'none', allowGaps: [], failOnKnown: true },
      1,
      'findings',
    ],
    [
      'known, suppressed',
      [{ ...finding('info', 'known'), suppressed: { reason: 'demo' } }],
      [],
      { ...strict, failOnKnown: true },
      0,
      'clean',
    ],
    ['a known test key', [finding('critical', 'known')], [], strict, 0, 'clean'],
    ['failOn none', [finding('critical')], [], { ...strict, failOn: 'none' }, 0, 'clean'],
    ['a gap', [], [gap('unreadable')], strict, 3, 'incomplete'],
    ['a quiet finding and a gap', [finding('low')], [gap('changed')], strict, 3, 'incomplete'],
    ['a finding and a gap', [finding('high')], [gap('changed')], strict, 1, 'findings'],
    ['an allowed gap', [], [gap('changed')], { ...strict, allowGaps: ['changed'] }, 0, 'clean'],
    ['another gap', [], [gap('changed'), gap('encrypted')], { ...strict, allowGaps: ['changed'] }, 3, 'incomplete'],
    ['any gap allowed', [], [gap('interrupted')], { ...strict, allowGaps: 'all' }, 0, 'clean'],
  ] as const)('%s', (_, findings, gaps, policy, exitCode, verdict) => {
    const decision = decide(findings, gaps, policy);
    expect(decision).toMatchObject({ exitCode, verdict, open: exitCode === 0 });
  });

  it('names what closes it', () => {
    const gaps = [gap('changed'), gap('changed'), gap('encrypted')];
    const decision = decide([finding('low'), finding('high')], gaps, { failOn: 'high', allowGaps: ['encrypted'] });
    expect(decision).toMatchObject({ failing: 1, gapCodes: ['changed'] });
  });
});

describe('outcomeOf', () => {
  it.each([
    ['clean', { timeout: false, changed: false }, 'clean'],
    ['clean', { timeout: false, changed: true }, 'changed'],
    ['incomplete', { timeout: true, changed: true }, 'timeout'],
    ['findings', { timeout: true, changed: true }, 'findings'],
  ] as const)('%s, stopped by %j: %s', (verdict, stops, outcome) => {
    expect(outcomeOf({ verdict }, stops)).toBe(outcome);
  });
});
