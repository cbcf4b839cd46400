/**
 * The inventory: public keys that must never leak, as they cross to the workers. Wire types, public values only.
 */
import type { Curve } from './finding.ts';
import { assertPlain } from './plain.ts';

/** Curves of RFC 8032 and RFC 7748 by their JWK names (RFC 8037). */
export const OKP_NAMES = ['Ed25519', 'Ed448', 'X25519', 'X448'] as const;

/** Numbers as in a JWK (RFC 7518): base64url, big-endian; coordinates are as long as the field. */
export type PublicKeyNumbers =
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: Curve; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: (typeof OKP_NAMES)[number]; readonly x: string };

/** In what a public key was given. */
export const INVENTORY_SOURCES = ['certificate', 'public-key', 'jwk', 'ssh', 'openpgp', 'sha256'] as const;

export type InventoryEntry = {
  /** For people; several entries may share one. */
  readonly label: string;
  readonly source: (typeof INVENTORY_SOURCES)[number];
  /** SHA-256 of the DER SubjectPublicKeyInfo, 64 lower-case hex digits. Identifies the entry. */
  readonly publicKeySha256: string;
  /** Key ID of the JWK. */
  readonly kid?: string;
  /** Subject of the certificate. */
  readonly subject?: string;
  /** Comment of the SSH key, user of the OpenPGP key. */
  readonly comment?: string;
  /** When the certificate expires: ISO 8601, UTC. */
  readonly notAfter?: string;
  /** Absent when only the digest is known, or dumpsieve can't search for such a key: then it can only be matched. */
  readonly key?: PublicKeyNumbers;
};

assertPlain<InventoryEntry>();
