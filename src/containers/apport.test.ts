import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/apport.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import apport from './apport.ts';

describe('apport', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(apport, sample);
    await expectSurvives(apport, sample, 40);
  });
});
