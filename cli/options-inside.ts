/** Options of `dumpsieve inspect` and `dumpsieve explain`. */
import { type Examples, type OptionSpecs, SCAN_OPTIONS } from './options.ts';
import { PATTERN_OPTIONS } from './options-patterns.ts';

const LIMIT_OPTIONS = {
  'max-depth': SCAN_OPTIONS['max-depth'],
  'max-inflated': { ...SCAN_OPTIONS['max-inflated'], default: '2G' },
  'max-members': SCAN_OPTIONS['max-members'],
  'max-container-time': { ...SCAN_OPTIONS['max-container-time'], default: '1m' },
} as const;

export const INSPECT_OPTIONS = {
  json: { type: 'boolean', group: 'Output', doc: 'As JSON, described in docs/inspect.md.' },
  ...LIMIT_OPTIONS,
} as const satisfies OptionSpecs;

export const INSPECT_EXAMPLES: Examples = [
  ['dumpsieve inspect core.1234', 'threads, modules and regions of a dump'],
  ['dumpsieve inspect bundle.zip --json', 'what is in it, for scripts'],
];

export const EXPLAIN_OPTIONS = {
  report: {
    type: 'string',
    value: 'file',
    group: 'Input',
    doc: 'JSON report of a scan: names findings, and says which bytes to mask.',
  },
  ...PATTERN_OPTIONS,
  member: {
    type: 'list',
    value: 'name',
    group: 'Input',
    doc: 'For an offset: the member of the container that it is in; once for each level.',
  },
  around: {
    type: 'string',
    value: 'bytes',
    default: '128',
    group: 'Output',
    doc: 'Bytes shown before and after, at most 64K.',
  },
} as const satisfies OptionSpecs;

export const EXPLAIN_EXAMPLES: Examples = [
  ['dumpsieve explain core.1234 0x1f40', 'what lies at an offset'],
  ["dumpsieve explain core.1234 '#0' --report report.json", 'the first finding of a report'],
  ['dumpsieve explain core.1234 5d41402abc4b --report report.json', 'a finding by its fingerprint'],
];
