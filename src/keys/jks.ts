/**
 * Java keystores: JKS (sun.security.provider.JavaKeyStore) and JCEKS (com.sun.crypto.provider.JceKeyStore). Big-endian:
 * magic, version, count, entries; SHA-1 over password, "Mighty Aphrodite" and all before closes the file.
 */
import { concat, hasText, indexOfText, latin1, u16be, u32be } from '../bytes/reader.ts';
import { digest, equalBytes } from '../proof/hash.ts';
import { utf16be } from './pbe.ts';

const WHITENER = latin1('Mighty Aphrodite');
const DIGEST_BYTES = 20;
const SEAL_ALGORITHM = 'PBEWithMD5AndTripleDES';
const TC_REFERENCE = 0x71;

/** Ceilings for counts and lengths from the file. */
const MAX_ENTRIES = 10_000;
const MAX_CHAIN = 64;
const MAX_SECRET_KEY_BYTES = 4096;

export interface JksEntry {
  /** EncryptedPrivateKeyInfo `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** First certificate of the chain `[start, end)`, which belongs to the key; undefined if there is none. */
  readonly certificate?: { readonly start: number; readonly end: number };
}

export interface Jks {
  readonly start: number;
  /** After the digest; where the bytes end, or the file stops making sense, when it is cut off. */
  readonly end: number;
  /** The digest at the end is there. */
  readonly complete: boolean;
  /** Private-key entries. */
  readonly entries: readonly JksEntry[];
}

/** The keystore whose magic is at `at`; undefined when it holds no private key. */
export function readJks(bytes: Uint8Array, at: number): Jks | undefined {
  const version = u32be(bytes, at + 4);
  const count = u32be(bytes, at + 8);
  if ((version !== 1 && version !== 2) || !count || count > MAX_ENTRIES) return undefined;
  const entries: JksEntry[] = [];
  const reader = new JksReader(bytes, at + 12, version);
  for (let i = 0; i < count && reader.ok; i++) {
    const tag = reader.uint32();
    reader.utf();
    reader.skip(8); // creation date
    if (tag === 1) {
      const key = reader.block();
      const chain = reader.ok ? reader.uint32() : 0;
      if (chain > MAX_CHAIN) break;
      const certificates = Array.from({ length: chain }, () => reader.certificate());
      const first = certificates[0];
      if (key) entries.push({ ...key, ...(first && { certificate: first }) });
    } else if (tag === 2) {
      reader.certificate();
    } else if (tag === 3) {
      reader.at = afterSecretKey(bytes, reader.at);
    } else {
      break;
    }
    if (i === count - 1 && reader.ok && reader.at + DIGEST_BYTES <= bytes.length) {
      return entries.length > 0 ? { start: at, end: reader.at + DIGEST_BYTES, complete: true, entries } : undefined;
    }
  }
  const last = entries.at(-1);
  return last && { start: at, end: Math.max(last.end, last.certificate?.end ?? 0), complete: false, entries };
}

/**
 * A secret key of JCEKS is a serialised SealedObject without a length in front. Its last two fields are the name of the
 * algorithm, always the same; the second may be a reference to the first (Java Object Serialization, 6.4.2).
 */
function afterSecretKey(bytes: Uint8Array, at: number): number {
  const name = indexOfText(bytes, SEAL_ALGORITHM, at, at + MAX_SECRET_KEY_BYTES);
  if (name < 0) return bytes.length;
  const next = name + SEAL_ALGORITHM.length;
  if (bytes[next] === TC_REFERENCE) return next + 5;
  return hasText(bytes, next + 3, SEAL_ALGORITHM) ? next + 3 + SEAL_ALGORITHM.length : next;
}

class JksReader {
  readonly bytes: Uint8Array;
  readonly version: number;
  at: number;
  ok = true;

  constructor(bytes: Uint8Array, at: number, version: number) {
    this.bytes = bytes;
    this.at = at;
    this.version = version;
  }

  skip(length: number): void {
    if (this.at + length > this.bytes.length) this.ok = false;
    if (this.ok) this.at += length;
  }

  uint32(): number {
    const value = u32be(this.bytes, this.at) ?? 0;
    this.skip(4);
    return value;
  }

  /** Java's modified UTF-8 after a u16 length. */
  utf(): void {
    const length = u16be(this.bytes, this.at) ?? 0;
    this.skip(2 + length);
  }

  /** Bytes after a u32 length. */
  block(): { readonly start: number; readonly end: number } | undefined {
    const length = this.uint32();
    const start = this.at;
    this.skip(length);
    return this.ok && length > 0 ? { start, end: this.at } : undefined;
  }

  /** Version 2 names the type (`X.509`) before each certificate. */
  certificate(): { readonly start: number; readonly end: number } | undefined {
    if (this.version === 2) this.utf();
    return this.block();
  }
}

/** The first of `passwords` whose digest closes the keystore. */
export function jksPassword(bytes: Uint8Array, jks: Jks, passwords: readonly string[]): string | undefined {
  if (!jks.complete) return undefined;
  const data = bytes.subarray(jks.start, jks.end - DIGEST_BYTES);
  const found = bytes.subarray(jks.end - DIGEST_BYTES, jks.end);
  return passwords.find((password) => {
    const computed = digest('sha1', concat(utf16be(password), WHITENER), data);
    return computed !== undefined && equalBytes(computed, found);
  });
}
