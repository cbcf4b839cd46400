/** Hands a clean upload to the endpoint behind, as it came or redacted, and the answer back. */
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Spool } from '../sources/spool.ts';
import { HttpError } from './http-error.ts';

/** RFC 9110, 7.6.1: these belong to one connection. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Ours to say: whom we ask, how many bytes follow, and that we don't wait for leave to send them. */
const OF_THIS_HOP = new Set(['host', 'content-length', 'expect']);

/** They vouch for the body that came (RFC 9530; RFC 2616, 14.15): a redacted one is another. */
const OF_THE_BODY = new Set([...OF_THIS_HOP, 'content-md5', 'digest', 'content-digest', 'repr-digest']);

/** Names and values in turn, as they came, without those of the connection. */
function passedOn({ rawHeaders, headers }: IncomingMessage, also: ReadonlySet<string>): string[] {
  const named = String(headers.connection ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  const passed: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    if (!HOP_BY_HOP.has(name) && !also.has(name) && !named.includes(name))
      passed.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  return passed;
}

export interface Forwarder {
  /**
   * Sends `body`, which is another one than came when `isRedacted`, and answers the client with what comes back; resolves to its status. Rejects with HttpError 502 or 504 before
   * anything was answered, and with anything else after that.
   */
  forward(
    request: IncomingMessage,
    body: Spool,
    response: ServerResponse,
    signal: AbortSignal,
    isRedacted?: boolean,
  ): Promise<number>;
  close(): void;
}

/** @param base where to: the path and query of a request are put behind its path */
export function createForwarder(base: URL, timeoutMs: number): Forwarder {
  const isHttps = base.protocol === 'https:';
  // A connection for each: one that is reused may just be closing, and an upload must not be sent twice to find out.
  const agent = isHttps ? new HttpsAgent() : new HttpAgent();
  const send = isHttps ? requestHttps : requestHttp;
  const prefix = base.pathname.replace(/\/+$/, '');

  async function ask(
    request: IncomingMessage,
    body: Spool,
    signal: AbortSignal,
    dropped: ReadonlySet<string>,
  ): Promise<IncomingMessage> {
    const headers = ['Host', base.host, ...passedOn(request, dropped), 'Content-Length', String(body.size)];
    const outgoing = send({
      agent,
      protocol: base.protocol,
      hostname: base.hostname.replace(/^\[|\]$/g, ''),
      ...(base.port !== '' && { port: base.port }),
      method: request.method,
      path: `${prefix}${request.url}`,
      headers: headers as unknown as Record<string, string>,
      signal,
    });
    let isLate = false;
    outgoing.setTimeout(timeoutMs, () => {
      isLate = true;
      outgoing.destroy();
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve);
      outgoing.on('error', () =>
        reject(new HttpError(isLate ? 504 : 502, isLate ? 'upstream-too-slow' : 'upstream-unreachable')),
      );
    });
    // An endpoint may answer before it has read everything: the answer counts, not that the sending broke.
    pipeline(Readable.from(body.content()), outgoing).catch(() => undefined);
    return answered;
  }

  return {
    async forward(request, body, response, signal, isRedacted = false) {
      const answer = await ask(request, body, signal, isRedacted ? OF_THE_BODY : OF_THIS_HOP);
      const status = answer.statusCode ?? 502;
      response.writeHead(status, passedOn(answer, new Set()) as unknown as Record<string, string>);
      await pipeline(answer, response);
      return status;
    },
    close: () => agent.destroy(),
  };
}
