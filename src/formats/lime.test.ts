import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/lime.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import lime from './lime.ts';

describe('lime', () => {
  it.each(samples())('reads $name', async (sample) => {
    const layout = (await layoutOf(lime, sample.bytes))!;
    expect(layout.gaps).toEqual([]);
    expect(layout.addressSpace).toBe('physical');
  });

  it('says when a range is cut off', async () => {
    const { bytes } = samples()[0]!;
    expect((await layoutOf(lime, bytes.subarray(0, bytes.length - 1)))?.gaps).toMatchObject([{ code: 'truncated' }]);
  });
});
