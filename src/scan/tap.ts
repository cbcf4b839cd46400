/** Holds parts of a stream as they pass, so that they can be read again when the stream has ended. */
import { bisect } from '../bytes/bisect.ts';
import type { Input } from '../model/input.ts';
import type { Span } from '../model/place.ts';

/** Held at most, for one stream. */
const MAX_TAP_BYTES = 64 * 1024 * 1024;

interface Part extends Span {
  readonly bytes: Uint8Array;
}

export interface Tap {
  /** The stream, to be read instead of the given one. */
  readonly stream: Input;
  /** What was held; the rest reads as zeros. */
  readonly input: Input;
  /** Some parts were too much to hold. */
  readonly overflowed: boolean;
  wipe(): void;
}

/** @param sources what to hold, in order of `start`; may overlap */
export function createTap(stream: Input, sources: readonly Span[]): Tap {
  const wanted = unite(sources);
  const parts: Part[] = [];
  let bytes = 0;
  let next = 0;
  let overflowed = false;

  function take(from: number, read: Uint8Array): void {
    const to = from + read.length;
    while (next < wanted.length && wanted[next]!.start < to) {
      const { start, end } = wanted[next]!;
      const part = read.subarray(Math.max(0, start - from), Math.min(read.length, end - from));
      if (bytes + part.length > MAX_TAP_BYTES) overflowed = true;
      else if (part.length > 0) {
        bytes += part.length;
        const at = Math.max(start, from);
        parts.push({ start: at, end: at + part.length, bytes: part.slice() });
      }
      // The rest of this one comes with the next read.
      if (end > to) break;
      next++;
    }
  }

  return {
    stream: {
      ...stream,
      async read(into, at) {
        const read = await stream.read(into, at);
        if (next < wanted.length) take(at, into.subarray(0, read));
        return read;
      },
    },
    input: {
      size: Number.POSITIVE_INFINITY,
      close: async () => undefined,
      read(into, at) {
        const to = at + into.length;
        for (let i = firstEndingAfter(parts, at); i < parts.length && parts[i]!.start < to; i++) {
          const { start, end, bytes: held } = parts[i]!;
          const from = Math.max(at, start);
          into.set(held.subarray(from - start, Math.min(to, end) - start), from - at);
        }
        return into.length;
      },
    },
    get overflowed() {
      return overflowed;
    },
    wipe() {
      for (const part of parts) part.bytes.fill(0);
    },
  };
}

function unite(spans: readonly Span[]): Span[] {
  const united: Span[] = [];
  for (const { start, end } of spans) {
    const last = united.at(-1);
    if (last && start <= last.end) united[united.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else united.push({ start, end });
  }
  return united;
}

const firstEndingAfter = (spans: readonly Span[], at: number): number =>
  bisect(spans.length, (i) => spans[i]!.end > at);
