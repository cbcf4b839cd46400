/** Bytes in memory as an input. */
import type { Input } from '../model/input.ts';

export function memoryInput(bytes: Uint8Array): Input {
  return {
    size: bytes.length,
    read(into, at) {
      const part = bytes.subarray(Math.min(at, bytes.length), Math.min(at + into.length, bytes.length));
      into.set(part);
      return part.length;
    },
    close: async () => undefined,
  };
}
