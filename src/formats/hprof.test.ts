import { describe, expect, it } from 'vitest';
import { writeAll } from '../../corpus/formats/hprof.ts';
import { countingInput } from '../../test/support/plugin-contract.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import hprof from './hprof.ts';

describe('hprof', () => {
  it.each(writeAll())('reads $sample.name', async ({ sample, objects }) => {
    const layout = (await layoutOf(hprof, sample.bytes))!;
    expect(layout.gaps).toEqual([]);
    expect(layout).toMatchObject({ objects: 'hprof', bigEndian: true });
    for (const { what, at, names } of objects) expect(await layout.describe!(at), what).toEqual(names);
    expect(await layout.describe!(3)).toEqual([]);
  });

  it('says what is cut off, and what is no record', async () => {
    const { sample } = writeAll()[1]!;
    const cut = await layoutOf(hprof, sample.bytes.subarray(0, sample.bytes.length - 20));
    expect(cut?.gaps).toMatchObject([{ code: 'truncated', detail: 'hprof.record' }]);
    const odd = await layoutOf(hprof, new Uint8Array([...sample.bytes, ...new Uint8Array(64).fill(0x7e)]));
    expect(odd?.gaps).toMatchObject([{ code: 'format-error', detail: 'hprof.record.tag' }]);
  });

  it('labels what can be read of a stream, without a gap', async () => {
    const { sample } = writeAll()[0]!;
    const input = { ...countingInput(sample.bytes.subarray(0, 200)), size: Number.POSITIVE_INFINITY };
    expect((await hprof.readLayout(input)).gaps).toEqual([]);
  });

  const files = sampleFiles(/hprof\/.*\.bin$|\.hprof$/);
  it.runIf(files.length > 0).each(files)('opens %s', async (path) => {
    const bytes = readSample(path);
    expect(hprof.recognise(bytes.subarray(0, 64))).toBe(true);
    const layout = await layoutOf(hprof, bytes);
    expect(layout?.gaps).toEqual([]);
    const heap = layout?.regions.findLast(({ kind }) => kind === 'heap');
    expect(heap).toBeDefined();
    expect(heap!.end - heap!.start).toBeGreaterThan(bytes.length / 3);
    expect(Number(layout?.facts?.find(({ name }) => name === 'loaded classes')?.value)).toBeGreaterThan(100);
  });
});
