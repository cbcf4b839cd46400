/**
 * argv to a command and its raw options, with yargs. Its traps, each with a test:
 * - a bare `-`, and all that follows `--`, vanishes from the positionals of a command: it travels in disguise;
 * - arrays swallow the positionals that follow: `greedy-arrays` is off;
 * - handlers run even after a parse error: none is used, the caller acts on what this returns.
 */
import { parseArgs } from 'node:util';
import type { Argv } from 'yargs';
import { UsageError } from '../src/model/errors.ts';
import { COMMANDS, type CommandHelp } from './command-help.ts';
import type { Options, OptionValue } from './option-values.ts';
import { GATE_OPTIONS, type INVENTORY_OPTIONS, type OptionSpec, type OptionSpecs, SCAN_OPTIONS } from './options.ts';
import type { PATTERNS_OPTIONS } from './options-patterns.ts';

/** Before an argument that yargs must not take for an option: no argument of a process can hold a NUL. */
const DISGUISE = '\u0000';

type PatternsAction = keyof typeof PATTERNS_OPTIONS;
type InventoryAction = keyof typeof INVENTORY_OPTIONS;

export type Invocation =
  | {
      readonly command: 'scan' | 'baseline write' | 'verify' | 'redact' | 'inspect';
      readonly paths: readonly string[];
      readonly options: Options;
    }
  | {
      readonly command: 'gate';
      readonly paths: readonly string[];
      /** What follows `--`. */
      readonly run: readonly string[];
      readonly options: Options;
    }
  | { readonly command: 'schema' }
  | { readonly command: 'serve'; readonly options: Options }
  | { readonly command: 'watch'; readonly folder: string; readonly options: Options }
  | {
      readonly command: 'explain';
      readonly file: string;
      /** An offset, `#` and the index of a finding, or the beginning of a fingerprint. */
      readonly what: string;
      readonly options: Options;
    }
  | {
      readonly command: `patterns ${PatternsAction}`;
      /** An id to explain; files of rules and packs to check or test. */
      readonly names: readonly string[];
      readonly options: Options;
    }
  | {
      readonly command: `inventory ${InventoryAction}`;
      /** Files, or the digests and labels to remove. */
      readonly names: readonly string[];
      readonly options: Options;
    }
  /** Help or version. */
  | { readonly command: 'print'; readonly text: string };

/** Whether yargs may print help. It may not miss any: options are hidden from a help text that nobody asked for. */
function asksForHelp(argv: readonly string[]): boolean {
  return argv.some((argument) => /^(-\w*h\w*|--help.*|help)$/.test(argument));
}

/**
 * `hidden` leaves the options out of the help. yargs lays out a command's help on each call, printed or not, which takes
 * longer than all the parsing.
 */
function addOptions(parser: Argv, specs: OptionSpecs, hidden: boolean): Argv {
  let result = parser;
  for (const [name, { type, value, choices, default: preset, doc, group }] of Object.entries(specs)) {
    const listed = choices ? ` (${choices.join(', ')})` : '';
    const placeholder = value ? `<${value}> ` : '';
    result = result.option(name, {
      type: type === 'boolean' ? 'boolean' : type === 'list' ? 'array' : 'string',
      ...(type !== 'boolean' && { string: true, requiresArg: true }),
      ...(preset !== undefined && { default: preset }),
      describe: `${placeholder}${doc}${listed}`,
      group: `${group}:`,
      hidden,
    });
  }
  return result;
}

function addCommand(parser: Argv, name: string, help: CommandHelp, hidden: boolean): Argv {
  const { doc, takes = {}, usage, options = {}, examples = [], exitCodes, commands, missing } = help;
  return parser.command([name, ...Object.keys(takes)].join(' '), doc, (command) => {
    for (const [what, describe] of Object.entries(takes)) {
      const isMany = what.includes('..');
      command.positional(what.replace(/[^\w]/g, ''), {
        type: 'string',
        ...(isMany ? { array: true } : { demandOption: true }),
        describe,
      });
    }
    if (usage !== undefined) command.usage(usage);
    command.example(examples.map(([example, means]) => [example, means]));
    addOptions(command, options, hidden);
    if (exitCodes !== undefined) command.epilogue(exitCodes);
    for (const [sub, its] of Object.entries(commands ?? {})) addCommand(command, sub, its, hidden);
    return commands ? command.demandCommand(1, missing).strict() : command;
  });
}

async function createParser(argv: readonly string[], version: string): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  const parser = yargs([...argv])
    .scriptName('dumpsieve')
    .locale('en')
    .usage('Finds and proves private keys in crash dumps, memory images and build artifacts.\n\n  $0 <command>')
    .parserConfiguration({
      'greedy-arrays': false,
      'duplicate-arguments-array': true,
      'parse-positional-numbers': false,
      'parse-numbers': false,
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
    });
  const hidden = !asksForHelp(argv);
  for (const [name, help] of Object.entries(COMMANDS)) addCommand(parser, name, help, hidden);
  return parser
    .demandCommand(1, 'say what to do, such as "dumpsieve scan <path>"')
    .strict()
    .version(version)
    .help()
    .alias('help', 'h')
    .wrap(100)
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new UsageError(message ?? 'the arguments could not be understood');
    });
}

/** What a command line names, as far as there is such a command. */
function commandOf([name = '', action = '']: readonly string[]): CommandHelp | undefined {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const { commands } = command ?? {};
  return commands && Object.hasOwn(commands, action) ? commands[action] : command;
}

/** yargs' messages in the words of this program. */
function explain(message: string, argv: readonly string[]): string {
  const first = argv[0];
  const command = commandOf(argv);
  if (/^Unknown (argument|command)/.test(message) && first && !first.startsWith('-') && !command) {
    // `dumpsieve core.dmp` means a scan; saying so is safer than doing so.
    return `unknown command "${first}"; to scan it: dumpsieve scan ${first}`;
  }
  const missing = /^Not enough arguments following: (.+)$/.exec(message);
  if (missing) return `--${missing[1]} needs a value; see "dumpsieve ${first} --help"`;
  if (message.startsWith('Not enough non-option arguments')) return command?.missing ?? message;
  return `${message.trim()}; see "dumpsieve --help"`;
}

/** Disguises a bare `-` and what follows `--`. */
function disguise(argv: readonly string[]): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const options = argv.slice(0, end).map((argument) => (argument === '-' ? `${DISGUISE}-` : argument));
  return [...options, ...argv.slice(end + 1).map((argument) => `${DISGUISE}${argument}`)];
}

function undisguise(value: unknown): OptionValue {
  if (Array.isArray(value)) return value.map((item) => undisguise(item) as string);
  if (typeof value === 'string') return value.replace(DISGUISE, '');
  return typeof value === 'boolean' ? value : undefined;
}

/** Of what takes one value and was given several, the last counts. */
function oneOrAll({ type }: OptionSpec, value: OptionValue): OptionValue {
  return Array.isArray(value) && type !== 'list' ? (value.at(-1) as string | boolean) : value;
}

/**
 * `scan` and `gate` as long as nothing is wrong with their arguments: yargs, which has the words for what is, takes longer to
 * load than a small dump to scan. Undefined: leave it to yargs.
 */
function parsePlain([command, ...argv]: readonly string[]): Invocation | undefined {
  if (command !== 'scan' && command !== 'gate') return undefined;
  const end = command === 'gate' && argv.includes('--') ? argv.indexOf('--') : argv.length;
  const specs: readonly (readonly [string, OptionSpec])[] = Object.entries(
    command === 'scan' ? SCAN_OPTIONS : GATE_OPTIONS,
  );
  const config = specs.map(([name, { type }]) => {
    return [name, { type: type === 'boolean' ? ('boolean' as const) : ('string' as const), multiple: true }] as const;
  });
  let parsed: { readonly values: Record<string, (string | boolean)[] | undefined>; readonly positionals: string[] };
  try {
    parsed = parseArgs({ args: argv.slice(0, end), options: Object.fromEntries(config), allowPositionals: true });
  } catch {
    return undefined;
  }
  const { values, positionals: paths } = parsed;
  const isPlain = ([name, { choices }]: readonly [string, OptionSpec]): boolean => {
    const given = values[name] ?? [];
    return given.every((value) => value !== '' && (!choices || choices.includes(String(value))));
  };
  if (paths.length === 0 || !specs.every(isPlain)) return undefined;
  const options = Object.fromEntries(
    specs.map(([name, spec]) => [
      name,
      oneOrAll(spec, (values[name] as readonly string[] | undefined) ?? spec.default),
    ]),
  );
  return command === 'scan' ? { command, paths, options } : { command, paths, run: argv.slice(end + 1), options };
}

/** Throws UsageError. `argv` is without the program. */
export async function parseArguments(argv: readonly string[], version: string): Promise<Invocation> {
  // yargs knows `help` alone.
  if (argv[0] === 'help' && argv.length > 1) return parseWithYargs([...argv.slice(1), '--help'], version);
  return parsePlain(argv) ?? parseWithYargs(argv, version);
}

/** The same for any argv. */
export async function parseWithYargs(argv: readonly string[], version: string): Promise<Invocation> {
  // What follows `--` is a path for a scan, but the command to run for a gate.
  const end = argv[0] === 'gate' && argv.includes('--') ? argv.indexOf('--') : argv.length;
  const run = argv.slice(end + 1);
  const disguised = disguise(argv.slice(0, end));
  let text: string | undefined;
  let parsed: Record<string, unknown>;
  try {
    const parser = await createParser(disguised, version);
    parsed = (await parser.parseAsync(disguised, {}, (_: unknown, __: unknown, output: string) => {
      text = output;
    })) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof Error) throw new UsageError(explain(error.message, argv));
    throw error;
  }
  if (text) return { command: 'print', text };
  const [command, action] = (parsed['_'] as unknown[]).map(String);
  const options: Options = Object.fromEntries(
    Object.entries(commandOf([command!, action!])?.options ?? {}).map(([name, spec]) => [
      name,
      oneOrAll(spec, undisguise(parsed[name])),
    ]),
  );
  const one = (name: string): string => String(undisguise(parsed[name]));
  const many = (name: string): readonly string[] => (undisguise(parsed[name]) ?? []) as readonly string[];
  switch (command) {
    case 'patterns': {
      const names = parsed['id'] === undefined ? many('files') : [one('id')];
      return { command: `patterns ${action as PatternsAction}`, names, options };
    }
    case 'inventory':
      return {
        command: `inventory ${action as InventoryAction}`,
        names: [...many('files'), ...many('names')],
        options,
      };
    case 'schema':
      return { command };
    case 'serve':
      return { command, options };
    case 'watch':
      return { command, folder: one('dir'), options };
    case 'explain':
      return { command, file: one('file'), what: one('what'), options };
    case 'gate':
      return { command, paths: many('paths'), run, options };
    case 'baseline':
      return { command: 'baseline write', paths: many('paths'), options };
    case 'inspect':
    case 'redact':
    case 'verify':
      return { command, paths: many('paths'), options };
    default:
      return { command: 'scan', paths: many('paths'), options };
  }
}
