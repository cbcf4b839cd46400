/** Bitcoin's private keys: scalars of secp256k1 in base58check. */
import { hasBytes } from '../bytes/reader.ts';
import type { Claim } from '../model/detector.ts';
import type { Form } from '../model/finding.ts';
import type { Span } from '../model/place.ts';
import { proveEc } from '../proof/ec.ts';
import { sha256 } from '../proof/hash.ts';

/** Whether the last four bytes are those of the double SHA-256 of the rest. */
export function hasDoubleSha256(bytes: Uint8Array): boolean {
  const end = bytes.length - 4;
  return end > 0 && hasBytes(bytes, end, sha256(sha256(bytes.subarray(0, end))).subarray(0, 4));
}

/** The claim of a scalar whose checksum agreed; none when the scalar is none of the curve. */
export function claimBitcoinKey(scalar: Uint8Array, span: Span, form: Form): readonly Claim[] {
  const proven = proveEc({ curve: 'secp256k1', scalar, document: true });
  if (!proven) return [];
  const { secret, publicKey } = proven;
  return [{ verdict: 'proven', span, traits: { ...proven.traits, form, proof: 'checksum' }, secret, publicKey }];
}
