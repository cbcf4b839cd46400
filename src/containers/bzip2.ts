/** bzip2 files. Decoded by `codecs/bzip2.ts`. */
import { readPieces } from '../bytes/input-reader.ts';
import { hasBytes, hasText } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { decodeAhead } from './codecs/decode-ahead.ts';

export default defineContainer({
  id: 'bzip2',
  title: 'bzip2',
  doc: `
Streams of [bzip2](https://sourceware.org/bzip2/), one or many (\`pbzip2\` writes many); the checksums of blocks and streams are verified.

A gap: blocks that bzip2 0.9.0 and older randomised, damage (blocks before it are searched).`,
  access: 'sequential',
  recognise: (head) =>
    hasText(head, 0, 'BZh') &&
    (hasBytes(head, 4, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) ||
      hasBytes(head, 4, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90])),
  async *open(input) {
    yield { name: '', content: () => decodeAhead('bzip2', readPieces(input)) };
  },
});
