/**
 * Sentry envelopes (https://develop.sentry.dev/sdk/data-model/envelopes/): a JSON header line, then items, each a JSON header
 * line and a payload of `length` bytes, or up to the line's end when it says no length.
 */
import { SourceError } from '../model/errors.ts';
import type { Input } from '../model/input.ts';
import type { Spool } from '../sources/spool.ts';
import { HttpError } from './http-error.ts';
import type { Parts } from './parts.ts';

const LF = 0x0a;
/** A header is a few hundred bytes. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Sentry takes 100 items at most. */
const MAX_ITEMS = 1000;
const BLOCK_BYTES = 64 * 1024;

export const isEnvelope = (path: string): boolean => /^\/(.*\/)?api\/[^/]+\/envelope\/?$/.test(path);

const malformed = (): HttpError => new HttpError(400, 'malformed-envelope');

/** Index of the next line feed from `at`, or the end. */
async function endOfLine(input: Input, at: number, maxBytes: number): Promise<number> {
  const block = new Uint8Array(BLOCK_BYTES);
  for (let from = at; from < input.size; from += BLOCK_BYTES) {
    if (from - at > maxBytes) throw malformed();
    const read = await input.read(block, from);
    const found = block.subarray(0, read).indexOf(LF);
    if (found >= 0) return from + found;
  }
  return input.size;
}

async function readBytes(input: Input, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  await input.read(bytes, start);
  return bytes;
}

/** The JSON object of a header line; an error of JSON.parse would quote it. */
function parseHeader(line: Uint8Array): Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch {
    throw malformed();
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw malformed();
  return header as Readonly<Record<string, unknown>>;
}

/** Where the payload of an item ends. */
async function endOfPayload(input: Input, start: number, length: unknown): Promise<number> {
  if (length === undefined) return endOfLine(input, start, Number.POSITIVE_INFINITY);
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) throw malformed();
  const end = start + length;
  if (end > input.size) throw malformed();
  // A payload of known length ends its line.
  if (end < input.size && (await readBytes(input, end, end + 1))[0] !== LF) throw malformed();
  return end;
}

/** Rejects with HttpError: 400 malformed, 413 too many items, 507 no room. */
export async function readEnvelope(body: Spool, parts: Parts): Promise<void> {
  const input = body.openInput();
  try {
    let at = await endOfLine(input, 0, MAX_HEADER_BYTES);
    const head = await readBytes(input, 0, at);
    parseHeader(head);
    parts.addText('envelope', head);
    for (let items = 0; ++at < input.size; items++) {
      if (items === MAX_ITEMS) throw new HttpError(413, 'too-many-items');
      const headEnd = await endOfLine(input, at, MAX_HEADER_BYTES);
      if (headEnd === at) continue;
      const line = await readBytes(input, at, headEnd);
      const { length, type } = parseHeader(line);
      parts.addText('item', line);
      const start = Math.min(headEnd + 1, input.size);
      at = await endOfPayload(input, start, length);
      if (at > start) {
        const spool = parts.addFile(type === 'attachment' ? 'attachment' : 'item');
        for (let from = start; from < at; from += BLOCK_BYTES) {
          spool.write(await readBytes(input, from, Math.min(at, from + BLOCK_BYTES)));
        }
      }
    }
  } catch (error) {
    if (error instanceof SourceError) throw new HttpError(507, 'no-room-to-keep-the-body');
    throw error;
  } finally {
    await input.close();
  }
}
