import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/snappy.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import snappy from './snappy.ts';

describe('snappy', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(snappy, sample);
    await expectSurvives(snappy, sample, 40);
  });
});
