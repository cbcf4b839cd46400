/** Takes the body of a request into a spool, within limits of bytes and time, and takes the coding off it. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { SourceError } from '../model/errors.ts';
import type { Spool } from '../sources/spool.ts';
import { HttpError } from './http-error.ts';

export interface ReceiveLimits {
  /** Bytes of a body as it comes. */
  readonly maxBodyBytes: number;
  /** Bytes of a body without its Content-Encoding. */
  readonly maxDecodedBytes: number;
  /** Time for the whole body. */
  readonly bodyTimeoutMs: number;
  /** Time without a byte. */
  readonly idleTimeoutMs: number;
}

/** Bytes that did not fit anywhere are not the client's fault. */
function toHttpError(error: unknown): unknown {
  return error instanceof SourceError ? new HttpError(507, 'no-room-to-keep-the-body') : error;
}

/**
 * Rejects with HttpError: 408 too slow, 413 too large, 507 no room, 400 when the client went away (nobody reads that).
 * The request is paused then, not destroyed, so that an answer can still be sent.
 */
export function receiveBody(request: IncomingMessage, spool: Spool, limits: ReceiveLimits): Promise<void> {
  const { maxBodyBytes, bodyTimeoutMs, idleTimeoutMs } = limits;
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) {
    return Promise.reject(new HttpError(413, 'body-too-large'));
  }
  return new Promise((resolve, reject) => {
    const late = (): void => settle(() => reject(new HttpError(408, 'body-too-slow')));
    const total = setTimeout(late, bodyTimeoutMs);
    const idle = setTimeout(late, idleTimeoutMs);
    const gone = (): void => settle(() => reject(new HttpError(400, 'client-went-away')));
    const onEnd = (): void => settle(resolve);
    const onData = (chunk: Uint8Array): void => {
      idle.refresh();
      try {
        if (spool.size + chunk.length > maxBodyBytes) throw new HttpError(413, 'body-too-large');
        spool.write(chunk);
      } catch (error) {
        settle(() => reject(toHttpError(error)));
      }
      chunk.fill(0);
    };
    function settle(finish: () => void): void {
      clearTimeout(total);
      clearTimeout(idle);
      request.off('data', onData).off('end', onEnd).off('close', gone).off('aborted', gone);
      request.pause();
      finish();
    }
    // Stays: an error without a listener would end the process.
    request.on('error', () => undefined);
    request.on('data', onData).on('end', onEnd).on('close', gone).on('aborted', gone);
  });
}

const DECODERS: Readonly<Record<string, () => ReturnType<typeof createGunzip>>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The coding of a body in lower case, undefined for none. Throws HttpError 415 for what can't be decoded. */
export function codingOf(request: IncomingMessage): string | undefined {
  const coding = (request.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return undefined;
  if (!Object.hasOwn(DECODERS, coding)) throw new HttpError(415, 'unknown-content-encoding');
  return coding;
}

/** Decodes all of `from` into `to`. Rejects with HttpError 400 when it is damaged or followed by something, 413 when it is too large. */
export async function decodeBody(coding: string, from: Spool, to: Spool, maxBytes: number): Promise<void> {
  const decoder = DECODERS[coding]!();
  // A pipeline may report how the other side broke off instead.
  let own: unknown;
  try {
    await pipeline(Readable.from(from.content()), decoder, async (decoded: AsyncIterable<Uint8Array>) => {
      try {
        for await (const chunk of decoded) {
          if (to.size + chunk.length > maxBytes) throw new HttpError(413, 'decoded-body-too-large');
          to.write(chunk);
          chunk.fill(0);
        }
      } catch (error) {
        if (error instanceof HttpError || error instanceof SourceError) own = error;
        throw error;
      }
    });
  } catch {
    throw own === undefined ? new HttpError(400, 'damaged-content-encoding') : toHttpError(own);
  }
  // The decoders of deflate and brotli pass over what follows the end: it would be forwarded without having been read.
  if (decoder.bytesWritten !== from.size) throw new HttpError(400, 'bytes-after-content-encoding');
}
