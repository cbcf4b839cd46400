/** Whether an allow-list of a rule lets what it found pass. */
import { holdsWord } from '../bytes/ascii.ts';
import type { Span } from '../model/place.ts';
import type { AllowList } from '../model/rule.ts';
import { createRegex, type Regex } from '../regex/regex.ts';

export interface RuleMatch {
  readonly bytes: Uint8Array;
  readonly secret: Span;
  /** The whole match of the regex. */
  readonly match: Span;
  /** The line, or the part of it that was looked at. */
  readonly line: Span;
}

export interface AllowFilter {
  /** Whether all of a file is allowed. */
  allowsFile(path: Uint8Array): boolean;
  allows(found: RuleMatch, path: Uint8Array): boolean;
}

/** Hundreds of rules share allow-lists, and some a regex. */
const compiled = new Map<string, Regex>();

/** Of an expression that was checked (`prepareRule`). */
export function regexOf(source: string): Regex {
  const known = compiled.get(source);
  if (known) return known;
  const regex = createRegex(source);
  if (typeof regex === 'string') throw new TypeError(regex);
  compiled.set(source, regex);
  return regex;
}

/** Whether a path alone lets all of a file pass. */
export function isPathEnough({ condition, regexes, stopwords, hasCommits }: AllowList): boolean {
  return condition === 'or' || (regexes.length + stopwords.length === 0 && !hasCommits);
}

export function createAllowFilter(list: AllowList): AllowFilter {
  const { condition, target, hasCommits } = list;
  const pathIsEnough = isPathEnough(list);
  const paths = list.paths.map(regexOf);
  const regexes = list.regexes.map(regexOf);
  // One character for each byte of their UTF-8.
  const stopwords = list.stopwords.map((word) => String.fromCharCode(...new TextEncoder().encode(word)));
  const isPathAllowed = (path: Uint8Array): boolean => paths.some((regex) => regex.test(path));
  return {
    allowsFile: (path) => pathIsEnough && isPathAllowed(path),
    allows(found, path) {
      const { bytes, secret } = found;
      const where = found[target];
      const checks: boolean[] = [];
      if (regexes.length > 0) checks.push(regexes.some((regex) => regex.test(bytes, where.start, where.end)));
      if (stopwords.length > 0) checks.push(holdsWord(bytes, secret.start, secret.end, stopwords));
      if (condition === 'or') return checks.includes(true);
      if (paths.length > 0) checks.push(isPathAllowed(path));
      return !hasCommits && !checks.includes(false);
    },
  };
}
