/** Every command once: what it takes, and its help. Their options are in options*.ts. */
import {
  BASELINE_EXIT_CODES_HELP,
  CHECK_EXIT_CODES_HELP,
  EXIT_CODES_HELP,
  GATE_EXIT_CODES_HELP,
  INSPECT_EXIT_CODES_HELP,
  REDACT_EXIT_CODES_HELP,
  TEST_EXIT_CODES_HELP,
  VERIFY_EXIT_CODES_HELP,
  WATCH_EXIT_CODES_HELP,
} from './exit-codes.ts';
import {
  BASELINE_EXAMPLES,
  BASELINE_OPTIONS,
  type Examples,
  GATE_EXAMPLES,
  GATE_OPTIONS,
  INVENTORY_EXAMPLES,
  INVENTORY_OPTIONS,
  type OptionSpecs,
  SCAN_EXAMPLES,
  SCAN_OPTIONS,
  VERIFY_OPTIONS,
} from './options.ts';
import { EXPLAIN_EXAMPLES, EXPLAIN_OPTIONS, INSPECT_EXAMPLES, INSPECT_OPTIONS } from './options-inside.ts';
import { PATTERNS_EXAMPLES, PATTERNS_OPTIONS } from './options-patterns.ts';
import { SERVE_EXAMPLES, SERVE_OPTIONS, WATCH_EXAMPLES, WATCH_OPTIONS } from './options-pipelines.ts';
import { REDACT_EXAMPLES, REDACT_OPTIONS } from './options-redact.ts';

export interface CommandHelp {
  /** One line, for the list of commands. */
  readonly doc: string;
  /** Behind the name, as yargs writes it: `<one>`, `<many..>`, `[optional..]`; and what that is. */
  readonly takes?: Readonly<Record<string, string>>;
  /** Instead of `doc` and the arguments. */
  readonly usage?: string;
  readonly options?: OptionSpecs;
  readonly examples?: Examples;
  readonly exitCodes?: string;
  /** What is said without its arguments, or without one of its commands. */
  readonly missing?: string;
  readonly commands?: Readonly<Record<string, CommandHelp>>;
}

export const COMMANDS: Readonly<Record<string, CommandHelp>> = {
  scan: {
    doc: 'Scan files, directories, globs, or standard input (-)',
    takes: { '<paths..>': 'What to scan; - is standard input' },
    usage: 'Scans files, directories, globs, or standard input.\n\n  $0 scan <paths..>',
    options: SCAN_OPTIONS,
    examples: SCAN_EXAMPLES,
    exitCodes: EXIT_CODES_HELP,
    missing: 'nothing to scan: name a file, a directory, a glob, or - for standard input',
  },
  gate: {
    doc: 'Run a command only when files, or standard input (-), are clean',
    takes: { '<paths..>': 'Files; - is standard input' },
    usage:
      'Runs a command only when the files are clean; standard input is handed on only then.\n\n  $0 gate <paths..> [-- command …]',
    options: GATE_OPTIONS,
    examples: GATE_EXAMPLES,
    exitCodes: GATE_EXIT_CODES_HELP,
    missing: 'nothing to check: name files, or - for standard input',
  },
  serve: {
    doc: 'An HTTP gate in front of a crash-upload endpoint',
    usage: 'Takes crash uploads, and forwards those that are clean.\n\n  $0 serve --forward <url>',
    options: SERVE_OPTIONS,
    examples: SERVE_EXAMPLES,
  },
  watch: {
    doc: 'Scan new files in a directory; quarantine those that are not clean',
    takes: { '<dir>': 'The directory' },
    options: WATCH_OPTIONS,
    examples: WATCH_EXAMPLES,
    exitCodes: WATCH_EXIT_CODES_HELP,
    missing: 'name the directory to watch',
  },
  redact: {
    doc: 'Write a dump, archive or text without what was found in it',
    takes: { '<paths..>': 'Input and output; - is standard input or output' },
    usage:
      'Overwrites all keys and secrets, at the same length.\n\n  $0 redact <in> <out>\n  $0 redact <in> --in-place',
    options: REDACT_OPTIONS,
    examples: REDACT_EXAMPLES,
    exitCodes: REDACT_EXIT_CODES_HELP,
    missing: 'nothing to redact: name a file, and the file to write',
  },
  verify: {
    doc: 'Check that files passed a gate, by its verdict',
    takes: { '<paths..>': 'Files; - is standard input' },
    usage: 'Checks that files passed a gate, by its verdict.\n\n  $0 verify <paths..> --verdict <file>',
    options: VERIFY_OPTIONS,
    exitCodes: VERIFY_EXIT_CODES_HELP,
    missing: 'name the files that the verdict is about',
  },
  baseline: {
    doc: 'Accept the findings of today',
    missing: 'say what to do with the baseline: write <paths>',
    commands: {
      write: {
        doc: 'Scan, and write a suppression for each finding',
        takes: { '<paths..>': 'What to scan; - is standard input' },
        options: BASELINE_OPTIONS,
        examples: BASELINE_EXAMPLES,
        exitCodes: BASELINE_EXIT_CODES_HELP,
        missing: 'nothing to scan: name files or directories',
      },
    },
  },
  schema: { doc: 'Print the JSON Schema of the JSON report' },
  inspect: {
    doc: 'Show what files are: formats, threads, regions, members',
    takes: { '<paths..>': 'Files, directories or globs; - is standard input' },
    options: INSPECT_OPTIONS,
    examples: INSPECT_EXAMPLES,
    exitCodes: INSPECT_EXIT_CODES_HELP,
    missing: 'nothing to inspect: name a file',
  },
  explain: {
    doc: 'Show where an offset or a finding lies, with secrets masked',
    takes: { '<file>': 'The dump', '<what>': 'Offset, #index, or fingerprint' },
    options: EXPLAIN_OPTIONS,
    examples: EXPLAIN_EXAMPLES,
    missing: 'name a file, and an offset or a finding in it',
  },
  patterns: {
    doc: 'What dumpsieve looks for',
    examples: PATTERNS_EXAMPLES,
    missing: 'say what to do with the patterns: list, explain <id>, check <rules>, or test <rules or packs>',
    commands: {
      list: { doc: 'List the detectors and rules', options: PATTERNS_OPTIONS.list },
      explain: {
        doc: 'Explain one of them',
        takes: { '<id>': 'Id of a detector or rule' },
        options: PATTERNS_OPTIONS.explain,
        missing: 'name a detector: "dumpsieve patterns list" shows them all',
      },
      check: {
        doc: 'Say which rules can not be searched for, and why',
        takes: { '[files..]': 'Files of rules, and pattern packs' },
        options: PATTERNS_OPTIONS.check,
        exitCodes: CHECK_EXIT_CODES_HELP,
      },
      test: {
        doc: 'Run the examples of rules and pattern packs through the engine',
        takes: { '[files..]': 'Files of rules, and pattern packs' },
        options: PATTERNS_OPTIONS.test,
        exitCodes: TEST_EXIT_CODES_HELP,
      },
    },
  },
  inventory: {
    doc: 'Public keys that must not leak',
    missing: 'say what to do with the inventory: add <files>, list, or remove <sha256 or label>',
    commands: {
      add: {
        doc: 'Add public keys, from certificates, JWK, SSH, OpenPGP and other files',
        takes: { '<files..>': 'Files of public keys; - is standard input' },
        options: INVENTORY_OPTIONS.add,
        examples: INVENTORY_EXAMPLES,
        missing: 'name files of public keys to add',
      },
      list: { doc: 'List the keys', options: INVENTORY_OPTIONS.list },
      remove: {
        doc: 'Remove keys',
        takes: { '<names..>': 'SHA-256 of public keys, or labels' },
        options: INVENTORY_OPTIONS.remove,
        missing: 'name the SHA-256 or label of keys to remove',
      },
    },
  },
};
