import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/rpm.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import rpm from './rpm.ts';

describe('rpm', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(rpm, sample);
    await expectSurvives(rpm, sample, 40);
  });
});
