/**
 * Rules from a parsed document: a configuration of gitleaks, or our own, whose rules are written the same way with a
 * `severity` and `examples` more. Names of members are read in any case, as gitleaks reads them.
 */
import { SEVERITIES, type Severity } from '../model/finding.ts';
import type { AllowList, Rule } from '../model/rule.ts';
import type { RejectedRule } from './prepare.ts';

/** A rule as it is written: another document may say the rest. */
export type RawRule = Omit<Rule, 'severity'> & { readonly severity: Severity | undefined };

/** What one document says. */
export interface RuleDocument {
  readonly rules: readonly RawRule[];
  /** Rules that were read, and can't be searched for. */
  readonly rejected: readonly RejectedRule[];
  /** For all rules, also those of the document that this one extends. */
  readonly allowLists: readonly AllowList[];
  /** For single rules, by id. */
  readonly targeted: ReadonlyMap<string, readonly AllowList[]>;
  readonly extend: { readonly path?: string; readonly useDefault: boolean; readonly disabledRules: readonly string[] };
}

type Members = Readonly<Record<string, unknown>>;

/** What is wrong with a document, and where. */
export class RuleSyntaxError extends Error {}

/** Ids of rules and detectors are apart. */
export const RULE_PREFIX = 'rule:';
const ID = /^[\w.-]{1,100}$/;

function membersOf(value: unknown, where: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RuleSyntaxError(`${where} must be a table`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}

function onlyKnown(members: Members, known: readonly string[], where: string): void {
  const stranger = Object.keys(members).find((name) => !known.includes(name));
  if (stranger !== undefined) throw new RuleSyntaxError(`${where}: "${stranger}" is not known`);
}

function textOf(members: Members, name: string, where: string): string {
  const value = members[name] ?? '';
  if (typeof value !== 'string') throw new RuleSyntaxError(`${where}: ${name} must be a text`);
  return value;
}

function numberOf(members: Members, name: string, where: string): number {
  const value = members[name] ?? 0;
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= 0))
    throw new RuleSyntaxError(`${where}: ${name} must be a number from 0 on`);
  return number;
}

function textsOf(members: Members, name: string, where: string): readonly string[] {
  const value = members[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new RuleSyntaxError(`${where}: ${name} must be a list of texts`);
  }
  return value;
}

/** A list of tables; one table alone, as older configurations have it, is a list of one. */
function tablesOf(members: Members, name: string, where: string): Members[] {
  const value = members[name] ?? [];
  const list = Array.isArray(value) ? value : [value];
  return list.map((item, i) => membersOf(item, `${where} ${i + 1}`));
}

const ALLOW_MEMBERS = ['description', 'condition', 'commits', 'paths', 'regextarget', 'regexes', 'stopwords'];

function readAllowList(members: Members, where: string, more: readonly string[] = []): AllowList {
  onlyKnown(members, [...ALLOW_MEMBERS, ...more], where);
  const condition = textOf(members, 'condition', where).toLowerCase();
  if (!['', 'or', '||', 'and', '&&'].includes(condition))
    throw new RuleSyntaxError(`${where}: condition must be "or" or "and"`);
  const target = textOf(members, 'regextarget', where) || 'secret';
  if (target !== 'secret' && target !== 'match' && target !== 'line') {
    throw new RuleSyntaxError(`${where}: regexTarget must be "secret", "match" or "line"`);
  }
  const list: AllowList = {
    condition: condition === 'and' || condition === '&&' ? 'and' : 'or',
    paths: textsOf(members, 'paths', where),
    regexes: textsOf(members, 'regexes', where),
    target,
    stopwords: textsOf(members, 'stopwords', where).map((word) => word.toLowerCase()),
    hasCommits: textsOf(members, 'commits', where).length > 0,
  };
  if (list.paths.length + list.regexes.length + list.stopwords.length === 0 && !list.hasCommits) {
    throw new RuleSyntaxError(`${where}: names no paths, regexes, stopwords or commits`);
  }
  if ([...list.paths, ...list.regexes, ...list.stopwords].includes('')) {
    throw new RuleSyntaxError(`${where}: an empty text would allow everything`);
  }
  return list;
}

/** Both spellings: `[[allowlists]]`, and the older `[allowlist]`. */
const allowTablesOf = (members: Members, where: string): Members[] => [
  ...tablesOf(members, 'allowlists', where),
  ...tablesOf(members, 'allowlist', where),
];

function severityOf(members: Members, where: string): Severity | undefined {
  const text = textOf(members, 'severity', where).toLowerCase();
  if (text === '') return undefined;
  const severity = SEVERITIES.find((known) => known === text);
  if (!severity) throw new RuleSyntaxError(`${where}: severity must be one of: ${SEVERITIES.join(', ')}`);
  return severity;
}

const RULE_MEMBERS = [
  'id',
  'description',
  'severity',
  'path',
  'regex',
  'secretgroup',
  'entropy',
  'keywords',
  'tags',
  'allowlist',
  'allowlists',
  'required',
  'skipreport',
  'examples',
];

/** A rule, or why nothing can be made of it. */
function readRule(members: Members, where: string): RawRule | RejectedRule {
  const id = textOf(members, 'id', where);
  if (id === '') throw new RuleSyntaxError(`${where}: it has no id`);
  const name = `${where} (${id})`;
  const reject = (reason: string): RejectedRule => ({ id: `${RULE_PREFIX}${id}`, reason });
  if (!ID.test(id)) return { id: where, reason: 'its id is not of letters, digits, "_", "." and "-" alone' };
  const stranger = Object.keys(members).find((member) => !RULE_MEMBERS.includes(member));
  if (stranger !== undefined) return reject(`"${stranger}" is not known, and may change what the rule means`);
  const examples = membersOf(members['examples'] ?? {}, `${name}, examples`);
  onlyKnown(examples, ['match', 'nomatch'], `${name}, examples`);
  const rule: RawRule = {
    id: `${RULE_PREFIX}${id}`,
    title: textOf(members, 'description', name),
    severity: severityOf(members, name),
    regex: textOf(members, 'regex', name),
    keywords: textsOf(members, 'keywords', name),
    secretGroup: numberOf(members, 'secretgroup', name),
    entropy: numberOf(members, 'entropy', name),
    path: textOf(members, 'path', name),
    allowLists: allowTablesOf(members, `${name}, allow-list`).map((list, i) =>
      readAllowList(list, `${name}, allow-list ${i + 1}`),
    ),
    examples: {
      match: textsOf(examples, 'match', `${name}, examples`),
      noMatch: textsOf(examples, 'nomatch', `${name}, examples`),
    },
  };
  if (tablesOf(members, 'required', name).length > 0)
    return reject('it requires another rule nearby, which is not supported');
  if (members['skipreport'] === true) return reject('skipReport: it would report nothing');
  return rule;
}

const DOCUMENT_MEMBERS = [
  'title',
  'description',
  'minversion',
  'extend',
  'rules',
  'allowlist',
  'allowlists',
  'patterns',
];

/** Throws RuleSyntaxError. */
export function readRuleDocument(document: unknown): RuleDocument {
  const members = membersOf(document, 'the document');
  onlyKnown(members, DOCUMENT_MEMBERS, 'the document');
  const read = tablesOf(members, 'rules', 'rule').map((rule, i) => readRule(rule, `rule ${i + 1}`));
  const allowLists: AllowList[] = [];
  const targeted = new Map<string, AllowList[]>();
  for (const [i, table] of allowTablesOf(members, 'allow-list').entries()) {
    const where = `allow-list ${i + 1}`;
    const list = readAllowList(table, where, ['targetrules']);
    const targets = textsOf(table, 'targetrules', where);
    if (targets.length === 0) allowLists.push(list);
    for (const target of targets) targeted.set(target, [...(targeted.get(target) ?? []), list]);
  }
  const extend = membersOf(members['extend'] ?? {}, 'extend');
  onlyKnown(extend, ['path', 'url', 'usedefault', 'disabledrules'], 'extend');
  if (textOf(extend, 'url', 'extend') !== '')
    throw new RuleSyntaxError('extend: url is not supported, since nothing is fetched');
  const path = textOf(extend, 'path', 'extend');
  const rules: RawRule[] = [];
  const rejected: RejectedRule[] = [];
  for (const rule of read) {
    if ('reason' in rule) rejected.push(rule);
    else rules.push(rule);
  }
  return {
    rules,
    rejected,
    allowLists,
    targeted,
    extend: {
      ...(path !== '' && { path }),
      useDefault: extend['usedefault'] === true,
      disabledRules: textsOf(extend, 'disabledrules', 'extend'),
    },
  };
}
