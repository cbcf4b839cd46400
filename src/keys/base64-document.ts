/** Key documents in base64 without BEGIN and END lines: a string in JSON, XML, YAML, a variable. */
import { decodeBase64 } from '../bytes/base64.ts';
import type { Span } from '../model/place.ts';
import { readDocument } from './document.ts';
import type { KeyParts } from './key-parts.ts';

export interface Base64Document {
  /** Views of `scratch`. */
  readonly parts: KeyParts;
  /** From the first character to the last one of the document, padding included. */
  readonly span: Span;
  /** The decoded bytes: wipe them after the proof. */
  readonly scratch: Uint8Array;
}

/** The document whose base64 begins at `start`, wrapped in any way. */
export function readBase64Document(bytes: Uint8Array, start: number): Base64Document | undefined {
  const decoded = decodeBase64(bytes, start, bytes.length, { style: 'wrapped' });
  const document = readDocument(decoded.bytes);
  if (!document) {
    decoded.bytes.fill(0);
    return undefined;
  }
  let end = decoded.next;
  // What follows the document may be base64, too: the next value of a list, or words.
  if (document.end < decoded.bytes.length) {
    const maxChars = Math.ceil((document.end * 8) / 6);
    const exact = decodeBase64(bytes, start, bytes.length, { style: 'wrapped', maxChars });
    exact.bytes.fill(0);
    end = exact.next;
  }
  return { parts: document.parts, span: { start, end }, scratch: decoded.bytes };
}
