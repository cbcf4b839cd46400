/** Rules from files: TOML, YAML or JSON, each with the documents that it extends. */
import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { AllowList, PreparedRule, Rule } from '../model/rule.ts';
import { isPathEnough } from './allow-list.ts';
import type { GlobalPath } from './hidden-paths.ts';
import { prepareRules, type RejectedRule } from './prepare.ts';
import { type RawRule, RULE_PREFIX, RuleSyntaxError, readRuleDocument } from './read-rules.ts';

/** Documents that extend each other in a row; gitleaks follows two. */
const MAX_EXTENDED = 8;

export interface LoadedRules {
  readonly rules: readonly PreparedRule[];
  /** Rules that can't be searched for, and why. */
  readonly rejected: readonly RejectedRule[];
  /** What is in a file and has no effect. */
  readonly notes: readonly string[];
  /** For `describeHiddenPaths`. */
  readonly globalPaths: readonly GlobalPath[];
}

/** The values of a TOML, YAML or JSON file. Throws UsageError, which quotes nothing of the file. */
export async function parseDocument(text: string, path: string): Promise<unknown> {
  const extension = extname(path).toLowerCase();
  const fail = (kind: string, line?: number): UsageError =>
    new UsageError(`"${path}" is no valid ${kind}${line === undefined ? '' : `: line ${line}`}`);
  if (extension === '.toml') {
    const { parse, TomlError } = await import('smol-toml');
    try {
      return parse(text);
    } catch (error) {
      throw fail('TOML', error instanceof TomlError ? error.line : undefined);
    }
  }
  if (extension === '.yaml' || extension === '.yml') {
    const { parse, YAMLParseError } = await import('yaml');
    try {
      return parse(text);
    } catch (error) {
      throw fail('YAML', error instanceof YAMLParseError ? error.linePos?.[0].line : undefined);
    }
  }
  if (extension !== '.json') throw new UsageError(`"${path}" must end in .toml, .yaml, .yml or .json`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw fail('JSON');
  }
}

/** What all documents of one file say together. */
interface Union {
  readonly rules: RawRule[];
  readonly rejected: RejectedRule[];
  readonly allowLists: AllowList[];
  readonly targeted: [rule: string, list: AllowList][];
  readonly notes: string[];
}

/** The rule of `base`, with what `own` says instead or beside. */
function override(base: RawRule, own: RawRule): RawRule {
  return {
    id: base.id,
    title: own.title || base.title,
    severity: own.severity ?? base.severity,
    regex: own.regex || base.regex,
    keywords: [...base.keywords, ...own.keywords],
    secretGroup: own.secretGroup || base.secretGroup,
    entropy: own.entropy || base.entropy,
    path: own.path || base.path,
    allowLists: [...base.allowLists, ...own.allowLists],
    examples: {
      match: [...base.examples.match, ...own.examples.match],
      noMatch: [...base.examples.noMatch, ...own.examples.noMatch],
    },
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new UsageError(`rules: "${path}" can't be read`);
  }
}

/** @param document parsed, of the file `path`; `chain` are the files that extend it */
async function uniteDocument(document: unknown, path: string, chain: readonly string[]): Promise<Union> {
  if (chain.includes(resolve(path)) || chain.length >= MAX_EXTENDED) {
    throw new UsageError(`rules: "${path}" extends itself, or more than ${MAX_EXTENDED} files extend each other`);
  }
  let own: ReturnType<typeof readRuleDocument>;
  try {
    own = readRuleDocument(document);
  } catch (error) {
    if (error instanceof RuleSyntaxError) throw new UsageError(`"${path}": ${error.message}`);
    throw error;
  }
  const { extend } = own;
  const rejected = [...own.rejected];
  if (extend.useDefault) {
    const reason =
      'the rules that gitleaks carries are no part of dumpsieve: save its config/gitleaks.toml, and extend that by path';
    rejected.push({ id: 'extend.useDefault', reason });
  }
  const targeted = [...own.targeted].flatMap(([id, lists]) => lists.map((list): [string, AllowList] => [id, list]));
  if (extend.path === undefined) {
    return { rules: [...own.rules], rejected, allowLists: [...own.allowLists], targeted, notes: [] };
  }
  const basePath = resolve(dirname(path), extend.path);
  const base = await uniteDocument(await parseDocument(await readText(basePath), basePath), basePath, [
    ...chain,
    resolve(path),
  ]);
  const notes = [...base.notes];
  const disabled = new Set(extend.disabledRules.map((id) => `${RULE_PREFIX}${id}`));
  const isBase = (id: string): boolean => [...base.rules, ...base.rejected].some((rule) => rule.id === id);
  for (const id of disabled) if (!isBase(id)) notes.push(`"${path}" disables ${id}, which "${basePath}" does not have`);
  const ownIds = new Map(own.rules.map((rule) => [rule.id, rule]));
  const kept = base.rules.filter(({ id }) => !disabled.has(id));
  const keptIds = new Set(kept.map(({ id }) => id));
  return {
    rules: [
      ...kept.map((rule) => (ownIds.has(rule.id) ? override(rule, ownIds.get(rule.id)!) : rule)),
      ...own.rules.filter(({ id }) => !keptIds.has(id)),
    ],
    rejected: [...base.rejected.filter(({ id }) => !disabled.has(id)), ...rejected],
    allowLists: [...own.allowLists, ...base.allowLists],
    targeted: [...base.targeted, ...targeted],
    notes,
  };
}

function finish({ rules, allowLists, targeted, rejected, notes }: Union): { rules: Rule[]; notes: readonly string[] } {
  const known = new Set([...rules, ...rejected].map(({ id }) => id));
  const lost = targeted.filter(([id]) => !known.has(`${RULE_PREFIX}${id}`));
  return {
    rules: rules.map((rule) => ({
      ...rule,
      title: rule.title || rule.id,
      severity: rule.severity ?? 'medium',
      allowLists: [
        ...rule.allowLists,
        ...targeted.filter(([id]) => `${RULE_PREFIX}${id}` === rule.id).map(([, list]) => list),
        ...allowLists,
      ],
    })),
    notes: [...notes, ...lost.map(([id]) => `an allow-list is for the rule "${id}", which is not there`)],
  };
}

/** A file of rules, or a document that was parsed already. */
export type RuleSource = string | { readonly path: string; readonly document: unknown };

/** The rules of all sources, in order. Throws UsageError when one can't be read or means nothing. */
export async function loadRules(sources: readonly RuleSource[]): Promise<LoadedRules> {
  const rules: Rule[] = [];
  const rejected: RejectedRule[] = [];
  const notes: string[] = [];
  const globalPaths: GlobalPath[] = [];
  for (const source of sources) {
    const path = typeof source === 'string' ? source : source.path;
    const document = typeof source === 'string' ? await parseDocument(await readText(path), path) : source.document;
    const union = await uniteDocument(document, path, []);
    const finished = finish(union);
    rules.push(...finished.rules);
    rejected.push(...union.rejected);
    notes.push(...finished.notes);
    for (const list of union.allowLists) {
      if (isPathEnough(list)) globalPaths.push(...list.paths.map((regex) => ({ file: path, regex })));
    }
  }
  const prepared = prepareRules(rules);
  return { rules: prepared.ready, rejected: [...rejected, ...prepared.rejected], notes, globalPaths };
}
