/** Zstandard files (RFC 8878): systemd's cores, kdump, packages. Decoded by `codecs/zstd.ts`. */
import { readPieces } from '../bytes/input-reader.ts';
import { u32le } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { decodeAhead } from './codecs/decode-ahead.ts';

export default defineContainer({
  id: 'zstd',
  title: 'Zstandard',
  doc: `
Frames of [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878), one or many, with skippable frames between them; content checksums are verified.
Decoded by Node's own zstd where it has one (22.15), else by \`zstddec\`.

A gap: frames that need a dictionary, windows above 128 MiB (\`--long=28\` and more), damage (what was decoded before it is searched).`,
  access: 'sequential',
  recognise(head) {
    const magic = u32le(head, 0);
    return magic === 0xfd2fb528 || (magic !== undefined && (magic & 0xfffffff0) >>> 0 === 0x184d2a50);
  },
  async *open(input) {
    yield { name: '', content: () => decodeAhead('zstd', readPieces(input)) };
  },
});
