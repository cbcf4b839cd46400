/** An input whose bytes tell where they lie, and which tells where it was read. */
import type { Input } from '../../src/model/input.ts';

export const byteAt = (offset: number): number => (offset * 31 + (offset >> 8) * 7) & 255;

/** Of `size` bytes; reads give at most `most` at a time. */
export function patternInput(
  size: number,
  most = Number.MAX_SAFE_INTEGER,
): Input & { readonly reads: readonly number[] } {
  const reads: number[] = [];
  return {
    size,
    reads,
    read(into, at) {
      reads.push(at);
      const length = Math.max(0, Math.min(into.length, size - at, most));
      for (let i = 0; i < length; i++) into[i] = byteAt(at + i);
      return length;
    },
    close: async () => {},
  };
}
