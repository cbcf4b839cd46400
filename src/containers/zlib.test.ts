import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { samples } from '../../corpus/containers/zlib.ts';
import { inputOf, openAll, summary } from '../../test/support/containers.ts';
import zlib from './zlib.ts';

describe('zlib', () => {
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

  it('gives what a stream that is cut off holds', async () => {
    const bytes = Uint8Array.from(deflateSync(new Uint8Array(1_000_000).map((_, i) => (i * i) >> 7)));
    const { members } = await openAll(zlib, inputOf(bytes.slice(0, -9)));
    expect(members[0]?.error).toBe('truncated: zlib.data');
    expect(members[0]!.content.length).toBeGreaterThan(990_000);
  });

  it('goes on with a stream whose header lies across two reads', async () => {
    const words = Uint8Array.from({ length: 100 }, (_, i) => i);
    // Stored, so that the second stream begins one byte before the end of the reader's buffer.
    const first = deflateSync(new Uint8Array(262_143 - 6 - 5 * 5).fill(120), { level: 0, memLevel: 9 });
    for (const padding of [-2, -1, 0, 1, 2]) {
      const content = new Uint8Array(262_143 - (first.length - (262_143 - 31)) + padding).fill(120);
      const stored = deflateSync(content, { level: 0, memLevel: 9 });
      const opened = await openAll(zlib, inputOf(Uint8Array.from(Buffer.concat([stored, deflateSync(words)]))));
      expect(summary(opened)).toEqual([`: ${content.length + 100}`]);
    }
  });
});
