import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/apple-ips.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import ips from './apple-ips.ts';

describe('apple-ips', () => {
  it.each(samples())('reads $name', async (sample) => {
    expect((await layoutOf(ips, sample.bytes))!.gaps).toEqual([]);
  });

  it('lists images', async () => {
    const layout = await layoutOf(ips, samples()[0]!.bytes);
    expect(layout?.modules).toEqual([
      { name: 'Demo', address: 4_370_000_000n, size: 16_384n, buildId: 'db2fd9ec8dd1302198df93db16cf4863' },
    ]);
    expect(layout?.threads?.[1]).toEqual({ id: 902, name: 'worker 902', crashed: true });
  });

  const files = sampleFiles(/apple-crash\/.*\.ips$/);
  it.runIf(files.length > 0).each(files)('opens %s', async (path) => {
    const bytes = readSample(path);
    expect(ips.recognise(bytes.subarray(0, 65_536))).toBe(true);
    const layout = await layoutOf(ips, bytes);
    expect(layout?.gaps).toEqual([]);
    expect(layout?.process?.pid).toBeGreaterThan(0);
    expect(layout?.threads?.length).toBeGreaterThan(2);
    expect(layout?.regions.some(({ kind }) => kind === 'registers')).toBe(true);
  });
});
