/** Lines of a text, looked at in place; only their beginnings when they are long. */
import type { ForwardReader } from '../../bytes/forward-reader.ts';

const CHUNK_BYTES = 65_536;
const LF = 0x0a;

/**
 * Goes line by line, from the beginning of one, until `visit` returns true for a line (without its end; at most 64 KiB of
 * it); the reader then stands behind that line. False at the end of the input.
 */
export async function findLine(reader: ForwardReader, visit: (line: Uint8Array) => boolean): Promise<boolean> {
  for (;;) {
    const chunk = await reader.peek(CHUNK_BYTES);
    if (chunk.length === 0) return false;
    let start = 0;
    let isFound = false;
    for (let end = chunk.indexOf(LF); end >= 0 && !isFound; end = chunk.indexOf(LF, start)) {
      isFound = visit(chunk.subarray(start, chunk[end - 1] === 0x0d && end > start ? end - 1 : end));
      start = end + 1;
    }
    if (start === 0) {
      // A line that is longer than what is looked at, or the last one.
      isFound = visit(chunk);
      start = chunk.length;
      await reader.skip(start);
      if (chunk.length === CHUNK_BYTES) await skipLine(reader);
    } else await reader.skip(start);
    if (isFound) return true;
  }
}

/** Goes behind the next line end. */
async function skipLine(reader: ForwardReader): Promise<void> {
  for (;;) {
    const chunk = await reader.peekSome(CHUNK_BYTES);
    const end = chunk.indexOf(LF);
    await reader.skip(end < 0 ? chunk.length : end + 1);
    if (end >= 0 || chunk.length === 0) return;
  }
}
