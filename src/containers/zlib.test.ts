import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/containers/zlib.ts';
import { expectSample, expectSurvives, inputOf, openAll } from '../../test/support/containers.ts';
import zlib from './zlib.ts';

describe('zlib', () => {
  it.each(samples().map((sample) => [sample.name, sample] as const))('reads %s', async (_, sample) => {
    await expectSample(zlib, sample);
    await expectSurvives(zlib, sample, 40);
  });

  it('is not what only begins like one', () => {
    let state = 1;
    for (let i = 0; i < 2000; i++) {
      const bytes = Uint8Array.from(
        { length: 200 },
        () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 24,
      );
      bytes.set([0x78, 0x9c]);
      expect(zlib.recognise(bytes)).toBe(false);
    }
  });

  it('verifies the checksum', async () => {
    const bytes = samples()[0]!.bytes.slice();
    bytes[bytes.length - 1]! ^= 1;
    const opened = await openAll(zlib, inputOf(bytes));
    expect(opened.members[0]?.error).toBe('format-error: zlib.data');
  });
});
