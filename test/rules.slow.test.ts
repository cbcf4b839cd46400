/** Rules in every command that takes them, through the built program. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { at, config, dumpsieve, make, secret, useRulesFolder } from './support/rules-cli.ts';

useRulesFolder();

describe('rules', () => {
  it('are told in SARIF, listed and explained', async () => {
    const { stdout } = await dumpsieve(['scan', at('dump'), '--rules', config(), '--format', 'sarif']);
    expect(stdout).toContain('"ruleId": "rule:acme-key"');
    expect(stdout).toContain("Key of Acme's billing service");
    expect((await dumpsieve(['patterns', 'list', '--rules', config()])).stdout).toMatch(
      /^rule:acme-key +high +Key of/m,
    );
    const explained = await dumpsieve(['patterns', 'explain', 'rule:acme-key', '--config', config()]);
    expect(explained.stdout).toMatch(/severity: high[\s\S]*Keywords\*\* `acme_`/);
  });

  it('whose examples are wrong fail their test', async () => {
    writeFileSync(
      at('wrong.yaml'),
      'rules:\n  - { id: a, regex: abcd, examples: { match: [abxd], noMatch: [abcd] } }\n',
    );
    const { code, stdout } = await dumpsieve(['patterns', 'test', at('wrong.yaml')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}rule:a .*\n +match 1: it was not found\n +noMatch 1: it was found\n$/);
  });

  it('close a gate, and are part of its verdict', async () => {
    const digest = async (
      name: string,
      more: readonly string[],
    ): Promise<{ code: number | null; patterns: string }> => {
      const { code } = await dumpsieve(['gate', at(name), '--verdict', at('verdict'), '--quiet', ...more]);
      return {
        code,
        patterns: (JSON.parse(readFileSync(at('verdict'), 'utf8')) as { patternsSha256: string }).patternsSha256,
      };
    };
    const without = await digest('dump', []);
    const closed = await digest('dump', ['--rules', config()]);
    const open = await digest('clean', ['--rules', config()]);
    writeFileSync(at('other.toml'), readFileSync(config(), 'utf8').replace('entropy = 3', 'entropy = 2'));
    const other = await digest('clean', ['--rules', at('other.toml')]);
    const pack = await digest('clean', ['--patterns', at('docs/acme.mjs')]);
    expect([without, closed, open, other, pack].map(({ code }) => code)).toEqual([0, 1, 0, 0, 0]);
    expect(open.patterns).toBe(closed.patterns);
    expect(new Set([without, open, other, pack].map(({ patterns }) => patterns)).size).toBe(4);
  });

  it('are redacted, and accepted by a baseline', async () => {
    const { code } = await dumpsieve(['redact', at('dump'), at('redacted'), '--rules', config(), '--quiet']);
    expect(code).toBe(0);
    expect(readFileSync(at('redacted'), 'latin1')).not.toContain(secret);
    writeFileSync(at('text'), `ACME=${secret}\n`);
    expect((await dumpsieve(['redact', at('text'), at('text2'), '--rules', config(), '--quiet'])).code).toBe(0);
    expect(readFileSync(at('text2'), 'latin1')).toBe(`ACME=${'*'.repeat(secret.length)}\n`);
    writeFileSync(at('key'), make.bytes(32));
    const key = ['--fingerprint-key-file', at('key'), '--rules', config()];
    const baseline = ['baseline', 'write', at('dump'), '--reason', 'a test', '--output', at('baseline.json'), ...key];
    expect((await dumpsieve(baseline)).stdout).toContain('1 suppression');
    expect((await dumpsieve(['scan', at('dump'), '--suppress', at('baseline.json'), ...key])).code).toBe(0);
  });

  it('keep a file from being taken for clean by watch', async () => {
    mkdirSync(at('watched'));
    writeFileSync(at('watched/a'), readFileSync(at('dump')));
    const watch = ['watch', at('watched'), '--once', '--settle', '10ms'];
    expect((await dumpsieve([...watch, '--rules', config()])).code).toBe(1);
    expect((await dumpsieve(watch)).code).toBe(0);
  });

  it('mask what they find when it is explained', async () => {
    const { stdout } = await dumpsieve(['explain', at('dump'), '5000', '--rules', config()]);
    expect(stdout).toContain('·');
    expect(stdout).not.toContain(secret.slice(10, 18));
  });
});

it('packs in TypeScript run where Node.js can, and else are a mistake that says so', async () => {
  const pack = 'interface Pack { readonly id: string }\nconst list: Pack[] = [];\nexport default list;\n';
  writeFileSync(at('empty/pack.ts'), pack);
  const { code, stderr } = await dumpsieve(['scan', at('clean'), '--patterns', './pack.ts']);
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  if (major > 22 || (major === 22 && minor >= 18)) expect(code).toBe(0);
  else expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('22.18') as string });
});
