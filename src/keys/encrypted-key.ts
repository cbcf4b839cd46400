/** Encrypted key documents under passwords that protect nothing. */
import type { Claim } from '../model/detector.ts';
import type { Form } from '../model/finding.ts';
import type { Span } from '../model/place.ts';
import { readPrivateKey } from './asn1.ts';
import { claimKey } from './claims.ts';
import { DEFAULT_PASSWORDS } from './default-passwords.ts';
import { decryptPbe, derivationCost, readEncryptedKeyInfo } from './pbe.ts';

/** Hash computations that one document may cost: about a second. */
const MAX_HASHES = 500_000;

/**
 * The key inside an EncryptedPrivateKeyInfo, proven, if one of `passwords` opens it; none otherwise. Slow derivations
 * only get as many passwords as a second allows, but at least one.
 */
export function claimOpenedKey(
  bytes: Uint8Array,
  at: number,
  form: Form,
  span: Span,
  passwords: readonly string[] = DEFAULT_PASSWORDS,
): readonly Claim[] {
  const info = readEncryptedKeyInfo(bytes, at);
  if (!info) return [];
  const most = Math.max(1, Math.floor(MAX_HASHES / derivationCost(bytes, info.algorithm)));
  for (const password of passwords.slice(0, most)) {
    const plain = decryptPbe(bytes, info.algorithm, info.ciphertext, password);
    const document = plain && readPrivateKey(plain, 0);
    const claims = document && document.parts.type !== 'encrypted' ? claimKey(document.parts, form, span) : [];
    plain?.fill(0);
    if (claims.length === 0) continue;
    return claims.map((claim) => ({ ...claim, traits: { ...claim.traits, openedWithDefaultPassword: true } }));
  }
  return [];
}
