/** Reads and writes the inventory on disk. */
import { readFileSync } from 'node:fs';
import { parseInventory } from '../src/inventory/inventory-file.ts';
import { UsageError } from '../src/model/errors.ts';
import type { InventoryEntry } from '../src/model/inventory.ts';

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Throws UsageError; undefined when the file doesn't exist. */
export function readInventoryIfPresent(path: string): InventoryEntry[] | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new UsageError(`inventory "${path}" can't be read`);
  }
  return parseInventory(text, path);
}

export function readInventory(path: string): InventoryEntry[] {
  const entries = readInventoryIfPresent(path);
  if (!entries) throw new UsageError(`inventory "${path}" does not exist; "dumpsieve inventory add" makes one`);
  return entries;
}
