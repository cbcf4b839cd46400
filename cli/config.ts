/** Raw options and environment to one frozen, checked configuration. */
import { readFileSync } from 'node:fs';
import type { ScanOptions } from '../src/api.ts';
import type { GatePolicy } from '../src/gate.ts';
import { UsageError } from '../src/model/errors.ts';
import { LEVELS, SEVERITIES } from '../src/model/finding.ts';
import type { InventoryEntry } from '../src/model/inventory.ts';
import type { KnownList } from '../src/model/known-list.ts';
import { FORMATS, type Format } from '../src/report/reporters.ts';
import type { Limits } from '../src/scan/quota.ts';
import { isDay, parseSuppressions, type SuppressionRule } from '../src/suppress.ts';
import { readPatterns, warningsOf } from './config-patterns.ts';
import { isSet, listOf, type Options, textOf } from './option-values.ts';
import { SCAN_OPTIONS } from './options.ts';

type SearchConfig = Pick<ScanOptions, 'inventory' | 'knownKeys' | 'packUrls' | 'rules' | 'limits' | 'simd'>;

export interface ScanConfig {
  readonly paths: readonly string[];
  readonly scan: SearchConfig &
    Pick<
      ScanOptions,
      'include' | 'exclude' | 'followSymlinks' | 'memoryKeys' | 'threads' | 'maxMemoryBytes' | 'fingerprintKey'
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

export interface BaselineConfig extends Pick<ScanConfig, 'paths' | 'scan' | 'warnings'> {
  /** Accept published keys, too. */
  readonly known: boolean;
  readonly allowGaps: GatePolicy['allowGaps'];
  /** Path of the baseline. */
  readonly output: string;
  readonly reason: string;
  readonly expires?: string;
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
const MAX_THREADS = 1024;

/** One of the option's choices. */
function choose<T extends string>(
  name: keyof typeof SCAN_OPTIONS,
  value: string | undefined,
  choices: readonly T[],
): T {
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

/** A whole number from `least` on, up to `most` when that is given. Throws UsageError. */
function parseCount(name: string, text: string, least: number, most?: number): number {
  if (!/^\d{1,12}$/.test(text) || Number(text) < least || Number(text) > (most ?? Number(text))) {
    throw new UsageError(`--${name} must be a whole number from ${least} ${most === undefined ? 'on' : `to ${most}`}`);
  }
  return Number(text);
}

// Of options that have a default; without a value they throw UsageError like one that means nothing.
export const sizeOf = (options: Options, name: string): number => parseSize(name, textOf(options, name) ?? '');
export const timeOf = (options: Options, name: string): number => parseTime(name, textOf(options, name) ?? '');
export const countOf = (options: Options, name: string, least: number): number =>
  parseCount(name, textOf(options, name) ?? '', least);

/** Ceilings for containers. Throws UsageError. */
export function parseLimits(options: Options): Omit<Limits, 'maxHeldBytes'> {
  return {
    maxDepth: countOf(options, 'max-depth', 0),
    maxInflatedBytes: sizeOf(options, 'max-inflated'),
    maxMembers: countOf(options, 'max-members', 1),
    maxContainerMs: timeOf(options, 'max-container-time'),
  };
}

export function parseGapCodes(values: readonly string[]): GatePolicy['allowGaps'] {
  const codes = values.flatMap((value) => value.split(',')).map((code) => code.trim());
  const { choices } = SCAN_OPTIONS['allow-gaps'];
  const chosen = codes.filter((code) => code !== '').map((code) => choose('allow-gaps', code, choices));
  return chosen.includes('all') ? 'all' : chosen.filter((code) => code !== 'all');
}

async function digest(secret: Uint8Array<ArrayBuffer>, name: string): Promise<Uint8Array> {
  if (secret.length < MIN_KEY_BYTES) throw new UsageError(`${name} must hold at least ${MIN_KEY_BYTES} bytes`);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', secret));
}

/** The project key: SHA-256 of the file or of the variable. The file wins. */
async function readFingerprintKey(path: string | undefined, env: Environment): Promise<Uint8Array | undefined> {
  if (path !== undefined) {
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
async function readInventories(paths: readonly string[]): Promise<readonly InventoryEntry[]> {
  if (paths.length === 0) return [];
  const { readInventory } = await import('./inventory-file.ts');
  return paths.flatMap((path) => readInventory(path));
}

/** Of a key that several lists know, the first one counts. */
async function readKnownLists(paths: readonly string[]): Promise<readonly KnownList[]> {
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

function wantedMemoryKeys(options: Options): NonNullable<ScanOptions['memoryKeys']> {
  if (isSet(options, 'no-memory-keys')) return 'off';
  return isSet(options, 'memory-keys') ? 'all' : 'dumps';
}

/** https://no-color.org: any value but the empty one. */
function wantsColour(options: Options, env: Environment, isTerminal: boolean): boolean {
  return isTerminal && !isSet(options, 'no-color') && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** What is searched for, and how far; redacting needs no more. Throws UsageError. */
export async function readSearch(
  options: Options,
): Promise<{ readonly search: SearchConfig; readonly warnings: readonly string[] }> {
  const patterns = await readPatterns(options, process.cwd());
  return {
    search: {
      inventory: await readInventories(listOf(options, 'inventory')),
      knownKeys: await readKnownLists([...patterns.knownKeys, ...listOf(options, 'known-keys')]),
      packUrls: patterns.packUrls,
      rules: patterns.rules,
      limits: parseLimits(options),
      simd: choose('simd', textOf(options, 'simd'), SCAN_OPTIONS.simd.choices),
    },
    warnings: warningsOf(patterns),
  };
}

/** And where, with which threads and names. Throws UsageError. */
export async function readScan(options: Options, env: Environment): Promise<Pick<ScanConfig, 'scan' | 'warnings'>> {
  const { search, warnings } = await readSearch(options);
  const [threads, maxMemory] = [textOf(options, 'threads'), textOf(options, 'max-memory')];
  return {
    scan: {
      ...search,
      include: listOf(options, 'include'),
      exclude: listOf(options, 'exclude'),
      followSymlinks: isSet(options, 'follow'),
      memoryKeys: wantedMemoryKeys(options),
      threads: threads === undefined ? undefined : parseCount('threads', threads, 1, MAX_THREADS),
      maxMemoryBytes: maxMemory === undefined ? undefined : parseSize('max-memory', maxMemory),
      fingerprintKey: await readFingerprintKey(textOf(options, 'fingerprint-key-file'), env),
    },
    warnings,
  };
}

/** What fails, and what may stay. Throws UsageError. */
export function readPolicy(options: Options): Pick<ScanConfig, 'policy' | 'suppressions'> {
  return {
    policy: {
      failOn: choose('fail-on', textOf(options, 'fail-on'), [...SEVERITIES, 'none'] as const),
      level: choose('level', textOf(options, 'level'), LEVELS),
      failOnKnown: isSet(options, 'fail-on-known'),
      allowGaps: parseGapCodes(listOf(options, 'allow-gaps')),
    },
    suppressions: readSuppressions(listOf(options, 'suppress')),
  };
}

/** Throws UsageError. `isTerminal` tells whether the report goes to one when no file is named. */
export async function createScanConfig(
  paths: readonly string[],
  options: Options,
  env: Environment,
  isTerminal: boolean,
): Promise<ScanConfig> {
  const format = choose('format', textOf(options, 'format'), FORMATS);
  const output = textOf(options, 'output');
  const isFile = output !== undefined && output !== '-';
  return Object.freeze({
    paths,
    ...(await readScan(options, env)),
    ...readPolicy(options),
    format,
    ...(isFile && { output }),
    quiet: isSet(options, 'quiet'),
    colour: !isFile && wantsColour(options, env, isTerminal),
  });
}

/** Throws UsageError. */
export async function createBaselineConfig(
  paths: readonly string[],
  options: Options,
  env: Environment,
): Promise<BaselineConfig> {
  const [reason, expires] = [textOf(options, 'reason'), textOf(options, 'expires')];
  if (!reason?.trim()) throw new UsageError('--reason is missing: say why these findings may stay');
  if (expires !== undefined && !isDay(expires)) throw new UsageError('--expires must be a date such as 2027-01-31');
  return Object.freeze({
    paths,
    ...(await readScan(options, env)),
    known: isSet(options, 'fail-on-known'),
    allowGaps: parseGapCodes(listOf(options, 'allow-gaps')),
    output: textOf(options, 'output')!,
    reason,
    ...(expires !== undefined && { expires }),
  });
}

/**
 * Throws UsageError when there is nothing to hand a redacted copy to, and for options that would promise something: the copy
 * holds no finding at all, also of bare numbers, and what was overwritten is said in words.
 */
function checkRedacting({ paths, format, output, suppressions, scan }: ScanConfig, command: readonly string[]): void {
  const unfit = [
    ...(suppressions.length > 0 ? ['--suppress'] : []),
    ...(format === 'text' ? [] : ['--format']),
    ...(output === undefined ? [] : ['--output']),
    ...(scan.memoryKeys === 'off' ? ['--no-memory-keys'] : []),
  ];
  if (unfit.length > 0) {
    throw new UsageError(
      `--redact does not go with ${unfit.join(', ')}: it overwrites all findings, and writes no report`,
    );
  }
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
  options: Options,
  env: Environment,
  isTerminal: boolean,
): Promise<GateConfig> {
  const config = await createScanConfig(paths, options, env, isTerminal);
  const [verdict, keyPath, maxTime] = ['verdict', 'verdict-key', 'max-time'].map((name) => textOf(options, name));
  if (keyPath !== undefined && verdict === undefined) throw new UsageError('--verdict-key needs --verdict');
  let verdictKeyPem: string | undefined;
  if (keyPath !== undefined) {
    try {
      verdictKeyPem = readFileSync(keyPath, 'utf8');
    } catch {
      throw new UsageError(`--verdict-key: "${keyPath}" can't be read`);
    }
  }
  const isRedacting = isSet(options, 'redact');
  if (isRedacting) checkRedacting(config, command);
  return Object.freeze({
    ...config,
    command,
    redact: isRedacting,
    ...(verdict !== undefined && { verdict }),
    ...(verdictKeyPem !== undefined && { verdictKeyPem }),
    ...(maxTime !== undefined && { maxTimeMs: parseTime('max-time', maxTime) }),
    spoolBytes: SPOOL_BYTES,
  });
}
