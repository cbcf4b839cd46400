/** What a seed of Ed25519 is expanded to (RFC 8032, 5.1.5). */
import { createHash } from 'node:crypto';

interface Expanded {
  /** Little-endian, as hashed. */
  readonly scalar: Uint8Array;
  /** With the bits that the curve wants. */
  readonly clamped: Uint8Array;
  readonly prefix: Uint8Array;
}

export function expandSeed(seed: Uint8Array): Expanded {
  const hash = new Uint8Array(createHash('sha512').update(seed).digest());
  const scalar = hash.slice(0, 32);
  const clamped = scalar.slice();
  clamped[0]! &= 0xf8;
  clamped[31] = (clamped[31]! & 0x3f) | 0x40;
  return { scalar, clamped, prefix: hash.slice(32) };
}
