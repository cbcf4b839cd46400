/**
 * Searches for every spelling of every private value of keys that are known, at every offset; of what was partly
 * overwritten, for the part that is left. The trap: freed memory begins with the allocator's pointers, so a value is looked
 * up at several of its bytes, and reported as far as it agrees.
 */
import { type Finding, isLocked } from '../model/finding.ts';
import type { InventoryEntry, PublicKeyNumbers } from '../model/inventory.ts';
import type { Span } from '../model/place.ts';
import type { KnownPart } from '../scan/context.ts';
import { spellKey } from './key-values.ts';
import type { Spelling } from './spellings.ts';

/** Keys whose values are searched for. Each takes about a thousand spellings and ten milliseconds to make. */
const MAX_KEYS = 512;
const PAGE = 4096;
/** Of the entries that these keys make in an inventory. */
export const OWN_LABEL = 'found in the same input';
const KEY_BYTES = 4;
/** Bits of the hash of the first bytes: a table of 1 MiB, so that few places have to be looked up. */
const HASH_BITS = 20;
const hashOf = (prefix: number): number => Math.imul(prefix, 0x9e3779b1) >>> (32 - HASH_BITS);

interface Key {
  readonly finding: Finding;
  readonly secret: Uint8Array;
  readonly publicKey: PublicKeyNumbers | undefined;
}

/** A spelling, looked up by its four bytes from `at` on. */
interface Entry {
  readonly key: Key;
  readonly spelling: Spelling;
  readonly at: number;
}

export class KnownParts {
  readonly #keys = new Map<string, Key>();
  readonly #spellings: Spelling[] = [];
  readonly #hashes = new Uint8Array(2 ** HASH_BITS);
  readonly #entries = new Map<number, Entry[]>();
  #overflowed = false;

  /** Number of keys. */
  get size(): number {
    return this.#keys.size;
  }

  /** There were more keys than are searched for. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** The public halves of keys whose private half stayed encrypted: that of the others is searched for itself. */
  get inventory(): readonly InventoryEntry[] {
    return [...this.#keys.values()].flatMap(({ finding, publicKey }) => {
      const { publicKeySha256 } = finding.traits;
      return publicKey && publicKeySha256 && isLocked(finding.traits)
        ? [{ label: OWN_LABEL, source: 'public-key' as const, publicKeySha256, key: publicKey }]
        : [];
    });
  }

  /** Takes over `secret`; one that is known already is wiped. */
  add(finding: Finding, secret: Uint8Array, publicKey: PublicKeyNumbers | undefined): void {
    const known = this.#keys.get(finding.fingerprint);
    if (known && (known.publicKey || !publicKey)) {
      secret.fill(0);
      return;
    }
    if (!known && this.#keys.size >= MAX_KEYS) {
      this.#overflowed = true;
      secret.fill(0);
      return;
    }
    const key = { finding, secret, publicKey };
    this.#keys.set(finding.fingerprint, key);
    for (const spelling of spellKey(finding.traits, secret, publicKey)) this.#addSpelling(key, spelling);
  }

  #addSpelling(key: Key, spelling: Spelling): void {
    const { bytes, least, step } = spelling;
    this.#spellings.push(spelling);
    for (let wanted = 0; wanted + KEY_BYTES <= bytes.length; wanted += step) {
      // Zeros are everywhere.
      let at = wanted;
      while (at + KEY_BYTES <= bytes.length && (bytes[at] === 0 || (bytes[at + 1] === 0 && bytes[at + 2] === 0))) at++;
      if (at + KEY_BYTES > bytes.length || bytes.length < least) break;
      const prefix = readPrefix(bytes, at);
      this.#hashes[hashOf(prefix)] = 1;
      const entries = this.#entries.get(prefix);
      if (entries) entries.push({ key, spelling, at });
      else this.#entries.set(prefix, [{ key, spelling, at }]);
    }
  }

  /** As `RedactionHooks.findParts`. */
  *find(window: Uint8Array, own: Span, data: Span): Generator<KnownPart> {
    if (this.#entries.size === 0) return;
    const hashes = this.#hashes;
    const last = Math.min(own.end, data.end - KEY_BYTES + 1);
    const words = new Uint32Array(window.buffer, window.byteOffset, window.length >> 2);
    let claimedTo = 0;
    /** The four bytes from `at` on: the byte that comes in is the last. */
    let prefix = own.start < last ? readPrefix(window, own.start) << 8 : 0;
    for (let at = own.start; at < last; at++) {
      if ((window.byteOffset + at) % PAGE === 0 && at + PAGE <= last && isZero(words, at)) {
        at += PAGE - 1;
        prefix = readPrefix(window, at + 1) << 8;
        continue;
      }
      prefix = (prefix >>> 8) | (window[at + KEY_BYTES - 1]! << 24);
      if (hashes[hashOf(prefix)] === 0) continue;
      const entries = this.#entries.get(prefix >>> 0);
      if (!entries || at < claimedTo) continue;
      const found = longest(window, data, at, entries);
      if (!found) continue;
      claimedTo = found.span.end;
      const { finding, secret } = found.entry.key;
      yield {
        span: found.span,
        encoding: found.entry.spelling.encoding,
        claim: {
          verdict: finding.verdict === 'likely' ? 'likely' : 'proven',
          span: found.span,
          traits: { ...finding.traits, form: found.entry.spelling.form },
          secret: secret.slice(),
          severity: finding.severity,
        },
      };
    }
  }

  wipe(): void {
    for (const { secret } of this.#keys.values()) secret.fill(0);
    for (const { bytes } of this.#spellings) bytes.fill(0);
    this.#keys.clear();
    this.#entries.clear();
  }
}

function readPrefix(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function isZero(words: Uint32Array, at: number): boolean {
  for (let i = at >> 2; i < (at + PAGE) >> 2; i++) if (words[i] !== 0) return false;
  return true;
}

/** The entry that agrees with most bytes around `at`, and where. */
function longest(window: Uint8Array, data: Span, at: number, entries: readonly Entry[]) {
  let best: { readonly entry: Entry; readonly span: Span } | undefined;
  for (const entry of entries) {
    const { bytes, least } = entry.spelling;
    const origin = at - entry.at;
    let start = at;
    while (start > Math.max(origin, data.start) && window[start - 1] === bytes[start - 1 - origin]) start--;
    let end = at;
    const to = Math.min(origin + bytes.length, data.end);
    while (end < to && window[end] === bytes[end - origin]) end++;
    if (end - start >= least && (!best || end - start > best.span.end - best.span.start)) {
      best = { entry, span: { start, end } };
    }
  }
  return best;
}
