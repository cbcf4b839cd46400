/**
 * Detectors of tokens without a form of their own, which the name before them tells: an environment variable, a member
 * of a configuration, a header. `defineNamedToken` makes one of a declaration.
 */

import { BASE62, endsClean, matchParts, partsLength, type TokenPart } from '../bytes/token.ts';
import { MAX_NAME } from '../model/assignments.ts';
import { type Detector, defineDetector, type Hit } from '../model/detector.ts';
import type { Severity } from '../model/finding.ts';
import { claimToken, looksDrawn, tokenDoc, writeParts, writePlaceholder, writeShort } from './token-detector.ts';

export interface NamedTokenDeclaration {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** What it is and where it is seen, with the vendor's documentation as source. Markdown. */
  readonly about: string;
  /** What the owner should do. Markdown. */
  readonly revoke: string;
  /** How names of environment variables and members begin; the rest ends in a word such as `KEY` (`assignments.ts`). */
  readonly names: readonly string[];
  /** Other names, as they are written; each costs the kernel, so few and long ones. */
  readonly headers?: readonly string[];
  /** The value may have one of several shapes. */
  readonly values: readonly (readonly TokenPart[])[];
}

/** `" => "`, `\": \"`. */
const MAX_SEPARATOR = 16;

/** Index of the value of the name that ends at `at`: after `=` or `:`, blanks and quotes. -1 when there is none. */
export function valueAfterName(bytes: Uint8Array, at: number): number {
  const limit = Math.min(bytes.length, at + MAX_SEPARATOR);
  let separators = 0;
  let next = at;
  for (; next < limit; next++) {
    const char = bytes[next]!;
    if (char === 0x3d || char === 0x3a || char === 0x2c) separators++;
    else if (!isQuoteOrBlank(char) && char !== 0x3e) break;
  }
  return separators > 0 && separators < 4 ? next : -1;
}

/** Also the backslash that escapes a quote. */
const isQuoteOrBlank = (char: number): boolean =>
  char === 0x20 || char === 0x22 || char === 0x27 || char === 0x60 || char === 0x5c || char === 0x09;

/** Index after the name whose end, with its separator, was found at `at`. */
function nameEnd(bytes: Uint8Array, at: number, length: number): number {
  return matchParts(bytes, at, [[`${BASE62}_-`, 0, length, 'any']])!.end;
}

/** Name before a value, and what stands between and behind them. */
const PLACES: readonly (readonly [name: string, between: string, after: string])[] = [
  ['environment', '=', '\0PATH=/bin'],
  ['JSON', '":"', '","more":1}'],
  ['YAML', ': ', '\n'],
  ['INI', ' = ', '\r\n'],
  ['escaped JSON', '\\": \\"', '\\"}'],
];

/** A whole name, of one that is searched for by its beginning. */
const wholeName = (name: string, i: number): string =>
  name.endsWith('_') ? name + ['API_KEY', 'TOKEN', 'SECRET'][i % 3]! : name;

interface Candidate {
  readonly token: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export function defineNamedToken(declaration: NamedTokenDeclaration): Detector {
  const { id, title, severity, about, revoke, names, headers = [], values } = declaration;
  const all = [...names, ...headers];
  const longestName = Math.max(MAX_NAME, ...headers.map((name) => name.length));
  const longest = Math.max(...values.map((parts) => partsLength(parts).most));

  return defineDetector<Candidate>({
    id,
    title,
    severity,
    doc: tokenDoc(
      `${about.trim()}\n\nIt has no form of its own: it is found behind ${all.map((name) => `\`${name}${name.endsWith('_') ? '…' : ''}\``).join(', ')}.`,
      revoke,
    ),
    anchors: [...names.map((assigned) => ({ assigned })), ...headers.map((text) => ({ text }))],
    reach: { before: 0, after: longestName + MAX_SEPARATOR + longest + 1 },

    parse({ bytes, at, length, anchor }) {
      const start = valueAfterName(bytes, anchor < names.length ? nameEnd(bytes, at, length) : at + length);
      if (start < 0) return undefined;
      for (const parts of values) {
        const match = matchParts(bytes, start, parts);
        if (!match || !endsClean(bytes, match.end) || !looksDrawn(bytes, match)) continue;
        return { token: bytes.slice(start, match.end), start, end: match.end };
      }
      return undefined;
    },

    verify: ({ token, start, end }) => [claimToken(token, { start, end }, severity, false)],

    examples(make) {
      const count = Math.max(2, all.length, values.length);
      const hits = Array.from({ length: count }, (_, i): Hit => {
        const name = wholeName(all[i % all.length]!, i);
        const value = writeParts(make, values[i % values.length]!);
        const [place, between, after] = PLACES[i % PLACES.length]!;
        const before = name + between;
        return {
          name: `${name}, ${place}`,
          bytes: make.ascii(before + value + after),
          span: { start: before.length, end: before.length + value.length },
          verdict: 'likely',
          traits: { algorithm: 'token', form: 'token', proof: 'none' },
          secrets: [make.ascii(value)],
        };
      });
      const [name, parts] = [wholeName(all[0]!, 0), values[0]!];
      const miss = (what: string, text: string) => ({
        name: what,
        bytes: make.ascii(text),
        reaches: 'anchor' as const,
      });
      return {
        hits,
        misses: [
          miss('cut off', `${name}=${writeShort(make, parts)}\n`),
          miss('placeholder', `${name}=${writePlaceholder(make, parts)}\n`),
          miss('no value', `getenv("${name}") ${make.text(3)}`),
          ...(all[0]!.endsWith('_')
            ? [miss('name of something else', `${all[0]!}USER_NAME=${writeParts(make, parts)}`)]
            : []),
          miss('template', `${name}=\${{ secrets.${name} }}`),
        ],
      };
    },
  });
}
