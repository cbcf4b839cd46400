import { describe, it } from 'vitest';
import { samples } from '../../corpus/containers/libvirt-save.ts';
import { expectSample, expectSurvives } from '../../test/support/containers.ts';
import libvirtSave from './libvirt-save.ts';

describe('libvirt-save', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(libvirtSave, sample);
    await expectSurvives(libvirtSave, sample, 40);
  });
});
