import { describe, expect, it } from 'vitest';
import { snappyBlock } from '../../corpus/encode/snappy.ts';
import { createRng } from '../../corpus/rng.ts';
import { decodeSnappy } from './snappy.ts';

const rng = createRng('snappy');

describe('decodeSnappy', () => {
  it('reads literals and copies', () => {
    // From format_description.txt: a literal of "ab", then a copy of 10 bytes from 2 back, one-byte and four-byte distance.
    const text = Uint8Array.of(12, 1 << 2, 0x61, 0x62, ((10 - 4) << 2) | 1, 2);
    expect(Buffer.from(decodeSnappy(text, 12)!).toString('latin1')).toBe('abababababab');
    const far = Uint8Array.of(5, 1 << 2, 0x61, 0x62, (2 << 2) | 3, 2, 0, 0, 0);
    expect(Buffer.from(decodeSnappy(far, 12)!).toString('latin1')).toBe('ababa');
  });

  it.each([0, 1, 59, 60, 61, 300, 65_536])('reads %i bytes back', (length) => {
    const bytes = rng.bytes(length);
    bytes.fill(9, Math.floor(length / 3), Math.floor(length / 2));
    expect(Buffer.compare(decodeSnappy(snappyBlock(bytes), 65_536)!, bytes)).toBe(0);
  });

  it('is total', () => {
    const block = snappyBlock(Uint8Array.from({ length: 500 }, (_, i) => (i % 100 < 60 ? 1 : i)));
    for (let i = 0; i < 2000; i++) {
      const copy = block.slice(0, i % 3 === 0 ? rng.int(block.length) : block.length);
      if (copy.length > 0) copy[rng.int(copy.length)] = rng.int(256);
      expect(decodeSnappy(copy, 1000)?.length ?? 0).toBeLessThanOrEqual(1000);
    }
  });
});
