/**
 * Where, and in which forms, known keys really lie in a dump: searched for byte by byte with the private numbers in
 * hand. Shares no code with the detectors, which have to find the same places without knowing the keys.
 */
import { classify } from './brute/classify.ts';
import { needlesOf, publicParts } from './brute/needles.ts';
import { searchFile } from './brute/search.ts';
import type { Occurrence, Sighting, TrueKey } from './brute/truth.ts';

/** Parts of a signature whose nonce is known, besides the nonce. */
const PUBLIC_OF_SIGNATURES = ['r', 's', 'digest'];

export interface Found {
  /** Sorted by `start`. Each document is reported once, whichever of its numbers led to it. */
  readonly occurrences: readonly Occurrence[];
  readonly sightings: readonly Sighting[];
}

export function searchDump(path: string, keys: readonly TrueKey[]): Found {
  const found = new Map<string, Occurrence>();
  const sightings: Sighting[] = [];
  searchFile(path, needlesOf(keys), (tag, window, at, base) => {
    const truth = keys[tag.key];
    if (!truth) return;
    if (tag.kind === 'number') {
      sightings.push({ key: tag.key, part: tag.part, form: tag.form, start: base + at - tag.lead });
      if (tag.part in publicParts(truth.key) || PUBLIC_OF_SIGNATURES.includes(tag.part)) return;
    }
    const place = classify(tag, truth, window, at);
    if (!place) return;
    const occurrence = { ...place, key: tag.key, part: tag.part, start: base + place.start, end: base + place.end };
    const id = `${tag.key} ${occurrence.form} ${occurrence.start}`;
    if (!found.has(id)) found.set(id, occurrence);
  });
  return { occurrences: keepProvable([...found.values()].sort((a, b) => a.start - b.start)), sightings };
}

/** A JWK member on its own proves nothing: it counts when the public ones are in the dump as well. */
function keepProvable(occurrences: readonly Occurrence[]): readonly Occurrence[] {
  const isPublic = ({ part }: Occurrence): boolean => part === 'n' || part === 'x';
  const withPublic = new Set(
    occurrences.filter((occurrence) => occurrence.form === 'jwk-members' && isPublic(occurrence)).map(({ key }) => key),
  );
  return occurrences
    .filter((occurrence) => !isPublic(occurrence))
    .map((occurrence) =>
      occurrence.form === 'jwk-members' && !withPublic.has(occurrence.key)
        ? { ...occurrence, form: 'jwk-part' as const }
        : occurrence,
    );
}
