/** Rules and pattern packs through the built program, and the examples of docs/rules.md as they stand there. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, config, dumpsieve, make, rulesDocs, secret, useRulesFolder } from './support/rules-cli.ts';
import type { Outcome } from './support/run-cli.ts';

useRulesFolder();

const findingsOf = ({ stdout }: Outcome) =>
  (
    JSON.parse(stdout) as {
      findings: { detector: string; severity: string; verdict: string; places: { start: number }[] }[];
    }
  ).findings;

describe('docs/rules.md', () => {
  const examples = [...rulesDocs.matchAll(/```console example\n\$ dumpsieve ([^\n]*)\n([\s\S]*?)```/g)];

  it('has examples', () => {
    expect(examples).toHaveLength(2);
  });

  it.each(examples.map(([, command, output]) => [command!, output!]))('%s', async (command, output) => {
    expect(await dumpsieve(command.split(' '), 'docs')).toMatchObject({ code: 0, stdout: output, stderr: '' });
  });
});

describe('rules', () => {
  it('find, in a scan, from a file and from the configuration', async () => {
    const named = await dumpsieve(['scan', at('dump'), '--rules', config(), '--format', 'json']);
    expect(named.code).toBe(1);
    expect(findingsOf(named)).toMatchObject([
      { detector: 'rule:acme-key', severity: 'high', verdict: 'likely', places: [{ start: 5006 }] },
    ]);
    const found = await dumpsieve(['scan', at('dump'), '--format', 'json'], 'docs');
    expect(findingsOf(found)).toHaveLength(1);
    expect((await dumpsieve(['scan', at('dump'), '--no-config'], 'docs')).code).toBe(0);
    for (const { stdout, stderr } of [named, found]) expect(stdout + stderr).not.toContain(secret.slice(10, 20));
  });

  it('that can not be searched for are named, and the others searched for', async () => {
    const scanned = await dumpsieve(['scan', at('clean'), '--rules', at('broken.toml'), '--quiet']);
    expect(scanned.code).toBe(0);
    expect(scanned.stderr).toMatch(/1 of 2 rules can not be searched for[\s\S]*rule:behind: look-around/);
    const checked = await dumpsieve(['patterns', 'check', at('broken.toml')]);
    expect(checked).toMatchObject({
      code: 1,
      stdout: '1 of 2 rules can be searched for\nrule:behind: look-around: no engine of linear time has it\n',
    });
    const json = await dumpsieve(['patterns', 'check', at('broken.toml'), '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ rules: ['rule:good'], rejected: [{ id: 'rule:behind' }] });
    expect((await dumpsieve(['patterns', 'check', config()])).code).toBe(0);
    expect((await dumpsieve(['patterns', 'explain', 'rule:behind', '--rules', at('broken.toml')])).stderr).toContain(
      'look-around',
    );
  });
});

describe('patterns check of a configuration of gitleaks', () => {
  const check = async (name: string, allowList: string): Promise<string[]> => {
    writeFileSync(at(name), `${allowList}\n[[rules]]\nid = "good"\nregex = "abcd"\n`);
    const { code, stdout } = await dumpsieve(['patterns', 'check', at(name)]);
    expect(code).toBe(0);
    return stdout.split('\n').filter((line) => line.startsWith('note: '));
  };

  it('warns of paths that would hide dumps and system trees', async () => {
    const paths = [
      "'''(?i)\\.(?:bin|exe|pdb|docx?)$'''",
      "'''(?:^|/)usr/lib/'''",
      "'''gitleaks\\.toml$'''",
      "'''.*'''",
    ];
    const notes = await check('paths.toml', `[allowlist]\npaths = [${paths.join(', ')}]`);
    expect(notes).toEqual([
      expect.stringMatching(/hides files such as crash\.bin, app\.exe, app\.pdb, report\.docx from its rules: /),
      expect.stringMatching(/hides files such as \/usr\/lib\/app\/config\.ini, /),
      expect.stringMatching(/hides every file from its rules: \.\*$/),
    ]);
    const { stdout } = await dumpsieve(['patterns', 'check', at('paths.toml'), '--json']);
    expect((JSON.parse(stdout) as { notes: string[] }).notes).toHaveLength(3);
  });

  it('says nothing where a path alone hides nothing', async () => {
    const both = `[[allowlists]]\ncondition = "AND"\npaths = ['''.*''']\nregexes = ['''^x''']`;
    expect(await check('both.toml', both)).toEqual([]);
    expect(await check('some.toml', `[[allowlists]]\ntargetRules = ["good"]\npaths = ['''.*''']`)).toEqual([]);
  });
});

describe('pattern packs', () => {
  const digits = make.text(15, '0123456789');
  const check = (10 - (Array.from(digits, Number).reduce((sum, digit) => sum + digit, 0) % 10)) % 10;

  it('find, by path and by package name', async () => {
    writeFileSync(at('licences'), `ACME-LIC-${digits}${check}\nACME-LIC-${digits}${(check + 1) % 10}\n`);
    const byPath = await dumpsieve(['scan', at('licences'), '--patterns', '../docs/acme.mjs', '--format', 'json']);
    expect(findingsOf(byPath)).toMatchObject([{ detector: 'acme-licence', verdict: 'proven', places: [{ start: 9 }] }]);
    const folder = at('empty/node_modules/acme-pack');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'acme-pack', exports: { '.': { import: './main.mjs' } } }),
    );
    writeFileSync(join(folder, 'main.mjs'), readFileSync(at('docs/acme.mjs')));
    const byName = await dumpsieve(['scan', at('licences'), '--patterns', 'acme-pack', '--format', 'json']);
    expect(findingsOf(byName)).toHaveLength(1);
    expect((await dumpsieve(['patterns', 'list', '--patterns', 'acme-pack'])).stdout).toMatch(/^acme-licence /m);
  });

  it('are run from a configuration only when it is named', async () => {
    const path = at('config/dumpsieve.config.json');
    writeFileSync(path, JSON.stringify({ rules: ['../docs/dumpsieve.config.toml'], patterns: ['../docs/acme.mjs'] }));
    const found = await dumpsieve(['scan', at('licences')], 'config');
    expect(found).toMatchObject({ code: 2, stderr: expect.stringContaining('--config') as string });
    const named = await dumpsieve(['scan', at('licences'), at('dump'), '--config', path, '--format', 'json'], 'config');
    expect(
      findingsOf(named)
        .map(({ detector }) => detector)
        .sort(),
    ).toEqual(['acme-licence', 'rule:acme-key']);
  });
});
