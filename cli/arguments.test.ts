import { describe, expect, it } from 'vitest';
import { parseArguments, parseWithYargs } from './arguments.ts';
import { COMMANDS, type CommandHelp } from './command-help.ts';

const parse = (...argv: string[]) => parseArguments(argv, '1.2.3');

async function scanOf(...argv: string[]) {
  const invocation = await parse('scan', ...argv);
  if (invocation.command !== 'scan') throw new Error(invocation.command);
  return invocation;
}

describe('scan', () => {
  it('takes paths, wherever the options stand', async () => {
    expect((await scanOf('a', 'b')).paths).toEqual(['a', 'b']);
    expect((await scanOf('--exclude', '*.log', 'a', 'b')).paths).toEqual(['a', 'b']);
    expect((await scanOf('a', '--include', '*.dmp', 'b')).paths).toEqual(['a', 'b']);
  });

  it.each([[['-']], [['a', '-']], [['-', '--quiet']], [['--', '-']]])('does not lose the dash of %j', async (argv) => {
    expect((await scanOf(...argv)).paths).toContain('-');
  });

  it.each([
    [['scan', 'a']],
    [['scan', 'a b', 'c\nd', '0012', '-']],
    [['scan', 'a', '--format', 'json', '--exclude', 'x', '--exclude=y', '--no-color', '--output', '-', '--quiet']],
    [['scan', '--include=*.dmp', '-', '--', '-odd', '--quiet']],
    [['scan', 'a', '--format', 'json', '--quiet', '--format=sarif', '--quiet', '--threads', '1', '--threads', '3']],
    [['scan', 'a', '--exclude', 'b', 'c', '--format=sarif', '--threads', '0012']],
    [['gate', 'a', '--', 'curl', '-T', '{}', '--', '--quiet']],
    [['gate', '--verdict', 'v.json', '-', '--allow-gaps=truncated', '--redact', '--', '-']],
    [['gate', 'a', '--fail-on', 'low', '--max-time', '1.50']],
  ])('parses %j alike with and without yargs', async (argv) => {
    expect(await parse(...argv)).toEqual(await parseWithYargs(argv, '1.2.3'));
  });

  it.each([
    [['scan', 'a', '--format', 'txt']],
    [['scan', 'a', '--format']],
    [['scan', '--quiet']],
    [['gate', 'a', '--unknown']],
    [['gate', 'a', '--quiet=maybe']],
    [['gate', 'a', '--output', '--quiet']],
    [['gate', 'a', '-x']],
  ])('refuses %j in the words of yargs', async (argv) => {
    const words = async (): Promise<unknown> => parseWithYargs(argv, '1.2.3').catch((error: unknown) => String(error));
    expect(await parse(...argv).catch((error: unknown) => String(error))).toEqual(await words());
  });

  it('takes what follows -- as paths', async () => {
    expect((await scanOf('a', '--', '-odd', '--quiet')).paths).toEqual(['a', '-odd', '--quiet']);
    expect((await scanOf('--', '-odd')).paths).toEqual(['-odd']);
  });

  it('keeps numbers and dots in paths as they are', async () => {
    expect((await scanOf('0012', '1e3', '0x10', 'a.b')).paths).toEqual(['0012', '1e3', '0x10', 'a.b']);
  });

  it('reads options', async () => {
    const { options } = await scanOf(
      'a',
      '--format',
      'json',
      '--exclude',
      'x',
      '--exclude=y',
      '--no-color',
      '--output',
      '-',
    );
    expect(options).toMatchObject({
      format: 'json',
      exclude: ['x', 'y'],
      'no-color': true,
      output: '-',
      'fail-on': 'medium',
    });
  });

  it.each([
    ['no path', [], 'nothing to scan'],
    ['an unknown option', ['a', '--fial-on', 'high'], 'fial-on'],
    ['an option without value', ['a', '--fail-on'], '--fail-on needs a value'],
    ['an option whose value is an option', ['a', '--output', '--quiet'], '--output needs a value'],
  ])('rejects %s', async (_, argv, message) => {
    await expect(parse('scan', ...argv)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(message),
    });
  });
});

describe('others', () => {
  it('take the last of what is given twice, where one value counts', async () => {
    expect(
      await parse('redact', 'a', '--in-place', '--in-place', '--also', 'stacks', '--also', 'environ'),
    ).toMatchObject({
      options: { 'in-place': true, also: ['stacks', 'environ'] },
    });
    expect(await parse('watch', 'a', '--once', '--once', '--poll', '1s', '--poll', '2s')).toMatchObject({
      options: { once: true, poll: '2s' },
    });
    expect(await parse('verify', 'a', '--verdict', 'b', '--verdict', 'c')).toMatchObject({ options: { verdict: 'c' } });
  });

  it('patterns', async () => {
    expect(await parse('patterns', 'list')).toMatchObject({
      command: 'patterns list',
      names: [],
      options: { json: undefined },
    });
    expect(await parse('patterns', 'list', '--json', '--rules', 'a', '--rules', 'b')).toMatchObject({
      command: 'patterns list',
      options: { json: true, rules: ['a', 'b'] },
    });
    expect(await parse('patterns', 'explain', 'jwk')).toMatchObject({ command: 'patterns explain', names: ['jwk'] });
    expect(await parse('patterns', 'check', 'a.toml')).toMatchObject({ command: 'patterns check', names: ['a.toml'] });
    expect(await parse('patterns', 'test', 'a.toml', './b.mjs')).toMatchObject({
      command: 'patterns test',
      names: ['a.toml', './b.mjs'],
    });
    await expect(parse('patterns')).rejects.toThrow('list, explain');
    await expect(parse('patterns', 'explain')).rejects.toThrow('patterns list');
    await expect(parse('patterns', 'nonsense')).rejects.toThrow('nonsense');
  });

  it('help and version', async () => {
    expect(await parse('--version')).toEqual({ command: 'print', text: '1.2.3' });
    expect(await parse('--help')).toMatchObject({ text: expect.stringContaining('dumpsieve scan') });
    expect(await parse('scan', '--help')).toMatchObject({ text: expect.stringContaining('Exit codes') });
    expect(await parse('help', 'baseline', 'write')).toEqual(await parse('baseline', 'write', '--help'));
  });

  it('an unknown command: says how to scan it', async () => {
    await expect(parse('core.dmp')).rejects.toThrow('dumpsieve scan core.dmp');
    await expect(parse()).rejects.toThrow('say what to do');
  });
});

describe('the examples of the help', () => {
  const examplesOf = ({ examples = [], commands = {} }: CommandHelp): string[] => [
    ...examples.map(([command]) => command),
    ...Object.values(commands).flatMap(examplesOf),
  ];
  /** As a shell would, for what stands in examples. */
  const split = (line: string): string[] =>
    [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);

  it.each(Object.values(COMMANDS).flatMap(examplesOf))('%s', async (example) => {
    const call = example.split('|').find((part) => part.trim().startsWith('dumpsieve '))!;
    const [, ...argv] = split(call);
    expect((await parse(...argv)).command).toContain(argv[0]);
  });
});
