import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/node-report.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import report from './node-report.ts';

describe('node-report', () => {
  it.each(samples())('reads one $name', async (sample) => {
    const layout = (await layoutOf(report, sample.bytes))!;
    expect(layout.gaps).toEqual([]);
    expect(layout.facts).toContainEqual({ name: 'nodejsVersion', value: 'v20.1.0' });
  });

  it('says when it is cut off, and labels the rest', async () => {
    const [sample] = samples();
    const { start } = sample!.expected[0]!;
    const layout = await layoutOf(report, sample!.bytes.subarray(0, start + 20));
    expect(layout?.gaps).toMatchObject([{ code: 'truncated' }]);
    expect(layout?.regions.at(-1)).toMatchObject({ kind: 'environment', end: start + 20 });
  });

  const files = sampleFiles(/node-report\/.*\.json$|report\.json$/);
  it.runIf(files.length > 0).each(files)('opens %s', async (path) => {
    const bytes = readSample(path);
    expect(report.recognise(bytes.subarray(0, 65_536))).toBe(true);
    const layout = await layoutOf(report, bytes);
    expect(layout?.gaps).toEqual([]);
    expect(layout?.process?.pid).toBeGreaterThan(0);
    expect(layout?.regions.some(({ kind, label }) => kind === 'environment' && label === 'header.commandLine')).toBe(
      true,
    );
  });
});
