/**
 * Where words lie in an input: at addresses that are multiples of 8 in the memory of a process, of 4 in that of a 32-bit
 * process, anywhere in some dumps. Files hold memory at any offset: a minidump has its streams one behind the other.
 */
import { bisect } from '../bytes/bisect.ts';
import { hasText } from '../bytes/reader.ts';
import type { Turn } from '../join/turned-words.ts';
import type { NumberPhases } from '../kernel/numbers.ts';
import type { Layout } from '../model/format.ts';
import type { Span } from '../model/place.ts';

/** Dumps that write one object after the other: HPROF (hprof_b_spec.h) and Go's (runtime/heapdump.go). */
const UNALIGNED = [
  ['JAVA PROFILE 1.0.', 'hprof'],
  ['go1.7 heap dump\n', 'go'],
] as const;

export interface Words {
  readonly phases: NumberPhases;
  /** One for each change, in order of `start`; before the first, words begin at multiples of 8. */
  readonly shifts: readonly WordShift[];
}

/** From `start` on, words of 8 bytes begin at offsets that are `shift` modulo 8. */
export interface WordShift {
  readonly start: number;
  readonly shift: number;
}

/** @param head first bytes of the input */
export function wordsOf(head: Uint8Array): Words {
  return { phases: UNALIGNED.find(([magic]) => hasText(head, 0, magic))?.[1] ?? 1, shifts: [] };
}

export function wordsIn({ regions, objects, pointerBytes }: Layout): Words {
  if (objects) return { phases: objects, shifts: [] };
  const shifts: WordShift[] = [];
  for (const { start, address } of regions) {
    if (address === undefined) continue;
    const shift = (start + 8 - Number(BigInt.asUintN(3, address))) % 8;
    if (shift !== (shifts.at(-1)?.shift ?? 0)) shifts.push({ start, shift });
  }
  return { phases: pointerBytes === 4 ? 2 : 1, shifts };
}

/** The offsets in `[start, end)` from which words are to be counted anew, when they are counted from `start` on. */
export function wordStartsIn(shifts: readonly WordShift[], { start, end }: Span): readonly number[] {
  const next = bisect(shifts.length, (i) => shifts[i]!.start > start);
  const starts: number[] = [];
  let last = start;
  for (let i = next - 1; i < shifts.length && (i < next || shifts[i]!.start < end); i++) {
    const { shift } = shifts[i] ?? { shift: 0 };
    const from = i < next ? start : shifts[i]!.start;
    const at = from + ((shift + 8 - (from % 8)) % 8);
    if (at > last && at < end) starts.push(at);
    last = Math.max(last, at);
  }
  return starts;
}

/** Words that the joins turn round: limbs are as wide as a pointer, digits often narrower; where no memory is copied, arrays. */
export function turnedWordsIn({ bigEndian, objects, pointerBytes }: Layout): readonly Turn[] {
  if (!bigEndian) return [];
  if (objects) return ['array'];
  return pointerBytes === 4 ? [4] : [8, 4];
}
