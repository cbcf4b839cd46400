/** lzip members of literals. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { crc32Of } from './checksums.ts';
import { u32, u64 } from './layout.ts';
import { LzmaLiteralEncoder } from './lzma-encoder.ts';

function writeLzip(content: Uint8Array, version: 0 | 1, damage = 0): Uint8Array {
  const data = LzmaLiteralEncoder.encode(content, true);
  const trailer = concat(u32((crc32Of(content) ^ damage) >>> 0), u64(content.length));
  const size = 6 + data.length + trailer.length + 8;
  return concat('LZIP', Uint8Array.of(version, 12 + 4), data, trailer, version ? u64(size) : new Uint8Array(0));
}

export function samples(): readonly ContainerSample[] {
  const rng = createRng('containers/lzip');
  const a = rng.bytes(900);
  const b = rng.bytes(50);
  const common = {
    container: 'lzip',
    counts: [
      { at: 4, bytes: 1 },
      { at: 5, bytes: 1 },
    ],
    headerBytes: 30,
  } as const;
  return [
    { ...common, name: 'one member', bytes: writeLzip(a, 1), members: [{ name: '', content: a }] },
    {
      ...common,
      name: 'members of versions 0 and 1',
      bytes: concat(writeLzip(a, 0), writeLzip(b, 1)),
      members: [{ name: '', content: concat(a, b) }],
    },
    {
      ...common,
      name: 'a wrong checksum',
      bytes: writeLzip(a, 1, 1),
      members: [{ name: '', content: a }],
      gaps: ['format-error'],
    },
  ];
}
