/** lzip files: members of a 6-byte header, raw LZMA1 with an end marker, and a trailer of 20 bytes (12 in version 0). */

import { crc32 } from 'node:zlib';
import { ByteQueue } from '../bytes/byte-queue.ts';
import { readPieces } from '../bytes/input-reader.ts';
import { hasText, u32le } from '../bytes/reader.ts';
import { size64le } from '../bytes/uint64.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError, SourceError } from '../model/errors.ts';
import { readLzma1 } from './codecs/lzma.ts';

/** lc = 3, lp = 0, pb = 2: lzip knows no others. */
const PROPERTIES = 0x5d;

async function* decodeLzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = new ByteQueue(source);
  try {
    for (let first = true; first || (await queue.fill(1)); first = false) {
      const start = queue.position;
      const head = await queue.take(6, 'lzip.header');
      if (!hasText(head, 0, 'LZIP')) throw new FormatError('lzip.magic');
      const version = head[4]!;
      if (version > 1) throw new SourceError('not-opened', 'lzip.version');
      const base = 2 ** (head[5]! & 31);
      const windowBytes = base - (base / 16) * (head[5]! >>> 5);
      if (windowBytes < 4096) throw new FormatError('lzip.dictionary');
      let crc = 0;
      let size = 0;
      for await (const piece of readLzma1(queue, { properties: PROPERTIES, windowBytes })) {
        crc = crc32(piece, crc);
        size += piece.length;
        yield piece;
      }
      const trailer = await queue.take(version === 0 ? 12 : 20, 'lzip.trailer');
      if (u32le(trailer, 0) !== crc) throw new FormatError('lzip.crc');
      if (size64le(trailer, 4) !== size) throw new FormatError('lzip.data_size');
      const stored = version === 0 ? undefined : size64le(trailer, 12);
      if (stored !== undefined && stored !== queue.position - start) throw new FormatError('lzip.member_size');
    }
  } finally {
    await queue.close();
  }
}

export default defineContainer({
  id: 'lzip',
  title: 'lzip',
  doc: `
[lzip](https://www.nongnu.org/lzip/manual/lzip_manual.html#File-format) versions 0 and 1, any number of members; CRC and sizes are verified.

A gap: other versions, dictionaries above 256 MiB, damage.`,
  access: 'sequential',
  recognise: (head) => hasText(head, 0, 'LZIP') && head.length > 5,
  async *open(input) {
    yield { name: '', content: () => decodeLzip(readPieces(input)) };
  },
});
