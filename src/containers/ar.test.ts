import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/ar.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import ar from './ar.ts';

describe('ar', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(ar, sample);
    await expectSurvives(ar, sample, 40);
  });
});
