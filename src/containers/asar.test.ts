import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/asar.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import asar from './asar.ts';

describe('asar', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(asar, sample);
    await expectSurvives(asar, sample, 40);
  });
});
