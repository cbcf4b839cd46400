/** Writes AVML images of version 2, after src/image.rs of AVML. */
import type { ContainerSample } from '../dump-sample.ts';
import { Binary } from '../encode/binary.ts';
import { snappyStream } from '../encode/snappy.ts';
import { concat } from '../encode/text.ts';

export interface AvmlSample {
  readonly sample: ContainerSample;
  readonly addresses: readonly { readonly at: number; readonly address: bigint }[];
}

export function writeAvml(blocks: readonly { readonly address: bigint; readonly bytes: Uint8Array }[]): AvmlSample {
  const out = new Binary('little');
  const addresses: { at: number; address: bigint }[] = [];
  let at = 0;
  for (const { address, bytes } of blocks) {
    const stream = snappyStream(bytes);
    out
      .bytes('AVML')
      .u32(2)
      .count(8, address)
      .count(8, address + BigInt(bytes.length) - 1n)
      .zeros(8);
    out.bytes(stream).count(8, stream.length);
    addresses.push({ at, address });
    at += bytes.length;
  }
  const content = concat(...blocks.map(({ bytes }) => bytes));
  return {
    sample: {
      name: `${blocks.length} blocks`,
      container: 'avml',
      bytes: out.done(),
      members: [{ name: 'memory', content }],
      counts: out.counts,
      headerBytes: 60,
    },
    addresses,
  };
}

export function samples(): readonly ContainerSample[] {
  const bytes = (size: number, seed: number): Uint8Array =>
    Uint8Array.from({ length: size }, (_, i) => (i % 4096 < 3000 ? seed : (i * i * seed) >> 3));
  const blocks = [
    { address: 0x1000n, bytes: bytes(150_000, 3) },
    { address: 0x1_0000_0000n, bytes: bytes(4096, 5) },
  ];
  return [writeAvml(blocks).sample];
}
