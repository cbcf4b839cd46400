import { describe, expect, it } from 'vitest';
import { writeAll } from '../../corpus/formats/windows-kernel.ts';
import { expectLayout, expectSurvivesDamage, layoutOf } from '../../test/support/dump-contract.ts';
import kernel from './windows-kernel.ts';

describe('windows-kernel', () => {
  it.each(writeAll())('reads $sample.name', async ({ sample, mapped }) => {
    const layout = await expectLayout(kernel, sample);
    expect(layout.gaps).toEqual([]);
    if (mapped) expect(await layout.describe!(mapped.at)).toEqual(mapped.names);
  });

  it('says what the bugcheck was, and lists drivers', async () => {
    const triage = writeAll()[2]!.sample;
    const layout = await layoutOf(kernel, triage.bytes);
    expect(layout?.facts).toContainEqual({ name: 'bugcheck', value: '0xd1 (0x0, 0x1, 0x2, 0x3)' });
    expect(layout?.facts).toContainEqual({ name: 'dump type', value: 'triage' });
    expect(layout?.modules).toEqual([{ name: 'a.sys', address: 0xffff_f800_0000_0000n, size: 0x5000n }]);
  });

  it.each(writeAll())('survives damage of $sample.name', async ({ sample }) => {
    await expectSurvivesDamage(kernel, sample);
  });

  it('says when it is cut off', async () => {
    for (const { sample } of writeAll()) {
      const layout = await layoutOf(kernel, sample.bytes.subarray(0, sample.bytes.length - 100));
      expect(layout?.gaps[0]?.code, sample.name).toBe('truncated');
    }
  });
});
