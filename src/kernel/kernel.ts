/**
 * What a search kernel offers; `wasm.ts` (SIMD) and `reference.ts` (plain TypeScript: specification, fallback,
 * test oracle) implement it. One kernel per worker for the worker's life.
 *
 * The window is `before margin | chunk | after margin`. The caller reads the file straight into `window`, searches
 * the bytes it owns, then slides the tail to the front with `copyWithin`.
 */
import type { NumberPhases } from './numbers.ts';
import type { Plan } from './plan.ts';

export interface KernelStats {
  /** Bytes in 4 KiB pages of zeros, skipped. */
  readonly zeroBytes: number;
}

/**
 * @param anchor index into `Plan.anchors`
 * @param at index in `window` of the first byte of the match
 * @param length bytes of the match
 */
export type OnHit = (anchor: number, at: number, length: number) => void;

export interface Kernel {
  readonly kind: 'relaxed-simd' | 'simd' | 'reference';
  readonly plan: Plan;
  /**
   * Margin, chunk and margin: `marginBytes + chunkBytes + marginBytes` long. Its first byte, and so each 4 KiB multiple,
   * is page-aligned in memory: read to 4 KiB-aligned indexes from 4 KiB-aligned file offsets (five times faster).
   */
  readonly window: Uint8Array;
  readonly marginBytes: number;
  readonly chunkBytes: number;
  /**
   * Reports each match whose first byte lies in `window[start, end)`; matches may reach into the bytes after `end`
   * up to `limit`, where the data ends (bytes from `limit` on are zero-filled by this call).
   * Each match is reported once, order of `at` is not promised beyond 4 KiB pages. Runs (dense tests) are reported
   * where they begin; a run that began before `start` is not reported, and is measured at most `marginBytes` on.
   * Words of number runs and units of UTF-16 are counted from `start` on; pages of zeros as well.
   * @param numberPhases alignments at which number runs are looked for, 1 by default
   * @param restarts where words are counted from anew: indexes between `start` and `end`, ascending
   */
  search(
    start: number,
    end: number,
    limit: number,
    onHit: OnHit,
    numberPhases?: NumberPhases,
    restarts?: readonly number[],
  ): KernelStats;
  /** Overwrites the window with zeros. */
  wipe(): void;
}

export interface KernelOptions {
  /** Multiple of 4096. */
  readonly chunkBytes: number;
  /** Multiple of 4096, at least the plan's reach. */
  readonly marginBytes: number;
  /** `auto` takes the fastest that this Node runs; `off` is the reference twin. */
  readonly simd: 'auto' | 'relaxed' | 'plain' | 'off';
}
