/** `dumpsieve inventory`: keeps the list of public keys that must not leak. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { addKeys, removeKeys } from '../../src/inventory/inventory.ts';
import { formatInventory, sortEntries } from '../../src/inventory/inventory-file.ts';
import { readPublicKeyFile } from '../../src/inventory/public-key-file.ts';
import { UsageError } from '../../src/model/errors.ts';
import type { InventoryEntry } from '../../src/model/inventory.ts';
import { count } from '../../src/report/units.ts';
import type { Invocation } from '../arguments.ts';
import { EXIT } from '../exit-codes.ts';
import { readInventory, readInventoryIfPresent } from '../inventory-file.ts';
import { isSet, textOf } from '../option-values.ts';
import { replaceFile } from '../output.ts';

type InventoryInvocation = Extract<Invocation, { command: `inventory ${string}` }>;

/** Throws UsageError. */
export function runInventory({ command, names, options }: InventoryInvocation): number {
  const path = textOf(options, 'inventory')!;
  if (command === 'inventory list') listKeys(path, isSet(options, 'json'));
  else if (command === 'inventory remove') removeFrom(path, names);
  else addTo(path, names, textOf(options, 'label'));
  return EXIT.clean;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function write(path: string, entries: readonly InventoryEntry[]): void {
  try {
    replaceFile(path, formatInventory(entries));
  } catch {
    throw new UsageError(`inventory "${path}" can't be written; its folder must exist`);
  }
}

/** All files are read before anything is written: one that is refused leaves the inventory as it was. */
function addTo(path: string, files: readonly string[], label: string | undefined): void {
  let entries: readonly InventoryEntry[] = readInventoryIfPresent(path) ?? [];
  const lines: string[] = [];
  for (const file of files) {
    const { keys, skipped } = readPublicKeyFile(readBytes(file), file);
    const fallback = file === '-' ? 'stdin' : basename(file);
    const { entries: next, added, updated } = addKeys(entries, keys, { label, fallback });
    entries = next;
    const details = [`${count(added, 'key')} added`, ...(updated > 0 ? [`${updated} updated`] : [])];
    const hashes = keys.filter(({ key }) => !key).length;
    if (hashes > 0) details.push(`${count(hashes, 'key')} can be matched but not searched for`);
    lines.push(`${fallback}: ${details.join(', ')}`, ...skipped.map((what) => `  skipped: ${what}`));
  }
  write(path, entries);
  for (const line of lines) print(line);
  print(`${path}: ${count(entries.length, 'key')}`);
}

function readBytes(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file === '-' ? 0 : file));
  } catch {
    throw new UsageError(`"${file}" can't be read: name a file of public keys`);
  }
}

function removeFrom(path: string, names: readonly string[]): void {
  const before = readInventory(path);
  const { entries, unknown } = removeKeys(before, names);
  if (unknown.length > 0) {
    throw new UsageError(
      `inventory "${path}" holds no key with the SHA-256 or label ${unknown.map((name) => `"${name}"`).join(', ')}`,
    );
  }
  write(path, entries);
  print(`${path}: ${count(before.length - entries.length, 'key')} removed, ${entries.length} left`);
}

function describeKey({ key }: InventoryEntry): string {
  if (!key) return 'digest only';
  return key.kty === 'RSA' ? `RSA ${Math.floor((key.n.length * 6) / 8) * 8}` : key.crv;
}

function listKeys(path: string, json: boolean): void {
  const entries = sortEntries(readInventory(path));
  if (json) {
    process.stdout.write(formatInventory(entries));
    return;
  }
  const rows = entries.map((entry) => {
    const { label, source, kid, notAfter, publicKeySha256 } = entry;
    const more = [kid && kid !== label && `kid ${kid}`, notAfter && `until ${notAfter.slice(0, 10)}`].filter(Boolean);
    return [publicKeySha256, describeKey(entry), source, [label, ...more].join(', ')];
  });
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  for (const row of rows) print(row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell)).join('  '));
  if (rows.length === 0) print(`${path}: no keys`);
}
