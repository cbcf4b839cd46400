/** The distinct values that leads hold, each with its places: what joins look candidates up in. */
import { decodeBase64 } from '../bytes/base64.ts';
import type { Lead } from '../model/task.ts';
import { equalBytes } from '../proof/hash.ts';
import type { LeadWindow } from './join.ts';

/** Copies of one value that are remembered. */
const MAX_PLACES = 16;

export interface Value {
  readonly bytes: Uint8Array;
  /** Where it lies, in order of `start`. At least one. */
  readonly leads: readonly Lead[];
}

/** Holds copies of secrets: call `wipe` at the end. */
export class ValueTable {
  readonly #byHash = new Map<number, { bytes: Uint8Array; leads: Lead[] }[]>();
  readonly #bySize = new Map<number, Value[]>();

  /** Adds the base64url text of a lead. */
  addBase64url({ lead, bytes }: LeadWindow): void {
    const decoded = decodeBase64(bytes, 0, bytes.length, { style: 'plain' }).bytes;
    const hash = hashOf(decoded);
    const known = this.#byHash.get(hash);
    const same = known?.find((value) => equalBytes(value.bytes, decoded));
    if (same) {
      if (same.leads.length < MAX_PLACES) same.leads.push(lead);
      decoded.fill(0);
      return;
    }
    const value = { bytes: decoded, leads: [lead] };
    if (known) known.push(value);
    else this.#byHash.set(hash, [value]);
    const sized = this.#bySize.get(decoded.length);
    if (sized) sized.push(value);
    else this.#bySize.set(decoded.length, [value]);
  }

  /** Values of that many bytes, in order of their first place. */
  ofSize(size: number): readonly Value[] {
    return this.#bySize.get(size) ?? [];
  }

  find(bytes: Uint8Array): Value | undefined {
    return this.#byHash.get(hashOf(bytes))?.find((value) => equalBytes(value.bytes, bytes));
  }

  wipe(): void {
    for (const values of this.#byHash.values()) for (const { bytes } of values) bytes.fill(0);
    this.#byHash.clear();
    this.#bySize.clear();
  }
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
