import { describe, expect, it } from 'vitest';
import { samples, writeAvml } from '../../corpus/containers/avml.ts';
import { createRng } from '../../corpus/rng.ts';
import { inputOf, openAll } from '../../test/support/containers.ts';
import avml from './avml.ts';

describe('avml', () => {
  it('gives the memory with its addresses', async () => {
    const { sample, addresses } = writeAvml([
      { address: 0x1000n, bytes: createRng('avml').bytes(100_000) },
      { address: 0x1_0000_0000n, bytes: new Uint8Array(70_000).fill(7) },
    ]);
    const { members } = await openAll(avml, inputOf(sample.bytes));
    for (const { at, address } of addresses) {
      expect(members[0]?.layout?.regions.find(({ start }) => start === at)?.address).toBe(address);
    }
  });

  it('says when it is cut off, and which chunk is damaged', async () => {
    const { bytes, members } = samples()[0]!;
    expect((await openAll(avml, inputOf(bytes.subarray(0, bytes.length - 200)))).gaps).toMatchObject([
      { code: 'truncated' },
    ]);
    const damaged = bytes.slice();
    damaged[32 + 10 + 7 + 4 + 4 + 3] = 0xfd; // the first tag of the first block, behind its size: a long literal
    const opened = await openAll(avml, inputOf(damaged));
    expect(opened.gaps).toMatchObject([{ code: 'format-error', detail: 'avml.chunk' }]);
    expect(opened.members[0]!.content.length).toBe(members[0]!.content.length);
  });
});
