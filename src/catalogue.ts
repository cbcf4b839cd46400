/** Everything that makes findings, by id: detectors, joins of keys whose parts lie apart, and rules. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DEFAULT_PATTERNS_URL } from './api.ts';
import { describeJoins } from './join/describe.ts';
import type { Detector } from './model/detector.ts';
import type { PreparedRule } from './model/rule.ts';
import { describeRule } from './rules/describe.ts';
import { loadDetectors } from './scan/packs.ts';

export type CatalogueEntry = Pick<Detector, 'id' | 'title' | 'doc' | 'severity'>;

/** What is looked for besides what comes with dumpsieve. */
export interface OwnPatterns {
  readonly packUrls?: readonly string[] | undefined;
  readonly rules?: readonly PreparedRule[] | undefined;
}

/** Throws UsageError when a pack can't be loaded. */
export async function loadCatalogue({
  packUrls = [],
  rules = [],
}: OwnPatterns = {}): Promise<readonly CatalogueEntry[]> {
  const detectors = await loadDetectors([DEFAULT_PATTERNS_URL, ...packUrls]);
  return [...detectors, ...describeJoins(), ...rules.map(describeRule)];
}

/**
 * What tells one set of patterns from another: the ids of all detectors, and of packs and rules a digest as well, of the
 * pack's own file and of all that the rule says.
 */
export async function identifyPatterns({ packUrls = [], rules = [] }: OwnPatterns = {}): Promise<readonly string[]> {
  const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');
  const detectors = [...(await loadDetectors([DEFAULT_PATTERNS_URL, ...packUrls])), ...describeJoins()];
  const packs = packUrls.map(async (url) => {
    const bytes = url.startsWith('file:') ? await readFile(new URL(url)) : url;
    return `pack ${sha256(bytes)}`;
  });
  return [
    ...detectors.map(({ id }) => id),
    ...(await Promise.all(packs)),
    ...rules.map((rule) => `${rule.id} ${sha256(JSON.stringify(rule))}`),
  ];
}
