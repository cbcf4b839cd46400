import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/jfr.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import jfr from './jfr.ts';

describe('jfr', () => {
  it.each(samples())('reads $name', async (sample) => {
    const layout = (await layoutOf(jfr, sample.bytes))!;
    expect(layout.gaps).toEqual([]);
  });

  it('says what is cut off and what follows the last chunk', async () => {
    const { bytes } = samples()[1]!;
    expect((await layoutOf(jfr, bytes.subarray(0, bytes.length - 5)))?.gaps).toMatchObject([{ code: 'truncated' }]);
    const longer = new Uint8Array([...bytes, 1, 2, 3]);
    expect((await layoutOf(jfr, longer))?.gaps).toMatchObject([{ code: 'format-error', detail: 'jfr.chunk.magic' }]);
  });

  const files = sampleFiles(/\.jfr$/);
  it.runIf(files.length > 0).each(files)('opens %s', async (path) => {
    const bytes = readSample(path);
    expect(jfr.recognise(bytes.subarray(0, 64))).toBe(true);
    const layout = await layoutOf(jfr, bytes);
    expect(layout?.gaps).toEqual([]);
    expect(layout?.regions.at(-1)?.end).toBe(bytes.length);
    const labels = layout?.regions.map(({ label }) => label) ?? [];
    const version = Number(layout?.facts?.[0]?.value);
    if (version >= 1) expect(labels.filter((label) => label === 'events').length, labels.join()).toBeGreaterThan(0);
  });

  it.runIf(sampleFiles(/ours\/t\.jfr$/).length > 0)('labels the environment of a real recording', async () => {
    const bytes = readSample('ours/t.jfr');
    const layout = await layoutOf(jfr, bytes);
    const environment = layout!.regions.filter(({ label }) => label === 'jdk.InitialEnvironmentVariable');
    const text = environment.map(({ start, end }) => Buffer.from(bytes.subarray(start, end)).toString('latin1')).join();
    expect(text).toContain('PATH');
  });
});
