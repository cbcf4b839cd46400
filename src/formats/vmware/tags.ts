/** Tags of a group in a VMware state file: u8 flags, u8 length of the name, name, u32 indices, then data or a block. */
import type { InputWindow } from '../../bytes/input-window.ts';
import { publicText } from '../../bytes/public-words.ts';
import { u32le } from '../../bytes/reader.ts';
import { size64le } from '../../bytes/uint64.ts';
import type { GapCode } from '../../model/finding.ts';

const LONG_BLOCK = 62;
/** u64 size in the file, u64 size in memory, u16 padding. */
const BLOCK_HEAD_BYTES = 18;

export interface Tag {
  readonly name: string;
  readonly indices: readonly number[];
  /** Of data of at most 8 bytes. */
  readonly value: number;
  /** Where its data lies. */
  readonly start: number;
  readonly end: number;
  readonly isCompressed: boolean;
}

/** `budget` counts the tags that may still be read: groups may lie in each other. */
export async function readTags(
  window: InputWindow,
  from: number,
  budget: { tags: number },
): Promise<{ readonly tags: readonly Tag[]; readonly end: number; readonly problem?: GapCode }> {
  const tags: Tag[] = [];
  let at = from;
  while (budget.tags-- > 0) {
    const head = await window.read(at, 2);
    if (head.length < 2) return { tags, end: at, problem: 'truncated' };
    const [flags, nameLength] = [head[0]!, head[1]!];
    if (flags === 0 && nameLength === 0) return { tags, end: at + 2 };
    const count = flags >> 6;
    const rest = (await window.read(at + 2, nameLength + 4 * count + BLOCK_HEAD_BYTES)).slice();
    const afterName = nameLength + 4 * count;
    if (rest.length < afterName) return { tags, end: at, problem: 'truncated' };
    const name = publicText(rest, { start: 0, end: nameLength });
    const indices = Array.from({ length: count }, (_, i) => u32le(rest, nameLength + 4 * i)!);
    const length = flags & 0x3f;
    const data = at + 2 + afterName;
    if (length < LONG_BLOCK) {
      const bytes = rest.subarray(afterName, afterName + Math.min(length, 7));
      const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
      tags.push({ name, indices, value, start: data, end: data + length, isCompressed: false });
      at = data + length;
      continue;
    }
    const [stored, inMemory] = [size64le(rest, afterName), size64le(rest, afterName + 8)];
    const padding = (rest[afterName + 16] ?? 0) + (rest[afterName + 17] ?? 0) * 256;
    if (stored === undefined || inMemory === undefined) return { tags, end: at, problem: 'truncated' };
    const start = data + BLOCK_HEAD_BYTES + padding;
    const end = start + stored;
    if (!(end <= window.input.size)) {
      tags.push({ name, indices, value: 0, start, end: window.input.size, isCompressed: stored !== inMemory });
      return { tags, end: window.input.size, problem: 'truncated' };
    }
    tags.push({ name, indices, value: 0, start, end, isCompressed: stored !== inMemory });
    at = end;
  }
  return { tags, end: at, problem: 'over-budget' };
}
