/**
 * Program databases (MSF 7.00; llvm.org/docs/PDB/MsfFile.html): streams are lists of blocks anywhere in the file, so
 * that a long record lies in pieces. Each stream is a member.
 */
import { readExactly } from '../bytes/input-reader.ts';
import { hasText, u32le } from '../bytes/reader.ts';
import { defineContainer } from '../model/container.ts';
import { FormatError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const MAGIC = 'Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0';
const NAMES = ['old directory', 'PDB info', 'TPI types', 'DBI debug information', 'IPI items'];
/** The directory is held in memory: 4 bytes for each block of the file; a PDB is at most 4 GiB with 4 KiB blocks, mostly. */
const MAX_DIRECTORY_BYTES = 2 ** 26;

export default defineContainer({
  id: 'pdb',
  title: 'Program database (PDB)',
  doc: `
Microsoft's debug information in the [multi-stream file](https://llvm.org/docs/PDB/MsfFile.html) 7.00: each stream is put together from its blocks.
Embedded sources and injected files are streams as well. Free blocks are searched as bytes of the file.

A gap: MSF 2.00 (before Visual C++ 7) is not recognised and is searched as bytes; damage.`,
  access: 'random',
  recognise: (head) => hasText(head, 0, MAGIC),
  async *open(input) {
    const header = await readExactly(input, 0, 56, 'pdb.superblock');
    const blockBytes = u32le(header, 32)!;
    const directoryBytes = u32le(header, 44)!;
    if (blockBytes < 512 || blockBytes > 65_536 || (blockBytes & (blockBytes - 1)) !== 0) {
      throw new FormatError('pdb.block_size');
    }
    if (directoryBytes > Math.min(MAX_DIRECTORY_BYTES, input.size)) throw new FormatError('pdb.directory');
    const mapBytes = Math.ceil(directoryBytes / blockBytes) * 4;
    const map = await readExactly(input, u32le(header, 52)! * blockBytes, mapBytes, 'pdb.directory_map');
    const directory = new Uint8Array(directoryBytes);
    let to = 0;
    for await (const piece of readBlocks(input, map, blockBytes, directoryBytes)) {
      directory.set(piece, to);
      to += piece.length;
    }
    const count = u32le(directory, 0) ?? 0;
    if (4 + count * 4 > directoryBytes) throw new FormatError('pdb.directory');
    let at = 4 + count * 4;
    for (let i = 0; i < count; i++) {
      const size = u32le(directory, 4 + i * 4)!;
      // A stream that was deleted.
      if (size === 0 || size === 0xffffffff) continue;
      const blocks = directory.subarray(at, at + Math.ceil(size / blockBytes) * 4);
      at += Math.ceil(size / blockBytes) * 4;
      if (at > directoryBytes) throw new FormatError('pdb.directory');
      const stored = contiguous(blocks, blockBytes, size, input.size);
      yield {
        name: NAMES[i] ?? `stream ${i}`,
        size,
        ...(stored && { stored }),
        content: () => readBlocks(input, blocks, blockBytes, size),
      };
    }
  },
});

async function* readBlocks(
  input: Input,
  blocks: Uint8Array,
  blockBytes: number,
  size: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = size;
  for (let at = 0; left > 0; at += 4) {
    const block = u32le(blocks, at);
    if (block === undefined) throw new FormatError('pdb.stream');
    const bytes = await readExactly(input, block * blockBytes, Math.min(left, blockBytes), 'pdb.block');
    left -= bytes.length;
    yield bytes;
  }
}

function contiguous(
  blocks: Uint8Array,
  blockBytes: number,
  size: number,
  inputSize: number,
): { start: number; end: number } | undefined {
  const first = u32le(blocks, 0)!;
  for (let at = 4; at < blocks.length; at += 4) if (u32le(blocks, at) !== first + at / 4) return undefined;
  const start = first * blockBytes;
  return start + size <= inputSize ? { start, end: start + size } : undefined;
}
