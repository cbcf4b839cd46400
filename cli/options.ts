/** Every option once: the parser and --help come from here. */
import { GAP_CODES, SEVERITIES } from '../src/model/finding.ts';
import { FORMATS } from '../src/report/reporters.ts';

export interface OptionSpec {
  readonly type: 'string' | 'boolean' | 'list';
  /** Stands for the value in help. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  readonly doc: string;
  readonly group: 'Input' | 'Policy' | 'Output' | 'Engine';
}

export const SCAN_OPTIONS = {
  include: {
    type: 'list',
    value: 'glob',
    group: 'Input',
    doc: 'In directories, scan only what matches; without a slash at any depth. May be repeated.',
  },
  exclude: {
    type: 'list',
    value: 'glob',
    group: 'Input',
    doc: 'In directories, leave out what matches. May be repeated.',
  },
  follow: { type: 'boolean', group: 'Input', doc: 'Follow symlinks in directories; loops are noticed.' },
  inventory: {
    type: 'list',
    value: 'file',
    group: 'Input',
    doc: 'Public keys that must not leak, from "dumpsieve inventory": search for their private halves. May be repeated.',
  },
  'memory-keys': {
    type: 'boolean',
    group: 'Engine',
    doc: 'Search for keys that lie in memory as bare integers, too. Takes seconds to minutes for each dump.',
  },
  'fail-on': {
    type: 'string',
    value: 'severity',
    choices: [...SEVERITIES, 'none'],
    default: 'medium',
    group: 'Policy',
    doc: 'Findings of this severity or above exit with 1.',
  },
  'allow-gaps': {
    type: 'list',
    value: 'codes',
    choices: [...GAP_CODES, 'all'],
    group: 'Policy',
    doc: 'Gaps that do not exit with 3: codes separated by commas, or "all".',
  },
  format: {
    type: 'string',
    value: 'format',
    choices: FORMATS,
    default: 'text',
    group: 'Output',
    doc: 'How to report.',
  },
  output: {
    type: 'string',
    value: 'file',
    group: 'Output',
    doc: 'Write the report to a file, replaced at once when the scan ends, and a summary to standard error.',
  },
  quiet: { type: 'boolean', group: 'Output', doc: 'No progress and no summary on standard error.' },
  'no-color': { type: 'boolean', group: 'Output', doc: 'No colours; also with NO_COLOR in the environment.' },
  threads: {
    type: 'string',
    value: 'number',
    group: 'Engine',
    doc: 'Worker threads. Default: one for each processor.',
  },
  'max-memory': {
    type: 'string',
    value: 'size',
    group: 'Engine',
    doc: 'Ceiling of the JavaScript heaps of all workers together, such as 256M or 2G.',
  },
  simd: {
    type: 'string',
    value: 'mode',
    choices: ['auto', 'off'],
    default: 'auto',
    group: 'Engine',
    doc: '"off" searches without WebAssembly SIMD: slow, for comparison and for machines without it.',
  },
  'fingerprint-key-file': {
    type: 'string',
    value: 'file',
    group: 'Engine',
    doc: 'File of at least 32 secret bytes; fingerprints are then the same in every run. Also DUMPSIEVE_FINGERPRINT_KEY.',
  },
} as const satisfies Record<string, OptionSpec>;

export const SCAN_EXAMPLES: readonly (readonly [command: string, doc: string])[] = [
  ['dumpsieve scan core.1234', 'scan one dump'],
  ["dumpsieve scan dumps/ --exclude '*.log'", 'scan a directory'],
  ['zstd -dc core.zst | dumpsieve scan -', 'scan standard input'],
  ['dumpsieve scan build/ --format sarif --output out.sarif', 'for code scanning'],
  ['dumpsieve scan core --inventory dumpsieve.inventory.json', 'search for your own keys by their public halves'],
  ['dumpsieve scan core --fail-on high --allow-gaps not-opened', 'a milder gate'],
];

/** What `dumpsieve inventory` works on when no file is named. */
const DEFAULT_INVENTORY = 'dumpsieve.inventory.json';

const INVENTORY_FILE = {
  type: 'string',
  value: 'file',
  default: DEFAULT_INVENTORY,
  group: 'Input',
  doc: 'The inventory.',
} as const satisfies OptionSpec;

/** Of the commands of `dumpsieve inventory`, each with its own. */
export const INVENTORY_OPTIONS = {
  add: {
    inventory: INVENTORY_FILE,
    label: {
      type: 'string',
      value: 'text',
      group: 'Input',
      doc: 'Name of the keys in reports. Default: the key ID, subject or comment, or the name of the file.',
    },
  },
  list: { inventory: INVENTORY_FILE, json: { type: 'boolean', group: 'Output', doc: 'As JSON.' } },
  remove: { inventory: INVENTORY_FILE },
} as const satisfies Record<string, Record<string, OptionSpec>>;

export const INVENTORY_EXAMPLES: readonly (readonly [command: string, doc: string])[] = [
  ['dumpsieve inventory add tls.crt signing.jwks.json --label prod', 'from files of any kind'],
  ['curl -s https://login.example/jwks | dumpsieve inventory add -', 'from standard input'],
  ['dumpsieve scan core.1234 --inventory dumpsieve.inventory.json', 'search for their private halves'],
];
