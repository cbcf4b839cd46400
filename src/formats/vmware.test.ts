import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/formats/vmware.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import vmware from './vmware.ts';

describe('vmware', () => {
  it.each(samples())('reads one $name', async (sample) => {
    expect((await layoutOf(vmware, sample.bytes))!.gaps).toEqual([]);
  });

  it('says that compressed memory was not opened', async () => {
    const { bytes, counts } = samples()[0]!;
    const copy = bytes.slice();
    copy[counts.at(-1)!.at + 2] = 9; // the size in memory
    expect((await layoutOf(vmware, copy))?.gaps).toMatchObject([
      { code: 'not-opened', detail: expect.stringMatching(/compressed: vmss2core/) },
    ]);
  });
});
