import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/lzop.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import lzop from './lzop.ts';

describe('lzop', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(lzop, sample);
    await expectSurvives(lzop, sample, 40);
  });
});
