/** `.lzma` files of literals. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { createRng } from '../rng.ts';
import { u32, u64 } from './layout.ts';
import { LzmaLiteralEncoder } from './lzma-encoder.ts';

export function samples(): readonly ContainerSample[] {
  const content = createRng('containers/lzma').bytes(2000);
  const head = concat(Uint8Array.of(0x5d), u32(2 ** 16));
  const unknown = new Uint8Array(8).fill(0xff);
  const members = [{ name: '', content }];
  const common = {
    container: 'lzma',
    counts: [
      { at: 1, bytes: 4 },
      { at: 5, bytes: 8 },
    ],
    headerBytes: 30,
  } as const;
  const marked = LzmaLiteralEncoder.encode(content, true);
  return [
    { ...common, name: 'an end marker', bytes: concat(head, unknown, marked), members },
    { ...common, name: 'a size', bytes: concat(head, u64(2000), LzmaLiteralEncoder.encode(content, false)), members },
    { ...common, name: 'a size and an end marker', bytes: concat(head, u64(2000), marked), members },
    {
      ...common,
      name: 'too large a size',
      bytes: concat(head, u64(3000), marked),
      members,
      gaps: ['format-error'],
    },
  ];
}
