/** From a key document to claims: what every detector of encoded keys does at the end of `verify`. */
import type { Claim } from '../model/detector.ts';
import type { Form } from '../model/finding.ts';
import type { Span } from '../model/place.ts';
import { knownEncrypted } from '../proof/known-encrypted.ts';
import { openEncryptedKey } from './encrypted-key.ts';
import { type KeyParts, proveKey } from './key-parts.ts';

/**
 * One claim, or none when the parts contradict each other. An encrypted key is tried with default passwords; one that
 * stays closed is less severe than a clear one.
 * @param password that opened what is around the key
 */
export function claimKey(parts: KeyParts, form: Form, span: Span, password?: string): readonly Claim[] {
  if (parts.type === 'encrypted' && parts.document) {
    for (const opened of openEncryptedKey(parts.document, password)) {
      const proven = proveKey(opened.parts);
      if (!proven) continue;
      const { verdict, traits, secret, publicKey } = proven;
      return [
        {
          verdict,
          span,
          traits: { ...traits, form, openedWithDefaultPassword: true },
          secret,
          publicKey,
          severity: 'critical',
        },
      ];
    }
  }
  const proven = proveKey(parts);
  if (!proven) return [];
  const octets = parts.type === 'encrypted' ? parts.ciphertext : parts.type === 'other' ? parts.privateKey : undefined;
  const known = octets && knownEncrypted(octets);
  return [
    {
      verdict: proven.verdict,
      span,
      traits: { ...proven.traits, form, ...(known && { known }) },
      secret: proven.secret,
      publicKey: proven.publicKey,
      ...(parts.type === 'encrypted' && { severity: 'medium' as const }),
    },
  ];
}
