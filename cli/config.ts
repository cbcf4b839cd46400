/** Raw options and environment to one frozen, checked configuration. */
import { readFileSync } from 'node:fs';
import type { ScanOptions } from '../src/api.ts';
import type { GatePolicy } from '../src/gate.ts';
import { UsageError } from '../src/model/errors.ts';
import { GAP_CODES, type GapCode, SEVERITIES } from '../src/model/finding.ts';
import type { InventoryEntry } from '../src/model/inventory.ts';
import { FORMATS, type Format } from '../src/report/reporters.ts';
import type { OptionValue } from './arguments.ts';
import { SCAN_OPTIONS } from './options.ts';

export interface ScanConfig {
  readonly paths: readonly string[];
  readonly scan: Pick<
    ScanOptions,
    | 'include'
    | 'exclude'
    | 'followSymlinks'
    | 'inventory'
    | 'memoryKeys'
    | 'threads'
    | 'maxMemoryBytes'
    | 'simd'
    | 'fingerprintKey'
  >;
  readonly policy: GatePolicy;
  readonly format: Format;
  /** Path of the report; standard output when absent. */
  readonly output?: string;
  readonly quiet: boolean;
  readonly colour: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const MIN_KEY_BYTES = 32;

/** `--no-color --no-color` gives an array: the last value counts for what takes one. */
function last(value: OptionValue): string | boolean | undefined {
  return Array.isArray(value) ? value.at(-1) : (value as string | boolean | undefined);
}

function list(value: OptionValue): readonly string[] {
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

function parseGapCodes(values: readonly string[]): GatePolicy['allowGaps'] {
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
async function readInventories(paths: readonly string[]): Promise<readonly InventoryEntry[]> {
  if (paths.length === 0) return [];
  const { readInventory } = await import('./inventory-file.ts');
  return paths.flatMap((path) => readInventory(path));
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
  const isFile = typeof output === 'string' && output !== '-';
  return Object.freeze({
    paths,
    scan: {
      include: list(options['include']),
      exclude: list(options['exclude']),
      followSymlinks: last(options['follow']) === true,
      inventory: await readInventories(list(options['inventory'])),
      memoryKeys: last(options['memory-keys']) === true,
      threads: threads === undefined ? undefined : Number(threads),
      maxMemoryBytes: maxMemory === undefined ? undefined : parseSize('max-memory', String(maxMemory)),
      simd: choose('simd', last(options['simd']), SCAN_OPTIONS.simd.choices),
      fingerprintKey: await readFingerprintKey(last(options['fingerprint-key-file']), env),
    },
    policy: {
      failOn: choose('fail-on', last(options['fail-on']), [...SEVERITIES, 'none'] as const),
      allowGaps: parseGapCodes(list(options['allow-gaps'])),
    },
    format,
    ...(isFile && { output }),
    quiet: last(options['quiet']) === true,
    colour: !isFile && wantsColour(options, env, isTerminal),
  });
}
