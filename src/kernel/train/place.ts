/** The search for good placements: greedy, then groups of patterns are taken out and put back in another order. */
import { BUCKETS, Buckets, type Placement } from '../buckets.ts';
import type { Gram } from '../plan.ts';
import type { Random } from './sample.ts';

/**
 * Placements that few of the sample's grams pass, for each pattern's choice of grams. Takes `seconds`, most of them on
 * an eighth of the sample, where a step is eight times cheaper. `known` are those of an earlier training, to go on from.
 */
export function trainPlacements(
  choices: readonly (readonly Gram[])[],
  sample: Uint32Array,
  seconds: number,
  random: Random,
  known: readonly (Placement | undefined)[] = [],
): Placement[] {
  const coarse = new Buckets(sample.filter((_, i) => i % 8 === 0));
  const rarest = choices.map((grams) => Math.min(...grams.map(({ gram }) => coarse.frequency(gram))));
  const placements: Placement[] = [];
  for (const [i, placement] of known.entries()) if (placement) placements[i] = placement;
  coarse.add(...known.filter((placement) => placement !== undefined));
  // Patterns without a rare gram first: others fit around them.
  for (const i of [...choices.keys()].filter((i) => !known[i]).sort((a, b) => rarest[b]! - rarest[a]!)) {
    placements[i] = coarse.cheapest(choices[i]!);
    coarse.add(placements[i]);
  }
  improve(placements, choices, coarse, seconds * 0.6, random);
  const fine = new Buckets(sample);
  fine.add(...placements);
  improve(placements, choices, fine, seconds * 0.4, random);
  return placements;
}

/** Takes groups of patterns out, half of the time from one bucket, and keeps what is no worse after putting them back. */
function improve(
  placements: Placement[],
  choices: readonly (readonly Gram[])[],
  buckets: Buckets,
  seconds: number,
  random: Random,
): void {
  const place = (i: number, placement: Placement) => {
    placements[i] = placement;
    buckets.add(placement);
  };
  const everyone = [...choices.keys()];
  const deadline = Date.now() + seconds * 1000;
  while (Date.now() < deadline) {
    const before = buckets.cost;
    const bucket = random(BUCKETS);
    const pool = random(2) === 0 ? everyone.filter((i) => placements[i]!.bucket === bucket) : everyone;
    if (pool.length === 0) continue;
    const group = new Set(Array.from({ length: 1 + random(12) }, () => pool[random(pool.length)]!));
    const old = [...group].map((i) => [i, placements[i]!] as const);
    for (const i of group) buckets.remove(placements[i]!);
    for (const i of group) place(i, buckets.cheapest(choices[i]!));
    if (buckets.cost <= before) continue;
    for (const i of group) buckets.remove(placements[i]!);
    for (const [i, placement] of old) place(i, placement);
  }
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
