import { describe, expect, it } from 'vitest';
import { createMake } from '../../corpus/make.ts';
import { createScanner } from '../../test/support/scan-bytes.ts';
import type { PreparedRule, Rule } from '../model/rule.ts';
import { prepareRules } from '../rules/prepare.ts';

const make = createMake('rules');
const CHUNK = 16_384;

function rule(changes: Partial<Rule>): PreparedRule {
  const { ready, rejected } = prepareRules([
    {
      id: 'rule:acme',
      title: 'Acme key',
      severity: 'medium',
      regex: '(?i)acme[\\w.-]{0,20}[\\s\'"]{0,3}[=:][\\s\'"]{0,3}([a-z0-9]{32})(?:[\'"\\s;]|$)',
      keywords: ['acme'],
      secretGroup: 0,
      entropy: 0,
      path: '',
      allowLists: [],
      examples: { match: [], noMatch: [] },
      ...changes,
    },
  ]);
  expect(rejected).toEqual([]);
  return ready[0]!;
}

const LOWER36 = 'abcdefghijklmnopqrstuvwxyz0123456789';
const secret = make.text(32, LOWER36);
const before = 'export ACME_KEY="';
const text = `${before}${secret}"\n`;

async function scan(bytes: Uint8Array, rules: readonly PreparedRule[], label?: string) {
  const scanner = await createScanner([], { chunkBytes: CHUNK, rules, ...(label && { label }) });
  const { findings, gaps } = await scanner.scan(bytes);
  return { findings, gaps };
}

/** Bytes above ASCII, so no text. */
function plant(part: Uint8Array, at: number, total = 3 * CHUNK): Uint8Array {
  const bytes = Uint8Array.from({ length: total }, (_, i) => 0x80 | ((i * 37) & 0x3f));
  bytes.set(part, at);
  return bytes;
}

const allow = (changes: Partial<Rule['allowLists'][number]>): Rule['allowLists'][number] => ({
  condition: 'or',
  paths: [],
  regexes: [],
  target: 'secret',
  stopwords: [],
  hasCommits: false,
  ...changes,
});

describe('a rule', () => {
  it.each([
    ['ASCII', 'bytes', make.ascii(text), 1],
    ['UTF-16LE', 'utf-16le', make.utf16le(text), 2],
    ['UTF-16BE', 'utf-16be', make.utf16be(text), 2],
  ] as const)('finds its secret in %s, wherever a chunk ends', async (_, encoding, bytes, width) => {
    const fingerprints = new Set<string>();
    const scanner = await createScanner([], { chunkBytes: CHUNK, rules: [rule({})] });
    for (const at of [0, 1, 777, CHUNK - bytes.length, CHUNK - 30, CHUNK - 1, CHUNK, 2 * CHUNK - 7]) {
      const { findings, gaps } = await scanner.scan(plant(bytes, at));
      expect(gaps).toEqual([]);
      expect(findings).toHaveLength(1);
      const { places, fingerprint, ...rest } = findings[0]!;
      const start = at + before.length * width;
      expect(places).toEqual([
        expect.objectContaining({ start, end: start + secret.length * width, encoding, detector: 'rule:acme' }),
      ]);
      expect(rest).toEqual({
        detector: 'rule:acme',
        severity: 'medium',
        verdict: 'likely',
        traits: { algorithm: 'token', form: 'token', proof: 'none' },
      });
      fingerprints.add(fingerprint);
    }
    expect(fingerprints.size).toBe(1);
  });

  it('takes the end of a string in memory for the end of the text', async () => {
    const { findings } = await scan(plant(make.ascii(`acme=${secret}\0`), 100), [rule({})]);
    expect(findings).toHaveLength(1);
    const longer = await scan(plant(make.ascii(`acme=${secret}x\0`), 100), [rule({})]);
    expect(longer.findings).toEqual([]);
  });

  it('finds each of many secrets in one text once', async () => {
    const lines = Array.from({ length: 300 }, () => `acme_token: ${make.text(32, LOWER36)}\n`).join('');
    const { findings, gaps } = await scan(make.ascii(lines), [rule({})]);
    expect(gaps).toEqual([]);
    expect(findings.flatMap(({ places }) => places)).toHaveLength(300);
  });

  it('finds nothing without a keyword nearby', async () => {
    const far = rule({ regex: '[a-z0-9]{32}' });
    const at = (distance: number): Uint8Array => make.ascii(`acme${' '.repeat(distance)}${secret}\n`);
    expect((await scan(at(900), [far])).findings).toHaveLength(1);
    expect((await scan(at(2000), [far])).findings).toEqual([]);
  });

  it('asks for entropy, and takes the group that it names', async () => {
    const bytes = make.ascii(`acme=${'ab'.repeat(16)}\nacme=${secret}\n`);
    expect((await scan(bytes, [rule({})])).findings).toHaveLength(2);
    expect((await scan(bytes, [rule({ entropy: 3 })])).findings).toHaveLength(1);
    const grouped = rule({ regex: 'acme=(a|[^a])(.{4})', secretGroup: 2 });
    expect((await scan(bytes, [grouped])).findings[0]!.places[0]).toMatchObject({ start: 6, end: 10 });
  });

  it('looks only at files whose path it names', async () => {
    const own = rule({ path: '\\.env$' });
    expect((await scan(make.ascii(text), [own], 'app/.env')).findings).toHaveLength(1);
    expect((await scan(make.ascii(text), [own], 'app/env.txt')).findings).toEqual([]);
  });

  it.each([
    ['a path', allow({ paths: ['^test/'] }), 0],
    ['another path', allow({ paths: ['^src/'] }), 1],
    ['a regex for the secret', allow({ regexes: [`^${secret}$`] }), 0],
    ['a regex for something else', allow({ regexes: ['^export'] }), 1],
    ['a regex for the match', allow({ regexes: ['(?i)^acme'], target: 'match' }), 0],
    ['a regex for the line', allow({ regexes: ['^export .*"$'], target: 'line' }), 0],
    ['a stopword', allow({ stopwords: [secret.slice(3, 9)] }), 0],
    ['both of two', allow({ condition: 'and', regexes: ['.'], paths: ['^test/'] }), 0],
    ['one of two', allow({ condition: 'and', regexes: ['.'], paths: ['^src/'] }), 1],
    ['a commit as well', allow({ condition: 'and', regexes: ['.'], hasCommits: true }), 1],
  ] as const)('lets pass what its allow-list names: %s', async (_, list, count) => {
    const { findings } = await scan(make.ascii(text), [rule({ allowLists: [list] })], 'test/a');
    expect(findings).toHaveLength(count);
  });

  it('is one finding with a detector that finds the same secret', async () => {
    const both = [rule({}), rule({ id: 'rule:other', severity: 'high' })];
    const { findings } = await scan(make.ascii(text), both);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  it('leaves a gap where its regex would look at the same bytes again and again', async () => {
    const greedy = rule({ regex: '[a-z]*acme2|a', keywords: ['acme'] });
    const { gaps } = await scan(make.ascii(`acme${'a'.repeat(30_000)}`), [greedy]);
    expect(gaps).toEqual([expect.objectContaining({ code: 'over-budget', detector: 'rule:acme' })]);
  });
});
