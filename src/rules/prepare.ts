/** Rules that can be searched for, and why the others can't. */
import type { PreparedRule, Rule } from '../model/rule.ts';
import { createRegex } from '../regex/regex.ts';
import { requiredTexts } from '../regex/required.ts';

export interface RejectedRule {
  readonly id: string;
  readonly reason: string;
}

/** A match lies this near to a keyword, or is at most as long and holds it. */
const NEAR_CHARS = 1024;
/** Where the regex sets no bound; in UTF-16 twice as many bytes. */
export const MAX_WINDOW_CHARS = 8192;
/** The kernel needs three bytes. */
const MIN_KEYWORD = 3;
const MAX_KEYWORD = 64;
const MAX_ANCHORS = 256;

type Anchors = PreparedRule['anchors'];

function anchorsOfKeywords(keywords: readonly string[]): Anchors | string {
  const unfit = keywords.find((keyword) => !/^[\x01-\x7e]+$/.test(keyword));
  if (unfit !== undefined) return 'a keyword is not ASCII';
  if (keywords.some(({ length }) => length < MIN_KEYWORD)) return `a keyword is shorter than ${MIN_KEYWORD} characters`;
  return [...new Set(keywords.map((keyword) => keyword.toLowerCase().slice(0, MAX_KEYWORD)))].map((text) => ({
    text,
    ignoreCase: /[a-z]/.test(text),
  }));
}

/** By expression of allow-lists and paths, which many rules share: why it is not valid, or nothing. */
type Checked = Map<string, string | undefined>;

function check(source: string, checked: Checked): string | undefined {
  if (checked.has(source)) return checked.get(source);
  const regex = createRegex(source);
  const reason = typeof regex === 'string' ? regex : undefined;
  checked.set(source, reason);
  return reason;
}

/** A rule with its anchors, or why it can't be searched for. */
function prepareRule(rule: Rule, checked: Checked): PreparedRule | string {
  if (rule.regex === '')
    return rule.path === '' ? 'it has no regex' : 'it has no regex: names of files are no findings here';
  const regex = createRegex(rule.regex);
  if (typeof regex === 'string') return regex;
  if (regex.test(new Uint8Array(0))) return 'the regex matches nothing at all, everywhere';
  if (rule.secretGroup >= regex.program.groups) return `secretGroup ${rule.secretGroup}: the regex has no such group`;
  for (const source of [rule.path, ...rule.allowLists.flatMap(({ paths, regexes }) => [...paths, ...regexes])]) {
    const reason = check(source, checked);
    if (reason !== undefined) return `path or allow-list: ${reason}`;
  }
  let anchors = rule.keywords.length > 0 ? anchorsOfKeywords(rule.keywords) : 'it has no keywords';
  if (typeof anchors === 'string') {
    const texts = requiredTexts(regex.program);
    if (!texts) return `${anchors}, and the regex has no text of three characters that each match holds`;
    anchors = texts;
  }
  if (anchors.length > MAX_ANCHORS) return `more than ${MAX_ANCHORS} keywords`;
  return { ...rule, anchors, windowChars: Math.min(MAX_WINDOW_CHARS, regex.maxBytes + NEAR_CHARS) };
}

/** In order. Of two rules with one id the first counts. */
export function prepareRules(rules: readonly Rule[]): { ready: PreparedRule[]; rejected: RejectedRule[] } {
  const ready = new Map<string, PreparedRule>();
  const rejected: RejectedRule[] = [];
  const checked: Checked = new Map();
  for (const rule of rules) {
    const prepared = ready.has(rule.id) ? 'another rule has the same id' : prepareRule(rule, checked);
    if (typeof prepared === 'string') rejected.push({ id: rule.id, reason: prepared });
    else ready.set(rule.id, prepared);
  }
  return { ready: [...ready.values()], rejected };
}
