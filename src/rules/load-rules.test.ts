import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../model/errors.ts';
import { loadRules } from './load-rules.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
});
afterAll(() => rmSync(root, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

const load = (name: string, text: string) => loadRules([write(name, text)]);

describe('a configuration of gitleaks', () => {
  it('becomes rules', async () => {
    const { rules, rejected, notes } = await load(
      'all.toml',
      `
title = "ours"
minVersion = "v8.25.0"
[allowlist]
description = "global"
paths = ['''\\.lock$''']
[[allowlists]]
targetRules = ["acme-key", "absent"]
stopwords = ["EXAMPLE"]
[[rules]]
id = "acme-key"
description = "A key of Acme"
regex = '''acme_([a-z]{10})'''
secretGroup = 1
entropy = 3.5
path = '''\\.env$'''
keywords = ["ACME_", "acme_"]
tags = ["key"]
[[rules.allowlists]]
condition = "AND"
regexTarget = "line"
regexes = ['''test''']
commits = ["0123"]
[[rules]]
id = "no-keywords"
regex = '''(?i)beta-[0-9]{10}'''
[rules.allowlist]
regexes = ['''0{10}''']
`,
    );
    expect(rejected).toEqual([]);
    expect(notes).toEqual(['an allow-list is for the rule "absent", which is not there']);
    const list = { condition: 'or', paths: [], regexes: [], target: 'secret', stopwords: [], hasCommits: false };
    const global = { ...list, paths: ['\\.lock$'] };
    expect(rules).toEqual([
      {
        id: 'rule:acme-key',
        title: 'A key of Acme',
        severity: 'medium',
        regex: 'acme_([a-z]{10})',
        keywords: ['ACME_', 'acme_'],
        secretGroup: 1,
        entropy: 3.5,
        path: '\\.env$',
        allowLists: [
          { ...list, condition: 'and', target: 'line', regexes: ['test'], hasCommits: true },
          { ...list, stopwords: ['example'] },
          global,
        ],
        examples: { match: [], noMatch: [] },
        anchors: [{ text: 'acme_', ignoreCase: true }],
        windowChars: 15 + 1024,
      },
      expect.objectContaining({
        id: 'rule:no-keywords',
        title: 'rule:no-keywords',
        allowLists: [{ ...list, regexes: ['0{10}'] }, global],
        anchors: [{ text: 'beta-', ignoreCase: true }],
      }),
    ]);
  });

  it.each([
    ['look-around', "regex = '''(?<!x)abc'''", /look-around/],
    ['a back-reference', "regex = '''(abc)\\1'''", /back-reference/],
    ['no regex', "path = '''x'''", /names of files/],
    ['nothing', '', /no regex/],
    ['no text to search for', "regex = '''[a-z]{20}'''", /no keywords, and the regex has no text/],
    ['a short keyword', "regex = '''[a-z]{20}'''\nkeywords = [\"ab\"]", /shorter than 3/],
    ['a keyword that is not ASCII', "regex = '''[a-z]{20}'''\nkeywords = [\"clé\"]", /not ASCII/],
    ['a group that is not there', "regex = '''abcd'''\nsecretGroup = 1", /no such group/],
    ['a required rule', "regex = '''abcd'''\n[[rules.required]]\nid = \"b\"", /requires another rule/],
    ['skipReport', "regex = '''abcd'''\nskipReport = true", /skipReport/],
    ['a member that nobody knows', "regex = '''abcd'''\nfilter = \"x\"", /"filter" is not known/],
    ['an empty match', "regex = '''(?:abcd)*'''\nkeywords=[\"abcd\"]", /matches nothing at all/],
    ['a broken allow-list', "regex = '''abcd'''\n[[rules.allowlists]]\nregexes = ['(?=x)']", /allow-list: look-around/],
  ])('says why a rule with %s is left out', async (_, text, reason) => {
    const { rules, rejected } = await load(
      'one.toml',
      `[[rules]]\nid = "a"\n${text}\n[[rules]]\nid = "b"\nregex = "defg"`,
    );
    expect(rules.map(({ id }) => id)).toEqual(['rule:b']);
    expect(rejected).toEqual([{ id: 'rule:a', reason: expect.stringMatching(reason) as string }]);
  });

  it('takes a keyword of two characters when the regex says more', async () => {
    const { rules } = await load('short.toml', `[[rules]]\nid = "a"\nregex = '[a-z]{3}[01]Q~[a-z]'\nkeywords = ["q~"]`);
    expect(rules[0]!.anchors.map(({ text }) => text)).toEqual(['0Q~', '1Q~']);
  });

  it('extends another one', async () => {
    write(
      'base.toml',
      `[allowlist]\npaths = ["base"]\n[[rules]]\nid = "a"\nregex = "aaaa"\nkeywords = ["aaa"]\nentropy = 2\n[[rules]]\nid = "b"\nregex = "bbbb"`,
    );
    const { rules, rejected, notes } = await load(
      'top.toml',
      `[extend]\npath = "base.toml"\ndisabledRules = ["b", "z"]\n[[rules]]\nid = "a"\nentropy = 3\nkeywords = ["AAAA"]\n[[rules]]\nid = "c"\nregex = "cccc"`,
    );
    expect(rejected).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('rule:z')]);
    expect(rules.map(({ id }) => id)).toEqual(['rule:a', 'rule:c']);
    expect(rules[0]).toMatchObject({ regex: 'aaaa', entropy: 3, keywords: ['aaa', 'AAAA'] });
    expect(rules.every(({ allowLists }) => allowLists[0]!.paths[0] === 'base')).toBe(true);
  });

  it('says that the rules of gitleaks itself are not there', async () => {
    const { rejected } = await load('default.toml', '[extend]\nuseDefault = true');
    expect(rejected).toEqual([
      { id: 'extend.useDefault', reason: expect.stringContaining('config/gitleaks.toml') as string },
    ]);
  });

  it('counts the first of two rules with one id', async () => {
    const path = write('twice.toml', `[[rules]]\nid = "a"\nregex = "aaaa"`);
    const { rules, rejected } = await loadRules([path, path]);
    expect(rules).toHaveLength(1);
    expect(rejected).toEqual([{ id: 'rule:a', reason: 'another rule has the same id' }]);
  });
});

describe('other notations', () => {
  const rules = [{ id: 'a', regex: 'aaaa', severity: 'high', examples: { match: ['aaaa'], noMatch: ['aaab'] } }];
  it.each([
    ['rules.json', JSON.stringify({ rules })],
    [
      'rules.yaml',
      'rules:\n  - id: a\n    regex: aaaa\n    severity: high\n    examples: { match: [aaaa], noMatch: [aaab] }\n',
    ],
    ['rules.toml', '[[rules]]\nid="a"\nregex="aaaa"\nseverity="high"\nexamples={ match=["aaaa"], noMatch=["aaab"] }'],
  ])('%s says the same', async (name, text) => {
    const { rules: loaded } = await load(name, text);
    expect(loaded).toMatchObject([
      { id: 'rule:a', severity: 'high', examples: { match: ['aaaa'], noMatch: ['aaab'] } },
    ]);
  });
});

describe('a file that is wrong', () => {
  it.each([
    ['a.toml', '[[rules]\n', /no valid TOML: line 1/],
    ['a.yaml', 'a: [1\n', /no valid YAML: line \d/],
    ['a.json', '{', /no valid JSON/],
    ['a.txt', '', /must end in/],
    ['a.json', '[]', /must be a table/],
    ['a.json', '{"rule":[]}', /"rule" is not known/],
    ['a.json', '{"rules":[{"regex":"a"}]}', /no id/],
    ['a.json', '{"rules":[{"id":"a","regex":1}]}', /regex must be a text/],
    ['a.json', '{"rules":[{"id":"a","regex":"abcd","keywords":"x"}]}', /list of texts/],
    ['a.json', '{"rules":[{"id":"a","regex":"abcd","entropy":-1}]}', /from 0 on/],
    ['a.json', '{"rules":[{"id":"a","regex":"abcd","severity":"bad"}]}', /severity/],
    ['a.json', '{"allowlists":[{}]}', /names no paths/],
    ['a.json', '{"allowlists":[{"stopwords":[""]}]}', /allow everything/],
    ['a.json', '{"allowlists":[{"regexes":["a"],"condition":"xor"}]}', /condition/],
    ['a.json', '{"allowlists":[{"regexes":["a"],"regexTarget":"file"}]}', /regexTarget/],
    ['a.json', '{"extend":{"path":"a.json"}}', /extends itself/],
    ['a.json', '{"extend":{"url":"https://x.example"}}', /nothing is fetched/],
    ['a.json', '{"extend":{"path":"absent.json"}}', /can't be read/],
  ])('%s: %s', async (name, text, message) => {
    const loading = load(name, text);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toBeInstanceOf(UsageError);
  });
});
