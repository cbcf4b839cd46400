import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/containers/lz4.ts';
import { inputOf, openAll } from '../../test/support/containers.ts';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import lz4 from './lz4.ts';

describe('lz4', () => {
  it('notices every flipped bit, by one of its checksums', async () => {
    const { bytes } = samples().find(({ name }) => name.includes('checksums'))!;
    for (let at = 4; at < bytes.length; at += 3) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1;
      const opened = await openAll(lz4, inputOf(damaged));
      expect(opened.members[0]?.error, `byte ${at}`).toBeDefined();
    }
  });

  it('asks for a dictionary', async () => {
    const { bytes } = samples().find(({ name }) => name.includes('dictionary'))!;
    const opened = await openAll(lz4, inputOf(bytes));
    expect(opened.members[0]?.error).toBe('not-opened: lz4.dictionary');
  });

  const names = sampleFiles(/^containers\/[^/]*\.lz4$/);
  it.skipIf(names.length === 0)('reads the files of others', async () => {
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const bytes = readSample(name);
      expect(lz4.recognise(bytes), name).toBe(true);
      const opened = await openAll(lz4, inputOf(bytes));
      // One ends with what is no frame.
      const trailing = name.includes('lz4_2') ? 'format-error: lz4.trailing' : undefined;
      expect(opened.members[0]?.error, name).toBe(trailing);
      expect(opened.bytes % 512, name).toBe(0);
      expect(Buffer.from(opened.members[0]!.content.subarray(257, 262)).toString('latin1'), name).toBe('ustar');
    }
  });
});
