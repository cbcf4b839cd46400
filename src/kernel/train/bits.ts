/** Counts of training in WebAssembly SIMD: four times as many tries in the same time. Its sets lie in its memory. */
import { readFileSync } from 'node:fs';
import type { BitSets } from '../buckets.ts';

const WASM_PAGE = 65_536;
const ALIGNMENT = 16;

type CountAccepted = (bytes: number, ceiling: number, ...sets: readonly number[]) => number;

/** @param positions the most that a set has, @param sets the most sets */
export function createSimdBits(positions: number, sets: number): BitSets {
  const bytes = Math.ceil(positions / 8 / ALIGNMENT) * ALIGNMENT;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((bytes * sets) / WASM_PAGE) + 1 });
  const module = new WebAssembly.Module(Uint8Array.from(readFileSync(new URL('train.wasm', import.meta.url))));
  const exports = new WebAssembly.Instance(module, { env: { memory, abort: () => undefined } }).exports;
  const countAccepted = exports['countAccepted'] as CountAccepted;
  let next = WASM_PAGE;
  return {
    allocate() {
      const set = new Uint32Array(memory.buffer, next, bytes / 4);
      next += bytes;
      return set;
    },
    countAccepted: ([a0, a1, a2, a3, a4, a5], [b0, b1, b2, b3, b4, b5], ceiling) =>
      countAccepted(
        bytes,
        Math.min(ceiling, 0xffffffff),
        a0.byteOffset,
        a1.byteOffset,
        a2.byteOffset,
        a3.byteOffset,
        a4.byteOffset,
        a5.byteOffset,
        b0.byteOffset,
        b1.byteOffset,
        b2.byteOffset,
        b3.byteOffset,
        b4.byteOffset,
        b5.byteOffset,
      ),
  };
}
