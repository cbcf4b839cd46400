/** Writes snappy streams by framing_format.txt and format_description.txt: literals and chosen copies. */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { reflectedCrc } from './checksums.ts';

const mask = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
const little = (value: number, width: number): Uint8Array =>
  Uint8Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) % 256);

function chunk(type: number, content: Uint8Array, body: Uint8Array): Uint8Array {
  const sum = little(mask(Number(reflectedCrc(content, 0x82f63b78n, 32))), 4);
  return concat(Uint8Array.of(type), little(body.length + 4, 3), sum, body);
}

const literal = (bytes: Uint8Array): Uint8Array =>
  bytes.length <= 60
    ? concat(Uint8Array.of((bytes.length - 1) << 2), bytes)
    : concat(Uint8Array.of(61 << 2), little(bytes.length - 1, 2), bytes);

export function samples(): readonly ContainerSample[] {
  const words = Uint8Array.from({ length: 700 }, (_, i) => (i * i * 13 + i) & 255);
  const content = concat(words, words.subarray(100, 164), words.subarray(0, 8), new Uint8Array(40).fill(words[7]!));
  const block = concat(
    Uint8Array.of(0x80 | (content.length & 127), content.length >> 7),
    literal(words),
    Uint8Array.of((63 << 2) | 2),
    little(600, 2),
    Uint8Array.of((7 << 2) | 3),
    little(764, 4),
    Uint8Array.of((39 << 2) | 2),
    little(1, 2),
  );
  const head = Uint8Array.of(0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59);
  const packed = chunk(0, content, block);
  const plain = chunk(1, words, words);
  const padding = concat(Uint8Array.of(0xfe), little(5, 3), new Uint8Array(5));
  const sample = (name: string, bytes: Uint8Array, all: Uint8Array, gaps?: string[]): ContainerSample => ({
    name,
    container: 'snappy',
    bytes,
    members: [{ name: '', content: all }],
    ...(gaps && { gaps }),
    counts: [{ at: 11, bytes: 2 }],
    headerBytes: 20,
  });
  const wrong = packed.slice();
  wrong[4]! ^= 1;
  return [
    sample('packed and plain chunks', concat(head, packed, plain), concat(content, words)),
    sample('padding, and a second stream', concat(head, packed, padding, head, plain), concat(content, words)),
    sample('a wrong checksum', concat(head, plain, wrong, plain), concat(words, content), ['format-error']),
    sample('a chunk that must not be skipped', concat(head, plain, Uint8Array.of(2, 1, 0, 0, 0)), words, [
      'not-opened',
    ]),
  ];
}
