/**
 * At which alignments numbers lie in an input: at multiples of 8 in the memory of a process, of 4 in that of a 32-bit
 * process, anywhere in some dumps.
 */
import { hasText } from '../bytes/reader.ts';
import type { Turn } from '../join/turned-words.ts';
import type { NumberPhases } from '../kernel/numbers.ts';
import type { Layout, LayoutRegion } from '../model/format.ts';

/** Dumps that write one object after the other: HPROF (hprof_b_spec.h) and Go's (runtime/heapdump.go). */
const UNALIGNED = ['JAVA PROFILE 1.0.', 'go1.7 heap dump\n'];

/** @param head first bytes of the input */
export function numberPhasesOf(head: Uint8Array): NumberPhases {
  return UNALIGNED.some((magic) => hasText(head, 0, magic)) ? 8 : 1;
}

/** The file may hold memory at any offset: gcore's cores of 32-bit programs and minidumps by Wine and lldb are shifted by 4. */
export function numberPhasesIn({ regions, numbersUnaligned, pointerBytes }: Layout): NumberPhases {
  if (numbersUnaligned) return 8;
  const shifts = new Set(regions.map(shiftOf));
  if ([...shifts].some((shift) => shift % 4 !== 0)) return 8;
  return shifts.has(4) || pointerBytes === 4 ? 2 : 1;
}

/** Words that the joins turn round: limbs are as wide as a pointer, digits often narrower; where no memory is copied, arrays. */
export function turnedWordsIn({ bigEndian, numbersUnaligned, pointerBytes }: Layout): readonly Turn[] {
  if (!bigEndian) return [];
  if (numbersUnaligned) return ['array'];
  return pointerBytes === 4 ? [4] : [8, 4];
}

/** How far the file has the region from where its words would lie at multiples of 8. */
function shiftOf({ start, address }: LayoutRegion): number {
  return address === undefined ? 0 : (Number(BigInt.asUintN(3, address)) + 8 - (start % 8)) % 8;
}
