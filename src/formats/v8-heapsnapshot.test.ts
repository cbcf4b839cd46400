import { describe, expect, it } from 'vitest';
import { writeAll } from '../../corpus/formats/v8-heapsnapshot.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import snapshot from './v8-heapsnapshot.ts';

describe('v8-heapsnapshot', () => {
  it.each(writeAll())('reads $sample.name', async ({ sample, at, names }) => {
    const layout = (await layoutOf(snapshot, sample.bytes))!;
    expect(layout.gaps).toEqual([]);
    expect(layout.facts).toContainEqual({ name: 'nodes', value: '4' });
    expect(await layout.describe!(at)).toEqual(names);
    expect(await layout.describe!(sample.headerBytes)).toEqual([]);
  });

  it('says when it is cut off', async () => {
    const { bytes } = writeAll()[0]!.sample;
    expect((await layoutOf(snapshot, bytes.subarray(0, bytes.length - 9)))?.gaps).toMatchObject([
      { code: 'truncated' },
    ]);
  });

  it('is no other JSON', () => {
    expect(snapshot.recognise(new TextEncoder().encode('{"snapshot": 1, "nodes": []}'))).toBe(false);
  });

  const files = sampleFiles(/\.heapsnapshot$/);
  it.runIf(files.length > 0).each(files)('opens %s', async (path) => {
    const bytes = readSample(path);
    expect(snapshot.recognise(bytes.subarray(0, 65_536))).toBe(true);
    const layout = await layoutOf(snapshot, bytes);
    expect(layout?.gaps).toEqual([]);
    const strings = layout?.regions.at(-1);
    expect(strings).toMatchObject({ kind: 'heap', label: 'strings', end: bytes.length });
    expect(Number(layout?.facts?.find(({ name }) => name === 'nodes')?.value)).toBeGreaterThan(10_000);
    expect((await layout!.describe!(bytes.length - 20)).length).toBeGreaterThan(0);
  });
});
