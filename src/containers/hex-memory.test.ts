import { describe, expect, it } from 'vitest';
import { hexSamples } from '../../corpus/containers/hex-memory.ts';
import { createRng } from '../../corpus/rng.ts';
import { inputOf, openAll } from '../../test/support/containers.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import hexMemory from './hex-memory.ts';

const samples = hexSamples(createRng('hex-memory').bytes(800));

describe('hex-memory', () => {
  it.each(samples)('decodes $sample.name', async ({ sample, at, address }) => {
    const { members } = await openAll(hexMemory, inputOf(sample.bytes));
    const region = members[0]?.layout?.regions.find(({ start, end }) => start <= at && at < end);
    expect(region?.address).toBe(address);
    expect(members[0]?.layout?.regions.at(-1)?.end).toBe(members[0]!.content.length - 64);
  });

  const files = sampleFiles(/breakpad__microdump.*\.dmp$|android-tombstone\/.*native.*\.txt$/);
  it.runIf(files.length > 0).each(files)('decodes %s', async (path) => {
    const bytes = readSample(path);
    expect(hexMemory.recognise(bytes.subarray(0, 65_536))).toBe(true);
    const { members, gaps } = await openAll(hexMemory, inputOf(bytes));
    expect(gaps).toEqual([]);
    expect(members[0]!.content.length).toBeGreaterThan(3000);
    expect(members[0]!.content.some((byte) => byte !== 0)).toBe(true);
  });
});
