/** Searches a text for what one rule finds. One for each rule and worker; the regex is compiled when there is a first hit. */
import { shannonEntropy } from '../bytes/entropy.ts';
import type { Span } from '../model/place.ts';
import type { PreparedRule } from '../model/rule.ts';
import type { Regex } from '../regex/regex.ts';
import { type AllowFilter, createAllowFilter, regexOf } from './allow-list.ts';

/** Bytes that may be looked at for each byte of a text, and for a short one. */
const MAX_LOOKS = 8;
const FREE_BYTES = 65_536;

export interface FoundSecret {
  readonly secret: Span;
  /** The whole match. */
  readonly match: Span;
}

interface Compiled {
  readonly regex: Regex;
  readonly filters: readonly AllowFilter[];
}

export class RuleSearch {
  readonly rule: PreparedRule;
  #compiled: Compiled | undefined;

  constructor(rule: PreparedRule) {
    this.rule = rule;
  }

  #compile(): Compiled {
    this.#compiled ??= { regex: regexOf(this.rule.regex), filters: this.rule.allowLists.map(createAllowFilter) };
    return this.#compiled;
  }

  /** Whether it looks at a file at all. @param path in UTF-8 */
  takesFile(path: Uint8Array): boolean {
    if (this.rule.path !== '' && !regexOf(this.rule.path).test(path)) return false;
    return !this.#compile().filters.some((filter) => filter.allowsFile(path));
  }

  /**
   * What it finds in `bytes[from, to)`; `false` at the end when the regex asked for too many looks at the same bytes, and the
   * rest was left.
   * @param text the text around, as in `Regex.find`
   */
  search(
    bytes: Uint8Array,
    { start, end }: Span,
    text: Span,
    path: Uint8Array,
    onFound: (found: FoundSecret) => void,
  ): boolean {
    const { regex, filters } = this.#compile();
    const limit = regex.scanned + FREE_BYTES + MAX_LOOKS * (end - start);
    for (let at = start; at < end; ) {
      const groups = regex.find(bytes, at, end, text);
      if (!groups) return true;
      const match = { start: groups[0]!, end: groups[1]! };
      const secret = secretOf(groups, this.rule.secretGroup);
      const { entropy } = this.rule;
      if (
        secret &&
        isVaried(bytes, secret) &&
        (entropy === 0 || shannonEntropy(bytes, secret.start, secret.end) > entropy)
      ) {
        const found = { bytes, secret, match, line: lineAround(bytes, match, { start, end }) };
        if (!filters.some((filter) => filter.allows(found, path))) onFound({ secret, match });
      }
      at = Math.max(match.end, match.start + 1);
      if (regex.scanned > limit) return false;
    }
    return true;
  }
}

function secretOf(groups: Int32Array, wanted: number): Span | undefined {
  const spanOf = (group: number): Span => ({ start: groups[2 * group]!, end: groups[2 * group + 1]! });
  const isFilled = ({ start, end }: Span): boolean => end > start;
  if (wanted > 0) return isFilled(spanOf(wanted)) ? spanOf(wanted) : undefined;
  for (let group = 1; 2 * group < groups.length; group++) if (isFilled(spanOf(group))) return spanOf(group);
  return isFilled(spanOf(0)) ? spanOf(0) : undefined;
}

const BLANK = new Set([0x09, 0x0a, 0x0d, 0x20]);

/** Whether it has two different characters: what is one alone, again and again, has been blanked out. */
function isVaried(bytes: Uint8Array, { start, end }: Span): boolean {
  let first = -1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (BLANK.has(byte)) continue;
    if (first >= 0 && byte !== first) return true;
    first = byte;
  }
  return false;
}

function lineAround(bytes: Uint8Array, match: Span, window: Span): Span {
  let { start, end } = match;
  while (start > window.start && bytes[start - 1] !== 0x0a) start--;
  while (end < window.end && bytes[end] !== 0x0a) end++;
  return { start, end };
}
