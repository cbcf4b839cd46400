/** `.lzma` files (LZMA_Alone): no magic, so the header's values must be ones that encoders write. */
import { readPieces } from '../bytes/input-reader.ts';
import { u32le } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { decodeAhead } from './codecs/decode-ahead.ts';

export default defineContainer({
  id: 'lzma',
  title: 'LZMA (.lzma)',
  doc: `
The file format of LZMA Utils and the LZMA SDK (\`lzma-file-format.txt\` of xz), with a known or an unknown size.
Recognised as xz does it: dictionaries of 2^n or 2^n + 2^(n-1) bytes, sizes below 256 GiB. It carries no checksum.

A gap: dictionaries above 256 MiB, damage.`,
  access: 'sequential',
  recognise(head) {
    // lc = 3, lp = 0, pb = 2: what all encoders write unless told otherwise.
    const dictionary = u32le(head, 1);
    const low = u32le(head, 5);
    const high = u32le(head, 9);
    if (head[0] !== 0x5d || head[13] !== 0 || dictionary === undefined || low === undefined || high === undefined) {
      return false;
    }
    const top = 31 - Math.clz32(dictionary);
    const usual = dictionary === 2 ** top || dictionary === 1.5 * 2 ** top || dictionary === 0xffffffff;
    return dictionary >= 4096 && usual && ((low === 0xffffffff && high === 0xffffffff) || high < 64);
  },
  async *open(input) {
    yield { name: '', content: () => decodeAhead('lzma', readPieces(input)) };
  },
});
