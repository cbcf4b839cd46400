/**
 * Suppressions: findings that someone has looked at, with a reason and perhaps a date on which it ends. A suppressed
 * finding doesn't close a gate; it stays in every report, and is counted. The baseline is such a file, written by a scan.
 */
import { UsageError } from './model/errors.ts';
import type { Finding } from './model/finding.ts';

export const SUPPRESSIONS_SCHEMA = 'dumpsieve-suppressions/1';

/** A finding is meant when all that the rule names fits; of a path, when all its places lie there. */
export type SuppressionRule = {
  /** SHA-256 of the SubjectPublicKeyInfo, hex. */
  readonly publicKeySha256?: string;
  /** Only the same from scan to scan under the same fingerprint key. */
  readonly fingerprint?: string;
  readonly detector?: string;
  /** Glob over names of inputs, with `/`. */
  readonly path?: string;
  readonly reason: string;
  /** `YYYY-MM-DD`: the last day on which it counts, UTC. */
  readonly expires?: string;
};

const MATCHERS = ['publicKeySha256', 'fingerprint', 'detector', 'path'] as const;
const HEX_DIGEST = /^[0-9a-f]{64}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const PATTERNS: Readonly<Record<string, RegExp>> = {
  publicKeySha256: HEX_DIGEST,
  fingerprint: HEX_DIGEST,
  detector: /^(?:rule:)?[\w.-]{1,100}$/,
  path: /^.{1,4096}$/,
  reason: /\S/,
  expires: DAY,
};

/** Whether a text is a day, as `expires` has it. */
export const isDay = (text: string): boolean => DAY.test(text) && !Number.isNaN(Date.parse(text));

/** @param name of the file, for messages. Throws UsageError that names the field. */
export function parseSuppressions(text: string, name: string): SuppressionRule[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new UsageError(`${name} is no JSON`);
  }
  const { schema, rules } = (document ?? {}) as { schema?: unknown; rules?: unknown };
  if (schema !== SUPPRESSIONS_SCHEMA || !Array.isArray(rules)) {
    throw new UsageError(`${name} must be {"schema": "${SUPPRESSIONS_SCHEMA}", "rules": […]}`);
  }
  return rules.map((rule: unknown, i) => parseRule(rule, `${name}: rules[${i}]`));
}

function parseRule(rule: unknown, where: string): SuppressionRule {
  if (typeof rule !== 'object' || rule === null) throw new UsageError(`${where} must be an object`);
  for (const [field, value] of Object.entries(rule)) {
    const pattern = Object.hasOwn(PATTERNS, field) ? PATTERNS[field] : undefined;
    if (!pattern) throw new UsageError(`${where}.${field} is not known; known: ${Object.keys(PATTERNS).join(', ')}`);
    if (typeof value !== 'string' || !pattern.test(value)) throw new UsageError(`${where}.${field} is not valid`);
  }
  const parsed = rule as SuppressionRule;
  if (parsed.reason === undefined) throw new UsageError(`${where}.reason is missing: say why it may stay`);
  if (!MATCHERS.some((field) => parsed[field] !== undefined)) {
    throw new UsageError(`${where} must name at least one of: ${MATCHERS.join(', ')}`);
  }
  if (parsed.expires !== undefined && !isDay(parsed.expires)) {
    throw new UsageError(`${where}.expires is no date`);
  }
  return parsed;
}

export function formatSuppressions(rules: readonly SuppressionRule[]): string {
  return `${JSON.stringify({ schema: SUPPRESSIONS_SCHEMA, rules }, null, 2)}\n`;
}

async function createMatcher({
  publicKeySha256,
  fingerprint,
  detector,
  path,
}: SuppressionRule): Promise<(finding: Finding) => boolean> {
  const matchesPath = path === undefined ? undefined : (await import('picomatch')).default(path, { dot: true });
  return (finding) =>
    (publicKeySha256 === undefined || finding.traits.publicKeySha256 === publicKeySha256) &&
    (fingerprint === undefined || finding.fingerprint === fingerprint) &&
    (detector === undefined || finding.detector === detector) &&
    (!matchesPath ||
      finding.places.every(({ input }) => matchesPath(input.replaceAll('\\', '/').replace(/^\.\//, ''))));
}

export interface Suppressed {
  /** All of them; the suppressed ones say so. */
  readonly findings: readonly Finding[];
  /** Rules that no finding needs any more: to be cleaned up. */
  readonly unused: readonly SuppressionRule[];
  /** Rules that would have matched, but have ended. */
  readonly expired: readonly SuppressionRule[];
}

/** @param today `YYYY-MM-DD`, UTC */
export async function applySuppressions(
  findings: readonly Finding[],
  rules: readonly SuppressionRule[],
  today = new Date().toISOString().slice(0, 10),
): Promise<Suppressed> {
  const matchers = await Promise.all(
    rules.map(async (rule) => ({ rule, matches: await createMatcher(rule), used: false, expired: false })),
  );
  const marked = findings.map((finding) => {
    let suppression: Finding['suppressed'];
    for (const matcher of matchers) {
      if (!matcher.matches(finding)) continue;
      matcher.used = true;
      const { reason, expires } = matcher.rule;
      if (expires !== undefined && expires < today) matcher.expired = true;
      else suppression ??= { reason, ...(expires !== undefined && { expires }) };
    }
    return suppression ? { ...finding, suppressed: suppression } : finding;
  });
  return {
    findings: marked,
    unused: matchers.filter(({ used }) => !used).map(({ rule }) => rule),
    expired: matchers.filter(({ expired }) => expired).map(({ rule }) => rule),
  };
}

/**
 * A baseline: a rule for each finding. By its public key where it has one; else by its fingerprint, which only a project
 * key keeps. Published keys need a rule only where they fail, with `known`. Throws UsageError without one.
 */
export function createBaseline(
  findings: readonly Finding[],
  options: {
    readonly reason: string;
    readonly expires?: string;
    readonly hasFingerprintKey: boolean;
    readonly known?: boolean;
  },
): SuppressionRule[] {
  const { reason, expires, hasFingerprintKey, known = false } = options;
  const isNamed = ({ traits }: Finding): boolean => traits.publicKeySha256 !== undefined;
  const open = findings.filter(({ verdict }) => known || verdict !== 'known');
  if (!hasFingerprintKey && !open.every(isNamed)) {
    throw new UsageError(
      'a baseline needs --fingerprint-key-file (or DUMPSIEVE_FINGERPRINT_KEY): without it, fingerprints differ in every scan',
    );
  }
  return open.map(({ traits, fingerprint, detector }) => ({
    ...(traits.publicKeySha256 === undefined ? { fingerprint } : { publicKeySha256: traits.publicKeySha256 }),
    detector,
    reason,
    ...(expires !== undefined && { expires }),
  }));
}
