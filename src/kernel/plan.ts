/**
 * Turns the anchors of all detectors into one search plan. Equal byte patterns of several detectors become one
 * anchor with several targets.
 */
import type { DenseTest, Detector } from '../model/detector.ts';
import type { Encoding } from '../model/place.ts';

/** Who gets a hit. */
export interface Target {
  /** Index into the list of detectors. */
  readonly detector: number;
  /** Index into the detector's `anchors`. */
  readonly anchor: number;
  /** How the matched text is stored; `bytes` for byte patterns and 1-byte text. */
  readonly encoding: Encoding;
}

export interface PlannedAnchor {
  /** Pattern bytes; `mask[i]` is 0xff where `bytes[i]` counts and 0x00 for a wildcard. Empty for a dense test. */
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
  readonly dense?: DenseTest;
  readonly targets: readonly Target[];
}

export interface Plan {
  readonly anchors: readonly PlannedAnchor[];
  /** Widest reach of all detectors, in bytes of the input. */
  readonly reachBytes: number;
}

export declare function createPlan(detectors: readonly Detector[]): Plan;
