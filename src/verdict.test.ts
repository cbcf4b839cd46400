import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { patternsSha256, signVerdict, VERDICT_SCHEMA, type Verdict, verifyVerdict } from './verdict.ts';

const sha256 = 'a'.repeat(64);
const verdict: Verdict = {
  schema: VERDICT_SCHEMA,
  verdict: 'clean',
  open: true,
  files: [{ name: 'core', size: 10, sha256 }],
  findings: { proven: 0, likely: 0, known: 1 },
  failing: 0,
  suppressed: 0,
  gaps: {},
  policy: { failOn: 'medium', allowGaps: [] },
  tool: { name: 'dumpsieve', version: '1.2.3' },
  patternsSha256: patternsSha256(['b', 'a']),
  startedAt: '2026-01-02T03:04:05.000Z',
  endedAt: '2026-01-02T03:04:06.000Z',
};
const pairs = {
  ed25519: generateKeyPairSync('ed25519'),
  ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
const pemOf = (pair: (typeof pairs)['ec']) => ({
  secret: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  open: pair.publicKey.export({ type: 'spki', format: 'pem' }) as string,
});

describe.each(Object.entries(pairs))('signed with %s', (_, pair) => {
  const { secret, open } = pemOf(pair);
  const text = JSON.stringify(signVerdict(verdict, secret), null, 2);

  it('verifies, however the JSON is laid out', () => {
    expect(verifyVerdict(text, [sha256], open)).toEqual({ ok: true, verdict });
    const { signature, ...rest } = JSON.parse(text) as { signature: unknown };
    const turned = JSON.stringify({ signature, ...Object.fromEntries(Object.entries(rest).reverse()) });
    expect(verifyVerdict(turned, [sha256], open).ok).toBe(true);
  });

  it('fails when anything was changed, or another key is asked for', () => {
    expect(verifyVerdict(text.replace('"known": 1', '"known": 0'), [sha256], open).ok).toBe(false);
    expect(verifyVerdict(text, [sha256], pemOf(generateKeyPairSync('ed25519') as never).open).ok).toBe(false);
    expect(verifyVerdict(JSON.stringify(verdict), [sha256], open)).toEqual({
      ok: false,
      reason: 'the verdict is not signed',
    });
  });
});

it('is about exact bytes, and about an open gate', () => {
  expect(verifyVerdict(JSON.stringify(verdict), ['b'.repeat(64)]).ok).toBe(false);
  expect(verifyVerdict(JSON.stringify({ ...verdict, open: false, verdict: 'findings' }), [sha256])).toEqual({
    ok: false,
    reason: 'the gate was closed: findings',
  });
});

it.each(['', '[]', 'null', '{}', '{"schema":"dumpsieve-verdict/1"}'])('refuses %j', (text) => {
  expect(verifyVerdict(text, [sha256]).ok).toBe(false);
});

it('does not quote a broken key', () => {
  expect(() => signVerdict(verdict, 'canary')).toThrow(/^(?!.*canary)/);
});
