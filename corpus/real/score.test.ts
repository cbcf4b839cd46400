import { createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Finding, Place } from '../../src/model/finding.ts';
import type { Occurrence } from '../brute/truth.ts';
import { trueKey } from '../brute/truth.ts';
import { createMake } from '../make.ts';
import { scoreReport } from './score.ts';

const make = createMake('score.test');
const keys = [make.ec(), make.ec()].map((key, i) =>
  trueKey(`key ${i}`, createPrivateKey({ key: Buffer.from(make.pkcs8(key)), format: 'der', type: 'pkcs8' })),
);

function occurrence(key: number, form: Occurrence['form'], start: number): Occurrence {
  return { key, form, part: 'd', start, end: start + 100, unit: 1 };
}

function finding(
  publicKeySha256: string,
  places: readonly Pick<Place, 'start' | 'form'>[],
  verdict: Finding['verdict'],
): Finding {
  return {
    detector: 'x',
    severity: 'high',
    verdict,
    fingerprint: publicKeySha256,
    traits: { algorithm: 'EC', form: 'pem', proof: 'd*G=Q', publicKeySha256 },
    places: places.map(({ start, form }) => ({
      start,
      end: start + 100,
      input: 'dump',
      detector: 'x',
      form,
      encoding: 'bytes',
    })),
  };
}

test('an occurrence is found by a proven finding of its key at its place only', () => {
  const [a = '', b = ''] = keys.map(({ publicKeySha256 }) => publicKeySha256);
  const occurrences = [occurrence(0, 'pem', 0), occurrence(0, 'pem', 1000), occurrence(1, 'der', 2000)];
  const score = scoreReport(keys, occurrences, [
    finding(a, [{ start: 50, form: 'pem' }], 'proven'),
    finding(b, [{ start: 2000, form: 'der' }], 'likely'),
  ]);
  expect(score.forms).toEqual([
    { form: 'pem', present: 2, found: 1 },
    { form: 'der', present: 1, found: 0 },
  ]);
  expect(score.missed.map(({ start }) => start)).toEqual([1000, 2000]);
  expect(score).toMatchObject({ keys: 2, keysEncoded: 2, keysFound: 1, unexpected: [] });
  expect(score.guesses).toHaveLength(1);
});

test('forms of a key in use are counted, but not required', () => {
  const score = scoreReport(keys, [occurrence(0, 'limbs-le', 0)], []);
  expect(score).toMatchObject({ keysPresent: 1, keysEncoded: 0, keysFound: 0, missed: [] });
});

test('members that lie apart are found wherever their join is reported', () => {
  const found = finding(keys[0]!.publicKeySha256, [{ start: 5000, form: 'jwk-members' }], 'proven');
  expect(scoreReport(keys, [occurrence(0, 'jwk-members', 0)], [found]).missed).toEqual([]);
});

test('a proven key that the program was not given is unexpected', () => {
  const found = finding('00', [{ start: 0, form: 'pem' }], 'proven');
  expect(scoreReport(keys, [], [found]).unexpected).toEqual([found]);
});

test('the session keys of a program that was given keys are expected', () => {
  const session = finding('', [{ start: 0, form: 'schedule' }], 'proven');
  const found = { ...session, traits: { ...session.traits, form: 'schedule' as const } };
  expect(scoreReport(keys, [], [found]).unexpected).toEqual([]);
  expect(scoreReport([], [], [found]).unexpected).toEqual([found]);
});

test('a key of HMAC, which has no public half, is told by its place', () => {
  const key = { type: 'mac', hash: 'sha256', token: '' } as const;
  const octets = { key: make.bytes(32), inner: make.bytes(32), outer: make.bytes(32) };
  const own = [{ label: 'mac', publicKeySha256: '', key: { ...key, ...octets } }];
  const base = finding('', [{ start: 40, form: 'midstate' }], 'proven');
  const found = { ...base, traits: { ...base.traits, proof: 'mac' as const } };
  expect(scoreReport(own, [occurrence(0, 'midstate', 0)], [found])).toMatchObject({ keysFound: 1, unexpected: [] });
  expect(scoreReport(own, [occurrence(0, 'midstate', 900)], [found])).toMatchObject({
    keysFound: 0,
    unexpected: [found],
  });
});
