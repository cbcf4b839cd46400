/** `dumpsieve patterns`: what is looked for, what can't be, and whether it finds what it should. */
import { extname } from 'node:path';
import { loadCatalogue } from '../../src/catalogue.ts';
import { UsageError } from '../../src/model/errors.ts';
import type { Invocation } from '../arguments.ts';
import { type PatternsConfig, readPatterns, warningsOf } from '../config-patterns.ts';
import { EXIT } from '../exit-codes.ts';
import { isSet, listOf } from '../option-values.ts';

type PatternsInvocation = Extract<Invocation, { readonly names: unknown; readonly command: `patterns ${string}` }>;

const RULE_FILES = ['.toml', '.yaml', '.yml', '.json'];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Throws UsageError. */
export async function runPatterns({ command, names, options }: PatternsInvocation): Promise<number> {
  const files = command === 'patterns check' || command === 'patterns test' ? names : [];
  const isRules = (name: string): boolean => RULE_FILES.includes(extname(name).toLowerCase());
  const patterns = await readPatterns(
    {
      ...options,
      rules: [...listOf(options, 'rules'), ...files.filter(isRules)],
      patterns: [...listOf(options, 'patterns'), ...files.filter((name) => !isRules(name))],
      // What is named is meant, and not what lies around as well.
      'no-config': isSet(options, 'no-config') || files.length > 0,
    },
    process.cwd(),
  );
  const isJson = isSet(options, 'json');
  switch (command) {
    case 'patterns list':
      return listPatterns(patterns, isJson);
    case 'patterns explain':
      return explainPattern(patterns, names[0]!);
    case 'patterns check':
      return checkPatterns(patterns, isJson);
    case 'patterns test':
      return testPatterns(patterns);
  }
}

function warn(patterns: PatternsConfig): void {
  for (const line of warningsOf(patterns)) process.stderr.write(`dumpsieve: ${line}\n`);
}

async function listPatterns(patterns: PatternsConfig, json: boolean): Promise<number> {
  warn(patterns);
  const entries = await loadCatalogue(patterns);
  if (json) {
    const list = entries.map(({ id, title, severity }) => ({ id, title, severity }));
    print(JSON.stringify(list, null, 2));
    return EXIT.clean;
  }
  const width = Math.max(...entries.map(({ id }) => id.length));
  for (const { id, title, severity } of entries) print(`${id.padEnd(width)}  ${severity.padEnd(8)}  ${title}`);
  return EXIT.clean;
}

async function explainPattern(patterns: PatternsConfig, id: string): Promise<number> {
  const entries = await loadCatalogue(patterns);
  const entry = entries.find((candidate) => candidate.id === id);
  const rejected = patterns.rejected.find((candidate) => candidate.id === id);
  if (!entry && rejected) throw new UsageError(`${id} can not be searched for: ${rejected.reason}`);
  if (!entry) throw new UsageError(`nothing is called "${id}"; "dumpsieve patterns list" shows them all`);
  print(`${entry.id}: ${entry.title}\nseverity: ${entry.severity}\n\n${entry.doc.trim()}`);
  return EXIT.clean;
}

/** Exits with 1 when a rule is left out. */
async function checkPatterns(patterns: PatternsConfig, json: boolean): Promise<number> {
  const { rules, rejected, packUrls } = patterns;
  if (rules.length + rejected.length + packUrls.length === 0)
    throw new UsageError('nothing to check: name files of rules');
  const { describeHiddenPaths } = await import('../../src/rules/hidden-paths.ts');
  const notes = [...patterns.notes, ...describeHiddenPaths(patterns.globalPaths)];
  const detectors = (await loadCatalogue({ packUrls })).length - (await loadCatalogue()).length;
  if (json) {
    print(JSON.stringify({ rules: rules.map(({ id }) => id), rejected, notes, detectors }, null, 2));
  } else {
    print(`${rules.length} of ${rules.length + rejected.length} rules can be searched for`);
    if (packUrls.length > 0) print(`${detectors} detectors in ${packUrls.length} packs`);
    for (const { id, reason } of rejected) print(`${id}: ${reason}`);
    for (const note of notes) print(`note: ${note}`);
  }
  return rejected.length > 0 ? EXIT.findings : EXIT.clean;
}

/** Exits with 1 when an example is not found, or found where it should not be, or a rule is left out. */
async function testPatterns(patterns: PatternsConfig): Promise<number> {
  if (patterns.rules.length + patterns.rejected.length + patterns.packUrls.length === 0) {
    throw new UsageError('nothing to test: name files of rules, or pattern packs');
  }
  const { runExamples } = await import('../../src/examples.ts');
  const results = await runExamples(patterns);
  const width = Math.max(0, ...results.map(({ id }) => id.length));
  for (const { id, found, ignored, failures } of results) {
    const outcome = found + ignored === 0 ? 'no examples' : `${found} to find, ${ignored} to ignore`;
    print(`${failures.length > 0 ? 'FAIL' : 'ok  '}  ${id.padEnd(width)}  ${outcome}`);
    for (const failure of failures) print(`      ${failure}`);
  }
  for (const { id, reason } of patterns.rejected) print(`FAIL  ${id}: ${reason}`);
  const isGood = patterns.rejected.length === 0 && results.every(({ failures }) => failures.length === 0);
  return isGood ? EXIT.clean : EXIT.findings;
}
