/** The search for good placements: greedy, then groups of patterns are taken out and put back in another order. */
import { Buckets, type Placement } from '../buckets.ts';
import type { Gram } from '../plan.ts';
import type { Random } from './sample.ts';

/** Placements that few of the sample's grams pass, for each pattern's choice of grams. Takes `seconds`. */
export function trainPlacements(
  choices: readonly (readonly Gram[])[],
  sample: Uint32Array,
  seconds: number,
  random: Random,
) {
  const buckets = new Buckets(sample);
  const placements: Placement[] = [];
  const place = (i: number) => {
    const placement = buckets.cheapest(choices[i]!);
    buckets.add(placement);
    placements[i] = placement;
  };
  const rarest = choices.map((grams) => Math.min(...grams.map(({ gram }) => buckets.frequency(gram))));
  // Patterns without a rare gram first: others fit around them.
  for (const i of [...choices.keys()].sort((a, b) => rarest[b]! - rarest[a]!)) place(i);

  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const before = buckets.cost;
    const bucket = random(8);
    const pool =
      random(5) < 3 ? [...choices.keys()].filter((i) => placements[i]!.bucket === bucket) : [...choices.keys()];
    if (pool.length === 0) continue;
    const group = new Set(Array.from({ length: 3 + random(14) }, () => pool[random(pool.length)]!));
    const old = [...group].map((i) => [i, placements[i]!] as const);
    for (const [, placement] of old) buckets.remove(placement);
    for (const i of group) place(i);
    if (buckets.cost <= before) continue;
    for (const i of group) buckets.remove(placements[i]!);
    for (const [i, placement] of old) {
      buckets.add(placement);
      placements[i] = placement;
    }
  }
  return placements;
}

/** Share of the sample's grams that some bucket accepts. */
export function acceptedShare(tables: Uint8Array, sample: Uint32Array): number {
  let accepted = 0;
  for (const gram of sample) {
    let buckets = 0xff;
    for (let t = 0; t < 6; t++) buckets &= tables[t * 16 + ((gram >>> (4 * t)) & 15)]!;
    if (buckets !== 0) accepted++;
  }
  return accepted / sample.length;
}
