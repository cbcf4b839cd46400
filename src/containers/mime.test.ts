import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/mime.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import mime from './mime.ts';

describe('mime', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(mime, sample);
    await expectSurvives(mime, sample, 40);
  });
});
