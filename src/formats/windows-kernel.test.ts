import { describe, expect, it } from 'vitest';
import { writeAll } from '../../corpus/formats/windows-kernel.ts';
import { layoutOf } from '../../test/support/read-safely.ts';
import { hasText } from '../bytes/reader.ts';
import kernel from './windows-kernel.ts';

describe('windows-kernel', () => {
  it.each(writeAll())('reads $sample.name', async ({ sample, mapped }) => {
    const layout = (await layoutOf(kernel, sample.bytes))!;
    expect(layout.gaps).toEqual([]);
    expect(layout.pointerBytes).toBe(hasText(sample.bytes, 0, 'PAGEDU64') ? 8 : 4);
    if (mapped) expect(await layout.describe!(mapped.at)).toEqual(mapped.names);
  });

  it('says what the bugcheck was, and lists drivers', async () => {
    const triage = writeAll()[2]!.sample;
    const layout = await layoutOf(kernel, triage.bytes);
    expect(layout?.facts).toContainEqual({ name: 'bugcheck', value: '0xd1 (0x0, 0x1, 0x2, 0x3)' });
    expect(layout?.facts).toContainEqual({ name: 'dump type', value: 'triage' });
    expect(layout?.modules).toEqual([{ name: 'a.sys', address: 0xffff_f800_0000_0000n, size: 0x5000n }]);
  });

  it.each(writeAll().filter(({ sample }) => /^(bitmap|kernel)/.test(sample.name)))(
    'says that pages have no addresses when the bitmap of $sample.name is not understood',
    async ({ sample }) => {
      const bytes = sample.bytes.slice();
      const at = Buffer.from(bytes).indexOf('DMPDUMP') - 1;
      bytes.fill(0x41, at, at + 4);
      const gap = { code: 'format-error', detail: expect.stringContaining('no addresses') };
      expect((await layoutOf(kernel, bytes))?.gaps).toMatchObject([gap]);
    },
  );

  it('checks the number of pages where the header gives no other sign', async () => {
    const bytes = writeAll()
      .find(({ sample }) => sample.name === 'kernel, 32 bits')!
      .sample.bytes.slice();
    bytes[0x1020]! ^= 0xf0;
    const layout = await layoutOf(kernel, bytes);
    expect(layout?.gaps).toMatchObject([{ code: 'format-error' }]);
    expect(layout?.regions.filter(({ kind }) => kind === 'memory')).toEqual([]);
  });

  it('says when it is cut off', async () => {
    for (const { sample } of writeAll()) {
      const layout = await layoutOf(kernel, sample.bytes.subarray(0, sample.bytes.length - 100));
      expect(layout?.gaps[0]?.code, sample.name).toBe('truncated');
    }
  });
});
