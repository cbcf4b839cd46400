import { describe, expect, it } from 'vitest';
import { readSample, sampleFiles } from '../../test/support/samples.ts';
import { crc32c } from './crc32c.ts';
import { decodeLz4Block } from './lz4-block.ts';
import { decodeLzo1x } from './lzo.ts';
import { decodeSnappy, parseSnappyLength } from './snappy.ts';
import { Xxh32, xxh32 } from './xxh32.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

describe('checksums', () => {
  it('agrees with the published values', () => {
    // RFC 3720 B.4, and the check value of the CRC catalogues; xxhash_spec.md.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(ascii('123456789'))).toBe(0xe3069283);
    expect(xxh32(new Uint8Array(0))).toBe(0x02cc5d05);
    expect(xxh32(ascii('abc'))).toBe(0x32d153ff);
  });

  it('is the same in pieces', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) & 255);
    for (const step of [1, 3, 15, 16, 17, 100]) {
      const hash = new Xxh32();
      for (let at = 0; at < bytes.length; at += step) hash.update(bytes.subarray(at, at + step));
      expect(hash.digest()).toBe(xxh32(bytes));
    }
  });
});

describe('block decoders', () => {
  it('survive any bytes, within what they were given', () => {
    let state = 7;
    const random = (below: number): number =>
      Math.floor(((state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32) * below);
    for (let i = 0; i < 20_000; i++) {
      const block = Uint8Array.from({ length: random(60) }, () => random(256));
      const out = new Uint8Array(300);
      decodeLz4Block(block, out, 0, 200);
      expect(decodeLzo1x(block, out.subarray(0, 200)) ?? 0).toBeLessThanOrEqual(200);
      expect(decodeSnappy(block, 200)?.length ?? 0).toBeLessThanOrEqual(200);
      expect(out.subarray(200).every((byte) => byte === 0)).toBe(true);
    }
  });

  it('refuses lengths that lie', () => {
    expect(decodeSnappy(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0), 1000)).toBeUndefined();
    expect(parseSnappyLength(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff))).toBeUndefined();
  });

  const names = sampleFiles(/^containers\/[^/]*\.snappy$/);
  it.skipIf(names.length === 0)('refuses the damaged blocks of snappy itself', () => {
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) expect(decodeSnappy(readSample(name), 2 ** 24), name).toBeUndefined();
  });
});
