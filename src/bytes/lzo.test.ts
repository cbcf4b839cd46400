import { describe, expect, it } from 'vitest';
import { createRng } from '../../corpus/rng.ts';
import { decodeLzo1x } from './lzo.ts';

const END = [0x11, 0, 0];
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const ascii = (value: string): number[] => Array.from(value, (char) => char.charCodeAt(0));

/** By hand from Documentation/staging/lzo.rst. */
const BLOCKS: readonly (readonly [what: string, bytes: readonly number[], text: string])[] = [
  ['literals only', [17 + 5, ...ascii('abcde'), ...END], 'abcde'],
  [
    'a short copy with a literal after it',
    [17 + 4, ...ascii('abcd'), 0x40 | (3 << 2) | 1, 0, 0x58, ...END],
    'abcdabcX',
  ],
  ['a copy that overlaps itself', [17 + 4, ...ascii('abcd'), 0x80 | (1 << 5), 0, ...END], 'abcddddddd'],
  [
    'a copy with its length behind',
    [17 + 4, ...ascii('abcd'), 0x20, 9, 3 << 2, 0, ...END],
    `abcd${'abcd'.repeat(10)}ab`,
  ],
  ['two bytes after one literal', [17 + 1, ...ascii('a'), 0x02, 0, ...ascii('XY'), ...END], 'aaaXY'],
  ['long literals', [0, 5, ...ascii('x'.repeat(23)), ...END], 'x'.repeat(23)],
];

const decode = (bytes: Uint8Array, room: number): Uint8Array | undefined => {
  const out = new Uint8Array(room);
  const length = decodeLzo1x(bytes, out);
  return length === undefined ? undefined : out.subarray(0, length);
};

describe('decodeLzo1x', () => {
  it.each(BLOCKS)('reads %s', (_, bytes, expected) => {
    expect(text(decode(Uint8Array.from(bytes), 4096)!)).toBe(expected);
  });

  it('is total', () => {
    const rng = createRng('lzo');
    for (let i = 0; i < 4000; i++) {
      const block = Uint8Array.from(BLOCKS[i % BLOCKS.length]![1]);
      const copy = block.slice(0, i % 3 === 0 ? rng.int(block.length) : block.length);
      if (copy.length > 0) copy[rng.int(copy.length)] = rng.int(256);
      expect(decode(copy, 64)?.length ?? 0).toBeLessThanOrEqual(64);
    }
  });
});
