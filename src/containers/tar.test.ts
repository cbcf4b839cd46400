import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/tar.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import tar from './tar.ts';

describe('tar', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(tar, sample);
    await expectSurvives(tar, sample, 40);
  });
});
