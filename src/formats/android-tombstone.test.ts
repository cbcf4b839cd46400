import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/android-tombstone.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import tombstone from './android-tombstone.ts';

describe('android-tombstone', () => {
  it.each(samples())('reads $name', async (sample) => {
    expect((await layoutOf(tombstone, sample.bytes))!.gaps).toEqual([]);
  });

  it('says when a protobuf is cut off', async () => {
    const { bytes } = samples()[1]!;
    expect((await layoutOf(tombstone, bytes.subarray(0, bytes.length - 30)))?.gaps).toMatchObject([
      { code: 'truncated' },
    ]);
  });

  const files = sampleFiles(/android-tombstone\/.*(\.txt|\.pb\.gz)$/);
  it.runIf(files.length > 0).each(files)('opens %s', async (path) => {
    const bytes = readSample(path);
    expect(tombstone.recognise(bytes.subarray(0, 65_536))).toBe(true);
    const layout = await layoutOf(tombstone, bytes);
    expect(layout?.gaps).toEqual([]);
    expect(layout?.process?.pid).toBeGreaterThan(0);
    expect(layout?.process?.name).toMatch(/sample/);
    if (path.includes('anr')) return;
    expect(layout?.threads?.length).toBeGreaterThan(5);
    expect(layout?.regions.filter(({ kind }) => kind === 'memory' || kind === 'stack').length).toBeGreaterThan(5);
  });
});
