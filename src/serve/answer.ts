/** Answers of our own: JSON, and a connection that ends properly when the client is still sending. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A client that is still sending sees its connection reset, and no answer, unless somebody reads on for a while. */
const LINGER_MS = 2000;
const LINGER_BYTES = 64 * 1024 * 1024;

export function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    ...headers,
    'Content-Length': bytes.length,
  });
  response.end(bytes);
}

/** Answers, then takes and drops what still comes, within limits, and closes the connection. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (request.complete || request.destroyed || response.headersSent) {
    answer(response, status, body, headers);
    return;
  }
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    ...headers,
    Connection: 'close',
    'Content-Length': bytes.length,
  });
  // Not ended yet: Node would close the connection at once.
  response.write(bytes);
  let left = LINGER_BYTES;
  const timer = setTimeout(finish, LINGER_MS);
  function finish(): void {
    clearTimeout(timer);
    response.end();
    request.destroy();
  }
  request.on('data', (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) finish();
  });
  request.on('end', finish).on('close', () => clearTimeout(timer));
  request.resume();
}
