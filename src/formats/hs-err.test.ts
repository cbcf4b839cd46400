import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/hs-err.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import hsErr from './hs-err.ts';

describe('hs-err', () => {
  it.each(samples())('reads one of $name', async (sample) => {
    const layout = (await layoutOf(hsErr, sample.bytes))!;
    expect(layout.gaps).toEqual([]);
    expect(layout.facts?.map(({ name }) => name)).toEqual(['signal', 'JRE version', 'Java VM']);
  });
});
