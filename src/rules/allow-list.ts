/** Whether an allow-list of a rule lets what it found pass. */
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

/** Whether `bytes[start, end)` holds `word`, which is in lower case, in either case. */
function holds(bytes: Uint8Array, { start, end }: Span, word: Uint8Array): boolean {
  for (let at = start; at + word.length <= end; at++) {
    let same = 0;
    while (same < word.length) {
      const byte = bytes[at + same]!;
      if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== word[same]) break;
      same++;
    }
    if (same === word.length) return true;
  }
  return false;
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
  const stopwords = list.stopwords.map((word) => new TextEncoder().encode(word));
  const isPathAllowed = (path: Uint8Array): boolean => paths.some((regex) => regex.test(path));
  return {
    allowsFile: (path) => pathIsEnough && isPathAllowed(path),
    allows(found, path) {
      const { bytes, secret } = found;
      const where = found[target];
      const checks: boolean[] = [];
      if (regexes.length > 0) checks.push(regexes.some((regex) => regex.test(bytes, where.start, where.end)));
      if (stopwords.length > 0) checks.push(stopwords.some((word) => holds(bytes, secret, word)));
      if (condition === 'or') return checks.includes(true);
      if (paths.length > 0) checks.push(isPathAllowed(path));
      return !hasCommits && !checks.includes(false);
    },
  };
}
