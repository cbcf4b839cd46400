/**
 * Forms (RFC 7578; Crashpad, Breakpad and Sentry send them) into their parts, with busboy. The body as a whole is scanned as
 * well, so what another parser would see in it has been searched, too.
 */
import { Readable } from 'node:stream';
import createBusboy, { type Busboy } from 'busboy';
import { SourceError } from '../model/errors.ts';
import type { Spool } from '../sources/spool.ts';
import { HttpError } from './http-error.ts';
import type { Parts } from './parts.ts';

/** Ceilings of what one request may make us hold; a crash upload has a handful of files and at most some hundred fields. */
const LIMITS = { files: 64, fields: 2000, parts: 2064, fieldSize: 1 << 20, fieldNameSize: 1024, headerPairs: 64 };

/** Part contents that are what they are on the wire. */
const PLAIN_ENCODINGS = new Set(['7bit', '8bit', 'binary']);

export const isForm = (contentType: string): boolean =>
  /^\s*(multipart\/|application\/x-www-form-urlencoded\s*(;|$))/i.test(contentType);

/** Rejects with HttpError: 400 malformed, 413 more than the ceilings, 415 another kind of multipart, 507 no room. */
export async function readForm(contentType: string, body: Spool, parts: Parts): Promise<void> {
  let parser: Busboy;
  try {
    parser = createBusboy({ headers: { 'content-type': contentType }, limits: LIMITS, preservePath: true });
  } catch {
    throw new HttpError(/^\s*multipart\/form-data/i.test(contentType) ? 400 : 415, 'unreadable-form');
  }
  await new Promise<void>((resolve, reject) => {
    const source = Readable.from(body.content());
    const fail = (error: unknown): void => {
      source.destroy();
      source.unpipe(parser);
      const noRoom = error instanceof SourceError;
      reject(
        error instanceof HttpError
          ? error
          : new HttpError(noRoom ? 507 : 400, noRoom ? 'no-room-to-keep-the-body' : 'malformed-form'),
      );
    };
    const attempt = (step: () => void): void => {
      try {
        step();
      } catch (error) {
        fail(error);
      }
    };
    const checkEncoding = (encoding: string): void => {
      if (!PLAIN_ENCODINGS.has(encoding.toLowerCase())) throw new HttpError(415, 'unknown-transfer-encoding');
    };
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
      parser.on(limit, () => fail(new HttpError(413, 'too-many-parts')));
    }
    parser.on('file', (name: string | undefined, stream, { encoding, filename }) => {
      stream.on('error', fail);
      attempt(() => {
        checkEncoding(encoding);
        parts.addText('filename', filename ?? '');
        const spool = parts.addFile(name ?? 'file');
        stream.on('data', (chunk: Uint8Array) => attempt(() => spool.write(chunk)));
      });
      // What nobody reads would hold the parser.
      stream.resume();
    });
    parser.on('field', (name: string | undefined, value, { nameTruncated, valueTruncated, encoding }) =>
      attempt(() => {
        checkEncoding(encoding ?? '7bit');
        if (nameTruncated || valueTruncated) throw new HttpError(413, 'field-too-large');
        parts.addText(name ?? '', value);
      }),
    );
    parser.on('error', fail);
    parser.on('close', () => resolve());
    source.on('error', fail);
    source.pipe(parser);
  });
}
