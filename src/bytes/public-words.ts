/** Short text of fields that are public by their meaning (a version, a process name, a thread name). Never of anything else. */
import type { Span } from '../model/place.ts';

const MAX_BYTES = 256;

/** Text of at most 256 bytes, control characters left out. */
export function publicText(bytes: Uint8Array, { start, end }: Span = { start: 0, end: bytes.length }): string {
  const part = bytes.subarray(Math.max(0, start), Math.max(0, Math.min(end, start + MAX_BYTES)));
  return new TextDecoder()
    .decode(part)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}

/** The text of a JSON string or number, without its quotes; escapes stay as they are but for `\/`. */
export function publicJsonText(bytes: Uint8Array, span: Span | undefined): string | undefined {
  if (!span || bytes[span.start] === 0x7b || bytes[span.start] === 0x5b) return undefined;
  const quoted = bytes[span.start] === 0x22;
  const text = publicText(bytes, quoted ? { start: span.start + 1, end: span.end - 1 } : span).replaceAll('\\/', '/');
  return text === '' || text === 'null' ? undefined : text;
}

/** A decimal or 0x number; undefined when it is none, or not exact. */
export function publicNumber(text: string | undefined): number | undefined {
  const value = text !== undefined && /^(?:\d{1,16}|0x[\da-f]{1,13})$/i.test(text) ? Number(text) : undefined;
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

/** The last part of a path of any system; empty where it ends in a separator. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
