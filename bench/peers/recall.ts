/**
 * What other tools find in the dumps of the real-process suite, as a table in Markdown.
 *
 *   node dist/bench/peers/recall.js [scenario…]
 *
 * A tool has found a key when it prints its modulus, or an offset inside one of its documents. rsakeyfind, aeskeyfind,
 * yara and ripgrep are Debian's packages; a tool that is missing or takes too long has no number.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProvable } from '../../corpus/brute/provable.ts';
import type { Occurrence, TrueKey } from '../../corpus/brute/truth.ts';
import { searchDump } from '../../corpus/brute.ts';
import { endAll, succeeds } from '../../corpus/real/program.ts';
import type { Scenario } from '../../corpus/real/scenario.ts';
import { scenarios } from '../../corpus/real/scenarios.ts';
import { findKeys, isEncoded } from '../../corpus/real/score.ts';
import { scanDump } from '../../corpus/scan-dump.ts';

const TIMEOUT_MS = 120_000;
const OUTPUT_BYTES = 256 << 20;

/** The document headers of RFC 7468, 8017, 5958, 5915 and 8410, as published rules search for them. */
const YARA_RULE = `rule private_key { strings:
  $pem = /-----BEGIN [A-Z ]{0,20}PRIVATE KEY( BLOCK)?-----/ ascii wide
  $pkcs1 = { 30 82 ?? ?? 02 01 00 02 82 }
  $pkcs8 = { 02 01 00 30 0D 06 09 2A 86 48 86 F7 0D 01 01 01 }
  $pkcs8ec = { 02 01 00 30 ?? 06 07 2A 86 48 CE 3D 02 01 }
  $sec1 = { 30 [1-2] 02 01 01 04 ( 20 | 30 | 42 ) }
  $putty = /PuTTY-User-Key-File-[23]/
  $ed25519 = { 30 2E 02 01 00 30 05 06 03 2B 65 70 04 22 04 20 }
  $openssh = "openssh-key-v1"
condition: any of them }`;

interface Dumped {
  readonly path: string;
  readonly keys: readonly TrueKey[];
  readonly occurrences: readonly Occurrence[];
}

interface Tool {
  readonly name: string;
  /** Indexes of the keys it finds; undefined when it could not be run to its end. */
  find(dump: Dumped): ReadonlySet<number> | undefined;
}

function output(command: string, argv: readonly string[]): string | undefined {
  const { status, stdout, error } = spawnSync(command, argv, {
    encoding: 'latin1',
    timeout: TIMEOUT_MS,
    maxBuffer: OUTPUT_BYTES,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return error || status === null ? undefined : stdout;
}

/** The keys in whose documents the offsets lie. */
function keysAt({ occurrences }: Dumped, offsets: readonly number[]): ReadonlySet<number> {
  const hit = occurrences.filter(
    ({ form, start, end }) => isEncoded(form) && offsets.some((offset) => offset >= start && offset < end),
  );
  return new Set(hit.map(({ key }) => key));
}

function offsetsIn(text: string, line: RegExp, radix: number): readonly number[] {
  return Array.from(text.matchAll(line), ([, digits = '']) => Number.parseInt(digits, radix));
}

const dumpsieve: Tool = {
  name: 'dumpsieve',
  find({ path, keys, occurrences }) {
    const proven = scanDump(path).findings.filter(({ verdict }) => verdict === 'proven');
    const findings = findKeys(keys, occurrences, proven);
    return new Set([...keys.keys()].filter((key) => findings[key] !== undefined));
  },
};

const rsakeyfind: Tool = {
  name: 'rsakeyfind',
  find({ path, keys }) {
    const digits = output('rsakeyfind', [path])?.replace(/[^0-9a-f]/gi, '');
    if (digits === undefined) return undefined;
    const isPrinted = ({ key }: TrueKey): boolean => key.type === 'rsa' && digits.includes(key.n.toString(16));
    return new Set([...keys.keys()].filter((key) => keys[key] && isPrinted(keys[key])));
  },
};

const aeskeyfind: Tool = {
  name: 'aeskeyfind',
  find({ path, keys }) {
    const printed = output('aeskeyfind', ['-q', path]);
    if (printed === undefined) return undefined;
    const isPrinted = ({ key }: TrueKey): boolean =>
      (key.type === 'ec' || key.type === 'okp') && printed.includes(Buffer.from(key.d).toString('hex'));
    return new Set([...keys.keys()].filter((key) => keys[key] && isPrinted(keys[key])));
  },
};

function yara(rules: string): Tool {
  return {
    name: 'yara',
    find(dump) {
      const text = output('yara', ['-s', rules, dump.path]);
      return text === undefined ? undefined : keysAt(dump, offsetsIn(text, /^0x([0-9a-f]+):\$/gm, 16));
    },
  };
}

const ripgrep: Tool = {
  name: 'ripgrep',
  find(dump) {
    const text = output('rg', [
      '-a',
      '-b',
      '-o',
      '--no-filename',
      '-e',
      '-----BEGIN [A-Z ]*PRIVATE KEY|PuTTY-User-Key-File-',
      dump.path,
    ]);
    return text === undefined ? undefined : keysAt(dump, offsetsIn(text, /^(\d+):/gm, 10));
  },
};

/** Cells: keys in the dump that can be proven, those among them without a document, then what each tool finds. */
async function measure(
  scenario: Scenario,
  tools: readonly Tool[],
): Promise<readonly (number | undefined)[] | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-peers-'));
  try {
    const { path, keys, shielded = false } = await scenario.run(folder);
    endAll();
    if (keys.length === 0) return undefined;
    const { occurrences, sightings } = searchDump(path, keys);
    const encoded = new Set(occurrences.filter(({ form }) => isEncoded(form)).map(({ key }) => key));
    const provable = findProvable(path, keys, sightings, { shielded }).map(({ key }) => key);
    const bare = provable.filter((key) => !encoded.has(key)).length;
    return [encoded.size + bare, bare, ...tools.map((tool) => tool.find({ path, keys, occurrences })?.size)];
  } finally {
    endAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const names = process.argv.slice(2);
  const folder = mkdtempSync(join(tmpdir(), 'dumpsieve-yara-'));
  const rules = join(folder, 'keys.yar');
  writeFileSync(rules, YARA_RULE);
  const tools = [dumpsieve, rsakeyfind, aeskeyfind, yara(rules), ripgrep];
  const sums: number[] = [];
  const row = (cells: readonly (string | number | undefined)[]): void =>
    console.log(`| ${cells.map((cell) => cell ?? 'n/a').join(' | ')} |`);
  try {
    row(['program', 'keys', 'numbers only', ...tools.map(({ name }) => name)]);
    row(['---', ...tools.map(() => '--:'), '--:', '--:']);
    for (const scenario of scenarios) {
      if (names.length > 0 && !names.includes(scenario.name)) continue;
      if (scenario.keyless || !scenario.needs.every(succeeds)) continue;
      const cells = await measure(scenario, tools);
      if (!cells) continue;
      row([scenario.name, ...cells]);
      for (const [i, cell] of cells.entries()) sums[i] = (sums[i] ?? 0) + (cell ?? 0);
    }
    row(['all', ...sums]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
