/**
 * `npm run train [-- --seconds N] [--fresh] [--patterns URL] [files]`: writes src/kernel/generated/trained.ts, the placements
 * of the patterns in the pack. Run it when detectors were added: scans are correct without, but slower. It goes on
 * from the last training, or begins anew with --fresh. Files given
 * (dumps) are the sample; by default it makes its own, see `defaultMemories`.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Detector } from '../../model/detector.ts';
import { createPlan, gramsOf, patternText, type Sought } from '../plan.ts';
import { teddyTables, trainedPlacement } from '../tables.ts';
import { acceptedShare, trainPlacements } from './place.ts';
import { createRandom, findFiles, type Memory, openBytes, openFile, openProcesses, takeGrams } from './sample.ts';

const TRAINING_GRAMS = 400_000;
/** Committed, for patterns that were not trained: 3 bytes each. */
const COMMITTED_GRAMS = 4096;

const root = new URL('../../../../', import.meta.url);

/** Memory and its share in the sample. */
async function defaultMemories(): Promise<[Memory, number][]> {
  const texts = findFiles(new URL('node_modules', root).pathname, /\.(js|ts|json|md)$/, 1500);
  const text = Buffer.concat(texts.slice(0, 600).map((path) => readFileSync(path)));
  const binaries = findFiles('/usr/lib', /\.so(\.|$)/, 60);
  const processes = await openProcesses(texts);
  return [
    ...processes.map((memory): [Memory, number] => [memory, 0.55 / processes.length]),
    ...binaries.map((path): [Memory, number] => [openFile(path), 0.2 / binaries.length]),
    [openBytes('text', text), 0.08],
    [openBytes('UTF-16LE text', Buffer.from(text.toString('latin1'), 'utf16le')), 0.07],
    [openBytes('base64', Buffer.from(randomBytes(1 << 20).toString('base64'))), 0.04],
    [openBytes('compressed', randomBytes(1 << 20)), 0.06],
  ];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    fresh: { type: 'boolean', default: false },
    patterns: { type: 'string', default: new URL('../../../patterns/index.js', import.meta.url).href },
    out: { type: 'string', default: new URL('src/kernel/generated/trained.ts', root).pathname },
  },
});

const { default: detectors } = (await import(values.patterns)) as { default: readonly Detector[] };
// What public keys are found by is in each plan for the memory of processes.
const harvest = new URL('../../join/harvest.js', import.meta.url).href;
const { HARVESTERS } = (await import(harvest)) as { HARVESTERS: readonly Sought[] };
const anchors = createPlan([...detectors, ...HARVESTERS]).anchors.filter(({ dense }) => !dense);
const random = createRandom(1);
const memories: [Memory, number][] =
  positionals.length > 0
    ? positionals.map((path) => [openFile(path), 1 / positionals.length])
    : await defaultMemories();
const take = (count: number) =>
  Uint32Array.from(memories.flatMap(([memory, share]) => takeGrams(memory, Math.round(count * share), random)));
const sample = take(TRAINING_GRAMS);
const unseen = take(TRAINING_GRAMS);
const committed = take(COMMITTED_GRAMS);
for (const [memory] of memories) memory.close();

const placements = trainPlacements(
  anchors.map(gramsOf),
  sample,
  Number(values.seconds),
  random,
  values.fresh ? [] : anchors.map(trainedPlacement),
);
const lines = anchors.map((anchor, i) => {
  const { offset, bucket } = placements[i]!;
  return `  '${patternText(anchor)}': [${offset}, ${bucket}],`;
});
const grams = Buffer.from(Array.from(committed, (gram) => [gram & 255, (gram >>> 8) & 255, gram >>> 16]).flat());
const percent = (grams: Uint32Array) => `${(100 * acceptedShare(teddyTables(placements), grams)).toFixed(2)} %`;
writeFileSync(
  values.out,
  `// Made by \`npm run train\`. Don't edit.
// ${anchors.length} patterns; the prefilter accepts ${percent(sample)} of the sample's positions, ${percent(unseen)} of unseen ones.

/** By pattern: index of the gram that the kernel looks for, and its bucket. */
export const TRAINED: Readonly<Record<string, readonly [offset: number, bucket: number]>> = {
${lines.sort().join('\n')}
};

/** Grams of process memory, binaries and text, three bytes each: for patterns that aren't listed above. */
export const SAMPLE =
  '${grams.toString('base64')}';
`,
);
