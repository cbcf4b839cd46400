/** The inventory, ready for use: its keys as numbers, and the entry that a found key belongs to. Public values only. */

import { bigintFromBe } from '../bytes/limbs.ts';
import { toBase64url } from '../bytes/public-text.ts';
import { concat } from '../bytes/reader.ts';
import type { Traits } from '../model/finding.ts';
import type { InventoryEntry, PublicKeyNumbers } from '../model/inventory.ts';
import { OKP_CURVES } from './curves.ts';
import { ecPublicIds, okpPublicIds, type PublicIds, rsaPublicIds } from './public-key.ts';

/** Bytes of base64url without padding; undefined when it is not in its one canonical spelling. */
export function decodeBase64url(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined;
  let binary: string;
  try {
    binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return toBase64url(bytes) === text ? bytes : undefined;
}

const octets = (text: string): Uint8Array => decodeBase64url(text) ?? new Uint8Array(0);

/** Uncompressed point `04‖X‖Y` of an EC key. */
export function pointOf({ x, y }: PublicKeyNumbers & { kty: 'EC' }): Uint8Array {
  return concat(Uint8Array.of(0x04), octets(x), octets(y));
}

export function rsaNumbersOf({ n, e }: PublicKeyNumbers & { kty: 'RSA' }): { n: bigint; e: bigint } {
  return { n: bigintFromBe(octets(n)), e: bigintFromBe(octets(e)) };
}

export function okpPublicKeyOf({ x }: PublicKeyNumbers & { kty: 'OKP' }): Uint8Array {
  return octets(x);
}

/** The names that the key has in findings. */
export function publicIdsOf(key: PublicKeyNumbers): PublicIds {
  if (key.kty === 'RSA') {
    const { n, e } = rsaNumbersOf(key);
    return rsaPublicIds(n, e);
  }
  if (key.kty === 'EC') return ecPublicIds(key.crv, pointOf(key));
  const { oidLastByte } = OKP_CURVES.find(({ name }) => name === key.crv)!;
  return okpPublicIds(key.crv, okpPublicKeyOf(key), oidLastByte);
}

/** An entry whose key is there as numbers. */
export type SearchableEntry<T extends PublicKeyNumbers['kty'] = PublicKeyNumbers['kty']> = InventoryEntry & {
  readonly key: Extract<PublicKeyNumbers, { kty: T }>;
};

export interface PublicInventory {
  readonly size: number;
  /** Entries that can be searched for. */
  ofType<T extends PublicKeyNumbers['kty']>(type: T): readonly SearchableEntry<T>[];
  /** The entry of a found key, by any of its names. */
  find(traits: Pick<Traits, keyof PublicIds & keyof Traits>): InventoryEntry | undefined;
}

/** Where entries share a name, the first one counts. */
export function createPublicInventory(entries: readonly InventoryEntry[]): PublicInventory {
  const byName = new Map<string, InventoryEntry>();
  for (const entry of entries) {
    // The digest of a certificate for RSA-PSS differs from that of its bare numbers; a key found in memory has the latter.
    const { publicValueSha256: _, ...ids } = entry.key ? publicIdsOf(entry.key) : {};
    const names = [entry.publicKeySha256, ...Object.values(ids)];
    for (const name of names) if (!byName.has(name)) byName.set(name, entry);
  }
  return {
    size: entries.length,
    ofType<T extends PublicKeyNumbers['kty']>(type: T) {
      return entries.filter((entry): entry is SearchableEntry<T> => entry.key?.kty === type);
    },
    find({ publicKeySha256, jwkThumbprint, sshFingerprint }) {
      for (const name of [publicKeySha256, jwkThumbprint, sshFingerprint]) {
        const entry = name === undefined ? undefined : byName.get(name);
        if (entry) return entry;
      }
      return undefined;
    },
  };
}
