/** Everything that makes findings, by id: detectors, and joins of keys whose parts lie apart. */
import { DEFAULT_PATTERNS_URL } from './api.ts';
import { describeJoins } from './join/describe.ts';
import type { Detector } from './model/detector.ts';

export type CatalogueEntry = Pick<Detector, 'id' | 'title' | 'doc' | 'severity'>;

export async function loadCatalogue(): Promise<readonly CatalogueEntry[]> {
  const { default: detectors } = (await import(DEFAULT_PATTERNS_URL)) as { default: readonly Detector[] };
  return [...detectors, ...describeJoins()];
}
