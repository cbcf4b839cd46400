/**
 * The search for good placements: greedy, then groups of patterns are taken out and put back in another order. Patterns with
 * the same grams (UTF-16 of both orders) are placed as one: as long as one of them stays, taking out the other gains nothing.
 */
import { Buckets, nibbleOf, type Placement, SETS } from '../buckets.ts';
import type { Gram } from '../plan.ts';
import { createSimdBits } from './bits.ts';
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
  const units = unite(choices);
  const placements = trainUnits(
    units.map(([first]) => choices[first!]!),
    sample,
    seconds,
    random,
    units.map(([first]) => known[first!]),
  );
  const all: Placement[] = [];
  for (const [unit, { gram, bucket }] of placements.entries()) {
    for (const i of units[unit]!) all[i] = { ...choices[i]!.find((choice) => choice.gram === gram)!, bucket };
  }
  return all;
}

/** Patterns with the same grams, or with one more than another has: the one with the fewest first. */
function unite(choices: readonly (readonly Gram[])[]): number[][] {
  const sets = choices.map((grams) => new Set(grams.map(({ gram }) => gram)));
  const units: number[][] = [];
  for (const i of [...sets.keys()].sort((a, b) => sets[a]!.size - sets[b]!.size)) {
    const unit = units.find(([first]) => {
      const least = sets[first!]!;
      return least.size >= sets[i]!.size - 1 && [...least].every((gram) => sets[i]!.has(gram));
    });
    if (unit) unit.push(i);
    else units.push([i]);
  }
  return units;
}

function trainUnits(
  choices: readonly (readonly Gram[])[],
  sample: Uint32Array,
  seconds: number,
  random: Random,
  known: readonly (Placement | undefined)[],
): Placement[] {
  const coarse = createBuckets(sample.filter((_, i) => i % 8 === 0));
  const rarest = choices.map((grams) => Math.min(...grams.map(({ gram }) => coarse.frequency(gram))));
  const placements: Placement[] = [];
  for (const [i, placement] of known.entries()) if (placement) placements[i] = placement;
  coarse.add(...known.filter((placement) => placement !== undefined));
  // Patterns without a rare gram first: others fit around them.
  for (const i of [...choices.keys()].filter((i) => !known[i]).sort((a, b) => rarest[b]! - rarest[a]!)) {
    placements[i] = coarse.cheapest(choices[i]!);
    coarse.add(placements[i]);
  }
  improve(placements, choices, coarse, seconds * 0.7, random);
  const fine = createBuckets(sample);
  fine.add(...placements);
  improve(placements, choices, fine, seconds * 0.3, random);
  return placements;
}

const createBuckets = (sample: Uint32Array): Buckets => new Buckets(sample, createSimdBits(sample.length, SETS));

/**
 * Takes groups of patterns out, puts them back, and keeps what is no worse; at first also what is a little worse, to get
 * out of dead ends.
 */
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
  const start = Date.now();
  const hot = buckets.cost * HOT;
  let best = [...placements];
  let least = buckets.cost;
  for (;;) {
    const done = (Date.now() - start) / 1000 / seconds;
    if (done >= 1) break;
    const before = buckets.cost;
    const group = pickGroup(placements, random);
    const old = group.map((i) => [i, placements[i]!] as const);
    for (const i of group) buckets.remove(placements[i]!);
    for (const i of group) place(i, buckets.cheapest(choices[i]!));
    const allowed = hot * Math.max(0, 1 - done / COOLING) * -Math.log((1 + random(1e6)) / 1e6);
    if (buckets.cost > before + allowed) {
      for (const i of group) buckets.remove(placements[i]!);
      for (const [i, placement] of old) place(i, placement);
    } else if (buckets.cost < least) {
      best = [...placements];
      least = buckets.cost;
    }
  }
  placements.splice(0, placements.length, ...best);
}

/** How much worse a step may be in the beginning, as a share of the cost; no worse after this share of the time. */
const HOT = 0.0015;
const COOLING = 0.8;

const MOST_IN_GROUP = 24;

/** Of all, of one bucket, or those that alone let a nibble of one test into a bucket: only without all of them it closes. */
function pickGroup(placements: readonly Placement[], random: Random): number[] {
  const everyone = [...placements.keys()];
  const { bucket, gram } = placements[random(placements.length)]!;
  const same = everyone.filter((i) => placements[i]!.bucket === bucket);
  const kind = random(4);
  if (kind < 2) {
    const test = random(6);
    const alike = same.filter((i) => nibbleOf(placements[i]!.gram, test) === nibbleOf(gram, test));
    if (alike.length <= MOST_IN_GROUP) return shuffle(alike, random);
  }
  return shuffle(kind === 3 ? everyone : same, random).slice(0, 1 + random(12));
}

function shuffle(list: readonly number[], random: Random): number[] {
  const shuffled = [...list];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
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
