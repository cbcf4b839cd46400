/**
 * AVML version 2 (microsoft/avml, src/image.rs): blocks of physical memory, each a header like LiME's, a snappy frame
 * stream (google/snappy, framing_format.txt), and the stream's length. All-zero blocks are left out. Trap: the end of a
 * stream shows only when as many bytes came out as the header says.
 */
import { hasText, u32le } from '../bytes/reader.ts';
import { RegionList } from '../bytes/region-list.ts';
import { decodeSnappy } from '../bytes/snappy.ts';
import { size64le, u64le } from '../bytes/uint64.ts';
import { defineContainer, type MemberGap } from '../model/container.ts';
import { FormatError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';

const MAGIC = 0x4c4d5641; // AVML in the file
const HEADER_BYTES = 32;
/** AVML makes blocks of 16 MiB; a machine of 16 TB has a million. */
const MAX_BLOCKS = 1_048_576;
const MAX_BLOCK_BYTES = 2 ** 36;
/** A chunk of a snappy stream holds at most 65,536 bytes, and never grows much. */
const MAX_CHUNK_BYTES = 131_072;
const CHUNK_DATA_BYTES = 65_536;
const CHUNK_HEAD_BYTES = 4;
const [COMPRESSED, PLAIN, IDENTIFIER] = [0x00, 0x01, 0xff];

interface Block {
  readonly address: bigint;
  readonly size: number;
  /** Where its stream begins, and where the last chunk that was seen ends. */
  readonly start: number;
  end: number;
}

export default defineContainer({
  id: 'avml',
  title: 'AVML memory image (compressed)',
  doc: `
Linux memory as \`avml --compress\` writes it (version 2). One member, \`memory\`, with the physical address of each block.
Version 1 is LiME's format. Source: \`src/image.rs\` of AVML; snappy's \`framing_format.txt\`.
`,
  access: 'random',

  recognise: (head) => u32le(head, 0) === MAGIC && u32le(head, 4) === 2,

  async *open(input) {
    const { blocks, gap } = await readBlocks(input);
    if (blocks.length === 0) throw new FormatError('avml.block[0]');
    const regions = new RegionList();
    let at = 0;
    for (const { address, size } of blocks) {
      regions.add({ kind: 'memory', label: 'physical memory', address, start: at, end: at + size });
      at += size;
    }
    const damage: MemberGap[] = gap ? [gap] : [];
    yield {
      name: 'memory',
      size: at,
      layout: { regions: regions.done(), addressSpace: 'physical', gaps: regions.gaps },
      content: () => contentOf(input, blocks, damage),
    };
    yield* damage;
  },
});

/** The blocks, from the headers and the heads of their chunks; a gap where they end early. */
async function readBlocks(input: Input): Promise<{ readonly blocks: readonly Block[]; readonly gap?: MemberGap }> {
  const blocks: Block[] = [];
  const head = new Uint8Array(HEADER_BYTES);
  let at = 0;
  while (blocks.length < MAX_BLOCKS) {
    const length = await input.read(head, at);
    if (length === 0) return { blocks };
    const [address, last] = [u64le(head, 8), size64le(head, 16)];
    const size = (last ?? 0) - Number(address ?? 0) + 1;
    const isBlock = length === HEADER_BYTES && u32le(head, 0) === MAGIC && size > 0 && size <= MAX_BLOCK_BYTES;
    if (!isBlock) {
      const code = length < HEADER_BYTES ? 'truncated' : 'format-error';
      return { blocks, gap: { code, detail: 'avml.block', span: { start: at, end: input.size } } };
    }
    const block: Block = { address: address!, size, start: at + HEADER_BYTES, end: at + HEADER_BYTES };
    blocks.push(block);
    // Each chunk gives at most 64 KiB, and at least its head is read: linear in the file.
    for (let left = size; left > 0; ) {
      const chunk = await readChunkHead(input, block.end);
      if (!chunk) return { blocks, gap: { code: 'truncated', detail: 'avml.chunk' } };
      left -= chunk.size;
      block.end = chunk.end;
    }
    at = block.end + 8;
  }
  return { blocks, gap: { code: 'over-budget', detail: 'avml.blocks' } };
}

interface Chunk {
  readonly type: number;
  readonly end: number;
  /** Bytes that come out of it. */
  readonly size: number;
}

/** Undefined when it is not all there, or makes no sense. */
async function readChunkHead(input: Input, at: number): Promise<Chunk | undefined> {
  const head = new Uint8Array(CHUNK_HEAD_BYTES + 9);
  const length = await input.read(head, at);
  if (length < CHUNK_HEAD_BYTES) return undefined;
  const word = u32le(head, 0)!;
  const type = word & 0xff;
  const body = word >>> 8;
  const end = at + CHUNK_HEAD_BYTES + body;
  if (end > input.size || body > MAX_CHUNK_BYTES) return undefined;
  if (type === PLAIN) return body >= 4 ? { type, end, size: body - 4 } : undefined;
  if (type === IDENTIFIER) return hasText(head, 4, 'sNaPpY') ? { type, end, size: 0 } : undefined;
  if (type === COMPRESSED && body < 5) return undefined;
  if (type !== COMPRESSED) return type >= 0x80 ? { type, end, size: 0 } : undefined;
  // The block begins with its size in LEB128, behind the checksum.
  let size = 0;
  for (let i = 0; i < 3; i++) {
    const byte = head[8 + i]!;
    size += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) break;
  }
  return size > 0 && size <= CHUNK_DATA_BYTES ? { type, end, size } : undefined;
}

/** Damaged chunks become zeros, so that addresses stay right, and a gap. */
async function* contentOf(input: Input, blocks: readonly Block[], damage: MemberGap[]): AsyncGenerator<Uint8Array> {
  let damaged = false;
  for (const { start, end, size } of blocks) {
    let left = size;
    let at = start;
    while (at < end && left > 0) {
      const chunk = await readChunkHead(input, at);
      if (!chunk) break;
      if (chunk.size > 0) {
        const body = new Uint8Array(chunk.end - at - CHUNK_HEAD_BYTES - 4);
        await input.read(body, at + CHUNK_HEAD_BYTES + 4);
        let data: Uint8Array = body;
        if (chunk.type === COMPRESSED) {
          const content = decodeSnappy(body, CHUNK_DATA_BYTES);
          if (!content && !damaged) damage.push({ code: 'format-error', name: 'memory', detail: 'avml.chunk' });
          damaged ||= !content;
          data = content ?? new Uint8Array(chunk.size);
        }
        yield data.length > left ? data.subarray(0, left) : data;
        left -= Math.min(left, data.length);
      }
      at = chunk.end;
    }
  }
}
