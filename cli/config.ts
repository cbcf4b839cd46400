/** Raw options and environment to one frozen, checked configuration. */
import { readFileSync } from 'node:fs';
import type { ScanOptions } from '../src/api.ts';
import type { GatePolicy } from '../src/gate.ts';
import { UsageError } from '../src/model/errors.ts';
import { GAP_CODES, type GapCode, LEVELS, SEVERITIES } from '../src/model/finding.ts';
import type { InventoryEntry } from '../src/model/inventory.ts';
import type { KnownList } from '../src/model/known-list.ts';
import { FORMATS, type Format } from '../src/report/reporters.ts';
import type { Limits } from '../src/scan/quota.ts';
import { parseSuppressions, type SuppressionRule } from '../src/suppress.ts';
import type { OptionValue } from './arguments.ts';
import { readPatterns, warningsOf } from './config-patterns.ts';
import { SCAN_OPTIONS } from './options.ts';

export interface ScanConfig {
  readonly paths: readonly string[];
  readonly scan: Pick<
    ScanOptions,
    | 'include'
    | 'exclude'
    | 'followSymlinks'
    | 'inventory'
    | 'knownKeys'
    | 'memoryKeys'
    | 'packUrls'
    | 'rules'
    | 'limits'
    | 'threads'
    | 'maxMemoryBytes'
    | 'simd'
    | 'fingerprintKey'
  >;
  readonly policy: GatePolicy;
  /** To be said before the scan: rules that can't be searched for. */
  readonly warnings: readonly string[];
  /** Findings that may stay. */
  readonly suppressions: readonly SuppressionRule[];
  readonly format: Format;
  /** Path of the report; standard output when absent. */
  readonly output?: string;
  readonly quiet: boolean;
  readonly colour: boolean;
}

export interface GateConfig extends ScanConfig {
  /** Program and arguments to run when the gate opens; empty for none. */
  readonly command: readonly string[];
  /** Path of the verdict to write. */
  readonly verdict?: string;
  readonly verdictKeyPem?: string;
  readonly maxTimeMs?: number;
  /** Hand on a redacted copy. */
  readonly redact: boolean;
  /** Standard input beyond this goes to disk, encrypted. */
  readonly spoolBytes: number;
}

export const SPOOL_BYTES = 256 * 1024 * 1024;

export type Environment = Readonly<Record<string, string | undefined>>;

const MIN_KEY_BYTES = 32;

/** `--no-color --no-color` gives an array: the last value counts for what takes one. */
function last(value: OptionValue): string | boolean | undefined {
  return Array.isArray(value) ? value.at(-1) : (value as string | boolean | undefined);
}

export function list(value: OptionValue): readonly string[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? [value] : [];
}

/** One of the option's choices. */
function choose<T extends string>(name: keyof typeof SCAN_OPTIONS, value: unknown, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined) throw new UsageError(`--${name} must be one of: ${choices.join(', ')}`);
  return chosen;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** `256M`, `2 GiB`, `1.5g`, `1048576`: bytes, in powers of 1024. Throws UsageError. */
export function parseSize(name: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim());
  const unit = UNITS[(match?.[2] ?? '').toUpperCase()];
  if (!match || unit === undefined) throw new UsageError(`--${name} must be a size such as 256M or 2G`);
  return Math.round(Number(match[1]) * unit);
}

const TIME_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, '': 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `10m`, `500ms`, `2h`, `30`: milliseconds. Throws UsageError. */
export function parseTime(name: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|)$/.exec(text.trim());
  const ms = match && Number(match[1]) * TIME_UNITS[match[2]!]!;
  // setTimeout takes no more.
  if (!ms || ms > 2 ** 31 - 1) throw new UsageError(`--${name} must be a time such as 90s or 10m`);
  return ms;
}

/** A whole number from `least` on. Throws UsageError. */
export function parseCount(name: string, value: unknown, least: number): number {
  const text = String(value);
  if (!/^\d{1,12}$/.test(text) || Number(text) < least) {
    throw new UsageError(`--${name} must be a whole number from ${least} on`);
  }
  return Number(text);
}

/** Ceilings for containers. Throws UsageError. */
export function parseLimits(options: Readonly<Record<string, OptionValue>>): Omit<Limits, 'maxHeldBytes'> {
  return {
    maxDepth: parseCount('max-depth', last(options['max-depth']), 0),
    maxInflatedBytes: parseSize('max-inflated', String(last(options['max-inflated']))),
    maxMembers: parseCount('max-members', last(options['max-members']), 1),
    maxContainerMs: parseTime('max-container-time', String(last(options['max-container-time']))),
  };
}

export function parseGapCodes(values: readonly string[]): GatePolicy['allowGaps'] {
  const codes = values.flatMap((value) => value.split(',')).map((code) => code.trim());
  if (codes.includes('all')) return 'all';
  return codes.filter((code) => code !== '').map((code) => choose('allow-gaps', code, GAP_CODES) satisfies GapCode);
}

async function digest(secret: Uint8Array<ArrayBuffer>, name: string): Promise<Uint8Array> {
  if (secret.length < MIN_KEY_BYTES) throw new UsageError(`${name} must hold at least ${MIN_KEY_BYTES} bytes`);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', secret));
}

/** The project key: SHA-256 of the file or of the variable. The file wins. */
async function readFingerprintKey(path: unknown, env: Environment): Promise<Uint8Array | undefined> {
  if (typeof path === 'string') {
    let secret: Uint8Array<ArrayBuffer>;
    try {
      secret = new Uint8Array(readFileSync(path));
    } catch {
      throw new UsageError(`--fingerprint-key-file: "${path}" can't be read`);
    }
    return digest(secret, '--fingerprint-key-file');
  }
  const variable = env['DUMPSIEVE_FINGERPRINT_KEY'];
  return variable ? digest(new TextEncoder().encode(variable), 'DUMPSIEVE_FINGERPRINT_KEY') : undefined;
}

/** The entries of all inventories; of a key that is in several, the first one counts. */
export async function readInventories(paths: readonly string[]): Promise<readonly InventoryEntry[]> {
  if (paths.length === 0) return [];
  const { readInventory } = await import('./inventory-file.ts');
  return paths.flatMap((path) => readInventory(path));
}

/** Of a key that several lists know, the first one counts. */
export async function readKnownLists(paths: readonly string[]): Promise<readonly KnownList[]> {
  if (paths.length === 0) return [];
  const { readKnownKeys } = await import('./known-keys-file.ts');
  return paths.map((path) => readKnownKeys(path));
}

/** The rules of all files, in order. Throws UsageError. */
function readSuppressions(paths: readonly string[]): SuppressionRule[] {
  return paths.flatMap((path) => {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      throw new UsageError(`--suppress: "${path}" can't be read`);
    }
    return parseSuppressions(text, path);
  });
}

function wantedMemoryKeys(options: Readonly<Record<string, OptionValue>>): NonNullable<ScanOptions['memoryKeys']> {
  if (last(options['no-memory-keys'])) return 'off';
  return last(options['memory-keys']) ? 'all' : 'dumps';
}

/** https://no-color.org: any value but the empty one. */
function wantsColour(options: Readonly<Record<string, OptionValue>>, env: Environment, isTerminal: boolean): boolean {
  return isTerminal && !last(options['no-color']) && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** Throws UsageError. `isTerminal` tells whether standard output is one. */
export async function createScanConfig(
  paths: readonly string[],
  options: Readonly<Record<string, OptionValue>>,
  env: Environment,
  isTerminal: boolean,
): Promise<ScanConfig> {
  const format = choose('format', last(options['format']), FORMATS);
  const output = last(options['output']);
  const threads = last(options['threads']);
  if (threads !== undefined && !/^[1-9]\d{0,3}$/.test(String(threads))) {
    throw new UsageError('--threads must be a whole number from 1 to 1024');
  }
  const maxMemory = last(options['max-memory']);
  const patterns = await readPatterns(options, process.cwd());
  const isFile = typeof output === 'string' && output !== '-';
  return Object.freeze({
    paths,
    scan: {
      include: list(options['include']),
      exclude: list(options['exclude']),
      followSymlinks: last(options['follow']) === true,
      inventory: await readInventories(list(options['inventory'])),
      knownKeys: await readKnownLists([...patterns.knownKeys, ...list(options['known-keys'])]),
      memoryKeys: wantedMemoryKeys(options),
      packUrls: patterns.packUrls,
      rules: patterns.rules,
      threads: threads === undefined ? undefined : Number(threads),
      maxMemoryBytes: maxMemory === undefined ? undefined : parseSize('max-memory', String(maxMemory)),
      limits: parseLimits(options),
      simd: choose('simd', last(options['simd']), SCAN_OPTIONS.simd.choices),
      fingerprintKey: await readFingerprintKey(last(options['fingerprint-key-file']), env),
    },
    policy: {
      failOn: choose('fail-on', last(options['fail-on']), [...SEVERITIES, 'none'] as const),
      level: choose('level', last(options['level']), LEVELS),
      failOnKnown: last(options['fail-on-known']) === true,
      allowGaps: parseGapCodes(list(options['allow-gaps'])),
    },
    warnings: warningsOf(patterns),
    suppressions: readSuppressions(list(options['suppress'])),
    format,
    ...(isFile && { output }),
    quiet: last(options['quiet']) === true,
    colour: !isFile && wantsColour(options, env, isTerminal),
  });
}

/** Throws UsageError when there is nothing to hand a redacted copy to. */
function checkRedacting(paths: readonly string[], command: readonly string[]): void {
  if (paths.length !== 1) throw new UsageError('--redact takes one file, or - for standard input');
  if (paths[0] === '-') return;
  if (command.length === 0)
    throw new UsageError('--redact needs a command after --; for a file, use "dumpsieve redact"');
  if (!command.slice(1).some((argument) => argument.includes('{}'))) {
    throw new UsageError(
      '--redact: say with {} where the command takes the redacted copy, as in -- curl -T {} https://…',
    );
  }
}

/** Throws UsageError. */
export async function createGateConfig(
  paths: readonly string[],
  command: readonly string[],
  options: Readonly<Record<string, OptionValue>>,
  env: Environment,
  isTerminal: boolean,
): Promise<GateConfig> {
  const config = await createScanConfig(paths, options, env, isTerminal);
  const [verdict, keyPath, maxTime] = ['verdict', 'verdict-key', 'max-time'].map((name) => last(options[name]));
  if (keyPath !== undefined && verdict === undefined) throw new UsageError('--verdict-key needs --verdict');
  let verdictKeyPem: string | undefined;
  if (typeof keyPath === 'string') {
    try {
      verdictKeyPem = readFileSync(keyPath, 'utf8');
    } catch {
      throw new UsageError(`--verdict-key: "${keyPath}" can't be read`);
    }
  }
  const isRedacting = last(options['redact']) === true;
  if (isRedacting) checkRedacting(paths, command);
  return Object.freeze({
    ...config,
    command,
    redact: isRedacting,
    ...(typeof verdict === 'string' && { verdict }),
    ...(verdictKeyPem !== undefined && { verdictKeyPem }),
    ...(maxTime !== undefined && { maxTimeMs: parseTime('max-time', String(maxTime)) }),
    spoolBytes: SPOOL_BYTES,
  });
}
