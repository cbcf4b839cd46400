/** What the documents name is there: commands, options, files, headings, status codes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS, type CommandHelp } from '../cli/command-help.ts';
import { FORMATS } from '../src/report/reporters.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

const documents = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...filesIn('docs', '.md')].map(
  (path) => ({ path, text: read(path) }),
);

const optionsOf = ({ options = {}, commands = {} }: CommandHelp): string[] => [
  ...Object.keys(options),
  ...Object.values(commands).flatMap(optionsOf),
];
const GLOBAL = ['help', 'version'];
const known = new Set([...GLOBAL, ...Object.values(COMMANDS).flatMap(optionsOf)]);
/** These speak of the options and files of other programs. */
const OF_OTHERS = ['docs/patterns.md', 'docs/formats.md', 'docs/benchmark.md'];

/** Made by a command, or an example of what one makes. */
const MADE = /^(?:bench|corpus)\/out\/|^patterns\/vendor-token\.ts$/;

/** `dumpsieve COMMAND …` up to the end of the call, without what a gate runs. */
const CALL = /\bdumpsieve ((?:[a-z]+)(?: [^\n`|#]*)?)/g;

describe.each(documents)('$path', ({ path, text }) => {
  it('calls commands with options that they have', () => {
    const wrong = [...text.matchAll(CALL)].flatMap(([call, line]) => {
      const [name, action] = line!.split(/\s+/);
      const command = COMMANDS[name!];
      if (!command) return [];
      const given = [...line!.split(' -- ')[0]!.matchAll(/(?<=\s)--([a-z][\w-]*)/g)].map(([, option]) => option!);
      const has = [...GLOBAL, ...optionsOf(command.commands?.[action!] ?? command)];
      return given.filter((option) => !has.includes(option)).map((option) => `--${option} in ${call}`);
    });
    expect(wrong).toEqual([]);
  });

  it.skipIf(OF_OTHERS.includes(path))('names no option that no command has', () => {
    const prose = text.replace(/```[\s\S]*?```/g, '');
    const named = [...prose.matchAll(/`(--[^`]+)`/g)].flatMap(
      ([, code]) => code!.match(/(?<=^--|\s--)[a-z][\w-]*/g) ?? [],
    );
    expect(named.filter((option) => !known.has(option))).toEqual([]);
  });

  it.skipIf(OF_OTHERS.includes(path))('speaks of files that are there', () => {
    const paths = [
      ...text.matchAll(/`((?:src|cli|patterns|corpus|bench|test|scripts|docs|systemd|pipelines)\/[\w./-]*)`/g),
    ];
    const absent = paths.map(([, name]) => name!).filter((name) => !MADE.test(name) && !existsSync(join(root, name)));
    expect(absent).toEqual([]);
  });

  it('links to files and headings that are there', () => {
    const slug = (heading: string): string =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .trim()
        .replace(/ /g, '-');
    const broken = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].filter(([, file, heading]) => {
      const target = file ? join(dirname(path), file) : path;
      if (!existsSync(join(root, target))) return true;
      return heading && ![...read(target).matchAll(/^#+ (.+)$/gm)].some(([, title]) => slug(title!) === heading);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

describe('lists are whole', () => {
  const rowsOf = (path: string): string[] => [...read(path).matchAll(/^\| ([^|]+) \|/gm)].map(([, cell]) => cell!);

  it('of formats', () => {
    const named = rowsOf('docs/reports.md').flatMap((cell) => /^`(\w+)`$/.exec(cell)?.[1] ?? []);
    expect(named.sort()).toEqual([...FORMATS].sort());
  });

  it('of status codes that the HTTP gate answers with', () => {
    const used = filesIn('src/serve', '.ts')
      .filter((path) => !path.endsWith('.test.ts'))
      .flatMap((path) => [
        ...read(path).matchAll(/(?:HttpError\(|response, )(?:\w+ \? )?([45]\d\d)(?: : ([45]\d\d))?/g),
      ])
      .flatMap(([, ...codes]) => codes.filter((code) => code !== undefined));
    const named = new Set(rowsOf('docs/pipelines.md').flatMap((cell) => cell.match(/\b[45]\d\d\b/g) ?? []));
    expect(new Set(used).size).toBeGreaterThan(8);
    expect([...new Set(used)].filter((code) => !named.has(code))).toEqual([]);
  });

  it('of dependencies', () => {
    const { dependencies, peerDependencies } = JSON.parse(read('package.json')) as Record<string, object>;
    const named = rowsOf('docs/dependencies.md').map((cell) => /^[\w-]+/.exec(cell)?.[0]);
    const missing = Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !named.includes(name));
    expect(missing).toEqual([]);
  });
});
