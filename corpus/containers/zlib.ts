/** Writes zlib streams with zlib itself: the reader's part is only to tell them from others. */
import { deflateSync } from 'node:zlib';
import type { ContainerSample } from '../dump-sample.ts';

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
  return [sample('level 1', 1, words), sample('level 6', 6, words), sample('level 9', 9, new Uint8Array(100_000))];
}
