import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/hs-err.ts';
import { expectLayout, expectSurvivesDamage } from '../../test/support/dump-contract.ts';
import hsErr from './hs-err.ts';

describe('hs-err', () => {
  it.each(samples())('reads one of $name', async (sample) => {
    const layout = await expectLayout(hsErr, sample);
    expect(layout.gaps).toEqual([]);
    expect(layout.facts?.map(({ name }) => name)).toEqual(['signal', 'JRE version', 'Java VM']);
  });

  it.each(samples())('survives damage of one of $name', async (sample) => {
    await expectSurvivesDamage(hsErr, sample);
  });
});
