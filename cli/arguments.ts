/**
 * argv to a command and its raw options, with yargs. Its traps, each with a test:
 * - a bare `-`, and all that follows `--`, vanishes from the positionals of a command: it travels in disguise;
 * - arrays swallow the positionals that follow: `greedy-arrays` is off;
 * - handlers run even after a parse error: none is used, the caller acts on what this returns.
 */
import { parseArgs } from 'node:util';
import type { Argv } from 'yargs';
import { UsageError } from '../src/model/errors.ts';
import { EXIT_CODES_HELP, GATE_EXIT_CODES_HELP, REDACT_EXIT_CODES_HELP } from './exit-codes.ts';
import type { Options, OptionValue } from './option-values.ts';
import {
  BASELINE_EXAMPLES,
  BASELINE_OPTIONS,
  GATE_EXAMPLES,
  GATE_OPTIONS,
  INVENTORY_EXAMPLES,
  INVENTORY_OPTIONS,
  type OptionSpec,
  SCAN_EXAMPLES,
  SCAN_OPTIONS,
  VERIFY_OPTIONS,
} from './options.ts';
import { EXPLAIN_EXAMPLES, EXPLAIN_OPTIONS, INSPECT_EXAMPLES, INSPECT_OPTIONS } from './options-inside.ts';
import { PATTERNS_EXAMPLES, PATTERNS_OPTIONS } from './options-patterns.ts';
import { SERVE_EXAMPLES, SERVE_OPTIONS, WATCH_EXAMPLES, WATCH_OPTIONS } from './options-pipelines.ts';
import { REDACT_EXAMPLES, REDACT_OPTIONS } from './options-redact.ts';

/** Before an argument that yargs must not take for an option: no argument of a process can hold a NUL. */
const DISGUISE = '\u0000';

type PatternsAction = keyof typeof PATTERNS_OPTIONS;
type InventoryAction = keyof typeof INVENTORY_OPTIONS;

export type Invocation =
  | { readonly command: 'scan'; readonly paths: readonly string[]; readonly options: Options }
  | {
      readonly command: 'gate';
      readonly paths: readonly string[];
      /** What follows `--`. */
      readonly run: readonly string[];
      readonly options: Options;
    }
  | {
      readonly command: 'baseline write';
      readonly paths: readonly string[];
      readonly options: Options;
    }
  | { readonly command: 'verify'; readonly paths: readonly string[]; readonly options: Options }
  | { readonly command: 'redact'; readonly paths: readonly string[]; readonly options: Options }
  | { readonly command: 'schema' }
  | { readonly command: 'serve'; readonly options: Options }
  | { readonly command: 'watch'; readonly folder: string; readonly options: Options }
  | { readonly command: 'inspect'; readonly paths: readonly string[]; readonly options: Options }
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
function addOptions(parser: Argv, specs: Readonly<Record<string, OptionSpec>>, hidden: boolean): Argv {
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

async function createParser(argv: readonly string[], version: string): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  return yargs([...argv])
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
    })
    .command('scan <paths..>', 'Scan files, directories, globs, or standard input (-)', (parser) =>
      addOptions(
        parser
          .positional('paths', { type: 'string', array: true, describe: 'What to scan; - is standard input' })
          .usage('Scans files, directories, globs, or standard input.\n\n  $0 scan <paths..>')
          .example(SCAN_EXAMPLES.map(([command, doc]) => [command, doc])),
        SCAN_OPTIONS,
        !asksForHelp(argv),
      ).epilogue(EXIT_CODES_HELP),
    )
    .command('gate <paths..>', 'Run a command only when files, or standard input (-), are clean', (parser) =>
      addOptions(
        parser
          .positional('paths', { type: 'string', array: true, describe: 'Files; - is standard input' })
          .usage(
            'Runs a command only when the files are clean; standard input is handed on only then.\n\n  $0 gate <paths..> [-- command …]',
          )
          .example(GATE_EXAMPLES.map(([command, doc]) => [command, doc])),
        GATE_OPTIONS,
        !asksForHelp(argv),
      ).epilogue(GATE_EXIT_CODES_HELP),
    )
    .command('serve', 'An HTTP gate in front of a crash-upload endpoint', (parser) =>
      addOptions(
        parser
          .usage('Takes crash uploads, and forwards those that are clean.\n\n  $0 serve --forward <url>')
          .example(SERVE_EXAMPLES.map(([command, doc]) => [command, doc])),
        SERVE_OPTIONS,
        !asksForHelp(argv),
      ),
    )
    .command('watch <dir>', 'Scan new files in a directory; quarantine those that are not clean', (parser) =>
      addOptions(
        parser
          .positional('dir', { type: 'string', demandOption: true, describe: 'The directory' })
          .example(WATCH_EXAMPLES.map(([command, doc]) => [command, doc])),
        WATCH_OPTIONS,
        !asksForHelp(argv),
      ),
    )
    .command('redact <paths..>', 'Write a dump, archive or text without what was found in it', (parser) =>
      addOptions(
        parser
          .positional('paths', {
            type: 'string',
            array: true,
            describe: 'Input and output; - is standard input or output',
          })
          .usage(
            'Overwrites all keys and secrets, at the same length.\n\n  $0 redact <in> <out>\n  $0 redact <in> --in-place',
          )
          .example(REDACT_EXAMPLES.map(([command, doc]) => [command, doc])),
        REDACT_OPTIONS,
        !asksForHelp(argv),
      ).epilogue(REDACT_EXIT_CODES_HELP),
    )
    .command('verify <paths..>', 'Check that files passed a gate, by its verdict', (parser) =>
      addOptions(
        parser.positional('paths', { type: 'string', array: true, describe: 'Files; - is standard input' }),
        VERIFY_OPTIONS,
        !asksForHelp(argv),
      ).demandOption('verdict', 'name the verdict: --verdict <file>'),
    )
    .command('baseline', 'Accept the findings of today', (parser) =>
      parser
        .command('write <paths..>', 'Scan, and write a suppression for each finding', (write) =>
          addOptions(
            write
              .positional('paths', { type: 'string', array: true, describe: 'What to scan' })
              .example(BASELINE_EXAMPLES.map(([command, doc]) => [command, doc])),
            BASELINE_OPTIONS,
            !asksForHelp(argv),
          ),
        )
        .demandCommand(1, 'say what to do with the baseline: write <paths>')
        .strict(),
    )
    .command('schema', 'Print the JSON Schema of the JSON report')
    .command('inspect <paths..>', 'Show what files are: formats, threads, regions, members', (parser) =>
      addOptions(
        parser
          .positional('paths', { type: 'string', array: true, describe: 'Files, directories or globs' })
          .example(INSPECT_EXAMPLES.map(([command, doc]) => [command, doc])),
        INSPECT_OPTIONS,
        !asksForHelp(argv),
      ),
    )
    .command('explain <file> <what>', 'Show where an offset or a finding lies, with secrets masked', (parser) =>
      addOptions(
        parser
          .positional('file', { type: 'string', demandOption: true, describe: 'The dump' })
          .positional('what', { type: 'string', demandOption: true, describe: 'Offset, #index, or fingerprint' })
          .example(EXPLAIN_EXAMPLES.map(([command, doc]) => [command, doc])),
        EXPLAIN_OPTIONS,
        !asksForHelp(argv),
      ),
    )
    .command('patterns', 'What dumpsieve looks for', (parser) => {
      const addPatternsOptions = (command: Argv, action: PatternsAction): Argv =>
        addOptions(command, PATTERNS_OPTIONS[action], !asksForHelp(argv));
      return parser
        .command('list', 'List the detectors and rules', (command) => addPatternsOptions(command, 'list'))
        .command('explain <id>', 'Explain one of them', (command) =>
          addPatternsOptions(command, 'explain').positional('id', {
            type: 'string',
            demandOption: true,
            describe: 'Id of a detector or rule',
          }),
        )
        .command('check [files..]', 'Say which rules can not be searched for, and why', (command) =>
          addPatternsOptions(command, 'check').positional('files', {
            type: 'string',
            array: true,
            describe: 'Files of rules',
          }),
        )
        .command('test [files..]', 'Run the examples of rules and pattern packs through the engine', (command) =>
          addPatternsOptions(command, 'test').positional('files', {
            type: 'string',
            array: true,
            describe: 'Files of rules, and pattern packs',
          }),
        )
        .example(PATTERNS_EXAMPLES.map(([command, doc]) => [command, doc]))
        .demandCommand(
          1,
          'say what to do with the patterns: list, explain <id>, check <rules>, or test <rules or packs>',
        )
        .strict();
    })
    .command('inventory', 'Public keys that must not leak', (parser) => {
      const addInventoryOptions = (command: Argv, action: InventoryAction): Argv =>
        addOptions(command, INVENTORY_OPTIONS[action], !asksForHelp(argv));
      return parser
        .command('add <files..>', 'Add public keys, from certificates, JWK, SSH, OpenPGP and other files', (command) =>
          addInventoryOptions(command, 'add')
            .positional('files', { type: 'string', array: true, describe: 'Files of public keys; - is standard input' })
            .example(INVENTORY_EXAMPLES.map(([example, doc]) => [example, doc])),
        )
        .command('list', 'List the keys', (command) => addInventoryOptions(command, 'list'))
        .command('remove <names..>', 'Remove keys', (command) =>
          addInventoryOptions(command, 'remove').positional('names', {
            type: 'string',
            array: true,
            describe: 'SHA-256 of public keys, or labels',
          }),
        )
        .demandCommand(1, 'say what to do with the inventory: add <files>, list, or remove <sha256 or label>')
        .strict();
    })
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

const COMMANDS: ReadonlySet<string> = new Set([
  'scan',
  'gate',
  'serve',
  'watch',
  'redact',
  'verify',
  'schema',
  'baseline',
  'inspect',
  'explain',
  'patterns',
  'inventory',
]);

const MISSING_ARGUMENTS: Readonly<Record<string, string>> = {
  scan: 'nothing to scan: name a file, a directory, a glob, or - for standard input',
  gate: 'nothing to check: name files, or - for standard input',
  watch: 'name the directory to watch',
  redact: 'nothing to redact: name a file, and the file to write',
  verify: 'name the files that the verdict is about',
  baseline: 'nothing to scan: name files or directories',
  inspect: 'nothing to inspect: name a file',
  explain: 'name a file, and an offset or a finding in it',
  patterns: 'name a detector: "dumpsieve patterns list" shows them all',
  inventory: 'name files of public keys to add, or the SHA-256 or label of keys to remove',
};

/** yargs' messages in the words of this program. */
function explain(message: string, argv: readonly string[]): string {
  const first = argv[0];
  if (/^Unknown (argument|command)/.test(message) && first && !first.startsWith('-') && !COMMANDS.has(first)) {
    // `dumpsieve core.dmp` means a scan; saying so is safer than doing so.
    return `unknown command "${first}"; to scan it: dumpsieve scan ${first}`;
  }
  const missing = /^Not enough arguments following: (.+)$/.exec(message);
  if (missing) return `--${missing[1]} needs a value; see "dumpsieve ${first} --help"`;
  if (message.startsWith('Not enough non-option arguments')) {
    return MISSING_ARGUMENTS[first ?? ''] ?? message;
  }
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
  const takeOptions = (specs: Readonly<Record<string, OptionSpec>>): Options =>
    Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, oneOrAll(spec, undisguise(parsed[name]))]));
  if (command === 'patterns') {
    const known = action as PatternsAction;
    const names = undisguise(
      parsed['files'] ?? (parsed['id'] === undefined ? [] : [parsed['id']]),
    ) as readonly string[];
    return { command: `patterns ${known}`, names, options: takeOptions(PATTERNS_OPTIONS[known]) };
  }
  if (command === 'inventory') {
    const known = action as InventoryAction;
    const names = undisguise(parsed['files'] ?? parsed['names'] ?? []) as readonly string[];
    return { command: `inventory ${known}`, names, options: takeOptions(INVENTORY_OPTIONS[known]) };
  }
  if (command === 'schema') return { command };
  if (command === 'serve') return { command, options: takeOptions(SERVE_OPTIONS) };
  if (command === 'watch') {
    return { command, folder: String(undisguise(parsed['dir'])), options: takeOptions(WATCH_OPTIONS) };
  }
  if (command === 'explain') {
    const [file, what] = [undisguise(parsed['file']), undisguise(parsed['what'])].map(String);
    return { command, file: file!, what: what!, options: takeOptions(EXPLAIN_OPTIONS) };
  }
  const paths = undisguise(parsed['paths']) as readonly string[];
  if (command === 'inspect') return { command, paths, options: takeOptions(INSPECT_OPTIONS) };
  if (command === 'gate') return { command, paths, run, options: takeOptions(GATE_OPTIONS) };
  if (command === 'redact') return { command, paths, options: takeOptions(REDACT_OPTIONS) };
  if (command === 'baseline') return { command: 'baseline write', paths, options: takeOptions(BASELINE_OPTIONS) };
  if (command === 'verify') return { command, paths, options: takeOptions(VERIFY_OPTIONS) };
  return { command: 'scan', paths, options: takeOptions(SCAN_OPTIONS) };
}
