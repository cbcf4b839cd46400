/** Writes zlib streams with zlib itself: the reader's part is only to tell them from others. */
import { deflateSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';

export function samples(): readonly ContainerSample[] {
  // Hard to compress: more than what the reader tries must be left.
  const words = Uint8Array.from({ length: 20_000 }, (_, i) => Math.imul(i * i + 7, 0x9e3779b1) >>> 25);
  const sample = (name: string, level: number, content: Uint8Array): ContainerSample => {
    const bytes = Uint8Array.from(deflateSync(content, { level }));
    return {
      name,
      container: 'zlib',
      bytes,
      members: [{ name: '', content }],
      counts: [],
      headerBytes: 4,
    };
  };
  const first = sample('level 6', 6, words);
  const followedBy = (name: string, content: Uint8Array, ...rest: Uint8Array[]): ContainerSample => ({
    ...first,
    name,
    bytes: concat(first.bytes, ...rest),
    members: [{ name: '', content }],
  });
  const small = words.subarray(0, 300);
  return [
    sample('level 1', 1, words),
    first,
    sample('level 9', 9, new Uint8Array(100_000)),
    followedBy(
      'three streams are one content',
      concat(words, small, words),
      ...[small, words].map((content) => Uint8Array.from(deflateSync(content))),
    ),
    followedBy('padded with zeros', words, new Uint8Array(600_000)),
    { ...followedBy('bytes behind the last stream', words, new Uint8Array(500).fill(7)), gaps: ['not-opened'] },
    { ...followedBy('what only begins like a stream', words, Uint8Array.of(0x78, 0x9c, 7, 7)), gaps: ['format-error'] },
  ];
}
