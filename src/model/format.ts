/**
 * A dump format: one file in `src/formats/`. It reads headers and says what lies where; it never decides what is
 * scanned. The engine searches every byte of the input in file order, whatever a format says: a wrong or hostile header
 * can mislabel bytes, never hide them. From the layout come the names of places (region, address, thread), and the
 * *seams*: stretches that are neighbours in memory and not in the file, which the engine also searches joined.
 */
import type { GapCode } from './finding.ts';
import type { Input } from './input.ts';
import type { RegionKind, Span } from './place.ts';

/** Bytes of an input's beginning that `recognise` may look at: an ISO 9660 descriptor lies at 32 KiB. */
export const HEAD_BYTES = 65_536;

/** A stretch of the file with one meaning. Live type; `start` and `end` are offsets in the input. */
export interface LayoutRegion extends Span {
  readonly kind: RegionKind;
  /** For people: `stack of thread 12`, `libcrypto.so.3 .data`, `LinuxEnviron`. The engine sanitises it. */
  readonly label: string;
  /** Virtual address of `start`; physical for images of a machine's memory (`Layout.addressSpace`). */
  readonly address?: bigint;
  /** The thread whose stack it is. */
  readonly thread?: number;
}

export interface LayoutThread {
  readonly id: number;
  readonly name?: string;
  readonly stackPointer?: bigint;
  readonly instructionPointer?: bigint;
  /** This one crashed. */
  readonly crashed?: boolean;
}

export interface LayoutModule {
  readonly name: string;
  readonly address: bigint;
  readonly size: bigint;
  /** Hex: ELF build-id, PDB GUID and age, Mach-O UUID. */
  readonly buildId?: string;
  readonly version?: string;
}

/** What the format can't give: becomes a gap of the result. `detail` is a field path such as `elf.phdr[3].p_offset`. */
export interface LayoutGap {
  readonly code: GapCode;
  readonly span?: Span;
  readonly detail?: string;
}

export interface Layout {
  /** Sorted by `start`; they don't overlap, and need not cover the input: the engine calls the rest `file`. */
  readonly regions: readonly LayoutRegion[];
  readonly addressSpace?: 'virtual' | 'physical';
  readonly process?: { readonly name?: string; readonly pid?: number };
  readonly threads?: readonly LayoutThread[];
  readonly modules?: readonly LayoutModule[];
  /** For `dumpsieve inspect`: operating system, architecture, exception, creation time … Public facts, never contents. */
  readonly facts?: readonly { readonly name: string; readonly value: string }[];
  readonly gaps: readonly LayoutGap[];
  /** Objects follow each other, aligned to nothing, each behind a record of this format: numbers lie at every byte, not at multiples of 8. */
  readonly objects?: 'hprof' | 'go';
  /** Of the process, which aligns what it computes with to as many. */
  readonly pointerBytes?: number;
  /** So are the words of the process, or the elements of arrays where objects follow each other. */
  readonly bigEndian?: boolean;
  /**
   * The object that owns the bytes at `at` (`java.math.BigInteger.mag`, a heap-snapshot node), innermost last. Names of
   * classes, fields and nodes only, never values. May read much; only `explain` calls it.
   */
  describe?(at: number): Promise<readonly string[]>;
}

export interface Format {
  /** `elf-core`: permanent. */
  readonly id: string;
  readonly title: string;
  /** For people: what it is, who writes it, what is read of it and what not. Markdown, with its source. */
  readonly doc: string;
  /** From the first bytes, at most `HEAD_BYTES`. Total. */
  recognise(head: Uint8Array): boolean;
  /**
   * Reads headers and tables only. `input.read` gives less than asked where the input ends, or, for a stream, where what
   * could be held of it ends: a table that is cut off gives what is there and a gap `truncated`. Loops over counts from
   * the input have a ceiling. Throws FormatError when nothing can be said at all.
   */
  readLayout(input: Input): Promise<Layout>;
}

export function defineFormat(format: Format): Format {
  return format;
}
