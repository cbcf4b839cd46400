/** Writes lzop files by lzop.c 1.04, with blocks of LZO1X instructions chosen by hand (the kernel's lzo.rst). */
import type { ContainerSample } from '../dump-sample.ts';
import { concat } from '../encode/text.ts';
import { crc32Of } from './checksums.ts';

const big = (...values: readonly number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value);
  return new Uint8Array(view.buffer);
};

export function samples(): readonly ContainerSample[] {
  const words = Uint8Array.from({ length: 40 }, (_, i) => (i * i * 3 + i) & 255);
  // 40 literals (0, 40 - 18); M3: 60 bytes from 40 back and 2 literals; M2: 5 bytes from 9 back; the end.
  const block = concat(
    Uint8Array.of(0, 22),
    words,
    Uint8Array.of(32, 60 - 2 - 31, (39 << 2) | 2, 0, 7, 9),
    Uint8Array.of(((5 - 1) << 5) | ((8 & 7) << 2), 8 >> 3),
    Uint8Array.of(0x11, 0, 0),
  );
  const content = new Uint8Array(107);
  content.set(words);
  for (let i = 40; i < 100; i++) content[i] = content[i - 40]!;
  content.set([7, 9], 100);
  for (let i = 102; i < 107; i++) content[i] = content[i - 9]!;
  const name = Uint8Array.from(Buffer.from('core'));
  const head = (flags: number): Uint8Array =>
    concat(
      Uint8Array.of(0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a, 0x1a, 0x0a, 0x10, 0x40, 0x20, 0xa0, 0x09, 0x40, 1, 5),
      big(flags, 0o100644, 0, 0),
      Uint8Array.of(name.length),
      name,
      big(0),
    );
  const file = (sum: number): Uint8Array =>
    concat(
      head(0x100),
      big(content.length, block.length, sum),
      block,
      big(words.length, words.length, crc32Of(words)),
      words,
      big(0),
    );
  const all = concat(content, words);
  const sample = (
    what: string,
    bytes: Uint8Array,
    contents: readonly Uint8Array[],
    gaps?: string[],
  ): ContainerSample => ({
    name: what,
    container: 'lzop',
    bytes,
    members: contents.map((bytes) => ({ name: 'core', content: bytes })),
    ...(gaps && { gaps }),
    counts: [38, 42].map((at) => ({ at, bytes: 4 as const })),
    headerBytes: 60,
  });
  const right = file(crc32Of(content));
  return [
    sample('a packed and a stored block', right, [all]),
    sample('two files', concat(right, right), [all, all]),
    sample('a wrong checksum', file(1), [content], ['format-error']),
  ];
}
