/**
 * A rule: what a user wants to be found, as data: a regular expression behind keywords, as gitleaks has them. Wire types.
 */
import type { Severity } from './finding.ts';
import { assertPlain } from './plain.ts';

/** What a rule finds and nobody minds. All that it holds is looked at, or with `and` only all together allow. */
export type AllowList = {
  readonly condition: 'or' | 'and';
  /** Regexes for the path of the file. */
  readonly paths: readonly string[];
  /** Regexes for what `target` names. */
  readonly regexes: readonly string[];
  readonly target: 'secret' | 'match' | 'line';
  /** Pieces of the secret, in lower case. */
  readonly stopwords: readonly string[];
  /** It names commits as well, and no file here comes from one: with `and` it allows nothing. */
  readonly hasCommits: boolean;
};

export type Rule = {
  /** Begins with `rule:`, so that it is no detector's. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** RE2 syntax. */
  readonly regex: string;
  /** Texts near each match, in either case; none: the regex says what to look for. */
  readonly keywords: readonly string[];
  /** The group that is the secret; 0 for the first that is not empty, or the whole match. */
  readonly secretGroup: number;
  /** Shannon entropy in bits per byte that a secret must exceed; 0 for any. */
  readonly entropy: number;
  /** Regex for the path of the file; '' for all files. */
  readonly path: string;
  readonly allowLists: readonly AllowList[];
  /** Texts in which it must find something, or nothing: for `dumpsieve patterns test`. */
  readonly examples: { readonly match: readonly string[]; readonly noMatch: readonly string[] };
};

/** A rule that can be searched for. */
export type PreparedRule = Rule & {
  /** What the kernel searches for. */
  readonly anchors: readonly { readonly text: string; readonly ignoreCase: boolean }[];
  /** Characters around an anchor in which a match must lie. */
  readonly windowChars: number;
};

assertPlain<PreparedRule>();
