/** Options of `dumpsieve redact`. */
import { REMOVABLE } from '../src/redact/regions.ts';
import { type Examples, type OptionSpecs, SCAN_OPTIONS } from './options.ts';
import { PATTERN_OPTIONS } from './options-patterns.ts';

export const REDACT_OPTIONS = {
  'in-place': {
    type: 'boolean',
    group: 'Output',
    doc: 'Replace the input itself, at once, when the redacted file is written and found clean.',
  },
  also: {
    type: 'list',
    value: 'regions',
    choices: REMOVABLE,
    group: 'Policy',
    doc: 'Remove whole regions of a dump as well, separated by commas.',
  },
  known: { type: 'boolean', group: 'Policy', doc: 'Overwrite published keys as well.' },
  'known-keys': SCAN_OPTIONS['known-keys'],
  inventory: SCAN_OPTIONS.inventory,
  ...PATTERN_OPTIONS,
  'allow-gaps': {
    ...SCAN_OPTIONS['allow-gaps'],
    doc: 'Write the output although parts were not searched, for these reasons: codes separated by commas, or "all".',
  },
  quiet: { type: 'boolean', group: 'Output', doc: 'No report on standard error.' },
  'max-depth': SCAN_OPTIONS['max-depth'],
  'max-inflated': SCAN_OPTIONS['max-inflated'],
  'max-members': SCAN_OPTIONS['max-members'],
  'max-container-time': SCAN_OPTIONS['max-container-time'],
  simd: SCAN_OPTIONS.simd,
} as const satisfies OptionSpecs;

export const REDACT_EXAMPLES: Examples = [
  ['dumpsieve redact core.1234 core.redacted', 'a copy without keys'],
  ['dumpsieve redact app.dmp app.clean.dmp --also environ,cmdline', 'and without environment and command line'],
  ['dumpsieve redact support.tar.gz --in-place', 'the file itself'],
];
