/** Writes LiME images, after LiME's README. */
import type { DumpSample, Expected } from '../dump-sample.ts';
import { Binary } from '../encode/binary.ts';

export function samples(): readonly DumpSample[] {
  const out = new Binary('little');
  const expected: Expected[] = [];
  for (const [address, size] of [
    [0x1000n, 0x9e000],
    [0x10_0000n, 0x3000],
    [0x1_0000_0000n, 0x2000],
  ] as const) {
    out
      .bytes('EMiL')
      .u32(1)
      .count(8, address)
      .count(8, address + BigInt(size) - 1n)
      .zeros(8);
    expected.push({ start: out.at, end: out.at + size, kind: 'memory', label: 'physical', address });
    out.bytes(new Uint8Array(size).fill(Number(address >> 12n)));
  }
  return [{ name: 'three ranges', format: 'lime', bytes: out.done(), expected, counts: out.counts, headerBytes: 40 }];
}
