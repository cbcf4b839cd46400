/**
 * Rules and pattern packs from options and the configuration file, and the lists of published keys that it names. A pack is
 * code, and a list opens the gate for its keys: a configuration that merely lies in the working directory, which may be a
 * directory of dumps that anybody writes to, may not name either.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../src/model/errors.ts';
import type { PreparedRule } from '../src/model/rule.ts';
import type { LoadedRules, RuleSource } from '../src/rules/load-rules.ts';
import { isSet, listOf, type Options, textOf } from './option-values.ts';

export interface Patterns {
  readonly packUrls: readonly string[];
  readonly rules: readonly PreparedRule[];
}

export interface PatternsConfig extends Patterns {
  readonly rejected: LoadedRules['rejected'];
  readonly notes: LoadedRules['notes'];
  readonly globalPaths: LoadedRules['globalPaths'];
  /** Paths of lists of published keys. */
  readonly knownKeys: readonly string[];
}

const CONFIG_NAMES = ['json', 'yaml', 'yml', 'toml'].map((extension) => `dumpsieve.config.${extension}`);
/** Rejected rules that are named before a scan; `patterns check` names all. */
const MAX_WARNINGS = 5;

/** Of the configuration that is named, else of the one in the working directory. */
function findConfig(options: Options, folder: string): { path: string; isNamed: boolean } | undefined {
  const named = textOf(options, 'config');
  if (named !== undefined) return { path: resolve(folder, named), isNamed: true };
  if (isSet(options, 'no-config')) return undefined;
  const found = CONFIG_NAMES.map((name) => join(folder, name)).filter((path) => existsSync(path));
  if (found.length > 1)
    throw new UsageError(`there is more than one configuration: ${found.join(', ')}; name one with --config`);
  return found[0] === undefined ? undefined : { path: found[0], isNamed: false };
}

interface ConfigFile {
  readonly sources: readonly RuleSource[];
  /** URLs. */
  readonly packs: readonly string[];
  /** Paths. */
  readonly knownKeys: readonly string[];
}

async function readConfig({ path, isNamed }: { path: string; isNamed: boolean }): Promise<ConfigFile> {
  const { parseDocument } = await import('../src/rules/load-rules.ts');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UsageError(`--config: "${path}" can't be read`);
  }
  const document = await parseDocument(text, path);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new UsageError(`"${path}": the document must be a table`);
  }
  const { patterns = [], rules = [], knownKeys = [], ...others } = document as Record<string, unknown>;
  if (!Array.isArray(patterns) || !patterns.every((name) => typeof name === 'string')) {
    throw new UsageError(`"${path}": patterns must be a list of paths and package names`);
  }
  if (patterns.length > 0 && !isNamed) {
    throw new UsageError(
      `"${path}" names pattern packs, which are code: run them with --config ${path}, or leave it out with --no-config`,
    );
  }
  if (!Array.isArray(knownKeys) || !knownKeys.every((name) => typeof name === 'string')) {
    throw new UsageError(`"${path}": knownKeys must be a list of paths`);
  }
  if (knownKeys.length > 0 && !isNamed) {
    throw new UsageError(
      `"${path}" names lists of published keys, which close no gate: read them with --config ${path}, or leave it out with --no-config`,
    );
  }
  if (!Array.isArray(rules)) throw new UsageError(`"${path}": rules must be a list of tables and paths`);
  const folder = dirname(path);
  const files = rules.filter((rule): rule is string => typeof rule === 'string');
  const own = rules.filter((rule) => typeof rule !== 'string');
  return {
    sources: [{ path, document: { ...others, rules: own } }, ...files.map((file) => resolve(folder, file))],
    packs: patterns.map((name: string) => packUrl(name, folder)),
    knownKeys: knownKeys.map((name: string) => resolve(folder, name)),
  };
}

/** A path begins with `.` or `/`, or is one that is there; anything else is a package, found from `folder`. */
export function packUrl(name: string, folder: string): string {
  const path = resolve(folder, name);
  if (/^\.{0,2}[/\\]/.test(name) || statSync(path, { throwIfNoEntry: false })?.isFile()) {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile())
      throw new UsageError(`the pattern pack "${name}" is no file`);
    return pathToFileURL(path).href;
  }
  try {
    return pathToFileURL(createRequire(join(folder, 'package.json')).resolve(name)).href;
  } catch {
    const entry = importEntryOf(name, folder);
    if (entry === undefined)
      throw new UsageError(`the pattern pack "${name}" is neither a file nor an installed package`);
    return pathToFileURL(entry).href;
  }
}

/** The main module of a package that can only be imported: `require.resolve` knows no condition `import`. */
function importEntryOf(name: string, folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const root = join(at, 'node_modules', name);
    if (existsSync(join(root, 'package.json'))) {
      const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports?: unknown };
      const target = importTarget(exports);
      return target === undefined ? undefined : join(root, target);
    }
    if (at === dirname(at)) return undefined;
  }
}

function importTarget(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return undefined;
  for (const [condition, target] of Object.entries(exports)) {
    if (!['.', 'node', 'import', 'module-sync', 'default'].includes(condition)) continue;
    const found = importTarget(target);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Throws UsageError. @param folder the working directory */
export async function readPatterns(options: Options, folder: string): Promise<PatternsConfig> {
  const file = findConfig(options, folder);
  const config = file && (await readConfig(file));
  const sources = [...(config?.sources ?? []), ...listOf(options, 'rules').map((path) => resolve(folder, path))];
  const packUrls = [
    ...new Set([...(config?.packs ?? []), ...listOf(options, 'patterns').map((name) => packUrl(name, folder))]),
  ];
  const knownKeys = config?.knownKeys ?? [];
  if (sources.length === 0) return { packUrls, knownKeys, rules: [], rejected: [], notes: [], globalPaths: [] };
  const { loadRules } = await import('../src/rules/load-rules.ts');
  return { packUrls, knownKeys, ...(await loadRules(sources)) };
}

/** What is said before a search without some of the rules. */
export function warningsOf({ rules, rejected }: Pick<PatternsConfig, 'rules' | 'rejected'>): readonly string[] {
  if (rejected.length === 0) return [];
  const all = rules.length + rejected.length;
  return [
    `${rejected.length} of ${all} rules can not be searched for; "dumpsieve patterns check" says why`,
    ...rejected.slice(0, MAX_WARNINGS).map(({ id, reason }) => `  ${id}: ${reason}`),
    ...(rejected.length > MAX_WARNINGS ? [`  … and ${rejected.length - MAX_WARNINGS} more`] : []),
  ];
}
