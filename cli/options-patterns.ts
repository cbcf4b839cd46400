/** Options that say what to look for besides what dumpsieve knows; and those of `dumpsieve patterns`. */
import type { Examples, OptionSpec, OptionSpecs } from './options.ts';

export const PATTERN_OPTIONS = {
  rules: {
    type: 'list',
    value: 'file',
    group: 'Input',
    doc: 'Rules of your own to search for as well (see docs/rules.md): TOML, YAML or JSON, also a configuration of gitleaks. May be repeated.',
  },
  patterns: {
    type: 'list',
    value: 'pack',
    group: 'Input',
    doc: 'Pattern pack to search with as well: path or package name of a JavaScript or TypeScript module, which is run. May be repeated.',
  },
  config: {
    type: 'string',
    value: 'file',
    group: 'Input',
    doc: 'Configuration with rules; one that is named here may also list pattern packs and published keys. Default: dumpsieve.config.json, .yaml, .yml or .toml in the working directory.',
  },
  'no-config': { type: 'boolean', group: 'Input', doc: 'Do not look for a configuration in the working directory.' },
} as const satisfies OptionSpecs;

const JSON_OPTION = { type: 'boolean', group: 'Output', doc: 'As JSON.' } as const satisfies OptionSpec;

/** Of the commands of `dumpsieve patterns`, each with its own. */
export const PATTERNS_OPTIONS = {
  list: { json: JSON_OPTION, ...PATTERN_OPTIONS },
  explain: PATTERN_OPTIONS,
  check: { json: JSON_OPTION, ...PATTERN_OPTIONS },
  test: PATTERN_OPTIONS,
} as const satisfies Record<string, OptionSpecs>;

export const PATTERNS_EXAMPLES: Examples = [
  ['dumpsieve patterns list --rules gitleaks.toml', 'what is looked for with these rules'],
  ['dumpsieve patterns check gitleaks.toml', 'which rules can not be searched for, and why'],
  ['dumpsieve patterns test rules.toml ./pack.mjs', 'run their examples through the engine'],
];
