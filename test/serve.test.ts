/** The HTTP gate over loopback, with an endpoint behind it that remembers what came. What is dirty or not wholly scanned never comes. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMake } from '../corpus/make.ts';
import { createLeakSearch } from '../corpus/spellings.ts';
import { createSpoolScanner, type SpoolScanner } from '../src/scanner.ts';
import {
  createGateServer,
  type GateServer,
  type GateServerOptions,
  type UploadRecord,
} from '../src/serve/gate-server.ts';

const MIB = 1024 * 1024;
const make = createMake('serve');
const KEY = make.pem('RSA PRIVATE KEY', make.pkcs1(make.rsa()));
const CLEAN = Buffer.from('nothing to see here\n'.repeat(3000));
const DIRTY = Buffer.from(`${'x'.repeat(5000)}${KEY}${'y'.repeat(100)}`);

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let scanner: SpoolScanner;
let upstream: Server;
let received: Received[] = [];
let records: UploadRecord[] = [];
let gate: GateServer;
let port: number;

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

async function startGate(more: Partial<GateServerOptions> = {}): Promise<void> {
  gate = createGateServer(scanner, {
    forward: new URL(`http://127.0.0.1:${portOf(upstream)}/behind`),
    policy: { failOn: 'medium', allowGaps: [] },
    suppressions: [],
    maxUploads: 8,
    maxBodyBytes: 4 * MIB,
    maxDecodedBytes: 8 * MIB,
    headerTimeoutMs: 1000,
    bodyTimeoutMs: 2000,
    idleTimeoutMs: 500,
    upstreamTimeoutMs: 2000,
    maxTimeMs: 30_000,
    tool: { name: 'dumpsieve', version: '0.0.0' },
    onUpload: (record) => records.push(record),
    ...more,
  });
  gate.server.listen(0, '127.0.0.1');
  await once(gate.server, 'listening');
  port = portOf(gate.server);
}

beforeAll(async () => {
  scanner = await createSpoolScanner({ threads: 2, spoolBytes: 16 * MIB });
  upstream = createServer((incoming, response) => {
    void readAll(incoming).then((body) => {
      const { method, url, headers } = incoming;
      received.push({ method, url, headers, body });
      response.writeHead(201, { 'X-Crash-Id': 'abc', 'Content-Type': 'text/plain', Connection: 'close' });
      response.end('CrashID=abc\n');
    });
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
});
afterAll(async () => {
  await scanner.close();
  upstream.close();
});
afterEach(async () => {
  await gate.close(1000);
  received = [];
  records = [];
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function send(
  path: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<Answer> {
  const outgoing = request({
    host: '127.0.0.1',
    port,
    path,
    method,
    headers: { ...headers, 'Content-Length': body.length },
  });
  outgoing.on('error', () => undefined);
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode!, headers: answer.headers, body: (await readAll(answer)).toString() };
}

const get = (path: string): Promise<Answer> => send(path, new Uint8Array(0), {}, 'GET');

const BOUNDARY = '---MultipartBoundary-test';
const FORM = { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` };

/** A form as Crashpad sends it. */
function form(fields: Record<string, string>, files: Record<string, Uint8Array>): Buffer {
  const parts = Object.entries(fields).map(([name, value]) =>
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
  );
  for (const [name, bytes] of Object.entries(files)) {
    const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="f.dmp"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    parts.push(Buffer.from(head), Buffer.from(bytes), Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

function envelope(payload: Uint8Array, length: number = payload.length): Buffer {
  const event = JSON.stringify({ message: 'crash' });
  const head = `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}\n{"type":"event","length":${event.length}}\n${event}\n`;
  const item = `{"type":"attachment","length":${length},"filename":"f.dmp","attachment_type":"event.minidump"}\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(item), payload, Buffer.from('\n')]);
}

const ANNOTATIONS = { prod: 'app', ver: '1.2.3' };

const KINDS: readonly (readonly [string, string, (bytes: Uint8Array) => Buffer, Record<string, string>, string])[] = [
  [
    'a Crashpad form',
    '/submit?product=app',
    (bytes) => form(ANNOTATIONS, { upload_file_minidump: bytes }),
    FORM,
    'POST',
  ],
  [
    "Sentry's minidump endpoint",
    '/api/42/minidump/?sentry_key=1',
    (bytes) => form({}, { upload_file_minidump: bytes, log: CLEAN }),
    FORM,
    'POST',
  ],
  ['a Sentry envelope', '/api/42/envelope/', envelope, { 'Content-Type': 'application/x-sentry-envelope' }, 'POST'],
  ['a raw PUT', '/dumps/1.dmp', (bytes) => Buffer.from(bytes), {}, 'PUT'],
  [
    'a gzip form',
    '/submit',
    (bytes) => gzipSync(form(ANNOTATIONS, { upload_file_minidump: bytes })),
    { ...FORM, 'Content-Encoding': 'gzip' },
    'POST',
  ],
  [
    'a gzip envelope',
    '/api/42/envelope/',
    (bytes) => gzipSync(envelope(bytes)),
    { 'Content-Encoding': 'gzip' },
    'POST',
  ],
  ['a deflate body', '/x', (bytes) => deflateSync(bytes), { 'Content-Encoding': 'deflate' }, 'POST'],
  ['a brotli body', '/x', (bytes) => brotliCompressSync(bytes), { 'Content-Encoding': 'br' }, 'POST'],
  ['a gzip file in a form', '/submit', (bytes) => form({}, { upload_file_minidump: gzipSync(bytes) }), FORM, 'POST'],
];

describe.each(KINDS)('%s', (_, path, wrap, headers, method) => {
  it('passes unchanged when it is clean, and so does the answer', async () => {
    await startGate();
    const body = wrap(CLEAN);
    const answer = await send(
      path,
      body,
      { ...headers, 'X-Own': 'kept', 'Keep-Alive': 'x', Connection: 'x-hop', 'X-Hop': '1' },
      method,
    );
    expect(answer).toMatchObject({ status: 201, body: 'CrashID=abc\n', headers: { 'x-crash-id': 'abc' } });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({ method, url: `/behind${path}` });
    expect(Buffer.compare(received[0]!.body, body)).toBe(0);
    const sent = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    expect(received[0]!.headers).toMatchObject({
      ...Object.fromEntries(sent),
      'x-own': 'kept',
      'content-length': String(body.length),
    });
    expect(received[0]!.headers).not.toHaveProperty('x-hop');
    expect(received[0]!.headers).not.toHaveProperty('keep-alive');
    expect(records).toMatchObject([{ outcome: 'clean', status: 201, bytes: body.length }]);
  });

  it('stays here when it is dirty', async () => {
    await startGate();
    const answer = await send(path, wrap(DIRTY), headers, method);
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.body)).toMatchObject({
      verdict: 'findings',
      open: false,
      failing: 1,
      findings: [{ verdict: 'proven', traits: { algorithm: 'RSA' } }],
    });
    expect(answer.headers['dumpsieve-verdict']).toBe('findings');
    for (const line of KEY.split('\n').slice(1, -2)) expect(answer.body).not.toContain(line);
    expect(received).toEqual([]);
  });
});

describe('what is not in a file', () => {
  it.each([
    ['an annotation', '/submit', form({ note: KEY }, { upload_file_minidump: CLEAN })],
    ['the address', `/submit?note=${encodeURIComponent(KEY)}`, form({}, { upload_file_minidump: CLEAN })],
    ['the text before the first part', '/submit', Buffer.concat([DIRTY, Buffer.from('\r\n'), form({}, { f: CLEAN })])],
    ['the text after the last part', '/submit', Buffer.concat([form({}, { f: CLEAN }), DIRTY])],
  ])('is searched: %s', async (_, path, body) => {
    await startGate();
    expect((await send(path, body, FORM)).status).toBe(422);
    expect(received).toEqual([]);
  });
});

describe('policy', () => {
  it('keeps what was not wholly scanned', async () => {
    await startGate();
    const broken = gzipSync(CLEAN).subarray(0, 60);
    const answer = await send('/submit', form({}, { upload_file_minidump: broken }), FORM);
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.body)).toMatchObject({ verdict: 'incomplete', findings: [] });
    expect(received).toEqual([]);
  });

  it('lets pass what it allows', async () => {
    await startGate({ policy: { failOn: 'none', allowGaps: 'all' } });
    expect((await send('/submit', form({}, { upload_file_minidump: DIRTY }), FORM)).status).toBe(201);
  });

  it('keeps what takes too long, whatever gaps are allowed', async () => {
    await startGate({ policy: { failOn: 'none', allowGaps: 'all' }, maxTimeMs: 1 });
    const answer = await send('/x', make.bytes(3 * MIB));
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.body)).toMatchObject({ verdict: 'timeout' });
    expect(received).toEqual([]);
  });
});

describe('bad uploads', () => {
  const headers = { ...FORM };
  it.each([
    ['a form without its end', '/x', form({}, { f: CLEAN }).subarray(0, 500), headers, 400],
    ['a form without a boundary', '/x', form({}, { f: CLEAN }), { 'Content-Type': 'multipart/form-data' }, 400],
    ['another kind of multipart', '/x', CLEAN, { 'Content-Type': 'multipart/mixed; boundary=x' }, 415],
    [
      'too many parts',
      '/x',
      form({}, Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`f${i}`, CLEAN.subarray(0, 10)]))),
      headers,
      413,
    ],
    ['an envelope with a wrong length', '/api/1/envelope/', envelope(CLEAN, CLEAN.length - 5), {}, 400],
    ['an envelope with a length beyond it', '/api/1/envelope/', envelope(CLEAN, CLEAN.length + 50), {}, 400],
    ['an envelope without JSON', '/api/1/envelope/', CLEAN, {}, 400],
    ['damaged gzip', '/x', gzipSync(CLEAN).subarray(0, 40), { 'Content-Encoding': 'gzip' }, 400],
    ['bytes after deflate', '/x', Buffer.concat([deflateSync(CLEAN), DIRTY]), { 'Content-Encoding': 'deflate' }, 400],
    ['bytes after brotli', '/x', Buffer.concat([brotliCompressSync(CLEAN), DIRTY]), { 'Content-Encoding': 'br' }, 400],
    ['an unknown coding', '/x', CLEAN, { 'Content-Encoding': 'snappy' }, 415],
    ['a gzip bomb', '/x', gzipSync(Buffer.alloc(64 * MIB)), { 'Content-Encoding': 'gzip' }, 413],
    ['a body above the limit', '/x', Buffer.alloc(5 * MIB), {}, 413],
  ])('are refused: %s', async (_, path, body, more, status) => {
    await startGate();
    const answer = await send(path, body, more);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ open: false });
    expect(received).toEqual([]);
  });

  it('refuses a body that grows above the limit without saying so', async () => {
    await startGate();
    const outgoing = request({ host: '127.0.0.1', port, path: '/x', method: 'POST' });
    outgoing.on('error', () => undefined);
    for (let i = 0; i < 6; i++) outgoing.write(Buffer.alloc(MIB));
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(413);
    outgoing.destroy();
  });

  it('takes PUT and POST only', async () => {
    await startGate();
    expect((await send('/x', new Uint8Array(0), {}, 'DELETE')).status).toBe(405);
    expect((await get('/other')).status).toBe(405);
  });
});

describe('slow and broken clients', () => {
  it.each([
    ['a head that never ends', 'POST /x HTTP/1.1\r\nHost: x\r\n', 'X-A: b\r\n'],
    ['a body that drips', 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n', 'a'],
    ['a body that stops', 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc', ''],
  ])('are cut off: %s', async (_, start, drip) => {
    await startGate();
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (text) => (answer += String(text))).on('error', () => undefined);
    socket.write(start);
    const timer = setInterval(() => drip && socket.writable && socket.write(drip), 100);
    const started = Date.now();
    await once(socket, 'close');
    clearInterval(timer);
    expect(Date.now() - started).toBeLessThan(8000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(received).toEqual([]);
  });

  it('forgets an upload whose client went away', async () => {
    await startGate();
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n${'a'.repeat(5000)}`);
    await sleep(100);
    socket.destroy();
    while (records.length === 0) await sleep(20);
    expect(records).toMatchObject([{ outcome: 'aborted' }]);
    expect(received).toEqual([]);
    expect((await get('/metrics')).body).toContain('dumpsieve_uploads_in_flight 0');
  });
});

describe('the endpoint behind', () => {
  it('is down: 502', async () => {
    await startGate({ forward: new URL('http://127.0.0.1:1/') });
    const answer = await send('/x', CLEAN);
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body)).toMatchObject({ reason: 'upstream-unreachable' });
    expect(records).toMatchObject([{ outcome: 'upstream-failed', status: 502 }]);
  });

  it('never answers: 504', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    await startGate({ forward: new URL(`http://127.0.0.1:${portOf(silent)}/`), upstreamTimeoutMs: 300 });
    expect((await send('/x', CLEAN)).status).toBe(504);
    silent.closeAllConnections();
    silent.close();
  });
});

describe('the gate itself', () => {
  it('sends those away who are too many, and tells when to come back', async () => {
    await startGate({ maxUploads: 1, idleTimeoutMs: 5000, bodyTimeoutMs: 5000 });
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
    while ((await get('/readyz')).status !== 503) await sleep(20);
    const answer = await send('/x', CLEAN);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect((await get('/healthz')).status).toBe(200);
    socket.destroy();
    while ((await get('/readyz')).status !== 200) await sleep(20);
    expect((await send('/x', CLEAN)).status).toBe(201);
  });

  it('counts, without a name of anything', async () => {
    await startGate();
    await send('/submit', form(ANNOTATIONS, { upload_file_minidump: DIRTY }), FORM);
    await send('/secret-name', CLEAN);
    const { body, headers } = await get('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toContain('dumpsieve_uploads_total{outcome="findings"} 1');
    expect(body).toContain('dumpsieve_uploads_total{outcome="clean"} 1');
    expect(body).toMatch(/dumpsieve_findings_total\{severity="\w+",verdict="proven"\} 1/);
    expect(body).toContain('dumpsieve_scan_seconds_count 2');
    for (const name of ['secret-name', 'upload_file', 'f.dmp']) expect(body).not.toContain(name);
  });

  it('waits for leave to send when asked to', async () => {
    await startGate();
    const outgoing = request({
      host: '127.0.0.1',
      port,
      path: '/x',
      method: 'POST',
      headers: { Expect: '100-continue', 'Content-Length': CLEAN.length },
    });
    outgoing.flushHeaders();
    await once(outgoing, 'continue');
    outgoing.end(CLEAN);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(201);
    answer.resume();
  });

  it('finishes what is in flight when it closes', async () => {
    await startGate();
    const upload = send('/x', make.bytes(2 * MIB));
    while (!(await get('/metrics')).body.includes('dumpsieve_uploads_in_flight 1')) await sleep(5);
    await gate.close(10_000);
    expect((await upload).status).toBe(201);
  });
});

// Each starts a thread, and scans several times.
describe('redacting', { timeout: 60_000 }, () => {
  const rsa = make.rsa();
  const findLeaks = createLeakSearch(make.secrets(rsa));
  // Random bytes would be numbers to combine: seconds for each.
  const FILLER = Buffer.concat([Buffer.alloc(4096, 'memory of a process '), Buffer.alloc(64)]);
  const LIMBS = Buffer.concat([FILLER, make.le(rsa.p), Buffer.alloc(64), make.pkcs1(rsa)]);
  const TEXT = Buffer.from(`log\n${make.pem('RSA PRIVATE KEY', make.pkcs1(rsa))}end\n`);
  const redacting = (more: Partial<GateServerOptions> = {}): Promise<void> => startGate({ redact: {}, ...more });

  it('forwards a body without what was found, at the same length, and says so', async () => {
    await redacting();
    const headers = { 'Content-MD5': 'eA==', 'X-App': 'crash' };
    expect(await send('/dump', LIMBS, headers, 'PUT')).toMatchObject({ status: 201 });
    const [{ body, headers: passed }] = received as [Received];
    expect({ length: body.length, leaks: findLeaks(body) }).toEqual({ length: LIMBS.length, leaks: [] });
    expect(body.subarray(0, 4096).equals(LIMBS.subarray(0, 4096))).toBe(true);
    expect(passed).toMatchObject({ 'x-app': 'crash', 'content-length': String(LIMBS.length) });
    expect(passed).not.toHaveProperty('content-md5');
    expect(records).toMatchObject([{ outcome: 'redacted', status: 201, findings: 1 }]);
    expect((await get('/metrics')).body).toContain('dumpsieve_uploads_total{outcome="redacted"} 1');
  });

  it('forwards clean bodies as they came', async () => {
    await redacting();
    await send('/dump', CLEAN);
    expect(received[0]!.body.equals(CLEAN)).toBe(true);
    expect(records).toMatchObject([{ outcome: 'clean' }]);
  });

  it('keeps the boundaries, lengths and other parts of forms and envelopes', async () => {
    await redacting();
    const body = form({ ...ANNOTATIONS, log: TEXT.toString() }, { upload_file_minidump: LIMBS, other: CLEAN });
    expect(await send('/submit', body, FORM)).toMatchObject({ status: 201 });
    const item = envelope(LIMBS);
    expect(await send('/api/1/envelope/', item)).toMatchObject({ status: 201 });
    const [first, second] = received as [Received, Received];
    for (const [sent, got] of [
      [body, first.body],
      [item, second.body],
    ] as const) {
      expect({ length: got.length, leaks: findLeaks(got) }).toEqual({ length: sent.length, leaks: [] });
    }
    const parts = [first.body.indexOf(CLEAN), first.body.lastIndexOf(`--${BOUNDARY}--`)];
    expect(parts).toEqual([body.indexOf(CLEAN), body.lastIndexOf(`--${BOUNDARY}--`)]);
    expect(second.body.subarray(0, 200).equals(item.subarray(0, 200))).toBe(true);
  });

  it('refuses what can not be redacted: encoded bodies and parts, gaps, keys in the address', async () => {
    await redacting();
    const text = form({}, { dump: gzipSync(LIMBS) });
    expect(await send('/dump', gzipSync(LIMBS), { 'Content-Encoding': 'gzip' })).toMatchObject({ status: 422 });
    expect(await send('/submit', text, FORM)).toMatchObject({ status: 422 });
    expect(await send('/dump', gzipSync(LIMBS).subarray(0, -200))).toMatchObject({ status: 422 });
    const token = encodeURIComponent(KEY);
    expect(await send(`/dump?key=${token}`, LIMBS)).toMatchObject({ status: 422 });
    expect(received).toEqual([]);
    expect(records.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 4 }, () => 'findings'));
  });

  it('writes a compressed body again', async () => {
    await redacting();
    expect(await send('/dump', gzipSync(LIMBS))).toMatchObject({ status: 201 });
    const plain = gunzipSync(received[0]!.body);
    expect({ length: plain.length, leaks: findLeaks(plain) }).toEqual({ length: LIMBS.length, leaks: [] });
    expect(received[0]!.headers['content-length']).toBe(String(received[0]!.body.length));
  });

  it('stays closed when there is no time, and gives back all memory', async () => {
    await redacting({ maxTimeMs: 1 });
    expect(await send('/dump', LIMBS)).toMatchObject({ status: 422 });
    await gate.close(1000);
    await redacting();
    const outcomes = await Promise.all([1, 2, 3].map(() => send('/dump', TEXT)));
    expect(outcomes.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(received.map(({ body }) => findLeaks(body))).toEqual([[], [], []]);
  });
});
