import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/compress.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import compress from './compress.ts';

describe('compress', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(compress, sample);
    await expectSurvives(compress, sample, 40);
  });
});
