/** From a key document to claims: what every detector of encoded keys does at the end of `verify`. */
import type { Claim } from '../model/detector.ts';
import type { Form } from '../model/finding.ts';
import type { Span } from '../model/place.ts';
import { type KeyParts, proveKey } from './key-parts.ts';

/** One claim, or none when the parts contradict each other. An encrypted key is less severe than a clear one. */
export function claimKey(parts: KeyParts, form: Form, span: Span): readonly Claim[] {
  const proven = proveKey(parts);
  if (!proven) return [];
  return [
    {
      verdict: proven.verdict,
      span,
      traits: { ...proven.traits, form },
      secret: proven.secret,
      ...(parts.type === 'encrypted' && { severity: 'medium' as const }),
    },
  ];
}
