/** The contract of dump formats: each sample's layout equals what was written, and no damage makes a reader fail. */
import { describe, expect, it } from 'vitest';
import type { DumpSample } from '../corpus/dump-sample.ts';
import formats from '../src/formats/index.ts';
import { HEAD_BYTES } from '../src/model/format.ts';
import { regionAt } from '../src/scan/place.ts';
import { counts, cuts, damages, loadSamples } from './support/plugin-contract.ts';
import { readSafely } from './support/read-safely.ts';

const samples = await loadSamples<DumpSample>('formats');
const formatOf = ({ format }: DumpSample) => formats.find(({ id }) => id === format)!;

it('every format has a sample, and every sample a format', () => {
  expect([...new Set(samples.map(({ format }) => format))].sort()).toEqual(formats.map(({ id }) => id).sort());
});

describe.each(samples.map((sample) => [`${sample.format}: ${sample.name}`, sample] as const))('%s', (_, sample) => {
  const format = formatOf(sample);

  it('is recognised, and by nobody else', () => {
    const head = sample.bytes.slice(0, HEAD_BYTES);
    expect(formats.filter(({ recognise }) => recognise(head)).map(({ id }) => id)).toEqual([sample.format]);
  });

  it('has the layout that was written', async () => {
    const layout = await readSafely(format, { name: sample.name, bytes: sample.bytes });
    expect(layout).toBeDefined();
    for (const { start, end, kind, label, address, thread } of sample.expected) {
      const region = regionAt(layout!.regions, start);
      const middle = regionAt(layout!.regions, Math.floor((start + end) / 2));
      const last = regionAt(layout!.regions, end - 1);
      const where = `${start} to ${end}`;
      expect(region?.kind ?? 'file', where).toBe(kind);
      expect(middle?.kind ?? 'file', `middle of ${where}`).toBe(kind);
      expect(last?.kind ?? 'file', `end of ${where}`).toBe(kind);
      if (label !== undefined) expect(region?.label, where).toContain(label);
      if (address !== undefined) {
        expect(region?.address === undefined ? undefined : region.address + BigInt(start - region.start), where).toBe(
          address,
        );
      }
      if (thread !== undefined) expect(region?.thread, where).toBe(thread);
    }
    if (sample.process) expect(layout!.process).toMatchObject(sample.process);
    if (sample.threads) expect(layout!.threads?.map(({ id }) => id)).toEqual(sample.threads);
  });

  it('copes with every cut', async () => {
    for (const [i, variant] of [...cuts(sample)].entries()) {
      await readSafely(format, variant);
      if (i % 8 === 0) await readSafely(format, variant, { size: Number.POSITIVE_INFINITY });
    }
  });

  it('copes with every count at its extremes', async () => {
    for (const variant of counts(sample)) await readSafely(format, variant);
  });

  it('copes with damage', async () => {
    for (const variant of damages(sample)) await readSafely(format, variant);
  });
});
