import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/lime.ts';
import { expectLayout, expectSurvivesDamage, layoutOf } from '../../test/support/dump-contract.ts';
import lime from './lime.ts';

describe('lime', () => {
  it.each(samples())('reads $name', async (sample) => {
    const layout = await expectLayout(lime, sample);
    expect(layout.gaps).toEqual([]);
    expect(layout.addressSpace).toBe('physical');
  });

  it.each(samples())('survives damage of $name', async (sample) => {
    await expectSurvivesDamage(lime, sample);
  });

  it('says when a range is cut off', async () => {
    const { bytes } = samples()[0]!;
    expect((await layoutOf(lime, bytes.subarray(0, bytes.length - 1)))?.gaps).toMatchObject([{ code: 'truncated' }]);
  });
});
