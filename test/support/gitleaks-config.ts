/** A configuration as gitleaks has them, of any size, from a seed: with an example for each rule that can be searched for. */
import type { Make } from '../../src/model/make.ts';

export interface GeneratedConfig {
  readonly toml: string;
  /** By id, in text that the rule finds. `secret` is what it names. */
  readonly examples: ReadonlyMap<string, { readonly text: string; readonly secret: string }>;
  /** By id: rules that nothing can search for, and the word that the reason must hold. */
  readonly rejected: ReadonlyMap<string, string>;
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const LOWER36 = `${LOWER}0123456789`;
/** What gitleaks' generator puts before and behind a secret. */
const BETWEEN = `(?:[ \\t\\w.-]{0,20})[\\s'"]{0,3}(?:=|>|:{1,3}=|\\|\\||:|=>|\\?=|,)[\\x60'"\\s=]{0,5}`;
const AFTER = `(?:[\\x60'"\\s;]|\\\\[nr]|$)`;

type Kind = (
  make: Make,
  name: string,
) => { readonly lines: readonly string[]; readonly text: string; readonly secret: string };

const KINDS: readonly Kind[] = [
  // A name before the secret.
  (make, name) => {
    const secret = make.text(32, LOWER36);
    return {
      lines: [`regex = '''(?i)[\\w.-]{0,50}?(?:${name})${BETWEEN}([a-z0-9]{32})${AFTER}'''`, `keywords = ["${name}"]`],
      text: `export ${name.toUpperCase()}_TOKEN="${secret}"`,
      secret,
    };
  },
  // A prefix of its own.
  (make, name) => {
    const secret = `${name}_${make.text(40)}`;
    return {
      lines: [`regex = '''\\b(${name}_[A-Za-z0-9]{36,40})${AFTER}'''`, 'entropy = 3', `keywords = ["${name}_"]`],
      text: `{"k": "${secret}"}`,
      secret,
    };
  },
  // No keywords; several forms.
  (make, name) => {
    const secret = `${name}-b-${make.text(20, LOWER36)}`;
    return { lines: [`regex = '''(?:${name}-a-|${name}-b-)[a-z0-9]{20}\\b'''`], text: `(${secret})`, secret };
  },
  // A group, an allow-list, and no bound.
  (make, name) => {
    const secret = make.text(30, LOWER36);
    return {
      lines: [
        `regex = '''${name}\\.(?:key|id)=([a-z]+:)?([a-z0-9]{20,})'''`,
        'secretGroup = 2',
        `keywords = ["${name}.key", "${name}.id"]`,
        '[[rules.allowlists]]',
        `stopwords = ["example"]`,
        "regexes = ['''^0+$''']",
      ],
      text: `${name}.key=live:${secret}`,
      secret,
    };
  },
];

const UNFIT: readonly (readonly [regex: string, reason: string])[] = [
  ["'''(?<=key=)NAME[a-z0-9]{32}'''", 'look-around'],
  ["'''NAME(?!test)[a-z0-9]{32}'''", 'look-around'],
  ["'''(['\"])NAME[a-z0-9]{32}\\1'''", 'back-reference'],
  ["'''[a-f0-9]{32}'''", 'no keywords'],
];

/** One of twenty rules can't be searched for. */
export function generateGitleaksConfig(make: Make, count: number): GeneratedConfig {
  const examples = new Map<string, { text: string; secret: string }>();
  const rejected = new Map<string, string>();
  const parts = [
    "title = 'generated'",
    '[allowlist]',
    "paths = ['''\\.lock$''']",
    "regexes = ['''^(?:true|false)$''']",
  ];
  for (let i = 0; i < count; i++) {
    const name = `${make.text(7, LOWER)}${String.fromCharCode(97 + (i % 26))}`;
    const id = `generated-${i}`;
    parts.push('[[rules]]', `id = "${id}"`, `description = "Rule ${i}"`);
    if (i % 20 === 19) {
      const [regex, reason] = UNFIT[((i - 19) / 20) % UNFIT.length]!;
      parts.push(`regex = ${regex.replace('NAME', name)}`);
      rejected.set(`rule:${id}`, reason);
      continue;
    }
    const { lines, text, secret } = KINDS[i % KINDS.length]!(make, name);
    parts.push(...lines);
    examples.set(`rule:${id}`, { text, secret });
  }
  return { toml: parts.join('\n'), examples, rejected };
}
