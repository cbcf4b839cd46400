/** What is done to an inventory: adding, removing. Pure: the caller reads and writes the file. */
import type { InventoryEntry } from '../model/inventory.ts';
import { sanitizeLabel } from '../model/label.ts';
import type { PublicKey } from './public-key.ts';

export interface Added {
  readonly entries: readonly InventoryEntry[];
  /** New, and there before and now described anew. */
  readonly added: number;
  readonly updated: number;
}

/**
 * Adds keys, each once. A key that is there already is described by both, the new one first, and keeps its label unless a
 * new one is given.
 * @param label for all of these keys
 * @param fallback label for those that nothing names: the name of their file
 */
export function addKeys(
  entries: readonly InventoryEntry[],
  keys: readonly PublicKey[],
  { label, fallback }: { readonly label?: string | undefined; readonly fallback: string },
): Added {
  const byDigest = new Map(entries.map((entry) => [entry.publicKeySha256, entry]));
  let added = 0;
  const touched = new Set<string>();
  for (const { name, ...key } of keys) {
    const known = byDigest.get(key.publicKeySha256);
    if (!known) added++;
    touched.add(key.publicKeySha256);
    const chosen = sanitizeLabel(label ?? known?.label ?? name ?? fallback);
    byDigest.set(key.publicKeySha256, known ? { ...unite(known, key), label: chosen } : { label: chosen, ...key });
  }
  return { entries: [...byDigest.values()], added, updated: touched.size - added };
}

/** Sources that say nothing about a key but itself. */
const isBare = ({ source }: Pick<InventoryEntry, 'source'>): boolean => source === 'public-key' || source === 'sha256';

/** Of two certificates, the one that is valid longer. */
function unite(known: InventoryEntry, key: Omit<InventoryEntry, 'label'>): Omit<InventoryEntry, 'label'> {
  const isOlder = (key.notAfter ?? '') < (known.notAfter ?? '');
  const united = isOlder ? { ...key, ...known } : { ...known, ...key };
  return isBare(key) ? { ...united, source: isBare(known) && key.key ? key.source : known.source } : united;
}

/** Without the entries that one of `names` is the digest or label of; names that fit none are given back. */
export function removeKeys(
  entries: readonly InventoryEntry[],
  names: readonly string[],
): { readonly entries: readonly InventoryEntry[]; readonly unknown: readonly string[] } {
  const isNamed = ({ publicKeySha256, label }: InventoryEntry, name: string): boolean =>
    publicKeySha256 === name.toLowerCase() || label === name;
  return {
    entries: entries.filter((entry) => !names.some((name) => isNamed(entry, name))),
    unknown: names.filter((name) => !entries.some((entry) => isNamed(entry, name))),
  };
}
