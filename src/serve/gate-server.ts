/**
 * An HTTP gate: takes crash uploads, scans them, and forwards those that are clean, as they came. Fails closed: nothing is
 * forwarded before all of it was received, unpacked and scanned.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { decide, type GatePolicy, outcomeOf } from '../gate.ts';
import { createMerger } from '../merge.ts';
import { type Finding, GAP_CODES, type GapCode } from '../model/finding.ts';
import type { Decision, ScanResult } from '../model/result.ts';
import type { SpoolScanner } from '../scanner.ts';
import { Spool } from '../sources/spool.ts';
import { applySuppressions, type SuppressionRule } from '../suppress.ts';
import { answer, refuse } from './answer.ts';
import { isEnvelope, readEnvelope } from './envelope.ts';
import { isForm, readForm } from './form.ts';
import { createForwarder } from './forward.ts';
import { HttpError } from './http-error.ts';
import { Metrics } from './metrics.ts';
import { Parts } from './parts.ts';
import { codingOf, decodeBody, type ReceiveLimits, receiveBody } from './receive.ts';
import { createBodyRedactor } from './redact-body.ts';
import type { RedactTask } from './redact-thread.ts';

export interface GateServerOptions extends ReceiveLimits {
  readonly forward: URL;
  readonly policy: GatePolicy;
  readonly suppressions: readonly SuppressionRule[];
  /** Uploads in flight; more are told to come back. */
  readonly maxUploads: number;
  readonly headerTimeoutMs: number;
  /** How to scan for a redacted body, which is forwarded instead of one with findings; without it, none is. */
  readonly redact?: RedactTask['scan'] | undefined;
  /** Time for one scan, and for redacting; beyond it the gate stays closed. */
  readonly maxTimeMs: number;
  readonly upstreamTimeoutMs: number;
  readonly tool: { readonly name: string; readonly version: string };
  /** One record for each upload: plain JSON without anything from the request but its size. */
  readonly onUpload?: ((record: UploadRecord) => void) | undefined;
}

export interface UploadRecord {
  readonly time: string;
  readonly outcome: Outcome;
  readonly status: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly findings: number;
  readonly detectors: readonly string[];
  readonly gaps: ScanResult['gapCounts'];
}

/** What became of an upload. `redacted`: it was forwarded without what was found. */
type Outcome =
  | 'clean'
  | 'redacted'
  | 'findings'
  | 'incomplete'
  | 'timeout'
  | 'refused'
  | 'aborted'
  | 'upstream-failed'
  | 'error';

export interface GateServer {
  readonly server: Server;
  /** Takes no more uploads, lets those in flight end for so long, then ends them. The scanner stays open. */
  close(graceMs: number): Promise<void>;
}

/** Schema of the answer to an upload that is not forwarded. */
const REFUSAL_SCHEMA = 'dumpsieve-refusal/1';
const RETRY_SECONDS = 5;
/** Findings named in an answer; all are counted. */
const MAX_NAMED = 50;
/** Connections besides those that upload: probes, and clients that wait with nothing sent. */
const SPARE_CONNECTIONS = 1024;

/** The scan of one upload and what the policy says. */
interface Judgement {
  readonly result: ScanResult;
  readonly decision: Decision;
  readonly outcome: 'clean' | 'findings' | 'incomplete' | 'timeout';
}

const describe = ({ detector, severity, verdict, traits, places }: Finding): object => ({
  detector,
  severity,
  verdict,
  traits,
  places: places.slice(0, MAX_NAMED),
});

/** Of an upload that was not judged. */
const reason = (code: string): string =>
  JSON.stringify({ schema: REFUSAL_SCHEMA, verdict: 'refused', open: false, reason: code });
/** Of a probe. */
const say = (word: string): string => JSON.stringify({ status: word });

/** Parts and whole see the same key: one finding, with the places of both. */
function unite(whole: ScanResult, pieces: ScanResult): ScanResult {
  const merger = createMerger();
  for (const finding of [...pieces.findings, ...whole.findings]) merger.add(finding);
  const gapCounts: { [code in GapCode]?: number } = { ...whole.gapCounts };
  for (const code of GAP_CODES) {
    const gaps = pieces.gapCounts[code];
    if (gaps !== undefined) gapCounts[code] = (gapCounts[code] ?? 0) + gaps;
  }
  return {
    ...pieces,
    findings: merger.findings(),
    gaps: [...pieces.gaps, ...whole.gaps],
    gapCounts,
    stats: { ...pieces.stats, bytes: pieces.stats.bytes + whole.stats.bytes },
    interrupted: pieces.interrupted || whole.interrupted,
  };
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0]!;

/** The address with its escapes taken off, where they are right. */
function unescapeUrl(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return '';
  }
}

export function createGateServer(scanner: SpoolScanner, options: GateServerOptions): GateServer {
  const { policy, suppressions, tool } = options;
  const metrics = new Metrics(tool.version);
  const forwarder = createForwarder(options.forward, options.upstreamTimeoutMs);
  const redactBody =
    options.redact &&
    createBodyRedactor(scanner.arena, {
      scan: options.redact,
      allowGaps: policy.allowGaps,
      known: policy.failOnKnown === true,
    });
  /** Of the uploads in flight. */
  const active = new Set<AbortController>();
  let inFlight = 0;
  let isClosing = false;
  let onIdle = (): void => undefined;

  /** Unpacks the body into what has to be scanned beside it; resolves to whether that holds all of it once more. */
  async function unpack(
    request: IncomingMessage,
    body: Spool,
    coding: string | undefined,
    parts: Parts,
  ): Promise<boolean> {
    let plain = body;
    if (coding !== undefined) {
      plain = parts.addFile('body');
      await decodeBody(coding, body, plain, options.maxDecodedBytes);
    }
    const contentType = request.headers['content-type'] ?? '';
    const hasItems = isEnvelope(pathOf(request));
    const hasFields = !hasItems && isForm(contentType);
    if (hasItems) await readEnvelope(plain, parts);
    if (hasFields) await readForm(contentType, plain, parts);
    // Addresses carry annotations, too.
    const url = request.url ?? '';
    parts.addText('address', `${url}\n${unescapeUrl(url)}`);
    return coding !== undefined || hasItems || hasFields;
  }

  /** @param isUnpacked what `unpack` said: bytes that are scanned again as parts, or decoded, have their joins there */
  async function judge(body: Spool, parts: Parts, isUnpacked: boolean, signal: AbortSignal): Promise<Judgement> {
    const timer = AbortSignal.timeout(options.maxTimeMs);
    const either = AbortSignal.any([signal, timer]);
    const [whole, pieces] = await Promise.all([
      scanner.scanLocators([body.locate('upload')], { signal: either, joins: !isUnpacked }),
      scanner.scanLocators(parts.locators(), { signal: either }),
    ]);
    const united = unite(whole, pieces);
    const result = { ...united, findings: (await applySuppressions(united.findings, suppressions)).findings };
    const decision = decide(result.findings, result.gaps, policy);
    const outcome = outcomeOf(decision, { timeout: timer.aborted, incomplete: result.interrupted });
    return { result, decision, outcome };
  }

  /**
   * The body without what was found, as an upload of its own that is clean; the caller closes it. Undefined when there is
   * none. What is encoded as a whole stays as it is: the parts in it can't be overwritten.
   */
  async function redactUpload(request: IncomingMessage, body: Spool, signal: AbortSignal): Promise<Spool | undefined> {
    const timer = AbortSignal.timeout(options.maxTimeMs);
    const redacted = await redactBody?.(body, AbortSignal.any([signal, timer]));
    if (!redacted) return undefined;
    const parts = new Parts(scanner.arena);
    try {
      const isUnpacked = await unpack(request, redacted, undefined, parts);
      if ((await judge(redacted, parts, isUnpacked, signal)).outcome === 'clean') return redacted;
    } catch (error) {
      // Its form or envelope is no longer one.
      if (!(error instanceof HttpError)) throw error;
    } finally {
      parts.close();
    }
    redacted.close();
    return undefined;
  }

  function count({ result }: Judgement): void {
    metrics.add('dumpsieve_scanned_bytes_total', {}, result.stats.bytes);
    for (const { severity, verdict } of result.findings) metrics.add('dumpsieve_findings_total', { severity, verdict });
    for (const [code, gaps] of Object.entries(result.gapCounts)) metrics.add('dumpsieve_gaps_total', { code }, gaps);
  }

  /** The 422: which keys, where, and what was not scanned. */
  function refusal({ result, decision, outcome }: Judgement): string {
    return JSON.stringify({
      schema: REFUSAL_SCHEMA,
      verdict: outcome,
      open: false,
      failing: decision.failing,
      findings: result.findings.slice(0, MAX_NAMED).map(describe),
      findingCount: result.findings.length,
      gaps: result.gaps.slice(0, MAX_NAMED),
      gapCounts: result.gapCounts,
      policy,
      tool,
    });
  }

  async function handleUpload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    // Aborted when the client goes away, or when we must.
    const stop = new AbortController();
    const { signal } = stop;
    response.once('close', () => stop.abort());
    active.add(stop);
    const parts = new Parts(scanner.arena);
    let body: Spool | undefined;
    let redacted: Spool | undefined;
    let bytes = 0;
    let judgement: Judgement | undefined;
    let outcome: Outcome = 'error';
    try {
      const coding = codingOf(request);
      body = new Spool(scanner.arena);
      await receiveBody(request, body, options);
      bytes = body.size;
      metrics.add('dumpsieve_received_bytes_total', {}, bytes);
      const isUnpacked = await unpack(request, body, coding, parts);
      metrics.observe('dumpsieve_receive_seconds', seconds());
      const scanStarted = seconds();
      judgement = await judge(body, parts, isUnpacked, signal);
      metrics.observe('dumpsieve_scan_seconds', seconds() - scanStarted);
      count(judgement);
      // What is forwarded is the body alone: the parts make room.
      parts.close();
      outcome = judgement.outcome;
      if (outcome === 'findings' && coding === undefined && !signal.aborted) {
        redacted = await redactUpload(request, body, signal);
        if (redacted) outcome = 'redacted';
      }
      if (signal.aborted) {
        outcome = 'aborted';
        response.destroy();
      } else if (outcome === 'clean' || outcome === 'redacted') {
        const forwardStarted = seconds();
        await forwarder.forward(request, redacted ?? body, response, signal, redacted !== undefined);
        metrics.add('dumpsieve_forwarded_bytes_total', {}, (redacted ?? body).size);
        metrics.observe('dumpsieve_forward_seconds', seconds() - forwardStarted);
      } else {
        answer(response, 422, refusal(judgement), { 'Dumpsieve-Verdict': outcome });
      }
    } catch (error) {
      // Once it is forwarded it is the endpoint behind that failed, or the client that left; before, the upload or our own doing.
      const isForwarded = outcome === 'clean' || outcome === 'redacted';
      const ours = isForwarded ? new HttpError(502, 'upstream-broke-off') : new HttpError(500, 'internal-error');
      const { status, code } = error instanceof HttpError ? error : ours;
      if (signal.aborted) outcome = 'aborted';
      else if (isForwarded) outcome = 'upstream-failed';
      else if (error instanceof HttpError) outcome = 'refused';
      refuse(request, response, status, reason(code));
    } finally {
      active.delete(stop);
      parts.close();
      body?.close();
      redacted?.close();
      const status = response.statusCode;
      metrics.add('dumpsieve_uploads_total', { outcome });
      options.onUpload?.({
        time: new Date().toISOString(),
        outcome,
        status: outcome === 'aborted' ? 0 : status,
        bytes,
        seconds: Math.round(seconds() * 1000) / 1000,
        findings: judgement?.decision.failing ?? 0,
        detectors: [...new Set(judgement?.result.findings.map(({ detector }) => detector))],
        gaps: judgement?.result.gapCounts ?? {},
      });
    }
  }

  function answerGet(path: string, response: ServerResponse): boolean {
    const isReady = !isClosing && inFlight < options.maxUploads;
    if (path === '/healthz') answer(response, 200, say('ok'));
    else if (path === '/readyz')
      answer(response, isReady ? 200 : 503, say(isClosing ? 'closing' : isReady ? 'ready' : 'full'));
    else if (path === '/metrics') {
      answer(response, 200, metrics.render(), { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
    } else return false;
    return true;
  }

  function handle(request: IncomingMessage, response: ServerResponse, mustContinue: boolean): void {
    response.on('error', () => undefined);
    response.once('finish', () => metrics.add('dumpsieve_responses_total', { code: String(response.statusCode) }));
    const { method, url = '' } = request;
    if ((method === 'GET' || method === 'HEAD') && answerGet(pathOf(request), response)) return;
    if (method !== 'POST' && method !== 'PUT') {
      refuse(request, response, 405, reason('method-not-allowed'), { Allow: 'POST, PUT' });
    } else if (!url.startsWith('/')) {
      refuse(request, response, 400, reason('not-a-proxy'));
    } else if (isClosing || inFlight >= options.maxUploads) {
      const code = isClosing ? 'closing' : 'too-many-uploads';
      metrics.add('dumpsieve_uploads_total', { outcome: 'busy' });
      refuse(request, response, 503, reason(code), { 'Retry-After': String(RETRY_SECONDS) });
    } else if (Number(request.headers['content-length'] ?? 0) > options.maxBodyBytes) {
      metrics.add('dumpsieve_uploads_total', { outcome: 'refused' });
      refuse(request, response, 413, reason('body-too-large'));
    } else {
      if (mustContinue) response.writeContinue();
      inFlight++;
      metrics.add('dumpsieve_uploads_in_flight', {}, 1);
      void handleUpload(request, response).finally(() => {
        inFlight--;
        metrics.add('dumpsieve_uploads_in_flight', {}, -1);
        if (inFlight === 0) onIdle();
      });
    }
  }

  const server = createServer({
    headersTimeout: options.headerTimeoutMs,
    // The body has a timer of its own, which answers; this one is the last resort.
    requestTimeout: options.headerTimeoutMs + options.bodyTimeoutMs + 10_000,
    connectionsCheckingInterval: Math.min(1000, options.headerTimeoutMs / 2),
    keepAliveTimeout: options.headerTimeoutMs,
  });
  server.maxConnections = options.maxUploads + SPARE_CONNECTIONS;
  server.on('request', (request, response) => handle(request, response, false));
  server.on('checkContinue', (request, response) => handle(request, response, true));

  return {
    server,
    async close(graceMs) {
      isClosing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      if (inFlight > 0) {
        const idle = new Promise<void>((resolve) => (onIdle = resolve));
        const timer = setTimeout(() => {
          for (const stop of active) stop.abort();
        }, graceMs);
        await idle;
        clearTimeout(timer);
      }
      // Answers that are not yet read get a moment.
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1000).unref();
      await closed;
      forwarder.close();
    },
  };
}
