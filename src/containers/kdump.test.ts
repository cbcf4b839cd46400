import { describe, expect, it } from 'vitest';
import { samplePages, samples, writeKdump } from '../../corpus/containers/kdump.ts';
import { inputOf, openAll } from '../../test/support/containers.ts';
import kdump from './kdump.ts';

describe('kdump', () => {
  it.each(samples())('gives the pages of $name', async (sample) => {
    const { members } = await openAll(kdump, inputOf(sample.bytes));
    const regions = members[0]!.layout!.regions;
    if (sample.name.includes('split')) expect(regions.map(({ address }) => address)).toEqual([0x3000n, 0x9000n]);
    else expect(regions.map(({ address }) => address)).toEqual([0x1000n, 0x9000n, 0x9c4_0000n]);
    expect(regions.at(-1)?.end).toBe(members[0]!.content.length);
  });

  it('says what it can not decode, and keeps the addresses right', async () => {
    const [first, second] = samplePages();
    const options = { words: 64, order: 'little', flattened: false } as const;
    for (const method of ['zlib', 'lzo', 'snappy', 'zstd'] as const) {
      const dump = writeKdump({
        ...options,
        pages: [
          { ...first!, method },
          { ...second!, method },
        ],
      });
      // The size of the first page's data: it is now too short.
      const at = dump.counts.at(-5)!.at;
      const copy = dump.bytes.slice();
      copy[at] = 9;
      copy[at + 1] = 0;
      const { members, gaps } = await openAll(kdump, inputOf(copy));
      expect(gaps, method).toMatchObject([{ code: 'format-error', detail: 'kdump.page.data' }]);
      expect(members[0]!.content.subarray(0, 4096).every((byte) => byte === 0)).toBe(true);
      expect(Buffer.compare(members[0]!.content.subarray(4096), second!.bytes), method).toBe(0);
    }
    const { bytes } = samples()[0]!;
    expect((await openAll(kdump, inputOf(bytes.subarray(0, bytes.length - 100)))).gaps).toMatchObject([
      { code: 'truncated' },
    ]);
  });
});
