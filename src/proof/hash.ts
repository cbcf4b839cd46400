/**
 * Hashes, MACs, key derivation and decryption from node:crypto, behind functions that give memory of our own (never
 * a pooled Buffer) and undefined instead of an error (OpenSSL's messages are not ours to carry on).
 */
import { createDecipheriv, createHash, createHmac, pbkdf2Sync, scryptSync } from 'node:crypto';

function own(buffer: Buffer): Uint8Array {
  const copy = new Uint8Array(buffer);
  buffer.fill(0);
  return copy;
}

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return digest('sha256', ...parts)!;
}

/** Undefined when this Node doesn't know the hash. */
export function digest(name: string, ...parts: readonly Uint8Array[]): Uint8Array | undefined {
  try {
    const hash = createHash(name);
    for (const part of parts) hash.update(part);
    return own(hash.digest());
  } catch {
    return undefined;
  }
}

export function hmac(name: string, key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array | undefined {
  try {
    const mac = createHmac(name, key);
    for (const part of parts) mac.update(part);
    return own(mac.digest());
  } catch {
    return undefined;
  }
}

/** Decrypts; undefined on a wrong key (bad padding, bad tag), an unknown cipher, or sizes that don't fit. */
export function decrypt(
  cipher: string,
  key: Uint8Array,
  iv: Uint8Array | null,
  bytes: Uint8Array,
  options: { padding?: boolean } = {},
): Uint8Array | undefined {
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    decipher.setAutoPadding(options.padding ?? true);
    const head = decipher.update(bytes);
    const tail = decipher.final();
    const plain = new Uint8Array(head.length + tail.length);
    plain.set(head);
    plain.set(tail, head.length);
    head.fill(0);
    tail.fill(0);
    return plain;
  } catch {
    return undefined;
  }
}

/** PBKDF2 (RFC 8018, 5.2). Iterations above 2 million are refused: a hostile file must not stall the scan. */
export function pbkdf2(
  hash: string,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Uint8Array | undefined {
  if (iterations < 1 || iterations > 2_000_000 || length < 1 || length > 256) return undefined;
  try {
    return own(pbkdf2Sync(password, salt, iterations, length, hash));
  } catch {
    return undefined;
  }
}

/** scrypt (RFC 7914) with at most 64 MiB of memory. */
export function scrypt(
  password: Uint8Array,
  salt: Uint8Array,
  cost: { N: number; r: number; p: number },
  length: number,
): Uint8Array | undefined {
  try {
    return own(scryptSync(password, salt, length, { ...cost, maxmem: 64 * 1024 * 1024 + 1 }));
  } catch {
    return undefined;
  }
}

/** Whether two byte strings are equal. Not constant-time: both lie in the dump. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
