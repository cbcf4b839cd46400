import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../src/model/errors.ts';
import { parseArguments } from './arguments.ts';
import { packUrl, readPatterns, warningsOf } from './config-patterns.ts';
import { createServeConfig } from './config-pipelines.ts';

let root: string;
const at = (name: string): string => join(root, name);
const urlOf = (name: string): string => pathToFileURL(at(name)).href;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'dumpsieve-'));
  for (const [name, exports] of [
    ['plain', undefined],
    ['modern', { '.': { types: './main.d.ts', import: './main.mjs' } }],
  ] as const) {
    mkdirSync(at(`node_modules/${name}`), { recursive: true });
    writeFileSync(at(`node_modules/${name}/package.json`), JSON.stringify({ name, main: 'main.mjs', exports }));
    writeFileSync(at(`node_modules/${name}/main.mjs`), 'export default []');
  }
  mkdirSync(at('sub'));
  writeFileSync(at('pack.mjs'), 'export default []');
  writeFileSync(at('more.toml'), '[[rules]]\nid = "more"\nregex = "more"');
});
afterAll(() => rmSync(root, { recursive: true }));

describe('packUrl', () => {
  it.each([
    ['./pack.mjs', '', 'pack.mjs'],
    ['pack.mjs', '', 'pack.mjs'],
    ['../pack.mjs', 'sub', 'pack.mjs'],
    ['plain', 'sub', 'node_modules/plain/main.mjs'],
    ['modern', 'sub', 'node_modules/modern/main.mjs'],
  ])('of %s in "%s"', (name, folder, path) => {
    expect(packUrl(name, at(folder))).toBe(urlOf(path));
  });

  it.each([
    ['./absent.mjs', /no file/],
    ['./sub', /no file/],
    ['absent', /neither a file nor an installed package/],
  ])('fails for %s', (name, message) => {
    expect(() => packUrl(name, root)).toThrow(message);
    expect(() => packUrl(name, root)).toThrow(UsageError);
  });
});

describe('readPatterns', () => {
  const folderWith = (files: Record<string, string>): string => {
    const folder = mkdtempSync(join(root, 'config-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };
  const idsOf = async (...args: Parameters<typeof readPatterns>): Promise<string[]> =>
    (await readPatterns(...args)).rules.map(({ id }) => id);

  it('is nothing without options and a configuration', async () => {
    expect(await readPatterns({}, at('sub'))).toEqual({
      packUrls: [],
      knownKeys: [],
      rules: [],
      rejected: [],
      notes: [],
      globalPaths: [],
    });
  });

  it.each([
    ['dumpsieve.config.json', '{"rules":[{"id":"a","regex":"aaaa"},"../more.toml"]}', ['rule:a', 'rule:more']],
    ['dumpsieve.config.yaml', 'rules:\n  - ../more.toml\n', ['rule:more']],
    ['dumpsieve.config.yml', 'rules:\n  - { id: a, regex: aaaa }\n', ['rule:a']],
    ['dumpsieve.config.toml', '[[rules]]\nid = "a"\nregex = "aaaa"', ['rule:a']],
  ])('finds %s in the working directory', async (name, text, ids) => {
    const folder = folderWith({ [name]: text });
    expect(await idsOf({}, folder)).toEqual(ids);
    expect(await idsOf({ rules: [at('more.toml')] }, folder)).toEqual([...new Set([...ids, 'rule:more'])]);
    expect(await idsOf({ 'no-config': true }, folder)).toEqual([]);
    expect(await idsOf({ config: join(folder, name) }, at('sub'))).toEqual(ids);
  });

  it('reads lists of published keys from beside a configuration, and only when it is named', async () => {
    const folder = folderWith({ 'dumpsieve.config.json': '{"knownKeys":["keys.txt","../more.txt"]}' });
    await expect(readPatterns({}, folder)).rejects.toThrow(/close no gate/);
    const { knownKeys } = await readPatterns({ config: join(folder, 'dumpsieve.config.json') }, at('sub'));
    expect(knownKeys).toEqual([join(folder, 'keys.txt'), at('more.txt')]);
    const wrong = folderWith({ 'dumpsieve.config.json': '{"knownKeys":"keys.txt"}' });
    await expect(readPatterns({ config: join(wrong, 'dumpsieve.config.json') }, root)).rejects.toThrow(/list of paths/);
  });

  it('runs packs of a configuration only when it is named', async () => {
    const folder = folderWith({ 'dumpsieve.config.json': '{"patterns":["../pack.mjs","plain"]}' });
    await expect(readPatterns({}, folder)).rejects.toThrow(/which are code/);
    const { packUrls } = await readPatterns(
      { config: 'dumpsieve.config.json', patterns: ['../pack.mjs', 'modern'] },
      folder,
    );
    expect(packUrls).toEqual([
      urlOf('pack.mjs'),
      urlOf('node_modules/plain/main.mjs'),
      urlOf('node_modules/modern/main.mjs'),
    ]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['two configurations', { 'dumpsieve.config.json': '{}', 'dumpsieve.config.yml': '{}' }, /more than one/],
    ['a list', { 'dumpsieve.config.json': '[]' }, /must be a table/],
    ['a wrong list of packs', { 'dumpsieve.config.json': '{"patterns":"a"}' }, /patterns must be a list/],
    ['a wrong list of rules', { 'dumpsieve.config.json': '{"rules":"a"}' }, /rules must be a list/],
    ['a member that is not known', { 'dumpsieve.config.json': '{"fail-on":"high"}' }, /"fail-on" is not known/],
  ])('fails for %s', async (_, files, message) => {
    await expect(readPatterns({}, folderWith(files))).rejects.toThrow(message);
  });

  it('fails for files that are not there', async () => {
    await expect(readPatterns({ rules: ['absent.toml'] }, root)).rejects.toThrow(/can't be read/);
    await expect(readPatterns({ config: 'absent.toml' }, root)).rejects.toThrow(/--config/);
  });
});

it('reach the scanner and the redaction of serve', async () => {
  const argv = [
    'serve',
    '--forward',
    'https://sentry.example',
    '--redact',
    '--rules',
    at('more.toml'),
    '--patterns',
    at('pack.mjs'),
  ];
  const invocation = await parseArguments(argv, '1');
  if (invocation.command !== 'serve') throw new Error('not serve');
  const { scan, server } = await createServeConfig(invocation.options, {});
  for (const part of [scan, server.redact!]) {
    expect(part.rules).toMatchObject([{ id: 'rule:more' }]);
    expect(part.packUrls).toEqual([urlOf('pack.mjs')]);
  }
});

it('warns of the first rules that are left out', () => {
  const rejected = Array.from({ length: 7 }, (_, i) => ({ id: `rule:${i}`, reason: 'why' }));
  expect(warningsOf({ rules: [], rejected })).toHaveLength(7);
  expect(warningsOf({ rules: [], rejected })[0]).toContain('7 of 7 rules');
  expect(warningsOf({ rules: [], rejected: [] })).toEqual([]);
});
