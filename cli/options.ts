/** Every option once: the parser and --help come from here. */
import { DEFAULT_LEVEL } from '../src/gate.ts';
import { GAP_CODES, LEVELS, SEVERITIES } from '../src/model/finding.ts';
import { FORMATS } from '../src/report/reporters.ts';
import { PATTERN_OPTIONS } from './options-patterns.ts';

export interface OptionSpec {
  readonly type: 'string' | 'boolean' | 'list';
  /** Stands for the value in help. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  readonly doc: string;
  readonly group: 'Input' | 'Policy' | 'Output' | 'Engine';
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Of a command, each with what it is good for. */
export type Examples = readonly (readonly [command: string, doc: string])[];

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
  'known-keys': {
    type: 'list',
    value: 'file',
    group: 'Policy',
    doc: "Published keys, besides dumpsieve's own list: badkeys' blocklist.dat or lookup.txt, or lines of SHA-256 and label (see docs/known-keys.md). May be repeated.",
  },
  ...PATTERN_OPTIONS,
  'memory-keys': {
    type: 'boolean',
    group: 'Engine',
    doc: 'Search for keys that lie as bare integers also in programs, archives and media, not only in what could be a dump.',
  },
  'no-memory-keys': {
    type: 'boolean',
    group: 'Engine',
    doc: 'Do not search for keys that lie in memory as bare integers: faster.',
  },
  'max-depth': {
    type: 'string',
    value: 'number',
    default: '8',
    group: 'Engine',
    doc: 'Containers in containers that are opened; 0 opens none. Deeper ones are a gap.',
  },
  'max-inflated': {
    type: 'string',
    value: 'size',
    default: '64G',
    group: 'Engine',
    doc: 'Bytes of all members of one input together, such as 512M or 1T; the rest is a gap.',
  },
  'max-members': {
    type: 'string',
    value: 'number',
    default: '1000000',
    group: 'Engine',
    doc: 'Members of one input, with all that is nested in it; the rest is a gap.',
  },
  'max-container-time': {
    type: 'string',
    value: 'time',
    default: '1h',
    group: 'Engine',
    doc: 'Time for what is inside one input, such as 90s or 10m; the rest is a gap.',
  },
  'fail-on': {
    type: 'string',
    value: 'severity',
    choices: [...SEVERITIES, 'none'],
    default: 'medium',
    group: 'Policy',
    doc: 'Findings of this severity or above fail.',
  },
  level: {
    type: 'string',
    value: 'level',
    choices: LEVELS,
    default: DEFAULT_LEVEL,
    group: 'Policy',
    doc: 'How sure a finding must be to count for --fail-on: "proven"; "format" adds what has a format of its own; "likely" adds values that only look random.',
  },
  'fail-on-known': {
    type: 'boolean',
    group: 'Policy',
    doc: 'Published keys and values fail as well, whatever --fail-on and --level say.',
  },
  'allow-gaps': {
    type: 'list',
    value: 'codes',
    choices: [...GAP_CODES, 'all'],
    group: 'Policy',
    doc: 'Gaps that may be, for these reasons: codes separated by commas, or "all".',
  },
  suppress: {
    type: 'list',
    value: 'file',
    group: 'Policy',
    doc: 'Findings that may stay, each with a reason (see docs/suppressions.md). They are counted and reported, and fail nothing. May be repeated.',
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
} as const satisfies OptionSpecs;

export const SCAN_EXAMPLES: Examples = [
  ['dumpsieve scan core.1234', 'scan one dump'],
  ["dumpsieve scan dumps/ --exclude '*.log'", 'scan a directory'],
  ['zstd -dc core.zst | dumpsieve scan -', 'scan standard input'],
  ['dumpsieve scan build/ --format sarif --output out.sarif', 'for code scanning'],
  ['dumpsieve scan core --inventory dumpsieve.inventory.json', 'search for your own keys by their public halves'],
  ['dumpsieve scan config/ --level likely', 'fail also for random values behind names such as DB_PASSWORD'],
  ['dumpsieve scan core --rules gitleaks.toml', 'search for what your own rules say as well'],
  ['dumpsieve scan core --fail-on high --allow-gaps not-opened', 'a milder gate'],
];

/** A gate is about single files. */
const { include: _include, exclude: _exclude, follow: _follow, ...SHARED_OPTIONS } = SCAN_OPTIONS;

export const GATE_OPTIONS = {
  ...SHARED_OPTIONS,
  redact: {
    type: 'boolean',
    group: 'Policy',
    doc: 'Hand a redacted copy to the command: {} in its arguments is the path; of standard input, the redacted bytes.',
  },
  'max-time': {
    type: 'string',
    value: 'time',
    group: 'Policy',
    doc: 'Longest time for the scan, such as 90s or 10m; beyond it the gate stays closed.',
  },
  output: {
    ...SCAN_OPTIONS.output,
    doc: 'Write the report to a file. Without it, it goes to standard error when the gate stays closed.',
  },
  quiet: { type: 'boolean', group: 'Output', doc: 'No report and no outcome on standard error.' },
  verdict: {
    type: 'string',
    value: 'file',
    group: 'Output',
    doc: 'Write the verdict as JSON, with the SHA-256 of each file; "dumpsieve verify" checks it.',
  },
  'verdict-key': {
    type: 'string',
    value: 'file',
    group: 'Output',
    doc: 'Sign the verdict with this private key (PEM: Ed25519, EC or RSA).',
  },
} as const satisfies OptionSpecs;

export const GATE_EXAMPLES: Examples = [
  ['dumpsieve gate core.1234 -- curl -T core.1234 https://dumps.example/', 'upload only what is clean'],
  ['dumpsieve gate core.1234 --redact -- curl -T {} https://dumps.example/', 'upload a copy without keys'],
  ['zcat core.gz | dumpsieve gate - | upload-tool', 'hand on standard input only when it is clean'],
  ['dumpsieve gate app.dmp --verdict app.verdict.json --verdict-key ci.pem', 'a signed verdict for a later stage'],
];

/** It makes no report, and accepts whatever is found. */
const {
  'fail-on': _failOn,
  level: _level,
  suppress: _suppress,
  format: _format,
  quiet: _quiet,
  'no-color': _colour,
  ...SEARCH_OPTIONS
} = SCAN_OPTIONS;

export const BASELINE_OPTIONS = {
  ...SEARCH_OPTIONS,
  'fail-on-known': {
    type: 'boolean',
    group: 'Policy',
    doc: 'Accept published keys and values, too: for scans that let them fail.',
  },
  output: {
    type: 'string',
    value: 'file',
    default: 'dumpsieve.baseline.json',
    group: 'Output',
    doc: 'The baseline to write.',
  },
  reason: { type: 'string', value: 'text', group: 'Output', doc: 'Why these findings may stay. Required.' },
  expires: { type: 'string', value: 'date', group: 'Output', doc: 'Last day on which they may: YYYY-MM-DD.' },
} as const satisfies OptionSpecs;

export const BASELINE_EXAMPLES: Examples = [
  [
    "dumpsieve baseline write build/ --reason 'test fixtures, see SEC-12' --expires 2027-01-31",
    'accept what is there now',
  ],
  ['dumpsieve scan build/ --suppress dumpsieve.baseline.json', 'fail only for what is new'],
];

export const VERIFY_OPTIONS = {
  verdict: {
    type: 'string',
    value: 'file',
    group: 'Input',
    doc: 'The verdict that "dumpsieve gate --verdict" wrote. Required.',
  },
  'public-key': {
    type: 'string',
    value: 'file',
    group: 'Input',
    doc: 'Public key (PEM) that must have signed it. Without it, the signature is not checked.',
  },
} as const satisfies OptionSpecs;

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
} as const satisfies Record<string, OptionSpecs>;

export const INVENTORY_EXAMPLES: Examples = [
  ['dumpsieve inventory add tls.crt signing.jwks.json --label prod', 'from files of any kind'],
  ['curl -s https://login.example/jwks | dumpsieve inventory add -', 'from standard input'],
  ['dumpsieve scan core.1234 --inventory dumpsieve.inventory.json', 'search for their private halves'],
];
