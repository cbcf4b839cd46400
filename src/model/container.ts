/**
 * A container: one file in `src/containers/`. It gives the content of its members front to back; the engine searches
 * each as an input of its own, opens what is inside it in turn, and keeps all ceilings (bytes, members, depth, time).
 */
import type { GapCode } from './finding.ts';
import type { Layout } from './format.ts';
import type { Input } from './input.ts';
import type { Span } from './place.ts';

/** One member. The engine is done with it before it asks for the next one. */
export interface Member {
  /** As stored; the engine sanitises it. Empty where the container has but one nameless member (gzip, zstd). */
  readonly name: string;
  /** As the container says: only for display, never trusted. */
  readonly size?: number;
  /** Where the content lies in the container's own bytes, unchanged: it can then be read at random, and is not searched twice. */
  readonly stored?: Span;
  /** What the bytes are, where the container knows it better than their beginning tells (pages of a machine's memory). */
  readonly layout?: Layout;
  /**
   * The content, in pieces of any size; a piece is the consumer's until it asks for the next (it wipes it), so it must be
   * memory of its own or reusable. Not called for members that the engine skips. Throws FormatError when damaged.
   */
  content(): AsyncIterable<Uint8Array>;
}

/** A member, or a part of the container, that can't be read. `detail` from a closed list: a method's name, a field path. */
export interface MemberGap {
  readonly code: GapCode;
  readonly name?: string;
  readonly span?: Span;
  readonly detail?: string;
}

export interface Container {
  /** `zip`: permanent; it is in every trail. */
  readonly id: string;
  readonly title: string;
  /** For people: versions and methods that are read, what stays a gap. Markdown, with its source. */
  readonly doc: string;
  /** `sequential`: read front to back, from a stream as well. `random`: needs an input that can be read anywhere. */
  readonly access: 'sequential' | 'random';
  /** From the first bytes, at most `HEAD_BYTES` (see model/format.ts). Total. */
  recognise(head: Uint8Array): boolean;
  /**
   * Members in the order of the file. Encrypted, damaged and unsupported ones are gaps; the rest goes on. Ends at the
   * end of the container; never loops on a count from the input without a ceiling. Throws FormatError when damage leaves
   * nothing to go on with: the engine then searches the container's bytes as they are.
   */
  open(input: Input): AsyncIterable<Member | MemberGap>;
}

export function defineContainer(container: Container): Container {
  return container;
}
