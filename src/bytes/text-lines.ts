/** Lines of a text, without making strings of them. */
import type { Input } from '../model/input.ts';
import { InputWindow } from './input-window.ts';

/** Longer lines come in pieces. */
const MAX_LINE_BYTES = 1_048_576;
const LF = 10;
const CR = 13;

/**
 * Calls `visit` for each line (without its end) of the first `maxBytes`, until it says false. Returns where it stopped.
 * The bytes are only valid during the call.
 */
export async function readLines(
  input: Input,
  maxBytes: number,
  visit: (line: Uint8Array, at: number) => boolean | undefined,
): Promise<number> {
  const window = new InputWindow(input);
  let at = 0;
  while (at < maxBytes) {
    let bytes = await window.rest(at);
    let last = bytes.lastIndexOf(LF);
    if (last < 0) {
      bytes = await window.read(at, MAX_LINE_BYTES);
      if (bytes.length === 0) return at;
      // The last line, or a piece of a long one, has no end.
      last = bytes.lastIndexOf(LF);
      if (last < 0) last = bytes.length - 1;
    }
    for (let from = 0; from <= last; ) {
      const found = bytes.indexOf(LF, from);
      const end = found < 0 ? last + 1 : found;
      const text = end > from && bytes[end - 1] === CR ? end - 1 : end;
      if (visit(bytes.subarray(from, text), at + from) === false) return at + from;
      from = found < 0 ? last + 1 : found + 1;
    }
    at += last + 1;
  }
  return at;
}
