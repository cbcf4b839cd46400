/** At which alignments numbers lie in an input: at multiples of 8 in the memory of a process, anywhere in some dumps. */
import { hasText } from '../bytes/reader.ts';
import type { NumberPhases } from '../kernel/numbers.ts';

/** Dumps that write one object after the other: HPROF (hprof_b_spec.h) and Go's (runtime/heapdump.go). */
const UNALIGNED = ['JAVA PROFILE 1.0.', 'go1.7 heap dump\n'];

/** Longest prefix that `numberPhasesOf` looks at. */
export const PHASES_BYTES = Math.max(...UNALIGNED.map(({ length }) => length));

/** @param head first bytes of the input */
export function numberPhasesOf(head: Uint8Array): NumberPhases {
  return UNALIGNED.some((magic) => hasText(head, 0, magic)) ? 8 : 1;
}
