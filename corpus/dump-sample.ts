/** What the writers in `corpus/formats/` and `corpus/containers/` give to the contract tests. No constants shared with the readers. */
import type { RegionKind } from '../src/model/place.ts';

/** A stretch of the written dump whose meaning is known. */
export interface Expected {
  readonly start: number;
  readonly end: number;
  readonly kind: RegionKind;
  /** A part of the label that the reader must give. */
  readonly label?: string;
  readonly address?: bigint;
  readonly thread?: number;
}

export interface DumpSample {
  /** What is special about it, for the name of the test. */
  readonly name: string;
  /** Id of the format. */
  readonly format: string;
  readonly bytes: Uint8Array;
  readonly expected: readonly Expected[];
  /** Where counts, sizes and offsets lie: the contract sets each to its maximum, and to 1. */
  readonly counts: readonly { readonly at: number; readonly bytes: 1 | 2 | 4 | 8 }[];
  /** The contract cuts the dump off at every byte below this. */
  readonly headerBytes: number;
  readonly process?: { readonly name?: string; readonly pid?: number };
  readonly threads?: readonly number[];
}

export interface ContainerSample {
  readonly name: string;
  /** Id of the container. */
  readonly container: string;
  readonly bytes: Uint8Array;
  readonly members: readonly { readonly name: string; readonly content: Uint8Array }[];
  /** Gap codes that the container must give, sorted. */
  readonly gaps?: readonly string[];
  readonly counts: readonly { readonly at: number; readonly bytes: 1 | 2 | 4 | 8 }[];
  readonly headerBytes: number;
}
