import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/microdump.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import microdump from './microdump.ts';

describe('microdump', () => {
  it.each(samples())('reads $name', async (sample) => {
    const layout = (await layoutOf(microdump, sample.bytes))!;
    expect(layout.facts).toEqual([
      { name: 'version', value: 'WebView:48.0.1' },
      { name: 'system', value: 'A arm64 08 armv8l vendor/device' },
    ]);
  });

  const files = sampleFiles(/breakpad__microdump.*\.dmp$/);
  it.runIf(files.length > 0).each(files)('opens %s', async (path) => {
    const bytes = readSample(path);
    expect(microdump.recognise(bytes.subarray(0, 65_536))).toBe(true);
    const layout = await layoutOf(microdump, bytes);
    expect(layout?.regions.some(({ kind }) => kind === 'stack')).toBe(true);
    expect(layout?.process?.pid).toBeGreaterThan(0);
  });
});
