import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/cpio.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import cpio from './cpio.ts';

describe('cpio', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(cpio, sample);
    await expectSurvives(cpio, sample, 40);
  });
});
