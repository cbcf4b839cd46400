/** An artifact as it is after its edits, at random (a file, a spool) or front to back (what a decoder gives). */
import type { Input } from '../model/input.ts';
import type { Edit } from './edits.ts';
import { CONTEXT_BYTES, type Content, fill } from './fill.ts';

/** An edit, and by which rule bytes around it are overwritten. */
export interface Overwrite extends Edit {
  readonly content: Content;
}

/** Text is held from the beginning of a span to its end: longer ones are overwritten in parts. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** Parts of spans of text, each short enough to be held. */
export function cutLong(overwrites: readonly Overwrite[]): readonly Overwrite[] {
  return overwrites.flatMap((overwrite) => {
    const { start, end, content } = overwrite;
    if (content === 'binary' || end - start <= MAX_TEXT_BYTES) return overwrite;
    return Array.from({ length: Math.ceil((end - start) / MAX_TEXT_BYTES) }, (_, i) => ({
      ...overwrite,
      start: start + i * MAX_TEXT_BYTES,
      end: Math.min(end, start + (i + 1) * MAX_TEXT_BYTES),
    }));
  });
}

/** What an overwrite may look at. */
const spanOf = ({ start, end, content }: Overwrite): { from: number; to: number } =>
  content === 'binary'
    ? { from: start, to: end }
    : { from: Math.max(0, start - CONTEXT_BYTES), to: end + CONTEXT_BYTES };

/** Pieces of an artifact, overwritten. `pieces` may use their memory again; what comes out may be used till the next. */
export async function* overlay(
  pieces: AsyncIterable<Uint8Array>,
  overwrites: readonly Overwrite[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const todo = cutLong(overwrites);
  /** Bytes from `at` on that are not given yet. */
  let held: Uint8Array = new Uint8Array(0);
  let at = 0;
  let next = 0;
  /** Applies what is complete; returns up to where bytes are final. */
  const apply = (isEnd: boolean): number => {
    const end = at + held.length;
    for (; next < todo.length; next++) {
      const overwrite = todo[next]!;
      const { from, to } = spanOf(overwrite);
      if (from >= end) break;
      if (overwrite.content === 'binary') {
        held.fill(0, Math.max(0, overwrite.start - at), Math.max(0, Math.min(end, overwrite.end) - at));
        if (overwrite.end > end && !isEnd) return Math.min(end, overwrite.end);
        continue;
      }
      if (to > end && !isEnd) break;
      fill(held, Math.max(0, overwrite.start - at), Math.min(end, overwrite.end) - at, overwrite.content, overwrite);
    }
    const wanted = todo.slice(next, next + 64).map((overwrite) => spanOf(overwrite).from);
    return Math.max(at, Math.min(end, ...wanted));
  };
  for await (const piece of pieces) {
    const joined = new Uint8Array(held.length + piece.length);
    joined.set(held);
    joined.set(piece, held.length);
    held.fill(0);
    held = joined;
    const done = apply(false) - at;
    if (done > 0) {
      yield held.subarray(0, done);
      held = held.subarray(done);
      at += done;
    }
  }
  apply(true);
  if (held.length > 0) yield held;
}

/** The same of an input that can be read anywhere. */
export function overlayInput(input: Input, overwrites: readonly Overwrite[]): Input {
  const todo = cutLong(overwrites);
  return {
    size: input.size,
    close: () => input.close(),
    async read(into, at) {
      const count = await input.read(into, at);
      for (const overwrite of todo) {
        const { from, to } = spanOf(overwrite);
        if (to <= at || from >= at + count) continue;
        if (overwrite.content === 'binary') {
          into.fill(0, Math.max(0, overwrite.start - at), Math.min(count, overwrite.end - at));
          continue;
        }
        const bytes = new Uint8Array(Math.min(to, input.size) - from);
        await input.read(bytes, from);
        fill(bytes, overwrite.start - from, Math.min(overwrite.end, input.size) - from, overwrite.content, overwrite);
        // Only what it changed: what another one overwrote before stays so.
        copyChanged(bytes, from, into, at, count, overwrite);
        bytes.fill(0);
      }
      return count;
    },
  };
}

/** An overwrite reaches some characters beyond its span; the rest of the context is not its own. */
const REACH_BYTES = 16;

function copyChanged(
  bytes: Uint8Array,
  from: number,
  into: Uint8Array,
  at: number,
  count: number,
  { start, end }: Overwrite,
): void {
  const first = Math.max(at, from, start - REACH_BYTES);
  const last = Math.min(at + count, from + bytes.length, end + REACH_BYTES);
  for (let i = first; i < last; i++) {
    const byte = bytes[i - from]!;
    const isInside = i >= start && i < end;
    if (isInside || byte === 0x2a) into[i - at] = byte;
  }
}
