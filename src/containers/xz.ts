/** xz files (xz-file-format.txt 1.2). Decoded by `codecs/xz.ts`. */
import { readPieces } from '../bytes/input-reader.ts';
import { hasBytes } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { decodeAhead } from './codecs/decode-ahead.ts';

export default defineContainer({
  id: 'xz',
  title: 'xz',
  doc: `
[The .xz file format](https://tukaani.org/xz/xz-file-format.txt): any number of streams and blocks, padding between them, LZMA2 with the filters
delta, x86, PowerPC, ARM, ARM Thumb, ARM64 and SPARC. CRC32, CRC64 and SHA-256 are verified, and so are index and footer.

A gap: other filters (IA-64, RISC-V), checks of unknown kinds (the content is searched all the same), dictionaries above 256 MiB, damage.`,
  access: 'sequential',
  recognise: (head) => hasBytes(head, 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  async *open(input) {
    yield { name: '', content: () => decodeAhead('xz', readPieces(input)) };
  },
});
