/** Configuration of `dumpsieve serve` and `dumpsieve watch`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../src/model/errors.ts';
import type { GateServerOptions } from '../src/serve/gate-server.ts';
import type { WatchState } from '../src/watch/watcher.ts';
import { countOf, type Environment, readPolicy, readScan, type ScanConfig, sizeOf, timeOf } from './config.ts';
import { isSet, type Options, textOf } from './option-values.ts';

export interface ServeConfig {
  readonly host: string;
  readonly port: number;
  readonly graceMs: number;
  readonly quiet: boolean;
  /** To be said at the start: rules that can't be searched for. */
  readonly warnings: readonly string[];
  readonly spoolBytes: number;
  readonly scan: ScanConfig['scan'];
  readonly server: Omit<GateServerOptions, 'tool' | 'onUpload'>;
}

function parseListen(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535)
    throw new UsageError('--listen must be a host and a port, such as 127.0.0.1:8080 or [::1]:8080');
  return { host: (match[1] ?? match[2])!, port };
}

function parseForward(text: string | undefined): URL {
  if (text === undefined) throw new UsageError('say where clean uploads go: --forward <url>');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError('--forward must be an http or https URL');
  if (url.username || url.password || url.search || url.hash) {
    throw new UsageError('--forward takes no user, query or fragment: those come from the client');
  }
  return url;
}

/** Throws UsageError. */
export async function createServeConfig(options: Options, env: Environment): Promise<ServeConfig> {
  const { scan, warnings } = await readScan(options, env);
  const { inventory, knownKeys, limits, simd, packUrls, rules } = scan;
  return Object.freeze({
    ...parseListen(textOf(options, 'listen') ?? ''),
    graceMs: timeOf(options, 'grace'),
    quiet: isSet(options, 'quiet'),
    warnings,
    spoolBytes: sizeOf(options, 'spool-memory'),
    scan,
    server: {
      ...(isSet(options, 'redact') && { redact: { inventory, knownKeys, limits, simd, packUrls, rules } }),
      forward: parseForward(textOf(options, 'forward')),
      ...readPolicy(options),
      maxUploads: countOf(options, 'max-uploads', 1),
      maxBodyBytes: sizeOf(options, 'max-body'),
      maxDecodedBytes: sizeOf(options, 'max-decoded'),
      headerTimeoutMs: timeOf(options, 'header-timeout'),
      bodyTimeoutMs: timeOf(options, 'body-timeout'),
      idleTimeoutMs: timeOf(options, 'idle-timeout'),
      upstreamTimeoutMs: timeOf(options, 'upstream-timeout'),
      maxTimeMs: timeOf(options, 'max-time'),
    },
  });
}

export interface WatchConfig {
  readonly folder: string;
  readonly quarantine?: string | undefined;
  /** Path of the state; undefined for none. */
  readonly statePath?: string | undefined;
  /** Put redacted copies in the place of files with findings. */
  readonly redact: boolean;
  readonly state: WatchState;
  readonly settleMs: number;
  readonly pollMs: number;
  readonly maxTimeMs?: number | undefined;
  readonly once: boolean;
  readonly warnings: readonly string[];
  readonly scan: ScanConfig['scan'];
  readonly policy: ScanConfig['policy'];
  readonly suppressions: ScanConfig['suppressions'];
}

/** A state that is missing or broken is none: files are scanned again, never skipped. */
function readState(path: string | undefined): WatchState {
  if (path === undefined) return {};
  try {
    const state = JSON.parse(readFileSync(path, 'utf8')) as { schema?: unknown; files?: WatchState };
    return state.schema === WATCH_STATE_SCHEMA && typeof state.files === 'object' ? state.files : {};
  } catch {
    return {};
  }
}

export const WATCH_STATE_SCHEMA = 'dumpsieve-watch/1';

/** Throws UsageError. */
export async function createWatchConfig(folder: string, options: Options, env: Environment): Promise<WatchConfig> {
  const { scan, warnings } = await readScan(options, env);
  const quarantine = textOf(options, 'quarantine');
  const statePath = textOf(options, 'state') ?? (quarantine && join(quarantine, '.dumpsieve-watch.json'));
  return Object.freeze({
    folder,
    quarantine,
    statePath,
    redact: isSet(options, 'redact'),
    state: readState(statePath),
    settleMs: timeOf(options, 'settle'),
    pollMs: timeOf(options, 'poll'),
    ...(textOf(options, 'max-time') !== undefined && { maxTimeMs: timeOf(options, 'max-time') }),
    once: isSet(options, 'once'),
    warnings,
    scan,
    ...readPolicy(options),
  });
}
