/**
 * argv to a command and its raw options, with yargs. Its traps, each with a test:
 * - a bare `-`, and all that follows `--`, vanishes from the positionals of a command: it travels in disguise;
 * - arrays swallow the positionals that follow: `greedy-arrays` is off;
 * - handlers run even after a parse error: none is used, the caller acts on what this returns.
 */
import type { Argv } from 'yargs';
import { UsageError } from '../src/model/errors.ts';
import { EXIT_CODES_HELP } from './exit-codes.ts';
import { INVENTORY_EXAMPLES, INVENTORY_OPTIONS, type OptionSpec, SCAN_EXAMPLES, SCAN_OPTIONS } from './options.ts';

/** Before an argument that yargs must not take for an option: no argument of a process can hold a NUL. */
const DISGUISE = '\u0000';

export type OptionValue = string | boolean | readonly string[] | undefined;

type InventoryAction = keyof typeof INVENTORY_OPTIONS;

export type Invocation =
  | { readonly command: 'scan'; readonly paths: readonly string[]; readonly options: Record<string, OptionValue> }
  | { readonly command: 'patterns list'; readonly json: boolean }
  | { readonly command: 'patterns explain'; readonly id: string }
  | {
      readonly command: `inventory ${InventoryAction}`;
      /** Files, or the digests and labels to remove. */
      readonly names: readonly string[];
      readonly options: Record<string, OptionValue>;
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
    .command('patterns', 'What dumpsieve looks for', (parser) =>
      parser
        .command('list', 'List the detectors', (list) => list.option('json', { type: 'boolean', describe: 'As JSON' }))
        .command('explain <id>', 'Explain one detector', (explain) =>
          explain.positional('id', { type: 'string', demandOption: true, describe: 'Id of a detector' }),
        )
        .demandCommand(1, 'say what to do with the patterns: list, or explain <id>')
        .strict(),
    )
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

const COMMANDS: ReadonlySet<string> = new Set(['scan', 'patterns', 'inventory']);

const MISSING_ARGUMENTS: Readonly<Record<string, string>> = {
  scan: 'nothing to scan: name a file, a directory, a glob, or - for standard input',
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
  if (Array.isArray(value)) return value.map((item) => String(item).replace(DISGUISE, ''));
  if (typeof value === 'string') return value.replace(DISGUISE, '');
  return typeof value === 'boolean' ? value : undefined;
}

/** `scan` and nothing but paths, as a gate calls it: no need for yargs, which takes longer to load than a small scan. */
function parsePlain([command, ...paths]: readonly string[]): Invocation | undefined {
  if (command !== 'scan' || paths.length === 0) return undefined;
  if (paths.some((path) => path.startsWith('-') && path !== '-')) return undefined;
  const options = Object.entries<OptionSpec>(SCAN_OPTIONS).map(([name, spec]) => [name, spec.default]);
  return { command, paths, options: Object.fromEntries(options) };
}

/** Throws UsageError. `argv` is without the program. */
export async function parseArguments(argv: readonly string[], version: string): Promise<Invocation> {
  return parsePlain(argv) ?? parseWithYargs(argv, version);
}

/** The same for any argv. */
export async function parseWithYargs(argv: readonly string[], version: string): Promise<Invocation> {
  const disguised = disguise(argv);
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
  if (command === 'patterns') {
    if (action === 'list') return { command: 'patterns list', json: parsed['json'] === true };
    return { command: 'patterns explain', id: String(parsed['id']) };
  }
  const takeOptions = (specs: object): Record<string, OptionValue> =>
    Object.fromEntries(Object.keys(specs).map((name) => [name, undisguise(parsed[name])]));
  if (command === 'inventory') {
    const known = action as InventoryAction;
    const names = undisguise(parsed['files'] ?? parsed['names'] ?? []) as readonly string[];
    return { command: `inventory ${known}`, names, options: takeOptions(INVENTORY_OPTIONS[known]) };
  }
  const options = takeOptions(SCAN_OPTIONS);
  return { command: 'scan', paths: undisguise(parsed['paths']) as readonly string[], options };
}
